//! Arguments of the commands around the operation log.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use uuid::Uuid;

use super::EXIT_CODES;
use crate::operation_log::{Durable, DurableConnection};

#[derive(Debug, Args)]
pub(crate) struct Recover {
    /// Waits for a server that is away and goes on, until nothing is open or Ctrl-C
    #[arg(long)]
    pub(crate) wait: bool,
    #[command(flatten)]
    pub(crate) connection: DurableConnection,
}

#[derive(Debug, Args)]
pub(crate) struct Resume {
    /// The operation, operationId in the line of pending
    #[arg(value_name = "UUID")]
    pub(crate) id: Uuid,
    #[command(flatten)]
    pub(crate) connection: DurableConnection,
}

#[derive(Debug, Args)]
pub(crate) struct Pending {
    #[command(flatten)]
    pub(crate) durable: Durable,
}

#[derive(Debug, Args)]
pub(crate) struct Abandon {
    /// The operation, operationId in the line of pending
    #[arg(value_name = "UUID")]
    pub(crate) id: Uuid,
    /// Who gives it up
    #[arg(long, value_name = "NAME")]
    pub(crate) who: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) why: String,
    #[command(flatten)]
    pub(crate) durable: Durable,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Log {
    /// Looks at all that is stored: every record as it was written, none missing, the file sound
    ///
    /// Prints one JSON line with file, records, open (parked ones included) and parked. Damage ends with
    /// 2 and is said by the number of the record.
    #[command(after_help = EXIT_CODES)]
    Verify(VerifyLog),
    /// Prints every record, one JSON line each: customer data
    ///
    /// A line holds what pending prints, and request and answer as texts with their exact content
    /// (requestHex and answerHex if they are no UTF-8): receipts, payments and whatever they say of
    /// customers. With --without-bodies these are left out. Credentials are never in the log.
    #[command(after_help = EXIT_CODES)]
    Export(ExportLog),
}

#[derive(Debug, Args)]
pub(crate) struct VerifyLog {
    /// The operation log
    #[arg(value_name = "PATH")]
    pub(crate) path: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct ExportLog {
    /// The operation log
    #[arg(value_name = "PATH")]
    pub(crate) path: PathBuf,
    /// Leaves requests and answers out, and with them all customer data
    #[arg(long)]
    pub(crate) without_bodies: bool,
}
