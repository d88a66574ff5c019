//! What is stored is not what was written.

use pos_system_api::store::{Selection, StoreErrorKind};

use crate::Place;
use crate::rows::{insert_free, kind, row};

/// A damaged row keeps the store from opening, or is an error wherever it is read, by its number.
pub async fn a_damaged_row_is_never_given<P: Place>(place: P) {
    let store = place.open().await.expect("open");
    let mut rows = Vec::new();
    for _ in 0..5 {
        rows.push(insert_free(&*store, row()).await);
    }
    place.end(store).await;
    if !place.damage(3).await {
        return;
    }
    let errors = match place.open().await {
        Err(error) => vec![error],
        Ok(store) => {
            let verified = store.verify().await.map(drop);
            let read = store.row(rows[2].operation_id).await.map(drop);
            let page = store.page(Selection::All, 0, 10).await.map(drop);
            let results = [verified, read, page];
            results.map(|result| result.expect_err("damaged")).into()
        }
    };
    for error in errors {
        assert!(error.to_string().contains('3'), "{error}");
        assert_eq!(kind::<()>(Err(error)), Some(StoreErrorKind::Damaged));
    }
}
