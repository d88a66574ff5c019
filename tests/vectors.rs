//! Worked examples of the 64-bit codes: every spelling of each is read as the same number, and its
//! parts are where the code tables put them.
//!
//! The table is not part of this project. It is looked for in the folder that `POS_SYSTEM_API_CASES`
//! names, else in `../shared/api/cases` beside the checkout; without it the test says so and passes.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use std::fmt::Debug;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use pos_system_api::codes::{
    ChargeItemCase, Country, JournalType, PayItemCase, ReceiptCase, SignatureFormat, SignatureType,
    State,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// One row of the table, by the names of its columns.
struct Row<'a> {
    id: &'a str,
    kind: &'a str,
    decimal: &'a str,
    hexadecimal: &'a str,
    country: &'a str,
    version: &'a str,
    local: &'a str,
    global: &'a str,
    low: &'a str,
}

/// A code of any kind in its parts.
trait Code: Copy + Debug + FromStr + DeserializeOwned + Serialize + ToString + PartialEq {
    fn country(self) -> Option<Country>;
    fn version(self) -> u8;
    fn local_flags(self) -> u16;
    fn global_flags(self) -> u16;
    fn case(self) -> u16;
}

macro_rules! code {
    ($($name:ident),*) => {$(
        impl Code for $name {
            fn country(self) -> Option<Country> { $name::country(self) }
            fn version(self) -> u8 { $name::version(self) }
            fn local_flags(self) -> u16 { $name::local_flags(self) }
            fn global_flags(self) -> u16 { $name::global_flags(self) }
            fn case(self) -> u16 { $name::case(self) }
        }
    )*};
}
code!(
    ChargeItemCase,
    JournalType,
    PayItemCase,
    ReceiptCase,
    SignatureFormat,
    SignatureType,
    State
);

fn read<C: Code>(json: &str, id: &str) -> C {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{id} {json}: {error}"))
}

fn check<C: Code>(row: &Row<'_>) {
    let Row { id, decimal, .. } = row;
    let code: C = read(decimal, id);
    assert_eq!(serde_json::to_string(&code).unwrap(), **decimal, "{id}");

    let digits = row.hexadecimal.trim_start_matches("0x");
    assert_eq!(digits.len(), 16, "{id}");
    let grouped = format!(
        "0x{}_{}_{}_{}",
        &digits[..4],
        &digits[4..8],
        &digits[8..12],
        &digits[12..]
    );
    let spellings = [
        format!("\"{decimal}\""),
        format!("\"0x{digits}\""),
        format!("\"0X{}\"", digits.to_ascii_lowercase()),
        format!("\"{grouped}\""),
    ];
    for spelling in spellings {
        assert_eq!(read::<C>(&spelling, id), code, "{id} {spelling}");
    }
    assert_eq!(code.to_string(), grouped, "{id}");
    assert_eq!(grouped.parse::<C>().ok(), Some(code), "{id}");

    // The table writes `??` for two bytes that are no letters.
    let country = code.country().map(|country| country.to_string());
    let expected = Some(row.country).filter(|country| !["", "??"].contains(country));
    assert_eq!(country.as_deref(), expected, "{id}");
    assert_eq!(code.version().to_string(), row.version, "{id}");
    assert_eq!(format!("{:03X}", code.local_flags()), row.local, "{id}");
    let low = format!("{:04X}{:04X}", code.global_flags(), code.case());
    assert_eq!(low, format!("{}{}", row.global, row.low), "{id}");
}

/// A folder that is named has to be right; the default one may be absent.
fn table() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os("POS_SYSTEM_API_CASES") {
        return Some(PathBuf::from(folder).join("vectors.csv"));
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/api/cases");
    Some(folder.join("vectors.csv")).filter(|table| table.is_file())
}

#[test]
fn every_vector_is_read_in_every_spelling_and_taken_apart() {
    let Some(table) = table() else {
        // Past the test harness, which shows no output of a test that passes.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: no code vectors here; name their folder in POS_SYSTEM_API_CASES"
        );
        return;
    };
    let mut vectors = csv::Reader::from_path(table).unwrap();
    let columns = vectors.headers().unwrap().clone();
    let column = |name: &str| columns.iter().position(|column| column == name).unwrap();
    let mut rows = 0;
    for record in vectors.records() {
        let record = record.unwrap();
        let cell = |name: &str| &record[column(name)];
        let row = Row {
            id: cell("id"),
            kind: cell("kind"),
            decimal: cell("value_decimal"),
            hexadecimal: cell("value_hex"),
            country: cell("country"),
            version: cell("version"),
            local: cell("local_hex"),
            global: cell("global_hex"),
            low: cell("low_hex"),
        };
        match row.kind {
            "charge_item_case" => check::<ChargeItemCase>(&row),
            "journal_type" => check::<JournalType>(&row),
            "pay_item_case" => check::<PayItemCase>(&row),
            "receipt_case" => check::<ReceiptCase>(&row),
            "signature_format" => check::<SignatureFormat>(&row),
            "signature_type" => check::<SignatureType>(&row),
            "state" => check::<State>(&row),
            kind => panic!("{}: unknown kind {kind}", row.id),
        }
        rows += 1;
    }
    println!("{rows} vectors");
    assert!(rows > 0, "the table is empty");
}
