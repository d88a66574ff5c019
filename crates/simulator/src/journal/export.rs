//! `POST /journal`: an export of what the queue keeps.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::json;

use crate::journal::archive::Tar;
use crate::journal::code::{Journal, JournalCode};
use crate::journal::entry::Entry;
use crate::journal::export_file::ExportFile;
use crate::journal::listing::{Listing, Record};
use crate::journal::market;
use crate::journal::range::Selection;
use crate::journal::request::JournalRequest;
use crate::queue::Queue;
use crate::wire::problem::Failure;
use crate::wire::reply::Reply;
use crate::world::World;

/// The range plays a part for journals with entries only.
pub(crate) fn export(body: &Bytes, world: &World) -> Result<Reply, Failure> {
    let request = JournalRequest::read(body)?;
    let queue = &world.queue;
    let code = JournalCode::of(request.code, queue.market());
    let receipts = || {
        let range = request.range;
        Arc::new(Selection::new(range, queue.past(), queue.receipts()))
    };
    let export = match code.journal {
        Journal::Version => ExportFile::json(Listing::whole(version())),
        Journal::Actions => entries(request, queue, queue.actions()),
        Journal::Receipts => entries(request, queue, queue.receipts()),
        Journal::QueueItems => entries(request, queue, queue.items()),
        Journal::Configuration => ExportFile::json(Listing::whole(configuration(queue))),
        Journal::Status => ExportFile::json(Listing::whole(status(queue))),
        Journal::MarketReceipts(name) => {
            let head = json!({"Simulated": true, "Journal": name}).to_string();
            let head = format!(r#"{},"Receipts":["#, head.trim_end_matches('}'));
            let records = json_records(receipts(), queue);
            ExportFile::json(Listing::new(head, ",", "]}", records))
        }
        Journal::MyData => market::my_data(&receipts()),
        Journal::SaftPt => market::saft_pt(&receipts()),
        Journal::Tar => ExportFile::new("application/x-tar", "journal.tar", Tar::of(receipts())),
        Journal::Dsfinvk => market::dsfinvk(&receipts()).zipped(),
    };
    let export = match code {
        JournalCode {
            journal: Journal::Dsfinvk,
            ..
        }
        | JournalCode { zipped: false, .. } => export,
        JournalCode { zipped: true, .. } => export.zipped(),
    };
    Ok(Reply::streamed(200, export.media_type, export.pieces))
}

fn entries<E: Entry>(request: JournalRequest, queue: &Queue, kept: &[Arc<E>]) -> ExportFile {
    let selection = Arc::new(Selection::new(request.range, queue.past(), kept));
    ExportFile::json(Listing::json_array(json_records(selection, queue)))
}

fn json_records<E: Entry>(
    selection: Arc<Selection<E>>,
    queue: &Queue,
) -> impl Fn() -> Box<dyn Iterator<Item = Record> + Send> + use<E> {
    let queue_id = queue.id;
    move || {
        Box::new(selection.entries().map(move |entry| {
            let mut json = Vec::new();
            entry.write_json(queue_id, &mut json)?;
            Ok(json)
        }))
    }
}

fn version() -> String {
    json!({
        "Assembly": "pos-system-api-simulator (SIMULATED)",
        "AssemblyVersion": env!("CARGO_PKG_VERSION"),
    })
    .to_string()
}

fn configuration(queue: &Queue) -> String {
    json!({
        "Simulated": true,
        "ftCashBoxId": queue.cash_box_id(),
        "ftQueues": [{
            "Id": queue.id,
            "CountryCode": queue.market().to_string(),
            "CashBoxIdentification": queue.cash_box_identification(),
        }],
    })
    .to_string()
}

fn status(queue: &Queue) -> String {
    json!({
        "Simulated": true,
        "ftQueueId": queue.id,
        "CountryCode": queue.market().to_string(),
        "CashBoxIdentification": queue.cash_box_identification(),
        "ftQueuedRow": queue.past().count() + queue.items().len() as u64,
        "ftReceiptNumerator": queue.past().count() + queue.receipts().len() as u64,
    })
    .to_string()
}
