//! What the queue says in its state beside ok and error, and what ends it.

use chrono::{DateTime, TimeDelta, Utc};

use crate::queue::market::Country;

/// How long the signing unit may be away before Austria wants to be told.
const PERMANENTLY: TimeDelta = TimeDelta::hours(48);

/// What happens with a receipt that is processed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SigningUnit {
    InService,
    OutOfService,
    /// Between the begin and the end of a switch nothing goes to any unit.
    Switching,
}

/// What lasts until a receipt ends it.
#[derive(Debug, Default)]
pub(crate) struct Modes {
    out_of_service_since: Option<DateTime<Utc>>,
    /// Receipts that were signed without the signing unit since the last good zero receipt.
    signed_without_unit: u64,
    is_switching: bool,
    is_late_signing: bool,
    messages: Vec<String>,
}

impl Modes {
    /// Takes the signing unit out of service, or back. `false` when nothing changes.
    pub(crate) fn set_signing_unit(&mut self, in_service: bool, moment: DateTime<Utc>) -> bool {
        if in_service != self.out_of_service_since.is_some() {
            return false;
        }
        self.out_of_service_since = (!in_service).then_some(moment);
        if in_service && self.signed_without_unit > 0 {
            self.messages.push(format!(
                "The signing unit is back. Receipts signed without it: {}.",
                self.signed_without_unit
            ));
        }
        true
    }

    pub(crate) fn is_switching(&self) -> bool {
        self.is_switching
    }

    pub(crate) fn is_in_service(&self) -> bool {
        self.out_of_service_since.is_none()
    }

    pub(crate) fn is_late_signing(&self) -> bool {
        self.is_late_signing
    }

    /// How many messages wait to be read.
    pub(crate) fn messages(&self) -> u64 {
        self.messages.len() as u64
    }

    pub(crate) fn begin_switch(&mut self) {
        self.is_switching = true;
    }

    pub(crate) fn finish_switch(&mut self) {
        self.is_switching = false;
    }

    /// A receipt goes to the signing unit.
    pub(crate) fn use_signing_unit(&mut self) -> SigningUnit {
        if self.is_switching {
            SigningUnit::Switching
        } else if self.out_of_service_since.is_some() {
            self.signed_without_unit += 1;
            SigningUnit::OutOfService
        } else {
            SigningUnit::InService
        }
    }

    /// A receipt comes late. `true` when that begins the mode.
    pub(crate) fn sign_late(&mut self) -> bool {
        !std::mem::replace(&mut self.is_late_signing, true)
    }

    /// A zero receipt reads the messages and ends what is over.
    pub(crate) fn end_by_zero_receipt(&mut self) -> Vec<String> {
        self.is_late_signing = false;
        if self.out_of_service_since.is_none() {
            self.signed_without_unit = 0;
        }
        std::mem::take(&mut self.messages)
    }

    /// The bits of `ftState` from the local flags down, without those of the closings.
    pub(crate) fn state_bits(&self, country: Country, now: DateTime<Utc>) -> u64 {
        let since = self.out_of_service_since;
        let local = match country {
            Country::Austria => since.is_some_and(|since| now - since > PERMANENTLY),
            Country::Germany => self.is_switching,
            Country::Italy => since.is_some(),
            _ => false,
        };
        [
            (self.signed_without_unit > 0, 0x2),
            (self.is_late_signing, 0x8),
            (!self.messages.is_empty(), 0x40),
            (local, 0x1_0000_0000),
        ]
        .into_iter()
        .filter_map(|(is_set, bit)| is_set.then_some(bit))
        .sum()
    }
}
