//! What is removed, without gaps.

use pos_system_api::store::{OperationStore, Row, Stage};

use crate::Place;
use crate::rows::{all, insert, insert_free, numbers, row, update};

async fn insert_stages(store: &dyn OperationStore, stages: &[Stage]) -> Vec<Row> {
    let mut rows = Vec::new();
    for stage in stages {
        let row = Row {
            stage: *stage,
            ..row()
        };
        rows.push(insert_free(store, row).await);
    }
    rows
}

/// Purged rows go up to the first that is not; those behind it stay until it is purged too.
pub async fn leading_purged_rows_go<P: Place>(place: P) {
    use Stage::{Acknowledged, Prepared, Purged};
    let store = place.open().await.expect("open");
    let stages = [Purged, Purged, Acknowledged, Purged, Purged, Prepared];
    let rows = insert_stages(&*store, &stages).await;
    assert_eq!(store.trim(i64::MAX).await.expect("trimmed"), 2);
    assert_eq!(numbers(&all(&*store).await), [3, 4, 5, 6]);
    assert_eq!(store.trim(i64::MAX).await.expect("trimmed"), 0);
    assert_eq!(store.row(rows[0].operation_id).await.expect("read"), None);
    update(&*store, &rows[2], Purged).await;
    assert_eq!(store.trim(i64::MAX).await.expect("trimmed"), 3);
    assert_eq!(numbers(&all(&*store).await), [6]);
    assert_eq!(store.verify().await.expect("sound"), 1);
    assert_eq!(insert(&*store, row()).await.sequence, 7);
}

/// A number is never given twice, not even when no row is left.
pub async fn numbers_go_on_after_everything_went<P: Place>(place: P) {
    let store = place.open().await.expect("open");
    insert_stages(&*store, &[Stage::Purged; 3]).await;
    assert_eq!(store.trim(i64::MAX).await.expect("trimmed"), 3);
    assert_eq!(store.verify().await.expect("sound"), 0);
    place.end(store).await;
    let store = place.open().await.expect("open");
    assert_eq!(all(&*store).await, []);
    assert_eq!(insert(&*store, row()).await.sequence, 4);
    assert_eq!(store.verify().await.expect("sound"), 1);
}

/// Nothing is known any more of a row that went.
pub async fn a_row_that_went_can_be_inserted_anew<P: Place>(place: P) {
    let store = place.open().await.expect("open");
    let rows = insert_stages(&*store, &[Stage::Purged, Stage::Prepared]).await;
    assert_eq!(store.trim(i64::MAX).await.expect("trimmed"), 1);
    let again = Row {
        operation_id: rows[0].operation_id,
        ..row()
    };
    assert_eq!(insert(&*store, again.clone()).await, again.sealed(3));
}

/// What was purged a short time ago stays, and keeps what is behind it.
pub async fn what_was_purged_lately_stays<P: Place>(place: P) {
    let store = place.open().await.expect("open");
    for changed_unix_ms in [10, 20, 30, 10] {
        let row = Row {
            stage: Stage::Purged,
            changed_unix_ms,
            ..row()
        };
        insert_free(&*store, row).await;
    }
    assert_eq!(store.trim(10).await.expect("nothing"), 0);
    assert_eq!(store.trim(21).await.expect("trimmed"), 2);
    assert_eq!(numbers(&all(&*store).await), [3, 4]);
    assert_eq!(store.trim(30).await.expect("nothing"), 0);
    assert_eq!(store.trim(31).await.expect("trimmed"), 2);
}
