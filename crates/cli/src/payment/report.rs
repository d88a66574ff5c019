//! What became of the money, for a program and for a person.

use std::{fmt, io};

use pos_system_api::client::Paid;
use pos_system_api::types::Amount;
use pos_system_api::{Error, Handle, Outcome, Standing};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::exit::Exit;
use crate::json_line::{Failure, exact, word};
use crate::operation_log::InLog;

/// What the money does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Payment,
    Refund,
    Cancellation,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Payment => "payment",
            Self::Refund => "refund",
            Self::Cancellation => "cancellation",
        })
    }
}

/// One line of the output.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Report {
    #[serde(skip)]
    kind: Kind,
    operation_id: Option<Uuid>,
    execution: Option<&'static str>,
    outcome: Fate,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    money: Option<Money>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Failure>,
    /// What a person can do about it.
    #[serde(skip)]
    advice: Option<String>,
}

/// What became of it, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Fate {
    Paid,
    Refunded,
    Cancelled,
    /// The terminal or the guest said no.
    Declined,
    /// The request was refused.
    Rejected,
    /// No end before the deadline.
    Pending,
    /// Set aside: the server knows nothing of it or failed each time, or it failed and stays open in the
    /// operation log.
    Parked,
    /// Money may have moved or not, and waiting did not help.
    Unknown,
}

/// The money that moved.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Money {
    requested: Amount,
    approved: Amount,
    tip: Amount,
    charged: Amount,
    protocol: Option<String>,
    pay_items: Option<Box<RawValue>>,
    #[serde(skip)]
    is_partial: bool,
}

/// The part of the answer that pays for a receipt.
#[derive(Deserialize)]
struct Items<'a> {
    #[serde(rename = "ftPayItems", borrow)]
    items: &'a RawValue,
}

impl Money {
    fn of(paid: &Paid) -> Self {
        let items = serde_json::from_slice::<Items<'_>>(&paid.completion.body);
        Self {
            requested: paid.requested(),
            approved: paid.approved(),
            tip: paid.tip(),
            charged: paid.charged(),
            protocol: paid.response.protocol.clone(),
            pay_items: items
                .ok()
                .and_then(|found| exact(found.items.get().as_bytes())),
            is_partial: paid.is_partial(),
        }
    }
}

impl Report {
    pub(super) fn of(
        kind: Kind,
        operation_id: Option<Uuid>,
        result: Result<Outcome<Paid>, Error>,
    ) -> Self {
        match result {
            Ok(Outcome::Done(paid)) => Self::done(kind, &paid),
            Ok(Outcome::Pending(handle)) => Self::open(kind, Fate::Pending, &handle),
            Ok(Outcome::Parked(handle)) => Self::open(kind, Fate::Parked, &handle),
            Err(error) => Self::refused(kind, operation_id, &error),
        }
    }

    fn done(kind: Kind, paid: &Paid) -> Self {
        Self {
            kind,
            operation_id: Some(paid.operation_id()),
            execution: Some(word(paid.execution())),
            outcome: match kind {
                Kind::Payment => Fate::Paid,
                Kind::Refund => Fate::Refunded,
                Kind::Cancellation => Fate::Cancelled,
            },
            money: Some(Money::of(paid)),
            error: None,
            advice: None,
        }
    }

    fn open(kind: Kind, fate: Fate, handle: &Handle) -> Self {
        let id = handle.operation_id();
        let advice = match handle.standing() {
            Standing::NotSent => format!("no money has moved: a new {kind} can be begun"),
            _ => how_to_ask(id),
        };
        Self::failed(kind, Some(id), fate, Failure::open(handle), Some(advice))
    }

    fn refused(kind: Kind, operation_id: Option<Uuid>, error: &Error) -> Self {
        let fate = match Exit::of(error) {
            Exit::Open => Fate::Unknown,
            _ if error.is_payment_refused() => Fate::Declined,
            _ => Fate::Rejected,
        };
        let advice = match fate {
            Fate::Unknown => operation_id.map(how_to_ask),
            _ => None,
        };
        Self::failed(kind, operation_id, fate, Failure::of(error), advice)
    }

    /// With what the operation log has to say about it. What is set aside there is not over, whatever the
    /// server said.
    pub(super) fn with_log(mut self, says: Option<InLog>) -> Self {
        if let Some(says) = says {
            if says.is_parked {
                self.outcome = Fate::Parked;
            }
            self.advice = Some(says.way_on);
        }
        self
    }

    /// A signal came while it was under way.
    pub(super) fn interrupted(kind: Kind, operation_id: Option<Uuid>) -> Self {
        let failure = Failure::new("interrupted", "stopped by a signal while it was under way");
        let advice = operation_id.map(how_to_ask);
        Self::failed(kind, operation_id, Fate::Unknown, failure, advice)
    }

    fn failed(
        kind: Kind,
        operation_id: Option<Uuid>,
        outcome: Fate,
        failure: Failure,
        advice: Option<String>,
    ) -> Self {
        Self {
            kind,
            operation_id,
            execution: None,
            outcome,
            money: None,
            error: Some(failure),
            advice,
        }
    }

    pub(super) fn exit(&self) -> Exit {
        match self.outcome {
            Fate::Paid | Fate::Refunded | Fate::Cancelled => Exit::Good,
            Fate::Declined | Fate::Rejected => Exit::Refused,
            Fate::Pending | Fate::Parked | Fate::Unknown => Exit::Open,
        }
    }

    /// For a person; nothing where all was done as it was asked for.
    pub(super) fn sentence(&self) -> Option<String> {
        if let Some(failure) = &self.error {
            let advice = self.advice.as_ref();
            let advice = advice.map(|advice| format!(" ({advice})"));
            return Some(format!(
                "{}{}: {}",
                self.in_short(),
                advice.unwrap_or_default(),
                failure.message
            ));
        }
        let money = self.money.as_ref().filter(|money| money.is_partial)?;
        Some(format!(
            "Only {} of {} was approved; the rest is still open",
            money.approved, money.requested
        ))
    }

    /// Kind, fate and id.
    pub(super) fn in_short(&self) -> String {
        let fate = match self.outcome {
            Fate::Paid => "paid",
            Fate::Refunded => "refunded",
            Fate::Cancelled => "cancelled",
            Fate::Declined => "declined",
            Fate::Rejected => "rejected",
            Fate::Pending => "pending",
            Fate::Parked => "set aside",
            Fate::Unknown => "unknown",
        };
        match self.operation_id {
            Some(id) => format!("{} {id}: {fate}", self.kind),
            None => format!("{}: {fate}", self.kind),
        }
    }

    /// As one line of JSON.
    pub(super) fn to_json(&self) -> io::Result<String> {
        Ok(serde_json::to_string(self)?)
    }
}

fn how_to_ask(id: Uuid) -> String {
    format!(
        "to ask for its result, give the same command with --operation-id {id}: no money moves twice"
    )
}
