//! Which journal an `ftJournalType` stands for in a market.

use crate::queue::market::Market;

const ZIP_FLAG: u64 = 0x0001_0000;

/// What is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Journal {
    /// Also for every code that means nothing here.
    Version,
    Actions,
    Receipts,
    QueueItems,
    Configuration,
    Status,
    /// A JSON document of the market around the receipts.
    MarketReceipts(&'static str),
    /// The XML of the Greek tax authority.
    MyData,
    /// The Portuguese audit file.
    SaftPt,
    /// The log of a German signing unit.
    Tar,
    Dsfinvk,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct JournalCode {
    pub(crate) journal: Journal,
    /// The export is asked for as a ZIP archive.
    pub(crate) zipped: bool,
}

impl JournalCode {
    /// `CCCC vlll gggg tjjj`. The country is 0 or that of the market; the version plays no part,
    /// because both 0 and 2 are in use.
    pub(crate) fn of(code: u64, market: Market) -> Self {
        let country = code >> 48;
        let (category, number) = (code >> 12 & 0xF, code & 0xFFF);
        let journal = if country == 0 && category == 0 {
            common(number)
        } else if country == market.code_base() >> 48 && category <= 1 {
            of_market(&market.to_string(), category == 1, number)
        } else {
            Journal::Version
        };
        Self {
            journal,
            zipped: code & ZIP_FLAG != 0,
        }
    }
}

fn common(number: u64) -> Journal {
    match number {
        1 => Journal::Actions,
        2 => Journal::Receipts,
        3 => Journal::QueueItems,
        0xFF => Journal::Configuration,
        _ => Journal::Version,
    }
}

/// The category makes a difference in Austria only, where it moves the numbers by one.
fn of_market(market: &str, market_category: bool, number: u64) -> Journal {
    match (market, number) {
        ("GR", _) => Journal::MyData,
        ("PT", _) => Journal::SaftPt,
        ("BE", _) => Journal::MarketReceipts("BE"),
        ("AT", 1) if market_category => Journal::Status,
        ("AT", 2) if market_category => Journal::MarketReceipts("AT RKSV DEP"),
        ("AT", 0) if market_category => Journal::Version,
        (_, 0) => Journal::Status,
        ("AT", 1) => Journal::MarketReceipts("AT RKSV DEP"),
        ("DE", 1 | 3) => Journal::Tar,
        ("DE", 2) => Journal::Dsfinvk,
        ("ES", 1) => Journal::MarketReceipts("ES VeriFactu"),
        ("FR", 0x001) => Journal::MarketReceipts("FR T"),
        ("FR", 0x002) => Journal::MarketReceipts("FR P"),
        ("FR", 0x003) => Journal::MarketReceipts("FR I"),
        ("FR", 0x004) => Journal::MarketReceipts("FR G"),
        ("FR", 0x007) => Journal::MarketReceipts("FR B"),
        ("FR", 0x008) => Journal::MarketReceipts("FR A"),
        ("FR", 0x009) => Journal::MarketReceipts("FR L"),
        ("FR", 0x00A) => Journal::MarketReceipts("FR C"),
        ("FR", 0x00B) => Journal::MarketReceipts("FR X"),
        ("FR", 0x010) => Journal::MarketReceipts("FR archive"),
        _ => Journal::Version,
    }
}
