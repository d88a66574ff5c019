//! Arguments of the command that comes before there are credentials.

use std::path::PathBuf;

use clap::Args;
use secrecy::SecretString;
use uuid::Uuid;

use crate::connection::Unpaired;

#[derive(Debug, Args)]
pub(crate) struct Pair {
    /// The PIN; - for standard input, because arguments are visible in process lists
    pub(crate) pin: SecretString,
    /// Prints the access token in the line
    #[arg(long)]
    pub(crate) show_token: bool,
    /// A new file for the four variables, readable by its owner only
    #[arg(long, value_name = "FILE")]
    pub(crate) env_file: Option<PathBuf>,
    /// Pairs under this id instead of a fresh one: asks for a lost answer again
    #[arg(long, value_name = "UUID")]
    pub(crate) operation_id: Option<Uuid>,
    #[command(flatten)]
    pub(crate) server: Unpaired,
}
