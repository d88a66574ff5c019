//! The simulator's ledger, the log and what the till told, held against each other.

use std::collections::BTreeSet;
use std::time::Duration;

use pos_system_api::chrono::{DateTime, FixedOffset};
use pos_system_api::store::{OperationStore, Row, Selection};
use pos_system_api_kill_test::Event;
use pos_system_api_simulator::{Ledger, ReceiptRecord, Uuid};
use serde_json::Value;

use crate::run::Figures;

/// What the tills told, over all their lives.
#[derive(Default)]
pub(crate) struct Told {
    begun: Vec<Uuid>,
    signed: BTreeSet<Uuid>,
    recovered: BTreeSet<Uuid>,
    /// What the client said is not settled.
    open: BTreeSet<Uuid>,
}

impl Told {
    pub(crate) fn add(&mut self, event: Event) {
        match event {
            Event::Begun(id) => self.begun.push(id),
            Event::Signed(id) => {
                self.signed.insert(id);
            }
            Event::Recovered(id) => {
                self.recovered.insert(id);
            }
            Event::Open(id) | Event::Failed(id) => {
                self.open.insert(id);
            }
            Event::Started | Event::Opened | Event::Drained => {}
        }
    }
}

/// Fails with what is wrong; gives the figures if nothing is.
pub(crate) async fn judge(ledger: &Ledger, store: &dyn OperationStore, told: &Told) -> Figures {
    let rows = rows(store).await;
    let kept: BTreeSet<Uuid> = rows.iter().map(|row| row.operation_id).collect();
    assert_eq!(store.verify().await.unwrap(), rows.len() as u64);

    // Each sale of the log is signed once, and nothing else is.
    let receipts = ledger.receipts();
    receipts.exactly_once_for(kept.iter().copied());
    receipts.each_reference_once();
    // In the order of the log, with its bytes, and with its answer.
    for (row, receipt) in rows.iter().zip(receipts.iter()) {
        let id = row.operation_id;
        assert_eq!(id, receipt.operation_id, "out of order at {}", row.sequence);
        assert!(!row.stage.is_open(), "{id} is still {}", row.stage);
        assert_eq!(row.body.as_deref(), Some(&*receipt.request), "{id}");
        let answer = row.answer.as_deref().unwrap_or_default();
        assert_eq!(identity(answer), identity(&receipt.response), "{id}");
    }
    let moments: Vec<_> = receipts.iter().map(moment).collect();
    assert!(moments.is_sorted(), "moments go back");

    // What the tills said is so.
    for id in told.signed.union(&told.recovered) {
        assert!(kept.contains(id), "{id} was said to be signed");
    }
    let forgotten: Vec<_> = told.open.difference(&kept).collect();
    assert!(
        forgotten.is_empty(),
        "said to be open, and forgotten: {forgotten:?}"
    );
    let begun: BTreeSet<Uuid> = told.begun.iter().copied().collect();
    assert_eq!(begun.len(), told.begun.len(), "an id was used twice");
    assert!(kept.is_subset(&begun), "the log has what was never begun");

    // What was sent was in the log, and was the same each time.
    let (mut sign_requests, mut resent) = (0, 0);
    for operation in ledger.operations() {
        let id = operation.operation_id;
        assert!(
            !operation.has_several_bodies(),
            "{id} was sent with other bytes"
        );
        let signs = operation
            .arrived
            .iter()
            .filter(|sent| sent.path.ends_with("/sign"));
        let sent: usize = signs.map(|sent| sent.requests).sum();
        assert!(
            sent == 0 || kept.contains(&id),
            "{id} was sent but not kept"
        );
        sign_requests += sent;
        resent += usize::from(sent > 1);
    }
    Figures {
        seed: 0,
        kills: 0,
        duration: Duration::ZERO,
        receipts: receipts.count(),
        sign_requests,
        resent,
        recovered: told.recovered.difference(&told.signed).count(),
        begun_but_not_kept: begun.difference(&kept).count(),
    }
}

async fn rows(store: &dyn OperationStore) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    loop {
        let after = rows.last().map_or(0, |row| row.sequence);
        let page = store.page(Selection::All, after, 500).await.unwrap();
        if page.is_empty() {
            return rows;
        }
        rows.extend(page);
    }
}

/// What makes an answer that of one receipt: faults add to the rest.
fn identity(answer: &[u8]) -> [Value; 4] {
    let answer: Value = serde_json::from_slice(answer).unwrap();
    let names = [
        "ftQueueItemID",
        "ftQueueRow",
        "ftReceiptIdentification",
        "ftState",
    ];
    names.map(|name| {
        assert!(!answer[name].is_null(), "{name} is missing");
        answer[name].clone()
    })
}

/// The moment of a sale, as it was sent.
fn moment(receipt: &ReceiptRecord) -> DateTime<FixedOffset> {
    let request: Value = serde_json::from_slice(&receipt.request).unwrap();
    let moment = request["cbReceiptMoment"].as_str().unwrap();
    DateTime::parse_from_rfc3339(moment).unwrap()
}
