//! The queue: whether it runs, its rows, its receipt numbers and its chain of hashes.

pub(crate) mod action_journal;
mod case_table;
mod closing;
mod code;
mod earlier;
pub(crate) mod item;
pub(crate) mod market;
mod modes;
mod national_number;
pub(crate) mod origin;
mod process;
pub(crate) mod receipt;
pub(crate) mod receipt_journal;
mod refusal;
mod rules;
pub(crate) mod sign;
pub(crate) mod status;
#[cfg(test)]
mod tests;
mod verdict;

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::clock::format_moment;
use crate::fault::FiscalScript;
use crate::ids::{Ids, OperationIds};
use crate::journal::past::{Past, Register};
use crate::ledger::Ledger;
use crate::queue::action_journal::ActionJournalEntry;
use crate::queue::closing::Closings;
use crate::queue::earlier::EarlierReceipts;
use crate::queue::item::QueueItem;
use crate::queue::market::Market;
use crate::queue::modes::Modes;
use crate::queue::national_number::NationalNumbers;
use crate::queue::origin::Origin;
use crate::queue::receipt::request::ReceiptRequest;
use crate::queue::receipt::response::ReceiptResponse;
use crate::queue::receipt::signature::{Signature, first_hash};
use crate::queue::receipt_journal::ReceiptJournalEntry;
use crate::queue::refusal::Refusal;

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
    pub(crate) origin: Origin,
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
    past: Past,
    last_hash: [u8; 32],
    modes: Modes,
    closings: Closings,
    numbers: NationalNumbers,
    earlier: EarlierReceipts,
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
        let cash_box_identification = format!("SIM-{market}-{short_id}");
        let register = Register {
            queue_id: id,
            cash_box_id,
            cash_box_identification: cash_box_identification.clone(),
            market,
        };
        Self {
            id,
            cash_box_id,
            cash_box_identification,
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
            past: Past::none(register, seed),
            last_hash: first_hash(id),
            modes: Modes::default(),
            closings: Closings::default(),
            numbers: NationalNumbers::default(),
            earlier: EarlierReceipts::default(),
            signed: HashMap::new(),
        }
    }

    /// With receipts from before the start, for which it must have been started already. Rows and
    /// numbers go on after them.
    pub(crate) fn with_past(mut self, receipts: u64, start: DateTime<Utc>) -> Self {
        if receipts > 0 {
            self.activity = Activity::Started;
        }
        self.past = self.past.with_receipts(receipts, start);
        self.last_hash = self.past.last_hash();
        self
    }

    pub(crate) fn cash_box_id(&self) -> Uuid {
        self.cash_box_id
    }

    pub(crate) fn cash_box_identification(&self) -> &str {
        &self.cash_box_identification
    }

    pub(crate) fn market(&self) -> Market {
        self.market
    }

    /// The receipts from before the start.
    pub(crate) fn past(&self) -> &Past {
        &self.past
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
        if !self.modes.set_signing_unit(in_service, moment) {
            return;
        }
        let number = self.actions.len() + 1;
        let (priority, message) = if in_service {
            (0, "The simulated signing unit is back in service.")
        } else {
            (1, "The simulated signing unit is out of service.")
        };
        self.actions.push(Arc::new(ActionJournalEntry {
            id: Ids::fixed(self.ids.seed(), &format!("action {number}")),
            queue_item_id: None,
            moment,
            priority,
            kind: "SigningUnit".to_owned(),
            message: message.to_owned(),
        }));
    }

    /// A receipt that was signed by this queue.
    pub(crate) fn signed(&self, queue_item_id: Uuid) -> Option<&SignedReceipt> {
        self.signed.get(&queue_item_id)
    }

    /// Signs a valid request, or says in the state why not.
    pub(crate) fn sign(
        &mut self,
        signing: &Signing<'_>,
        ledger: &mut Ledger,
    ) -> Result<Bytes, serde_json::Error> {
        if signing.script == FiscalScript::ByRequest
            && let Some(stored) = self.requested_again(signing)
        {
            return Ok(stored);
        }
        let ids = self.ids.begin(signing.operation_id);
        match self.judge(signing) {
            Ok(accepted) => self.process(signing, &accepted, ids, ledger),
            Err(refusal) => self.refuse(signing, refusal, ids),
        }
    }

    fn refuse(
        &mut self,
        signing: &Signing<'_>,
        refusal: Refusal,
        ids: OperationIds,
    ) -> Result<Bytes, serde_json::Error> {
        let queue_item_id = ids.of("queue item");
        let is_stored = refusal.is_stored();
        let mut response = self.response(signing, queue_item_id);
        response.state |= refusal.state;
        if !is_stored {
            response.queue_row = 0;
            response.receipt_identification = "ft0#".to_owned();
        }
        if let Some(message) = refusal.message {
            let failure = Signature::failure(signing.origin.market, message);
            response.signatures.insert(0, failure);
        }
        let bytes = response.to_bytes()?;
        if is_stored {
            self.keep(signing, queue_item_id, &bytes, None);
        }
        Ok(bytes)
    }

    /// Adds a row; `processed` is the number and the identification of the receipt.
    fn keep(
        &mut self,
        signing: &Signing<'_>,
        id: Uuid,
        response: &Bytes,
        processed: Option<(u64, String)>,
    ) {
        let request = &signing.request;
        let (receipt_number, identification) = processed.unzip();
        self.earlier.remember(request, id, response, identification);
        self.items.push(Arc::new(QueueItem {
            id,
            row: self.next_row(),
            operation_id: signing.operation_id,
            queue_moment: signing.arrived,
            work_moment: signing.now,
            done_moment: signing.now,
            receipt_moment: request.receipt_moment,
            terminal_id: request.terminal_id.clone(),
            receipt_reference: request.receipt_reference.clone(),
            country: signing.origin.market.to_string(),
            request: signing.body.clone(),
            response: response.clone(),
            receipt_number,
        }));
    }

    fn next_row(&self) -> u64 {
        self.past.count() + self.items.len() as u64 + 1
    }

    fn next_receipt_number(&self) -> u64 {
        self.past.count() + self.receipts.len() as u64 + 1
    }

    /// The response in the next row, without what only a processed receipt has.
    fn response(&self, signing: &Signing<'_>, queue_item_id: Uuid) -> ReceiptResponse {
        let queue_row = self.next_row();
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
            signatures: vec![Signature::simulated(signing.origin.market, self.id)],
            state: signing.origin.market.code_base(),
        }
    }
}
