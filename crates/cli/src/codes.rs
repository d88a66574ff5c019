//! `codes`: takes the 64-bit codes apart, and carries them from one version to the other.

mod reading;

use clap::{Args, Subcommand, ValueEnum};
use pos_system_api::codes::version_0::{AmountSign, MigrationError};
use pos_system_api::codes::{
    ChargeItemCase, JournalType, ParseCodeError, PayItemCase, ReceiptCase, State,
};
use serde::Serialize;

use crate::exit::{Exit, Stop};
use crate::message::say_to_who_listens;
use reading::Reading;

#[derive(Debug, Subcommand)]
pub(crate) enum Codes {
    /// Says what a code means
    ///
    /// Without --kind, for every kind of code of which the number makes sense.
    Decode(Decode),
    /// Carries a code of Austria, Germany or France from version 0 to 2, or back
    ///
    /// Without --kind, for every kind of code that can be carried over. Flags that the other version
    /// lacks are given up where the published map gives them up; anything else is refused with 2.
    Migrate(Migrate),
}

#[derive(Debug, Args)]
pub(crate) struct Decode {
    /// The code, decimal or hexadecimal after 0x, with or without _
    #[arg(value_parser = number)]
    value: u64,
    /// What the code is
    #[arg(long, value_enum)]
    kind: Option<Kind>,
    /// Prints one JSON line for each reading
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Migrate {
    /// The code, decimal or hexadecimal after 0x, with or without _; with a country
    #[arg(value_parser = number)]
    value: u64,
    /// What the code is
    #[arg(long, value_enum)]
    kind: Option<Migrated>,
    /// The amount of the line is below zero; tells some charge items of Germany apart
    #[arg(long)]
    negative: bool,
    /// Prints one JSON line for each kind
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    /// ftReceiptCase
    Receipt,
    /// ftChargeItemCase
    ChargeItem,
    /// ftPayItemCase
    PayItem,
    /// ftState
    State,
    /// ftSignatureType
    SignatureType,
    /// ftSignatureFormat
    SignatureFormat,
    /// ftJournalType
    Journal,
}

/// The kinds that have a version 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Migrated {
    /// ftReceiptCase
    Receipt,
    /// ftChargeItemCase
    ChargeItem,
    /// ftPayItemCase
    PayItem,
    /// ftState
    State,
    /// ftJournalType
    Journal,
}

pub(crate) fn run(command: &Codes) -> Result<Exit, Stop> {
    match command {
        Codes::Decode(options) => decode(options),
        Codes::Migrate(options) => migrate(options),
    }
}

fn number(text: &str) -> Result<u64, ParseCodeError> {
    // All codes are read alike.
    text.parse().map(ReceiptCase::value)
}

fn decode(options: &Decode) -> Result<Exit, Stop> {
    let readings = match options.kind {
        Some(kind) => vec![Reading::of(kind, options.value)],
        None => Reading::all(options.value),
    };
    if !options.json {
        let number = ReceiptCase::new(options.value);
        say_to_who_listens(&format!("{number:#} = {}", options.value))?;
    }
    for reading in &readings {
        say_to_who_listens(&if options.json {
            json(reading)?
        } else {
            format!("\n{reading}")
        })?;
    }
    Ok(Exit::Good)
}

/// One code in both versions.
#[derive(Serialize)]
struct Pair {
    kind: Migrated,
    from: u64,
    to: u64,
    #[serde(rename = "fromHex")]
    from_hex: String,
    #[serde(rename = "toHex")]
    to_hex: String,
    text: String,
}

fn migrate(options: &Migrate) -> Result<Exit, Stop> {
    let amount = if options.negative {
        AmountSign::Negative
    } else {
        AmountSign::Positive
    };
    let kinds = match &options.kind {
        Some(kind) => std::slice::from_ref(kind),
        None => Migrated::value_variants(),
    };
    let mut refused = None;
    let mut exit = Exit::Refused;
    for kind in kinds {
        match carried(*kind, options.value, amount) {
            Ok(pair) => {
                exit = Exit::Good;
                say_to_who_listens(&if options.json {
                    json(&pair)?
                } else {
                    let kind = kind.to_possible_value();
                    let kind = kind.as_ref().map_or("", |kind| kind.get_name());
                    let Pair {
                        from_hex,
                        to_hex,
                        text,
                        ..
                    } = pair;
                    format!("{kind:<12}{from_hex} -> {to_hex}  {text}")
                })?;
            }
            Err(error) => {
                refused.get_or_insert(error);
            }
        }
    }
    match refused {
        Some(error) if exit == Exit::Refused => Err(Stop::new(exit, error.to_string())),
        _ => Ok(exit),
    }
}

fn carried(kind: Migrated, value: u64, amount: AmountSign) -> Result<Pair, MigrationError> {
    // Version 0 of receipts has one more bit in the place of the version.
    let forward = ReceiptCase::new(value).version() & 0x7 == 0;
    macro_rules! carried {
        ($code:ident $(, $amount:expr)?) => {{
            let code = $code::new(value);
            let carried = if forward {
                code.to_version_2()?
            } else {
                code.to_version_0($($amount)?)?
            };
            Pair {
                kind,
                from: value,
                to: carried.value(),
                from_hex: format!("{code:#}"),
                to_hex: format!("{carried:#}"),
                text: carried.to_string(),
            }
        }};
    }
    Ok(match kind {
        Migrated::Receipt => carried!(ReceiptCase),
        Migrated::ChargeItem => carried!(ChargeItemCase, amount),
        Migrated::PayItem => carried!(PayItemCase),
        Migrated::State => carried!(State),
        Migrated::Journal => carried!(JournalType),
    })
}

fn json(line: &impl Serialize) -> Result<String, Stop> {
    serde_json::to_string(line).map_err(|error| Stop::new(Exit::Refused, error.to_string()))
}
