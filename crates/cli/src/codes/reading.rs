//! What a number means as one kind of code.

use std::fmt;

use clap::ValueEnum;
use pos_system_api::codes::{
    ChargeItemCase, JournalType, NatureOfVat, PayItemCase, ReceiptCase, SignatureFormat,
    SignatureType, State, StateKind, VatRate,
};
use serde::Serialize;

use super::Kind;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Reading {
    kind: Kind,
    value: u64,
    hex: String,
    text: String,
    country: Option<String>,
    version: u8,
    /// The parts of the case, the first of which gives it its name.
    parts: Vec<Part>,
    flags: Vec<&'static str>,
    /// Bits without a meaning, `0x…`.
    unknown_bits: Option<String>,
    /// What a code of version 0 is in version 2.
    in_version_2: Option<String>,
}

#[derive(Debug, Serialize)]
struct Part {
    part: &'static str,
    value: String,
    name: Option<&'static str>,
}

fn part(part: &'static str, value: impl fmt::UpperHex, name: Option<&'static str>) -> Part {
    Part {
        part,
        value: format!("{value:#X}"),
        name,
    }
}

/// Reads a code that has no version 0 of its own, or that is of another version.
macro_rules! read {
    ($kind:expr, $code:expr, $read:expr, $parts:expr) => {{
        let (code, read) = ($code, $read);
        let (names, in_version_2) = match read {
            Some(read) => (read, Some(format!("{read:#}"))),
            None => (code, None),
        };
        let parts: Vec<Part> = $parts(names);
        Reading {
            kind: $kind,
            value: code.value(),
            hex: format!("{code:#}"),
            text: code.to_string(),
            country: code.country().map(|country| country.to_string()),
            version: code.version(),
            parts,
            flags: names.flag_names().collect(),
            unknown_bits: Some(names.unknown_bits())
                .filter(|bits| *bits != 0)
                .map(|bits| format!("{bits:#X}")),
            in_version_2,
        }
    }};
}

impl Reading {
    pub(super) fn of(kind: Kind, value: u64) -> Self {
        match kind {
            Kind::Receipt => {
                let code = ReceiptCase::new(value);
                read!(kind, code, code.to_version_2().ok(), |code: ReceiptCase| {
                    let category = code.category();
                    vec![
                        part("kind", code.case(), code.name()),
                        part("category", category.value(), category.name()),
                    ]
                })
            }
            Kind::ChargeItem => {
                let code = ChargeItemCase::new(value);
                read!(kind, code, code.to_version_2().ok(), charge_item_parts)
            }
            Kind::PayItem => {
                let code = PayItemCase::new(value);
                read!(kind, code, code.to_version_2().ok(), |code: PayItemCase| {
                    vec![part("kind", code.kind().value(), code.name())]
                })
            }
            Kind::State => {
                let code = State::new(value);
                read!(kind, code, code.to_version_2().ok(), |code: State| {
                    vec![part("state", code.low(), Some(code.kind().name()))]
                })
            }
            Kind::SignatureType => {
                let code = SignatureType::new(value);
                read!(kind, code, None::<SignatureType>, |code: SignatureType| {
                    let category = code.category();
                    vec![
                        part("number", code.number(), code.name()),
                        part("category", category.value(), category.name()),
                    ]
                })
            }
            Kind::SignatureFormat => {
                let code = SignatureFormat::new(value);
                read!(kind, code, None, |code: SignatureFormat| {
                    let position = code.position();
                    vec![
                        part("format", code.kind().value(), code.name()),
                        part("position", position.value(), position.name()),
                    ]
                })
            }
            Kind::Journal => {
                let code = JournalType::new(value);
                read!(kind, code, code.to_version_2().ok(), |code: JournalType| {
                    let category = code.category();
                    vec![
                        part("journal", code.case(), code.name()),
                        part("category", category.value(), category.name()),
                    ]
                })
            }
        }
    }

    /// The readings that make sense, or all where none does.
    pub(super) fn all(value: u64) -> Vec<Self> {
        let read = |kind: &Kind| Self::of(*kind, value);
        let mut readings: Vec<Self> = Kind::value_variants().iter().map(read).collect();
        if readings.iter().any(Self::makes_sense) {
            readings.retain(Self::makes_sense);
        }
        readings
    }

    fn makes_sense(&self) -> bool {
        let is_bare = self.value >> 44 == 0;
        let has_country = self.country.is_some();
        let stands_for_something = match self.kind {
            // Cases have a version at least.
            Kind::Receipt | Kind::PayItem => !is_bare,
            // Natures say why a line is not taxed as usual.
            Kind::ChargeItem => {
                let code = ChargeItemCase::new(self.value);
                let is_usual = code.nature() == NatureOfVat::USUAL;
                !is_bare && (is_usual || code.vat() == VatRate::NotTaxable)
            }
            // The common journals are bare numbers.
            Kind::Journal => has_country || is_bare,
            Kind::SignatureFormat => self.value >> 48 == 0,
            Kind::State => State::new(self.value).kind() != StateKind::Flagged || self.has_flags(),
            Kind::SignatureType => true,
        };
        stands_for_something
            && self.unknown_bits.is_none()
            && self.parts.iter().all(|part| part.name.is_some())
            && (has_country || self.value >> 48 == 0)
    }

    fn has_flags(&self) -> bool {
        !self.flags.is_empty()
    }
}

fn charge_item_parts(code: ChargeItemCase) -> Vec<Part> {
    let service = code.type_of_service();
    let mut parts = vec![
        part("VAT", code.vat().value(), code.name()),
        part("service", service.value(), service.name()),
    ];
    if code.nature() != NatureOfVat::USUAL {
        parts.push(part("nature", code.nature().value(), code.nature_name()));
    }
    parts
}

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.kind.to_possible_value();
        let kind = kind.as_ref().map_or("", |kind| kind.get_name());
        write!(f, "{kind:<18}{}", self.text)?;
        let mut line = |label: &str, text: &str| write!(f, "\n  {label:<16}{text}");
        line("country", self.country.as_deref().unwrap_or("none"))?;
        line("version", &self.version.to_string())?;
        for Part { part, value, name } in &self.parts {
            line(
                part,
                &format!("{value} {}", name.unwrap_or("not in the tables")),
            )?;
        }
        if self.has_flags() {
            line("flags", &self.flags.join(", "))?;
        }
        if let Some(bits) = &self.unknown_bits {
            line("unknown bits", bits)?;
        }
        if let Some(code) = &self.in_version_2 {
            line("in version 2", code)?;
        }
        Ok(())
    }
}
