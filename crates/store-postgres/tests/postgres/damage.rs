//! What was changed behind the store's back is found.

use pos_system_api::store::{
    Claim, Durability, OperationStore, Selection, Stage, StoreErrorKind, Write,
};
use pos_system_api_store_postgres::PostgresStore;

use crate::database::{Database, insert, kind, later, next, row};

#[tokio::test]
async fn each_column_that_was_changed_is_noticed() {
    let Some(database) = Database::new().await else {
        return;
    };
    let changes = [
        "queue = queue || 'x'",
        "stage = 'prepared'",
        "stage = 'nonsense'",
        "parked = NOT parked",
        "revision = revision + 1",
        "revision = -1",
        "changed_unix_ms = 0",
        "details = details || ' '",
        "body = NULL",
        "body = body || '\\x00'",
        "answer = ''",
        "checksum = set_byte(checksum, 31, get_byte(checksum, 31) # 1)",
        "checksum = ''",
    ];
    for change in changes {
        database.run("DROP SCHEMA IF EXISTS {s} CASCADE").await;
        let store = database.open().await;
        let mut stored = Vec::new();
        for number in 1..=3 {
            stored.push(insert(&store, row(number)).await.unwrap());
            store.release(row(number).operation_id);
        }
        database
            .run(&format!(
                "UPDATE {{s}}.operation SET {change} WHERE sequence = 1"
            ))
            .await;
        let id = stored[0].operation_id;
        let damaged = store.row(id).await.unwrap_err();
        assert_eq!(damaged.kind(), StoreErrorKind::Damaged, "{change}");
        assert!(
            damaged.to_string().contains("Row 1 "),
            "{change}: {damaged}"
        );
        let page = store.page(Selection::All, 0, 5).await;
        assert_eq!(kind(page), StoreErrorKind::Damaged, "{change}");
        assert_eq!(
            kind(store.verify().await),
            StoreErrorKind::Damaged,
            "{change}"
        );
        // It is not written over, and nothing that is written with it takes place.
        let update = vec![
            Write::Update(later(&stored[1], Stage::Final)),
            Write::Update(later(&stored[0], Stage::Final)),
        ];
        let update = store.commit(update, Durability::Synced).await;
        assert_eq!(kind(update), StoreErrorKind::Damaged, "{change}");
        // The others are as they were.
        assert_eq!(
            store.row(stored[1].operation_id).await.unwrap().as_ref(),
            Some(&stored[1])
        );
        assert_eq!(insert(&store, row(4)).await.unwrap().sequence, 4);
        store.close().await;
    }
}

#[tokio::test]
async fn a_damaged_row_is_claimed_by_nobody() {
    let Some(database) = Database::new().await else {
        return;
    };
    let (store, other) = (database.open().await, database.open().await);
    let stored = insert(&store, row(1)).await.unwrap();
    store.release(stored.operation_id);
    database.run("UPDATE {s}.operation SET body = ''").await;
    for claim in [next(), Claim::Operation(stored.operation_id)] {
        for store in [&store, &other] {
            let claimed = store.claim(claim.clone()).await;
            assert_eq!(kind(claimed), StoreErrorKind::Damaged);
        }
    }
}

#[tokio::test]
async fn rows_that_are_missing_or_have_another_number_are_noticed() {
    let Some(database) = Database::new().await else {
        return;
    };
    for change in [
        "DELETE FROM {s}.operation WHERE sequence = 1",
        "DELETE FROM {s}.operation WHERE sequence = 2",
        "DELETE FROM {s}.operation WHERE sequence = 3",
        "DELETE FROM {s}.operation",
        "UPDATE {s}.operation SET sequence = 9 WHERE sequence = 3",
        "UPDATE {s}.meta SET last_sequence = 2",
        "UPDATE {s}.meta SET last_sequence = 4",
        "UPDATE {s}.meta SET first_sequence = 2",
        "UPDATE {s}.meta SET changes = changes + 1",
        "DELETE FROM {s}.meta",
    ] {
        database.run("DROP SCHEMA IF EXISTS {s} CASCADE").await;
        let store = database.open().await;
        for number in 1..=3 {
            insert(&store, row(number)).await.unwrap();
        }
        database.run(change).await;
        assert_eq!(
            kind(store.verify().await),
            StoreErrorKind::Damaged,
            "{change}"
        );
        store.close().await;
    }
}

#[tokio::test]
async fn no_number_is_given_by_damaged_numbers() {
    let Some(database) = Database::new().await else {
        return;
    };
    let store = database.open().await;
    let stored = insert(&store, row(1)).await.unwrap();
    database.run("UPDATE {s}.meta SET last_sequence = 7").await;
    let refused = insert(&store, row(2)).await.unwrap_err();
    assert_eq!(refused.kind(), StoreErrorKind::Damaged);
    assert!(refused.wrote_nothing());
    assert_eq!(kind(store.trim(i64::MAX).await), StoreErrorKind::Damaged);
    // What needs no number goes on.
    let settled = vec![Write::Update(later(&stored, Stage::Final))];
    store.commit(settled, Durability::Synced).await.unwrap();
}

#[tokio::test]
async fn rows_that_are_missing_in_front_are_noticed_when_those_behind_are_removed() {
    let Some(database) = Database::new().await else {
        return;
    };
    let store = database.open().await;
    for number in 1..=3 {
        let stored = insert(&store, row(number)).await.unwrap();
        let purged = vec![Write::Update(later(&stored, Stage::Purged))];
        store.commit(purged, Durability::Lazy).await.unwrap();
    }
    database
        .run("DELETE FROM {s}.operation WHERE sequence = 2")
        .await;
    assert_eq!(kind(store.trim(i64::MAX).await), StoreErrorKind::Damaged);
    assert_eq!(
        database
            .one::<i64>("SELECT count(*) FROM {s}.operation")
            .await,
        2
    );
}

#[tokio::test]
async fn a_row_that_only_seems_to_be_purged_is_not_removed() {
    let Some(database) = Database::new().await else {
        return;
    };
    let store = database.open().await;
    for number in 1..=3 {
        insert(&store, row(number)).await.unwrap();
    }
    let purged = vec![Write::Update(later(&row(1).sealed(1), Stage::Purged))];
    store.commit(purged, Durability::Lazy).await.unwrap();
    database
        .run("UPDATE {s}.operation SET stage = 'purged' WHERE sequence = 2")
        .await;
    for _ in 0..2 {
        let damaged = store.trim(i64::MAX).await.unwrap_err();
        assert_eq!(damaged.kind(), StoreErrorKind::Damaged);
        assert!(damaged.to_string().contains("Row 2 "), "{damaged}");
    }
    let left: i64 = database
        .one("SELECT count(*) FROM {s}.operation WHERE body IS NOT NULL")
        .await;
    assert_eq!(left, 3);
    assert_eq!(kind(store.verify().await), StoreErrorKind::Damaged);
}

#[tokio::test]
async fn damage_that_nothing_else_comes_across_is_found_at_the_open() {
    let Some(database) = Database::new().await else {
        return;
    };
    let store = database.open().await;
    insert(&store, row(1)).await.unwrap();
    store.close().await;
    database
        .run("UPDATE {s}.operation SET stage = 'acknowledged'")
        .await;
    let damaged = PostgresStore::connect(database.config()).await.unwrap_err();
    assert_eq!(damaged.kind(), StoreErrorKind::Damaged);
    assert!(damaged.to_string().contains("Row 1 "), "{damaged}");
    // Left to `verify`, it is an operation that nobody ends.
    let config = database.config().with_verified_open(false);
    let store = PostgresStore::connect(config).await.unwrap();
    assert_eq!(store.claim(next()).await.unwrap(), None);
    assert_eq!(kind(store.verify().await), StoreErrorKind::Damaged);
}

#[tokio::test]
async fn the_row_that_is_missing_is_named() {
    let Some(database) = Database::new().await else {
        return;
    };
    let store = database.open().await;
    for number in 1..=4 {
        insert(&store, row(number)).await.unwrap();
    }
    database
        .run("DELETE FROM {s}.operation WHERE sequence = 2")
        .await;
    let damaged = store.verify().await.unwrap_err();
    assert!(
        damaged.to_string().contains("Row 2 is missing"),
        "{damaged}"
    );
}
