//! Exports in the formats of markets. They have the form of a document, not its legal content,
//! and say so.

use std::sync::Arc;

use crate::clock::format_moment;
use crate::journal::export_file::ExportFile;
use crate::journal::listing::Listing;
use crate::journal::range::Selection;
use crate::queue::receipt_journal::ReceiptJournalEntry;

type Receipts = Arc<Selection<ReceiptJournalEntry>>;

pub(crate) fn my_data(receipts: &Receipts) -> ExportFile {
    let head = concat!(
        r#"<?xml version="1.0" encoding="utf-8"?>"#,
        "\n<!-- Προσομοίωση: SIMULATED, not for any authority. -->\n",
        "<SimulatedInvoicesDoc>\n",
    );
    xml(head.as_bytes(), "</SimulatedInvoicesDoc>\n", receipts)
}

/// In windows-1252, as the real one: its head holds letters that are not UTF-8.
pub(crate) fn saft_pt(receipts: &Receipts) -> ExportFile {
    let head = concat!(
        r#"<?xml version="1.0" encoding="windows-1252"?>"#,
        "\n<!-- Simulação: SIMULATED, not for any authority. -->\n",
        "<SimulatedAuditFile>\n",
    );
    // Up to U+00FF, but for 32 code points that do not occur here, the two agree.
    let head: Vec<u8> = head
        .chars()
        .filter_map(|letter| u8::try_from(letter).ok())
        .collect();
    xml(&head, "</SimulatedAuditFile>\n", receipts)
}

fn xml(head: &[u8], tail: &'static str, receipts: &Receipts) -> ExportFile {
    let receipts = Arc::clone(receipts);
    let records = move || {
        receipts.entries().map(|receipt| {
            let record = format!(
                "  <Receipt number=\"{}\" moment=\"{}\" total=\"{}\"/>\n",
                receipt.number,
                format_moment(receipt.moment),
                receipt.total,
            );
            Ok(record.into_bytes())
        })
    };
    let listing = Listing::new(head.to_vec(), "", tail, records);
    ExportFile::new("application/xml", "journal.xml", listing)
}

/// The one file of the archive.
pub(crate) fn dsfinvk(receipts: &Receipts) -> ExportFile {
    let receipts = Arc::clone(receipts);
    let records = move || {
        receipts.entries().map(|receipt| {
            let moment = format_moment(receipt.moment);
            Ok(format!("{};{moment};{}\r\n", receipt.number, receipt.total).into_bytes())
        })
    };
    let listing = Listing::new("SIMULATED_NUMBER;MOMENT;TOTAL\r\n", "", "", records);
    ExportFile::new("text/csv", "simulated_transactions.csv", listing)
}
