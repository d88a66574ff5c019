//! `log`: is the operation log sound, and what is in it.

use std::fmt::Write;

use pos_system_api::Handle;
use pos_system_api::durable::Record;
use serde::Serialize;

use crate::arguments::{ExportLog, Log, VerifyLog};
use crate::exit::{Exit, Stop};
use crate::json_line::say_line;
use crate::operation_log::LogFile;
use crate::record_line::Described;

pub(crate) fn run(command: &Log) -> Result<Exit, Stop> {
    match command {
        Log::Verify(options) => verify(options),
        Log::Export(options) => export(options),
    }
}

/// The line of a log that is sound.
#[derive(Serialize)]
struct Sound {
    file: String,
    records: u64,
    open: u64,
    parked: u64,
}

fn verify(options: &VerifyLog) -> Result<Exit, Stop> {
    let log = LogFile::open(&options.path)?;
    let records = log.verified()?;
    let (mut open, mut parked) = (0, 0);
    let exit = log.for_each(|record| {
        open += u64::from(record.stage().is_open());
        parked += u64::from(record.is_parked());
        Ok(())
    })?;
    say_line(&Sound {
        file: log.path().display().to_string(),
        records,
        open,
        parked,
    })?;
    Ok(exit)
}

/// A record with its content.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Exported<'a> {
    #[serde(flatten)]
    described: Described<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(flatten)]
    bodies: Option<Bodies<'a>>,
}

/// Request and answer, exactly.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Bodies<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_hex: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer_hex: Option<String>,
}

fn export(options: &ExportLog) -> Result<Exit, Stop> {
    LogFile::open(&options.path)?
        .for_each(|record| say_line(&exported(record, !options.without_bodies)))
}

fn exported(record: &Record, with_bodies: bool) -> Exported<'_> {
    let handle = record.handle();
    let operation = handle.as_ref().map(Handle::operation);
    let bodies = || {
        let (request, request_hex) = text_or_hex(record.body());
        let (answer, answer_hex) = record.answer().map(text_or_hex).unwrap_or_default();
        Bodies {
            request,
            request_hex,
            answer,
            answer_hex,
        }
    };
    Exported {
        described: Described::of(record),
        method: operation.map(|operation| operation.method().to_owned()),
        path: operation.map(|operation| operation.path().to_owned()),
        status: record.completion().map(|answer| answer.status.as_u16()),
        bodies: with_bodies.then(bodies),
    }
}

/// Bytes as they are if they are UTF-8, in hexadecimal digits if not.
fn text_or_hex(bytes: &[u8]) -> (Option<&str>, Option<String>) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (Some(text), None),
        Err(_) => (None, Some(hex(bytes))),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
