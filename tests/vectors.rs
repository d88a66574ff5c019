//! Worked examples of the 64-bit codes: every spelling of each is read as the same number, its parts
//! are where the code tables put them and have the names they give, and the same parts make the same
//! number again.
//!
//! The table is not part of this project. It is looked for in the folder that `POS_SYSTEM_API_CASES`
//! names, else in `../shared/api/cases` beside the checkout; without it the test says so and passes.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use std::fmt::Debug;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use bitflags::Flags;
use pos_system_api::codes::{
    ChargeItemCase, ChargeItemFlags, Country, DailyFlags, JournalFlags, JournalType,
    LifecycleFlags, NatureOfVat, PayItemCase, PayItemFlags, PaymentKind, ReceiptCase,
    ReceiptCategory, ReceiptFlags, ReceiptKind, SignatureCategory, SignatureFlags, SignatureFormat,
    SignatureKind, SignaturePosition, SignatureType, State, StateFlags, StateKind, TypeOfService,
    VatRate,
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
    name: &'a str,
    category: &'a str,
    parts: &'a str,
    flags: &'a str,
    unknown_bits: &'a str,
}

/// What the table calls a part that has no name.
const UNDEFINED: &str = "Undefined";

/// A code of any kind in its parts.
trait Code: Copy + Debug + FromStr + DeserializeOwned + Serialize + ToString + PartialEq {
    fn grouped(self) -> String;
    fn country(self) -> Option<Country>;
    fn version(self) -> u8;
    fn local_flags(self) -> u16;
    fn global_flags(self) -> u16;
    fn case(self) -> u16;
    fn flag_names(self) -> Vec<&'static str>;
    fn unknown_bits(self) -> u64;
    /// The name of the case, and the names of category and parts as the table writes them.
    fn names(self) -> [String; 3];
    /// The code from its parts, on top of the bits for the country.
    fn rebuilt(self, country: Self) -> Self;
    fn country_alone(self) -> Self;
}

macro_rules! code {
    ($($name:ident: $names:expr, $rebuilt:expr;)*) => {$(
        impl Code for $name {
            fn grouped(self) -> String { format!("{self:#}") }
            fn country(self) -> Option<Country> { $name::country(self) }
            fn version(self) -> u8 { $name::version(self) }
            fn local_flags(self) -> u16 { $name::local_flags(self) }
            fn global_flags(self) -> u16 { $name::global_flags(self) }
            fn case(self) -> u16 { $name::case(self) }
            fn flag_names(self) -> Vec<&'static str> { $name::flag_names(self).collect() }
            fn unknown_bits(self) -> u64 { $name::unknown_bits(self) }
            fn names(self) -> [String; 3] { $names(self) }
            fn rebuilt(self, country: Self) -> Self { $rebuilt(self, country) }
            fn country_alone(self) -> Self {
                match $name::country(self) {
                    Some(country) => $name::new(0).with_country(country),
                    // Two bytes that are no letters have no type; they are taken as they are.
                    None => $name::new(self.value() & 0xFFFF << 48),
                }
            }
        }
    )*};
}
code! {
    ReceiptCase: |code: Self| {
        let category = code.category().name().unwrap_or("undefined");
        [named(code.name()), category.to_owned(), String::new()]
    }, |code: Self, country: Self| {
        let of_kind = country.with_version(code.version()).with_kind(code.kind());
        match (code.daily_flags(), code.lifecycle_flags()) {
            (Some(flags), _) => of_kind.with_daily_flags(flags),
            (_, Some(flags)) => of_kind.with_lifecycle_flags(flags),
            _ => of_kind.with_flags(code.flags()),
        }
    };
    ChargeItemCase: |code: Self| {
        let nature = code.nature().value();
        let nature_name = match code.type_of_service() {
            TypeOfService::SpecialTax => format!("taxKind({nature:02X})"),
            _ => named(code.nature_name()),
        };
        let service = named(code.type_of_service().name());
        let parts = format!("service={service};nature={nature:02X}:{nature_name}");
        [named(code.name()), String::new(), parts]
    }, |code: Self, country: Self| country
        .with_version(code.version())
        .with_vat(code.vat())
        .with_service(code.type_of_service())
        .with_nature(code.nature())
        .with_flags(code.flags());
    PayItemCase: |code: Self| [named(code.name()), String::new(), String::new()],
    |code: Self, country: Self| {
        let made = country
            .with_version(code.version())
            .with_kind(code.kind())
            .with_flags(code.flags());
        // Bits 15 to 8 have no part.
        Self::new(made.value() | code.value() & 0xFF00)
    };
    State: |code: Self| [code.kind().name().to_owned(), String::new(), String::new()],
    |code: Self, country: Self| {
        let made = country.with_version(code.version()).with_flags(code.flags());
        match code.kind() {
            StateKind::Error => made.with_low(0xEEEE_EEEE),
            StateKind::Fail => made.with_low(0xFFFF_FFFF),
            _ => made,
        }
    };
    SignatureFormat: |code: Self| {
        let position = named(code.position().name());
        let parts = format!("position={}:{position}", code.position().value());
        [named(code.name()), String::new(), parts]
    }, |code: Self, country: Self| country
        .with_version(code.version())
        .with_kind(code.kind())
        .with_position(code.position());
    SignatureType: |code: Self| {
        [named(code.name()), named(code.category().name()), String::new()]
    }, |code: Self, country: Self| country
        .with_version(code.version())
        .with_category(code.category())
        .with_number(code.number())
        .with_flags(code.flags());
    JournalType: |code: Self| {
        [named(code.name()), named(code.category().name()), String::new()]
    }, |code: Self, country: Self| {
        let made = country.with_version(code.version()).with_flags(code.flags());
        Self::new(made.value() | u64::from(code.case()))
    };
}

fn named(name: Option<&str>) -> String {
    name.unwrap_or(UNDEFINED).to_owned()
}

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
    assert_eq!(code.grouped(), grouped, "{id}");
    assert_eq!(grouped.parse::<C>().ok(), Some(code), "{id}");

    // The table writes `??` for two bytes that are no letters.
    let country = code.country().map(|country| country.to_string());
    let expected = Some(row.country).filter(|country| !["", "??"].contains(country));
    assert_eq!(country.as_deref(), expected, "{id}");
    assert_eq!(code.version().to_string(), row.version, "{id}");
    assert_eq!(format!("{:03X}", code.local_flags()), row.local, "{id}");
    let low = format!("{:04X}{:04X}", code.global_flags(), code.case());
    assert_eq!(low, format!("{}{}", row.global, row.low), "{id}");

    let [name, category, parts] = code.names();
    let expected = [row.name, row.category, row.parts];
    assert_eq!([&name[..], &category[..], &parts[..]], expected, "{id}");
    let sorted = |mut names: Vec<String>| {
        names.sort();
        names
    };
    let flags = code.flag_names().into_iter().map(str::to_owned).collect();
    let expected = row.flags.split('|').filter(|flag| !flag.is_empty());
    assert_eq!(
        sorted(flags),
        sorted(expected.map(str::to_owned).collect()),
        "{id}"
    );
    let unknown_bits = match code.unknown_bits() {
        0 => String::new(),
        bits => format!("0x{bits:016X}"),
    };
    assert_eq!(unknown_bits, row.unknown_bits, "{id}");

    assert_eq!(code.rebuilt(code.country_alone()), code, "{id}");
    assert_eq!(format!("{code:?}").matches(&grouped).count(), 1, "{id}");
}

/// The code that the names of a row stand for, looked up by name alone.
fn from_names(row: &Row<'_>) -> Option<u64> {
    let flags = || row.flags.split('|').filter(|flag| !flag.is_empty());
    let country = match row.country {
        "" => None,
        letters => Some(Country::new(letters)?),
    };
    let version: u8 = row.version.parse().ok()?;
    // A name gives the bits that the code shows it for, and no others.
    macro_rules! with_named_flags {
        ($code:expr, $flags:ty, $with:ident) => {{
            let mut code = $code.with_version(version);
            if let Some(country) = country {
                code = code.with_country(country);
            }
            for name in flags() {
                let mut known = <$flags as Flags>::FLAGS.iter().map(|flag| *flag.value());
                let flag = known.find(|flag| {
                    code.$with(*flag).flag_names().any(|named| named == name)
                        && !code.flag_names().any(|named| named == name)
                })?;
                code = code.$with(flag);
            }
            Some(code.value())
        }};
    }
    fn part<P: Copy>(
        named: &[P],
        name: impl Fn(P) -> Option<&'static str>,
        wanted: &str,
    ) -> Option<P> {
        named
            .iter()
            .copied()
            .find(|part| name(*part) == Some(wanted))
    }
    match row.kind {
        "receipt_case" => {
            let code = ReceiptCase::of(part(ReceiptKind::NAMED, ReceiptKind::name, row.name)?);
            match code.category() {
                ReceiptCategory::Daily => with_named_flags!(code, DailyFlags, with_daily_flags),
                ReceiptCategory::Lifecycle => {
                    with_named_flags!(code, LifecycleFlags, with_lifecycle_flags)
                }
                _ => with_named_flags!(code, ReceiptFlags, with_flags),
            }
        }
        "charge_item_case" => {
            let (service, nature) = row.parts.strip_prefix("service=")?.split_once(";nature=")?;
            let service = part(TypeOfService::NAMED, TypeOfService::name, service)?;
            let (nature, nature_name) = nature.split_once(':')?;
            let code = ChargeItemCase::of(service, part(VatRate::NAMED, VatRate::name, row.name)?)
                .with_nature(NatureOfVat::new(u8::from_str_radix(nature, 16).ok()?));
            if nature_name == UNDEFINED {
                return None;
            }
            with_named_flags!(code, ChargeItemFlags, with_flags)
        }
        "pay_item_case" => {
            let code = PayItemCase::of(part(PaymentKind::NAMED, PaymentKind::name, row.name)?);
            with_named_flags!(code, PayItemFlags, with_flags)
        }
        "state" => {
            let low = match row.name {
                "Error" => 0xEEEE_EEEE,
                "Fail" => 0xFFFF_FFFF,
                _ => 0,
            };
            let flagged = with_named_flags!(State::new(0), StateFlags, with_flags)?;
            Some(flagged | low)
        }
        "signature_format" => {
            let position = row.parts.split_once(':')?.1;
            let code = SignatureFormat::of(
                part(SignatureKind::NAMED, SignatureKind::name, row.name)?,
                part(SignaturePosition::NAMED, SignaturePosition::name, position)?,
            );
            Some(code.with_version(version).value())
        }
        "signature_type" => {
            let category = part(
                SignatureCategory::NAMED,
                SignatureCategory::name,
                row.category,
            )?;
            let of_category = SignatureType::new(0).with_category(category);
            let code = with_named_flags!(of_category, SignatureFlags, with_flags)?;
            (0..0xE00)
                .map(|number| SignatureType::new(code).with_number(number))
                .find(|code| code.name() == Some(row.name))
                .map(SignatureType::value)
        }
        "journal_type" => {
            let code = with_named_flags!(JournalType::new(0), JournalFlags, with_flags)?;
            (0..=0xFF)
                .map(|number| JournalType::new(code | number))
                .find(|code| code.name() == Some(row.name))
                .map(JournalType::value)
        }
        kind => panic!("{}: unknown kind {kind}", row.id),
    }
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
fn every_vector_is_read_in_every_spelling_taken_apart_and_put_together() {
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
    let (mut rows, mut from_names_alone) = (0, 0);
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
            name: cell("name"),
            category: cell("category"),
            parts: cell("parts"),
            flags: cell("flags"),
            unknown_bits: cell("unknown_bits_hex"),
        };
        let is_named = ![row.name, row.category, row.parts]
            .iter()
            .any(|text| text.to_lowercase().contains("undefined"));
        if is_named && row.unknown_bits.is_empty() && row.country != "??" {
            let made = from_names(&row).map(|value| value.to_string());
            assert_eq!(made.as_deref(), Some(row.decimal), "{}", row.id);
            from_names_alone += 1;
        }
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
    println!("{rows} vectors, {from_names_alone} made from names alone");
    assert!(from_names_alone > 0, "the table has no row with names");
}
