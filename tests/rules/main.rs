//! Each row of the table in the documentation of `Outcome`, proved over a real socket.
//!
//! The rows are read from the source. A row without a proof fails the test, so does a proof without a
//! row, and what a proof sees is compared with the words of its row.

#![cfg(all(feature = "client", feature = "rustls"))]
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

#[path = "../support/mod.rs"]
mod support;

mod proofs;
mod seen;
mod table;
mod tls;
#[cfg(feature = "tracing")]
mod traced;

use std::collections::BTreeSet;

use table::Row;

#[tokio::test]
async fn every_row_of_the_table_holds() {
    let rows = table::rows();
    let proofs = proofs::all();
    let named: BTreeSet<&str> = rows.iter().map(|row| row.signal.as_str()).collect();
    let proved: BTreeSet<&str> = proofs.iter().map(|(signal, _)| *signal).collect();
    assert_eq!(named.len(), rows.len(), "a signal has two rows");
    assert_eq!(named, proved, "rows on the left, proofs on the right");
    for (signal, prove) in proofs {
        let row = rows.iter().find(|row| row.signal == signal);
        let row = row.expect("compared above");
        let seen = prove(row.clone()).await;
        assert!(!seen.is_empty(), "{signal}: nothing was tried");
        for (case, seen) in seen {
            seen.assert_is(row, &case);
        }
    }
}

#[test]
fn the_table_is_read_as_it_is_meant() {
    let row = |signal: &str, done: &str| Row {
        signal: signal.into(),
        done: done.into(),
        result: String::new(),
        known: String::new(),
    };
    assert_eq!(row("404, 405", "nothing").statuses(), [404, 405]);
    assert_eq!(
        row("502, and 520 to 522, 530", "nothing").statuses(),
        [502, 520, 521, 522, 530]
    );
    assert!(row("500 and other 5xx", "nothing").statuses().len() > 3);
    let promise = row(
        "",
        "sent again 5 times, then the record asked for, then sent again",
    )
    .promise();
    assert_eq!(promise.resends, table::Resends::Exactly(6));
    assert_eq!(promise.questions, 1);
    assert!(!promise.is_first_at_once);
    let promise = row(
        "",
        "the record asked for, then sent again 5 times, then the record asked for",
    )
    .promise();
    assert_eq!(promise.resends, table::Resends::Exactly(5));
    assert_eq!(promise.questions, 2);
    let promise = row("", "the record asked for, then sent again").promise();
    assert_eq!(promise.resends, table::Resends::Exactly(1));
    assert_eq!(promise.questions, 1);
    let promise = row("", "sent again until the deadline, first at once").promise();
    assert_eq!(promise.resends, table::Resends::UntilTheDeadline);
    assert!(promise.is_first_at_once);
    assert!(table::rows().len() > 30);
}
