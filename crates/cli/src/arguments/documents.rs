//! Arguments of the commands around digital receipts.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use uuid::Uuid;

use crate::connection::Connection;
use crate::operation_log::DurableConnection;

#[derive(Debug, Args)]
pub(crate) struct Issue {
    /// The line that sign printed, or recover of a receipt, or with --request the answer alone; - for standard input
    #[arg(value_name = "FILE")]
    pub(crate) signed: PathBuf,
    /// The receipt request that was signed, as JSON [default: asked of the server]
    #[arg(long, value_name = "FILE")]
    pub(crate) request: Option<PathBuf>,
    /// Issues under this id instead of a fresh one
    #[arg(long, value_name = "UUID")]
    pub(crate) operation_id: Option<Uuid>,
    #[command(flatten)]
    pub(crate) connection: DurableConnection,
}

#[derive(Debug, Args)]
pub(crate) struct Document {
    /// The queue, queueId in the line of issue
    pub(crate) queue_id: Uuid,
    /// The queue item, queueItemId in the line of issue
    pub(crate) queue_item_id: Uuid,
    /// The form of the document
    #[arg(long, value_enum)]
    pub(crate) format: Form,
    /// The printable width of the paper, 10 to 999, for png and esc-pos [default: 80]
    #[arg(long, value_name = "MM", value_parser = clap::value_parser!(u16).range(10..=999))]
    pub(crate) width: Option<u16>,
    /// Where to write it [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) connection: Connection,
}

/// The forms of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// A picture
    Png,
    /// A PDF file
    Pdf,
    /// The data of the receipt
    Json,
    /// Commands for a receipt printer
    EscPos,
}
