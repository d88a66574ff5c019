//! What is written, and how it comes back.

use pos_system_api::bytes::Bytes;
use pos_system_api::store::{Durability, Row, Stage, StoreErrorKind, Write};

use crate::Place;
use crate::rows::{all, insert, insert_free, kind, next, numbers, row, update, write};

/// Numbers begin at 1, have no gap, and the store seals what it numbers.
pub async fn rows_are_numbered_from_one_and_sealed<P: Place>(place: P) {
    let store = place.open().await.expect("open");
    for number in 1..=3 {
        // A number that the caller made up counts for nothing.
        let given = Row {
            sequence: 77,
            ..row()
        };
        let stored = insert(&*store, given.clone()).await;
        assert_eq!(stored, given.sealed(number));
    }
}

/// One row comes back for each write, in the order of the writes, which is that of the numbers.
pub async fn a_batch_is_written_in_its_order<P: Place>(place: P) {
    let store = place.open().await.expect("open");
    let before = insert(&*store, row()).await;
    let (first, second) = (row(), row());
    let written = store
        .commit(
            vec![
                Write::Insert(first.clone()),
                Write::Update(next(&before, Stage::Unknown)),
                Write::Insert(second.clone()),
            ],
            Durability::Synced,
        )
        .await
        .expect("written");
    assert_eq!(
        written,
        [
            first.sealed(2),
            next(&before, Stage::Unknown).sealed(1),
            second.sealed(3)
        ]
    );
    let mut by_number = written;
    by_number.sort_by_key(|row| row.sequence);
    assert_eq!(all(&*store).await, by_number);
}

/// No writes are no rows.
pub async fn an_empty_batch_writes_nothing<P: Place>(place: P) {
    let store = place.open().await.expect("open");
    for durability in [Durability::Lazy, Durability::Synced] {
        let rows = store.commit(Vec::new(), durability).await.expect("written");
        assert_eq!(rows, []);
    }
    assert_eq!(insert(&*store, row()).await.sequence, 1);
}

/// Bytes, text, times and numbers are kept as they are, and nothing is not the same as empty.
pub async fn everything_of_a_row_comes_back<P: Place>(place: P) {
    let store = place.open().await.expect("open");
    let odd = "Größe €\u{1F9FE} 'quoted' \"twice\" \\ %s $1 ?1\r\n\t";
    let bodies = [
        None,
        Some(Bytes::new()),
        Some(vec![0, 255, 128, b'\'', b'\n', 0].into()),
        Some((0..=255).cycle().take(1 << 20).collect()),
    ];
    let mut stored = Vec::new();
    for (body, answer) in bodies.iter().zip(bodies.iter().rev()) {
        for changed_unix_ms in [i64::MIN, -1, 0, i64::MAX] {
            let row = Row {
                queue: odd.to_owned(),
                details: format!("{{\"text\":{odd:?}}}"),
                changed_unix_ms,
                body: body.clone(),
                answer: answer.clone(),
                parked: changed_unix_ms < 0,
                ..row()
            };
            stored.push(insert(&*store, row).await);
        }
    }
    let empty = Row {
        queue: String::new(),
        details: String::new(),
        revision: u32::MAX - 1,
        ..row()
    };
    let empty = insert(&*store, empty).await;
    stored.push(update(&*store, &empty, Stage::Unknown).await);
    for row in &stored {
        assert!(row.is_intact());
        assert_eq!(
            store.row(row.operation_id).await.expect("read").as_ref(),
            Some(row)
        );
    }
    assert_eq!(all(&*store).await, stored);
}

/// All stages are stored, by insert and by update.
pub async fn every_stage_is_kept<P: Place>(place: P) {
    let store = place.open().await.expect("open");
    for stage in Stage::ALL {
        let inserted = insert(&*store, Row { stage, ..row() }).await;
        assert_eq!(inserted.stage, stage);
        let updated = insert(&*store, row()).await;
        let updated = update(&*store, &updated, stage).await;
        for row in [inserted, updated] {
            assert_eq!(
                store.row(row.operation_id).await.expect("read"),
                Some(row.clone())
            );
        }
    }
}

/// Everything can change with the revision; the number stays.
pub async fn an_update_replaces_all_but_the_number<P: Place>(place: P) {
    let store = place.open().await.expect("open");
    insert(&*store, row()).await;
    let stored = insert(&*store, row()).await;
    let changed = Row {
        sequence: 99,
        queue: "another".to_owned(),
        stage: Stage::Final,
        parked: true,
        revision: 2,
        changed_unix_ms: 5,
        details: "{}".to_owned(),
        body: None,
        answer: Some("answer".into()),
        ..stored
    };
    let written = write(&*store, Write::Update(changed.clone()))
        .await
        .expect("updated");
    assert_eq!(written, changed.sealed(2));
    assert_eq!(
        store.row(written.operation_id).await.expect("read"),
        Some(written)
    );
}

/// The writes of a batch take place in their order: one sees those before it.
pub async fn a_row_is_inserted_and_updated_in_one_batch<P: Place>(place: P) {
    let store = place.open().await.expect("open");
    let new = row();
    let second = next(&new, Stage::SendStarted);
    let third = next(&second, Stage::Final);
    let written = store
        .commit(
            vec![
                Write::Insert(new.clone()),
                Write::Update(second.clone()),
                Write::Update(third.clone()),
            ],
            Durability::Synced,
        )
        .await
        .expect("written");
    let third = third.sealed(1);
    assert_eq!(written, [new.sealed(1), second.sealed(1), third.clone()]);
    assert_eq!(all(&*store).await, [third]);
}

/// An insert of a stored id gives what is stored, held, and the rest of the batch is written.
pub async fn a_stored_row_is_not_inserted_again<P: Place>(place: P) {
    let store = place.open().await.expect("open");
    let open = insert_free(&*store, row()).await;
    let ended = insert_free(&*store, row()).await;
    let ended = update(&*store, &ended, Stage::Acknowledged).await;
    let new = row();
    let again = |stored: &Row| Row {
        details: "other".to_owned(),
        ..Row {
            operation_id: stored.operation_id,
            ..row()
        }
    };
    let written = store
        .commit(
            vec![
                Write::Insert(again(&open)),
                Write::Insert(new.clone()),
                Write::Insert(again(&ended)),
            ],
            Durability::Synced,
        )
        .await
        .expect("written");
    let new = new.sealed(3);
    assert_eq!(written, [open.clone(), new.clone(), ended.clone()]);
    assert_eq!(all(&*store).await, [open.clone(), ended.clone(), new]);
    for held in [open, ended] {
        let refused = write(&*store, Write::Insert(held)).await;
        assert_eq!(kind(refused), Some(StoreErrorKind::Held));
    }
}

/// The second insert of an id in one batch is one of a stored row.
pub async fn an_insert_twice_in_one_batch_is_one_row<P: Place>(place: P) {
    let store = place.open().await.expect("open");
    let new = row();
    let other = Row {
        details: "other".to_owned(),
        ..new.clone()
    };
    let last = row();
    let written = store
        .commit(
            vec![
                Write::Insert(new.clone()),
                Write::Insert(other),
                Write::Insert(last.clone()),
            ],
            Durability::Synced,
        )
        .await
        .expect("written");
    let new = new.sealed(1);
    assert_eq!(written, [new.clone(), new, last.sealed(2)]);
    assert_eq!(numbers(&all(&*store).await), [1, 2]);
}

/// A write that need not be synced is seen by whoever reads next.
pub async fn lazy_writes_are_read_at_once<P: Place>(place: P) {
    let store = place.open().await.expect("open");
    let new = row();
    let written = store
        .commit(vec![Write::Insert(new.clone())], Durability::Lazy)
        .await
        .expect("written");
    assert_eq!(written, [new.sealed(1)]);
    assert_eq!(all(&*store).await, written);
}
