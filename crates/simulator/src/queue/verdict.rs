//! Whether a receipt is processed, and why not.

use bytes::Bytes;

use crate::fault::FiscalScript;
use crate::queue::case_table::{receipt_case, receipt_flag};
use crate::queue::earlier::Original;
use crate::queue::refusal::Refusal;
use crate::queue::rules::{self, Reading};
use crate::queue::{Activity, Queue, Signing};

/// What is known of a receipt that will be processed.
#[derive(Debug)]
pub(crate) struct Accepted {
    pub(crate) reading: Reading,
    /// The receipt that is voided or refunded.
    pub(crate) original: Option<Original>,
}

impl Queue {
    /// Whether a request wants the response of an earlier one instead of being signed.
    fn asks_again(signing: &Signing<'_>) -> bool {
        let code = signing.request.code;
        let belongs = || code.check_belongs_to(signing.origin.market).is_ok();
        code.has(receipt_flag::RECEIPT_REQUESTED) && belongs()
    }

    /// The stored response that a request asks for, if it does and there is one.
    pub(crate) fn requested_again(&self, signing: &Signing<'_>) -> Option<Bytes> {
        Self::asks_again(signing)
            .then(|| self.earlier.response(&signing.request.receipt_reference))
            .flatten()
    }

    pub(crate) fn judge(&self, signing: &Signing<'_>) -> Result<Accepted, Refusal> {
        match signing.script {
            FiscalScript::Error => return Err(Refusal::error("Scripted fiscal error.")),
            FiscalScript::Fail => {
                return Err(Refusal::fail("Scripted fiscal failure, nothing stored."));
            }
            FiscalScript::QueueNotActive => return Err(Refusal::not_active()),
            FiscalScript::ByRequest => {}
        }
        let request = &signing.request;
        let case = request.code.case();
        // What is asked for would have been found by now.
        if Self::asks_again(signing) {
            return Err(Refusal::fail("No receipt is stored under this reference."));
        }
        match (self.activity, case) {
            (Activity::NotStarted, receipt_case::INITIAL_OPERATION) | (Activity::Started, _) => {}
            (Activity::NotStarted | Activity::Stopped, _) => return Err(Refusal::not_active()),
        }
        let reading = rules::read(request, signing.origin).map_err(Refusal::error)?;
        let is_started = self.activity == Activity::Started;
        let is_switching = self.modes.is_switching();
        let out_of_turn = match case {
            receipt_case::INITIAL_OPERATION if is_started => Some("The queue is already started."),
            receipt_case::BEGIN_SWITCH if is_switching => {
                Some("The switch of the signing unit has already begun.")
            }
            receipt_case::FINISH_SWITCH if !is_switching => {
                Some("No switch of the signing unit has begun.")
            }
            _ => None,
        };
        if let Some(message) = out_of_turn {
            return Err(Refusal::error(message));
        }
        let country = signing.origin.market.country();
        if signing.origin.is_foreign {
            // What it refers to is known elsewhere.
            let original = None;
            return Ok(Accepted { reading, original });
        }
        let original = self
            .earlier
            .check(request, reading.reversal, country)
            .map_err(Refusal::error)?;
        Ok(Accepted { reading, original })
    }
}
