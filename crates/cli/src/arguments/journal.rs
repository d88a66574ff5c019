//! Arguments of the commands that read what the server has recorded.

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use pos_system_api::chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use pos_system_api::codes::JournalType;
use uuid::Uuid;

use super::ENVIRONMENT;
use crate::connection::Connection;

#[derive(Debug, Subcommand)]
pub(crate) enum Journal {
    /// Writes a journal, or a part of it, as it comes: JSON, XML, ZIP or TAR
    ///
    /// Writes to standard output, or with --output to a file: to FILE.part, which gets its name once
    /// the export is whole. Then one JSON line tells journalType, file, bytes, contentType, and
    /// contentEncoding if a gateway compressed it: the bytes stay as they came. An export that breaks
    /// off ends with 3; what came of it stays in FILE.part. Until it begins, standard error tells each
    /// attempt after the first, and why the one before failed.
    #[command(after_help = ENVIRONMENT)]
    Export(Export),
}

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// receipts, actions, queue-items, version, configuration, or the code of any other journal, such
    /// as 0x4445200000010002, the DSFinV-K of Germany as ZIP
    #[arg(long = "type", value_name = "TYPE", value_parser = journal_type)]
    pub(crate) kind: JournalType,
    /// From this day or moment on: 2026-06-01 or 2026-06-01T10:00:00Z [default: the beginning]
    #[arg(long, value_name = "DATE")]
    pub(crate) from: Option<Bound>,
    /// Up to this day or moment, itself included [default: the end]
    #[arg(long, value_name = "DATE", conflicts_with = "take")]
    pub(crate) to: Option<Bound>,
    /// Days are those of clocks this far ahead of UTC: +02:00, or -03:30 behind. Where clocks are set
    /// within a day, give moments instead of days [default: days in UTC]
    #[arg(long, value_name = "OFFSET", allow_hyphen_values = true)]
    pub(crate) utc_offset: Option<FixedOffset>,
    /// At most this many entries
    #[arg(long, value_name = "N")]
    pub(crate) take: Option<NonZeroU32>,
    /// Where to write it [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) connection: Connection,
}

#[derive(Debug, Args)]
pub(crate) struct Operation {
    /// The id the operation was sent under
    #[arg(value_name = "UUID")]
    pub(crate) id: Uuid,
    #[command(flatten)]
    pub(crate) connection: Connection,
}

/// One end of a part of a journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bound {
    /// A day, by the clocks of the offset that is given beside it.
    Day(NaiveDate),
    /// A point in time.
    Moment(DateTime<Utc>),
}

impl std::str::FromStr for Bound {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(day) = text.parse() {
            return Ok(Self::Day(day));
        }
        DateTime::parse_from_rfc3339(text)
            .map(|moment| Self::Moment(moment.to_utc()))
            .map_err(
                |_| "a day such as 2026-06-01 or a moment such as 2026-06-01T10:00:00Z is needed",
            )
    }
}

fn journal_type(text: &str) -> Result<JournalType, String> {
    Ok(match text {
        "version" => JournalType::VERSION_INFORMATION,
        "actions" => JournalType::ACTION_JOURNAL,
        "receipts" => JournalType::RECEIPT_JOURNAL,
        "queue-items" => JournalType::QUEUE_ITEM,
        "configuration" => JournalType::CONFIGURATION,
        code => code.parse().map_err(
            |_| "receipts, actions, queue-items, version, configuration or a 64-bit code is needed",
        )?,
    })
}
