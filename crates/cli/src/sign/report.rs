//! What became of a receipt, for a program and for a person.

use std::io;

use pos_system_api::{Error, Handle, Outcome, Signed};
use serde::Serialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::receipt_text::Place;
use crate::exit::Exit;
use crate::json_line::{Failure, exact, word};
use crate::message::with_causes;
use crate::operation_log::InLog;

/// One line of the output.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Report {
    file: String,
    /// On standard input: the line the receipt begins on.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    operation_id: Option<Uuid>,
    execution: Option<&'static str>,
    outcome: Fate,
    #[serde(skip_serializing_if = "Option::is_none")]
    response: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Failure>,
    /// What the operation log can do about it.
    #[serde(skip)]
    way_on: Option<String>,
}

/// What became of it, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Fate {
    Signed,
    /// It is not signed, and will not be as it is.
    Rejected,
    /// The queue answered, but did not sign.
    FiscalError,
    /// No answer before the deadline.
    Pending,
    /// Set aside: the server failed each time, or it failed and stays open in the operation log.
    Parked,
    /// It may be signed or not, and waiting did not help.
    Unknown,
    /// An earlier one is open, and the order is kept.
    Unsent,
}

impl Report {
    pub(super) fn of(
        place: Place,
        operation_id: Option<Uuid>,
        result: Result<Outcome<Signed>, Error>,
    ) -> Self {
        match result {
            Ok(Outcome::Done(signed)) => Self::signed(place, &signed),
            Ok(Outcome::Pending(handle)) => Self::open(place, Fate::Pending, &handle),
            Ok(Outcome::Parked(handle)) => Self::open(place, Fate::Parked, &handle),
            Err(error) => Self::refused(place, operation_id, &error),
        }
    }

    /// A text that is no receipt.
    pub(super) fn unreadable(place: Place, reason: &str) -> Self {
        Self::failed(place, None, Fate::Rejected, "invalid", reason)
    }

    /// A signal came while it was under way.
    pub(super) fn interrupted(place: Place, operation_id: Option<Uuid>) -> Self {
        let reason = "stopped by a signal while it was being sent";
        Self::failed(place, operation_id, Fate::Unknown, "interrupted", reason)
    }

    /// One that is not sent, because one before it is open.
    pub(super) fn unsent(place: Place) -> Self {
        let reason = "a receipt before it is open, and would be signed after it: settle that first, then \
                      sign this one, or sign it now with --keep-going";
        Self::failed(place, None, Fate::Unsent, "unsent", reason)
    }

    fn signed(place: Place, signed: &Signed) -> Self {
        Self {
            file: place.file,
            line: place.line,
            operation_id: Some(signed.operation_id()),
            execution: Some(word(signed.execution())),
            outcome: Fate::Signed,
            response: answer(signed),
            error: None,
            way_on: None,
        }
    }

    fn open(place: Place, fate: Fate, handle: &Handle) -> Self {
        let id = Some(handle.operation_id());
        let failure = Failure::open(handle);
        Self::failed(place, id, fate, failure.kind, &failure.message)
    }

    fn refused(place: Place, operation_id: Option<Uuid>, error: &Error) -> Self {
        let fate = match Exit::of(error) {
            Exit::Open => Fate::Unknown,
            _ if error.is_fiscal() => Fate::FiscalError,
            _ => Fate::Rejected,
        };
        let kind = error.kind().as_str();
        let mut report = Self::failed(place, operation_id, fate, kind, &with_causes(error));
        report.error = Some(Failure::of(error));
        if let Some(signed) = error.fiscal_answer() {
            report.execution = Some(word(signed.execution()));
            report.response = answer(signed);
        }
        report
    }

    fn failed(
        place: Place,
        operation_id: Option<Uuid>,
        outcome: Fate,
        kind: &'static str,
        message: &str,
    ) -> Self {
        Self {
            file: place.file,
            line: place.line,
            operation_id,
            execution: None,
            outcome,
            response: None,
            error: Some(Failure::new(kind, message)),
            way_on: None,
        }
    }

    /// With what the operation log has to say about it. What is set aside there is not over, whatever the
    /// server said.
    pub(super) fn with_log(mut self, says: Option<InLog>) -> Self {
        if let Some(says) = says {
            if says.is_parked {
                self.outcome = Fate::Parked;
            }
            self.way_on = Some(says.way_on);
        }
        self
    }

    pub(super) fn exit(&self) -> Exit {
        match self.outcome {
            Fate::Signed => Exit::Good,
            Fate::Rejected | Fate::FiscalError => Exit::Refused,
            Fate::Pending | Fate::Parked | Fate::Unknown | Fate::Unsent => Exit::Open,
        }
    }

    /// Whether it is open and not set aside: one that is sent now may be signed before it.
    pub(super) fn may_be_signed_later(&self) -> bool {
        matches!(self.outcome, Fate::Pending | Fate::Unknown)
    }

    /// For a person; nothing for a receipt that is signed.
    pub(super) fn sentence(&self) -> Option<String> {
        let failure = self.error.as_ref()?;
        let advice = match (&self.way_on, self.exit(), self.operation_id) {
            (Some(way_on), ..) => format!(" ({way_on})"),
            (None, Exit::Open, Some(id)) => {
                format!(" (to settle it, sign the same content with --operation-id {id})")
            }
            _ => String::new(),
        };
        Some(format!("{}{advice}: {}", self.in_short(), failure.message))
    }

    /// The id to fetch the answer again with.
    pub(super) fn under_its_id(&self) -> String {
        self.operation_id
            .map(|id| format!(" (--operation-id {id})"))
            .unwrap_or_default()
    }

    /// Place and fate.
    pub(super) fn in_short(&self) -> String {
        let fate = match self.outcome {
            Fate::Signed => "signed",
            Fate::Rejected => "rejected",
            Fate::FiscalError => "fiscal error",
            Fate::Pending => "pending",
            Fate::Parked => "set aside",
            Fate::Unknown => "unknown",
            Fate::Unsent => "not sent",
        };
        match self.line {
            Some(line) => format!("{}, line {line}: {fate}", self.file),
            None => format!("{}: {fate}", self.file),
        }
    }

    /// As one line of JSON.
    pub(super) fn to_json(&self) -> io::Result<String> {
        Ok(serde_json::to_string(self)?)
    }
}

/// The exact answer.
fn answer(signed: &Signed) -> Option<Box<RawValue>> {
    exact(&signed.completion.body)
}
