//! The entries of the journals in their JSON forms.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::clock::format_moment;
use crate::journal::past::Past;
use crate::journal::ticks::ticks;
use crate::queue::action_journal::ActionJournalEntry;
use crate::queue::item::QueueItem;
use crate::queue::receipt_journal::ReceiptJournalEntry;

/// What stands in a journal.
pub(crate) trait Entry: Sized + Send + Sync + 'static {
    /// Makes up an entry from before the start; `None` for a journal that has none.
    const EARLIER: Option<fn(&Past, u64) -> Self>;

    fn id(&self) -> Uuid;

    /// What `TimeStamp` shows, in ticks.
    fn moment(&self) -> DateTime<Utc>;

    fn write_json(&self, queue_id: Uuid, out: &mut Vec<u8>) -> serde_json::Result<()>;
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct QueueItemForm<'a> {
    ft_queue_item_id: Uuid,
    ft_queue_id: Uuid,
    ft_queue_row: u64,
    ft_queue_moment: String,
    /// In milliseconds.
    ft_queue_timeout: u32,
    ft_work_moment: String,
    ft_done_moment: String,
    cb_receipt_moment: String,
    #[serde(rename = "cbTerminalID")]
    cb_terminal_id: Option<&'a str>,
    cb_receipt_reference: &'a str,
    country: &'a str,
    version: &'a str,
    request: &'a str,
    request_hash: String,
    response: &'a str,
    response_hash: String,
    #[serde(rename = "TimeStamp")]
    time_stamp: i64,
    #[serde(rename = "ProcessingVersion")]
    processing_version: &'a str,
}

impl Entry for QueueItem {
    const EARLIER: Option<fn(&Past, u64) -> Self> = Some(Past::queue_item);

    fn id(&self) -> Uuid {
        self.id
    }

    fn moment(&self) -> DateTime<Utc> {
        self.done_moment
    }

    fn write_json(&self, queue_id: Uuid, out: &mut Vec<u8>) -> serde_json::Result<()> {
        let form = QueueItemForm {
            ft_queue_item_id: self.id,
            ft_queue_id: queue_id,
            ft_queue_row: self.row,
            ft_queue_moment: format_moment(self.queue_moment),
            ft_queue_timeout: 15_000,
            ft_work_moment: format_moment(self.work_moment),
            ft_done_moment: format_moment(self.done_moment),
            cb_receipt_moment: format_moment(self.receipt_moment),
            cb_terminal_id: self.terminal_id.as_deref(),
            cb_receipt_reference: &self.receipt_reference,
            country: &self.country,
            version: "v2",
            request: &String::from_utf8_lossy(&self.request),
            request_hash: hash(&self.request),
            response: &String::from_utf8_lossy(&self.response),
            response_hash: hash(&self.response),
            time_stamp: ticks(self.moment()),
            processing_version: concat!("simulator ", env!("CARGO_PKG_VERSION")),
        };
        serde_json::to_writer(out, &form)
    }
}

fn hash(bytes: &[u8]) -> String {
    STANDARD.encode(Sha256::digest(bytes))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReceiptJournalForm {
    ft_receipt_journal_id: Uuid,
    ft_receipt_moment: String,
    ft_receipt_number: u64,
    ft_receipt_total: Box<RawValue>,
    ft_queue_id: Uuid,
    ft_queue_item_id: Uuid,
    ft_receipt_hash: String,
    #[serde(rename = "TimeStamp")]
    time_stamp: i64,
}

impl Entry for ReceiptJournalEntry {
    const EARLIER: Option<fn(&Past, u64) -> Self> = Some(Past::receipt);

    fn id(&self) -> Uuid {
        self.id
    }

    fn moment(&self) -> DateTime<Utc> {
        self.moment
    }

    fn write_json(&self, queue_id: Uuid, out: &mut Vec<u8>) -> serde_json::Result<()> {
        let form = ReceiptJournalForm {
            ft_receipt_journal_id: self.id,
            ft_receipt_moment: format_moment(self.moment),
            ft_receipt_number: self.number,
            ft_receipt_total: RawValue::from_string(self.total.to_string())?,
            ft_queue_id: queue_id,
            ft_queue_item_id: self.queue_item_id,
            ft_receipt_hash: STANDARD.encode(self.hash),
            time_stamp: ticks(self.moment),
        };
        serde_json::to_writer(out, &form)
    }
}

#[derive(Serialize)]
struct ActionJournalForm<'a> {
    #[serde(rename = "ftActionJournalId")]
    id: Uuid,
    #[serde(rename = "ftQueueId")]
    queue_id: Uuid,
    #[serde(rename = "ftQueueItemId")]
    queue_item_id: Option<Uuid>,
    #[serde(rename = "Moment")]
    moment: String,
    #[serde(rename = "Priority")]
    priority: i32,
    #[serde(rename = "Type")]
    kind: &'a str,
    #[serde(rename = "Message")]
    message: &'a str,
    #[serde(rename = "DataBase64")]
    data_base64: Option<&'a str>,
    #[serde(rename = "DataJson")]
    data_json: Option<&'a str>,
    #[serde(rename = "TimeStamp")]
    time_stamp: i64,
}

impl Entry for ActionJournalEntry {
    const EARLIER: Option<fn(&Past, u64) -> Self> = None;

    fn id(&self) -> Uuid {
        self.id
    }

    fn moment(&self) -> DateTime<Utc> {
        self.moment
    }

    fn write_json(&self, queue_id: Uuid, out: &mut Vec<u8>) -> serde_json::Result<()> {
        let form = ActionJournalForm {
            id: self.id,
            queue_id,
            queue_item_id: self.queue_item_id,
            moment: format_moment(self.moment),
            priority: self.priority,
            kind: &self.kind,
            message: &self.message,
            data_base64: None,
            data_json: None,
            time_stamp: ticks(self.moment),
        };
        serde_json::to_writer(out, &form)
    }
}
