//! An operation of the log as a JSON line.

use pos_system_api::chrono::{DateTime, SecondsFormat, Utc};
use pos_system_api::client::{Issued, Paid};
use pos_system_api::durable::Record;
use pos_system_api::raw::operations;
use pos_system_api::store::Stage;
use pos_system_api::{Error, Signed};
use serde::Serialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::exit::Exit;
use crate::json_line::{Failure, exact};
use crate::operation_log::{is_settled, way_on};

/// What the log says of an operation, without the bodies.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Described<'a> {
    sequence: u64,
    operation_id: Uuid,
    /// Such as `sign`.
    call: &'a str,
    cashbox_id: &'a str,
    stage: &'static str,
    parked: bool,
    created: Option<String>,
    changed: Option<String>,
    attempts: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    predecessor: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    successor: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    handed_over_offline: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    abandoned: Option<Abandoned<'a>>,
}

#[derive(Debug, Serialize)]
struct Abandoned<'a> {
    who: &'a str,
    why: &'a str,
}

impl<'a> Described<'a> {
    pub(crate) fn of(record: &'a Record) -> Self {
        Self {
            sequence: record.sequence(),
            operation_id: record.operation_id(),
            call: record.name(),
            cashbox_id: record.queue(),
            stage: record.stage().as_str(),
            parked: record.is_parked(),
            created: record.created().map(moment),
            changed: record.changed().map(moment),
            attempts: record.attempts(),
            cause: record.cause(),
            predecessor: record.predecessor(),
            successor: record.successor(),
            handed_over_offline: record.handed_over_offline().map(moment),
            abandoned: record.abandoned().map(|(who, why)| Abandoned { who, why }),
        }
    }
}

fn moment(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// What became of an operation, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Fate {
    /// Signed, paid, issued: what was asked for.
    Done,
    /// Settled, but not with what was asked for.
    Refused,
    Open,
    /// Open, and nothing sends it but a person.
    Parked,
}

/// An operation with what became of it.
#[derive(Debug, Serialize)]
pub(crate) struct Found<'a> {
    #[serde(flatten)]
    described: Described<'a>,
    outcome: Fate,
    #[serde(skip_serializing_if = "Option::is_none")]
    response: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Failure>,
    #[serde(skip)]
    way_on: Option<String>,
}

impl<'a> Found<'a> {
    pub(crate) fn of(record: &'a Record) -> Self {
        let (outcome, error) = if !is_settled(record) {
            let cause = record.cause().unwrap_or(match record.stage() {
                Stage::Prepared => "it was not sent yet",
                _ => "it is not settled",
            });
            match record.is_parked() {
                true => (Fate::Parked, Some(Failure::new("parked", cause))),
                false => (Fate::Open, Some(Failure::new("pending", cause))),
            }
        } else {
            match refusal(record) {
                None => (Fate::Done, None),
                refusal => (Fate::Refused, refusal),
            }
        };
        Self {
            described: Described::of(record),
            outcome,
            response: record.answer().and_then(exact),
            error,
            way_on: way_on(record),
        }
    }

    pub(crate) fn exit(&self) -> Exit {
        match self.outcome {
            Fate::Done => Exit::Good,
            Fate::Refused => Exit::Refused,
            Fate::Open | Fate::Parked => Exit::Open,
        }
    }

    /// For a person; nothing for what is done.
    pub(crate) fn sentence(&self) -> Option<String> {
        let failure = self.error.as_ref()?;
        let fate = match self.outcome {
            Fate::Done => "done",
            Fate::Refused => "refused",
            Fate::Open => "open",
            Fate::Parked => "set aside",
        };
        let Described {
            call, operation_id, ..
        } = &self.described;
        let way_on = self.way_on.as_ref();
        let way_on = way_on.map(|way_on| format!(" ({way_on})"));
        Some(format!(
            "{call} {operation_id}: {fate}{}: {}",
            way_on.unwrap_or_default(),
            failure.message
        ))
    }
}

/// Why the answer is not what was asked for, if it is not.
fn refusal(record: &Record) -> Option<Failure> {
    let name = record.name();
    let read: Result<(), Error> = if name == operations::SIGN.id {
        record.read::<Signed>().map(drop)
    } else if name == operations::PAY.id {
        record.read::<Paid>().map(drop)
    } else if name == operations::ISSUE.id {
        record.read::<Issued>().map(drop)
    } else {
        // Of the generated client, whose answers only their caller reads.
        let status = record.completion()?.status;
        return (!status.is_success()).then(|| Failure {
            status: Some(status.as_u16()),
            ..Failure::new("rejected", "the server refused the request")
        });
    };
    read.err().map(|error| Failure::of(&error))
}
