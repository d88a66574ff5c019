//! Rows by id, by page and by selection.

use pos_system_api::store::{Row, Selection, Stage};
use uuid::Uuid;

use crate::Place;
use crate::rows::{all, insert, insert_free, numbers, row, row_of};

/// What was never written is not there, which is no error.
pub async fn an_unknown_row_is_none<P: Place>(place: P) {
    let store = place.open().await.expect("open");
    assert_eq!(store.row(Uuid::new_v4()).await.expect("read"), None);
    assert_eq!(all(&*store).await, []);
    assert_eq!(store.trim(i64::MAX).await.expect("nothing"), 0);
}

/// Each page begins behind a number and has at most as many rows as asked for.
pub async fn pages_follow_each_other<P: Place>(place: P) {
    let store = place.open().await.expect("open");
    for _ in 0..7 {
        insert(&*store, row()).await;
    }
    for (after, limit, expected) in [
        (0, 3, &[1, 2, 3][..]),
        (3, 3, &[4, 5, 6]),
        (6, 3, &[7]),
        (7, 3, &[]),
        (0, 0, &[]),
        (5, u32::MAX, &[6, 7]),
        (u64::MAX, u32::MAX, &[]),
    ] {
        let page = store.page(Selection::All, after, limit).await;
        assert_eq!(numbers(&page.expect("read")), expected, "{after} {limit}");
    }
}

/// Each selection has exactly the rows that [`Selection::contains`], however they are paged.
pub async fn selections_are_those_of_the_contract<P: Place>(place: P) {
    let store = place.open().await.expect("open");
    for stage in Stage::ALL {
        for queue in ["a", "b"] {
            for changed_unix_ms in [-1, 999, 1000, 1001] {
                let row = Row {
                    stage,
                    changed_unix_ms,
                    parked: changed_unix_ms == 999,
                    ..row_of(queue)
                };
                insert_free(&*store, row).await;
            }
        }
    }
    let rows = all(&*store).await;
    assert_eq!(rows.len(), Stage::ALL.len() * 8);
    let queues = [None, Some("a".to_owned()), Some("c".to_owned())];
    let mut selections = vec![Selection::All];
    for queue in queues {
        selections.push(Selection::Open {
            queue: queue.clone(),
        });
        selections.push(Selection::Untaken { queue });
    }
    for unix_ms in [i64::MIN, 0, 1000, 1001, i64::MAX] {
        selections.push(Selection::EndedBefore { unix_ms });
    }
    for selection in selections {
        let expected: Vec<Row> = rows
            .iter()
            .filter(|row| selection.contains(row))
            .cloned()
            .collect();
        for limit in [1, 3, u32::MAX] {
            let mut found: Vec<Row> = Vec::new();
            loop {
                let after = found.last().map_or(0, |row| row.sequence);
                let page = store.page(selection.clone(), after, limit).await;
                let page = page.expect("read");
                if page.is_empty() {
                    break;
                }
                assert!(page.len() <= usize::try_from(limit).unwrap_or(usize::MAX));
                found.extend(page);
            }
            assert_eq!(found, expected, "{selection:?} by {limit}");
        }
    }
}

/// A sound store says how many rows it has.
pub async fn verify_counts_the_rows<P: Place>(place: P) {
    let store = place.open().await.expect("open");
    for count in 0..4 {
        assert_eq!(store.verify().await.expect("sound"), count);
        insert(&*store, row()).await;
    }
}
