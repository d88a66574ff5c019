//! The queue: whether it runs, its rows, its receipt numbers and its chain of hashes.

pub(crate) mod market;
pub(crate) mod receipt;
pub(crate) mod sign;

use std::collections::HashMap;

use bytes::Bytes;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::clock::format_moment;
use crate::fault::FiscalScript;
use crate::ids::Ids;
use crate::ledger::{Ledger, ReceiptRecord};
use crate::queue::market::Market;
use crate::queue::receipt::request::{ReceiptCase, ReceiptRequest};
use crate::queue::receipt::response::{ReceiptResponse, State};
use crate::queue::receipt::signature::{QrPayload, Signature, first_hash};

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
    pub(crate) now: chrono::DateTime<chrono::Utc>,
}

#[derive(Debug)]
pub(crate) struct Queue {
    pub(crate) id: Uuid,
    cash_box_id: Uuid,
    cash_box_identification: String,
    market: Market,
    ids: Ids,
    activity: Activity,
    rows: u64,
    receipts: u64,
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
            rows: 0,
            receipts: 0,
            last_hash: first_hash(id),
            signing_unit_in_service: true,
            signed: HashMap::new(),
        }
    }

    /// Takes the signing unit out of service, or back.
    pub(crate) fn set_signing_unit(&mut self, in_service: bool) {
        self.signing_unit_in_service = in_service;
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
        let queue_item_id = self.ids.next();
        if verdict.state != State::Fail {
            self.rows += 1;
        }
        let mut response = self.response(&signing, queue_item_id, &verdict);
        if verdict.state != State::Ok {
            return response.to_bytes();
        }

        let receipt_number = self.receipts + 1;
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

        self.receipts = receipt_number;
        self.last_hash = qr.hash;
        match signing.request.case {
            ReceiptCase::INITIAL_OPERATION => self.activity = Activity::Started,
            ReceiptCase::OUT_OF_OPERATION => self.activity = Activity::Stopped,
            _ => {}
        }
        let receipt = SignedReceipt {
            queue_row: self.rows,
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
            _ => self.rows,
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
