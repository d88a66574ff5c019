//! The queue: whether it runs, its rows, its receipt numbers and its chain of hashes.

pub(crate) mod action_journal;
pub(crate) mod item;
pub(crate) mod market;
pub(crate) mod receipt;
pub(crate) mod receipt_journal;
pub(crate) mod sign;

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::clock::format_moment;
use crate::fault::FiscalScript;
use crate::ids::Ids;
use crate::ledger::{Ledger, ReceiptRecord};
use crate::queue::action_journal::ActionJournalEntry;
use crate::queue::item::QueueItem;
use crate::queue::market::Market;
use crate::queue::receipt::request::{ReceiptCase, ReceiptRequest};
use crate::queue::receipt::response::{ReceiptResponse, State};
use crate::queue::receipt::signature::{QrPayload, Signature, first_hash};
use crate::queue::receipt_journal::ReceiptJournalEntry;

/// The tolerance of the sum check, in units.
const SUM_TOLERANCE: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Activity {
    NotStarted,
    Started,
    /// For good: a stopped queue is not started again.
    Stopped,
}

/// What a signed receipt leaves behind for `/issue`.
#[derive(Debug, Clone)]
pub(crate) struct SignedReceipt {
    pub(crate) queue_row: u64,
    pub(crate) request: Bytes,
    pub(crate) response: Bytes,
}

/// The operation a receipt belongs to.
#[derive(Debug)]
pub(crate) struct Signing<'a> {
    pub(crate) operation_id: Uuid,
    pub(crate) body: &'a Bytes,
    pub(crate) request: ReceiptRequest,
    pub(crate) script: FiscalScript,
    /// When the request arrived.
    pub(crate) arrived: DateTime<Utc>,
    pub(crate) now: DateTime<Utc>,
}

#[derive(Debug)]
pub(crate) struct Queue {
    pub(crate) id: Uuid,
    cash_box_id: Uuid,
    cash_box_identification: String,
    market: Market,
    ids: Ids,
    activity: Activity,
    items: Vec<Arc<QueueItem>>,
    receipts: Vec<Arc<ReceiptJournalEntry>>,
    actions: Vec<Arc<ActionJournalEntry>>,
    last_hash: [u8; 32],
    signing_unit_in_service: bool,
    signed: HashMap<Uuid, SignedReceipt>,
}

impl Queue {
    pub(crate) fn new(
        id: Uuid,
        cash_box_id: Uuid,
        market: Market,
        seed: u64,
        started: bool,
    ) -> Self {
        let short_id = &id.simple().to_string()[..8];
        Self {
            id,
            cash_box_id,
            cash_box_identification: format!("SIM-{market}-{short_id}"),
            market,
            ids: Ids::new(seed),
            activity: if started {
                Activity::Started
            } else {
                Activity::NotStarted
            },
            items: Vec::new(),
            receipts: Vec::new(),
            actions: Vec::new(),
            last_hash: first_hash(id),
            signing_unit_in_service: true,
            signed: HashMap::new(),
        }
    }

    /// Every request that was taken in, processed or not, in order of rows.
    pub(crate) fn items(&self) -> &[Arc<QueueItem>] {
        &self.items
    }

    /// The receipt journal, in order of numbers.
    pub(crate) fn receipts(&self) -> &[Arc<ReceiptJournalEntry>] {
        &self.receipts
    }

    /// The action journal, in order of moments.
    pub(crate) fn actions(&self) -> &[Arc<ActionJournalEntry>] {
        &self.actions
    }

    /// Takes the signing unit out of service, or back.
    pub(crate) fn set_signing_unit(&mut self, in_service: bool, moment: DateTime<Utc>) {
        self.signing_unit_in_service = in_service;
        let number = self.actions.len() + 1;
        self.actions.push(Arc::new(ActionJournalEntry {
            id: Ids::fixed(self.ids.seed(), &format!("action {number}")),
            queue_item_id: None,
            moment,
            priority: if in_service { 0 } else { 1 },
            kind: "SigningUnit".to_owned(),
            message: if in_service {
                "The simulated signing unit is back in service."
            } else {
                "The simulated signing unit is out of service."
            }
            .to_owned(),
        }));
    }

    /// A receipt that was signed by this queue.
    pub(crate) fn signed(&self, queue_item_id: Uuid) -> Option<&SignedReceipt> {
        self.signed.get(&queue_item_id)
    }

    /// Signs a valid request, or says in the state why not.
    pub(crate) fn sign(
        &mut self,
        signing: Signing<'_>,
        ledger: &mut Ledger,
    ) -> Result<Bytes, serde_json::Error> {
        let verdict = self.judge(&signing.request, signing.script);
        let ids = self.ids.begin(signing.operation_id);
        let queue_item_id = ids.of("queue item");
        let mut response = self.response(&signing, queue_item_id, &verdict);
        if verdict.state != State::Ok {
            let bytes = response.to_bytes()?;
            if verdict.state != State::Fail {
                self.keep(&signing, queue_item_id, &bytes, None);
            }
            return Ok(bytes);
        }

        let receipt_number = self.receipts.len() as u64 + 1;
        response.receipt_identification += &format!("IT{receipt_number}");
        let qr = QrPayload::chained(
            self.market,
            &self.cash_box_identification,
            &response.receipt_identification,
            signing.now,
            signing.request.charge_total,
            &self.last_hash,
        );
        response
            .signatures
            .insert(0, Signature::qr(self.market, &qr));
        let bytes = response.to_bytes()?;

        self.keep(&signing, queue_item_id, &bytes, Some(receipt_number));
        self.receipts.push(Arc::new(ReceiptJournalEntry {
            id: ids.of("receipt journal"),
            queue_item_id,
            moment: signing.now,
            number: receipt_number,
            total: qr.total,
            hash: qr.hash,
        }));
        self.last_hash = qr.hash;
        match signing.request.case {
            ReceiptCase::INITIAL_OPERATION => self.activity = Activity::Started,
            ReceiptCase::OUT_OF_OPERATION => self.activity = Activity::Stopped,
            _ => {}
        }
        let receipt = SignedReceipt {
            queue_row: self.items.len() as u64,
            request: signing.body.clone(),
            response: bytes.clone(),
        };
        ledger.record_receipt(ReceiptRecord {
            operation_id: signing.operation_id,
            receipt_number,
            queue_row: receipt.queue_row,
            queue_item_id,
            request: receipt.request.clone(),
            response: receipt.response.clone(),
        });
        self.signed.insert(queue_item_id, receipt);
        Ok(bytes)
    }

    /// Adds a row.
    fn keep(&mut self, signing: &Signing<'_>, id: Uuid, response: &Bytes, number: Option<u64>) {
        self.items.push(Arc::new(QueueItem {
            id,
            row: self.items.len() as u64 + 1,
            operation_id: signing.operation_id,
            queue_moment: signing.arrived,
            work_moment: signing.now,
            done_moment: signing.now,
            receipt_moment: signing.request.receipt_moment,
            terminal_id: signing.request.terminal_id.clone(),
            receipt_reference: signing.request.receipt_reference.clone(),
            country: self.market.to_string(),
            request: signing.body.clone(),
            response: response.clone(),
            receipt_number: number,
        }));
    }

    fn judge(&self, request: &ReceiptRequest, script: FiscalScript) -> Verdict {
        match script {
            FiscalScript::Error => return Verdict::error("Scripted fiscal error."),
            FiscalScript::Fail => return Verdict::fail("Scripted fiscal failure, nothing stored."),
            FiscalScript::QueueNotActive => return Verdict::not_active(),
            FiscalScript::ByRequest => {}
        }
        match (self.activity, request.case) {
            (Activity::NotStarted, ReceiptCase::INITIAL_OPERATION) | (Activity::Started, _) => {}
            (Activity::NotStarted | Activity::Stopped, _) => return Verdict::not_active(),
        }
        if self.activity == Activity::Started && request.case == ReceiptCase::INITIAL_OPERATION {
            return Verdict::error("The queue is already started.");
        }
        if request.case.takes_no_items() && request.has_items {
            return Verdict::error("This receipt case takes no charge items and no pay items.");
        }
        let balanced = request
            .charge_total
            .checked_sub(request.pay_total)
            .is_some_and(|difference| difference.abs() <= SUM_TOLERANCE);
        if !balanced {
            return Verdict::error("Charge items and pay items do not have the same sum.");
        }
        Verdict {
            state: State::Ok,
            failure: None,
        }
    }

    /// The response without what only a signed receipt has.
    fn response(
        &self,
        signing: &Signing<'_>,
        queue_item_id: Uuid,
        verdict: &Verdict,
    ) -> ReceiptResponse {
        let queue_row = match verdict.state {
            State::Fail => 0,
            _ => self.items.len() as u64 + 1,
        };
        let mut signatures = vec![Signature::simulated(self.market, self.id)];
        if let Some(message) = verdict.failure {
            signatures.insert(0, Signature::failure(self.market, message));
        }
        ReceiptResponse {
            queue_id: self.id.to_string(),
            queue_item_id: queue_item_id.to_string(),
            queue_row,
            cash_box_identification: self.cash_box_identification.clone(),
            cash_box_id: self.cash_box_id.to_string(),
            terminal_id: signing.request.terminal_id.clone(),
            receipt_reference: signing.request.receipt_reference.clone(),
            receipt_identification: format!("ft{queue_row:X}#"),
            receipt_moment: format_moment(signing.now),
            signatures,
            state: verdict.state.code(self.market),
        }
    }
}

/// How a receipt ends.
struct Verdict {
    state: State,
    failure: Option<&'static str>,
}

impl Verdict {
    fn not_active() -> Self {
        Self {
            state: State::QueueNotActive,
            failure: None,
        }
    }

    fn error(message: &'static str) -> Self {
        Self {
            state: State::Error,
            failure: Some(message),
        }
    }

    fn fail(message: &'static str) -> Self {
        Self {
            state: State::Fail,
            failure: Some(message),
        }
    }
}
