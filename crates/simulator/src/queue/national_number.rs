//! The national number of a receipt: what follows the `#` of `ftReceiptIdentification`.

use std::collections::HashMap;

use uuid::Uuid;

use crate::queue::case_table::{Category, receipt_flag};
use crate::queue::code::Code;
use crate::queue::market::Country;

/// The series of one queue, each with its own count.
#[derive(Debug, Default)]
pub(crate) struct NationalNumbers {
    last: HashMap<&'static str, u64>,
}

/// The receipt to be numbered.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Numbered {
    pub(crate) country: Country,
    pub(crate) code: Code,
    pub(crate) category: Category,
    /// The receipt number of the queue.
    pub(crate) receipt_number: u64,
    /// Business days that are closed, this receipt included.
    pub(crate) days_closed: u64,
    pub(crate) queue_id: Uuid,
}

impl NationalNumbers {
    /// Takes the next number of the series that the receipt belongs to.
    pub(crate) fn next(&mut self, numbered: &Numbered) -> String {
        let number = numbered.receipt_number;
        let series = &numbered.queue_id.simple().to_string()[..4];
        match numbered.country {
            Country::Germany if is_explicit_transaction(numbered.code) => format!("ET{number}"),
            Country::Austria | Country::Germany | Country::Other => format!("IT{number}"),
            Country::Belgium => number.to_string(),
            Country::France => {
                let letter = french_letter(numbered);
                format!("{letter}{}", self.count(letter))
            }
            Country::Greece => format!("SIM{series}-{number}"),
            Country::Italy => self.italian(numbered),
            Country::Portugal => match portuguese_document(numbered) {
                Some(document) => format!("{document} sim{series}/{}", self.count(document)),
                None => format!("sim{series}/{number}"),
            },
            Country::Spain => {
                let kind = match numbered.category {
                    Category::Invoice => "F",
                    Category::Receipt => "S",
                    _ => "",
                };
                format!("SIM{series}{kind}-{}", self.count(kind))
            }
        }
    }

    fn count(&mut self, series: &'static str) -> u64 {
        let last = self.last.entry(series).or_default();
        *last += 1;
        *last
    }

    /// The count of the day's closing and of the document within the day.
    fn italian(&mut self, numbered: &Numbered) -> String {
        const DOCUMENT: &str = "document";
        if matches!(numbered.code.case(), 0x2011..=0x2013) {
            self.last.remove(DOCUMENT);
            return format!("Z{}", numbered.days_closed);
        }
        let document = self.count(DOCUMENT);
        format!("{:04}-{document:04}", numbered.days_closed + 1)
    }
}

/// Technical events may drive the transactions of the German unit by hand.
fn is_explicit_transaction(code: Code) -> bool {
    code.case() == 0x3001 && code.local_flags() & 0x0F0 != 0
}

/// The letters of the French journals.
fn french_letter(numbered: &Numbered) -> &'static str {
    if numbered.code.has(receipt_flag::TRAINING) && numbered.category != Category::Daily {
        return "X";
    }
    match (numbered.category, numbered.code.case()) {
        (_, 0x0005..=0x0007) => "B",
        (_, 0x0002 | 0x3005) => "P",
        (_, 0x3010) => "C",
        (_, 0x3011) => "A",
        (Category::Receipt, _) => "T",
        (Category::Invoice, _) => "I",
        (Category::Log, _) => "L",
        (Category::Daily | Category::Lifecycle, _) => "G",
    }
}

/// The kinds of Portuguese documents; log, closings and lifecycle are none.
fn portuguese_document(numbered: &Numbered) -> Option<&'static str> {
    let code = numbered.code;
    match (numbered.category, code.case()) {
        (Category::Receipt | Category::Invoice, _) if code.has(receipt_flag::REFUND) => Some("NC"),
        (_, 0x0002) => Some("RG"),
        (_, 0x0005) => Some("GT"),
        (_, 0x0006) => Some("CM"),
        (_, 0x0007) if code.local_flags() & 0x002 != 0 => Some("OR"),
        (_, 0x0007) => Some("PF"),
        (Category::Receipt, _) => Some("FS"),
        (Category::Invoice, _) => Some("FT"),
        _ => None,
    }
}
