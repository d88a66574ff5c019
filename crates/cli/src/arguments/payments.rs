//! Arguments of the commands that move money.

use std::path::PathBuf;

use clap::Args;
use pos_system_api::types::Amount;
use uuid::Uuid;

use crate::operation_log::DurableConnection;

#[derive(Debug, Args)]
pub(crate) struct Pay {
    /// How much to take, in units of the currency, above 0
    #[arg(value_parser = positive)]
    pub(crate) amount: Amount,
    /// What is shown and stored
    #[arg(long, value_name = "TEXT", default_value = "Card")]
    pub(crate) description: String,
    #[command(flatten)]
    pub(crate) movement: Movement,
}

#[derive(Debug, Args)]
pub(crate) struct Refund {
    /// The line that pay printed, or recover of a payment, its answer or its pay item as JSON; - for
    /// standard input
    #[arg(value_name = "FILE")]
    pub(crate) payment: PathBuf,
    /// The part that goes back, above 0 [default: all of it]
    #[arg(long, value_parser = positive)]
    pub(crate) amount: Option<Amount>,
    #[command(flatten)]
    pub(crate) movement: Movement,
}

#[derive(Debug, Args)]
pub(crate) struct Cancel {
    /// The line that pay printed, or recover of a payment, its answer or its pay item as JSON; - for
    /// standard input
    #[arg(value_name = "FILE")]
    pub(crate) payment: PathBuf,
    #[command(flatten)]
    pub(crate) movement: Movement,
}

/// What all movements of money take.
#[derive(Debug, Args)]
pub(crate) struct Movement {
    /// The terminal [default: not sent; devices without a terminal id react]
    #[arg(long, value_name = "ID")]
    pub(crate) terminal: Option<String>,
    /// The protocol of the terminal [default: use_auto; for money that goes back, that of the payment]
    #[arg(long, value_name = "NAME")]
    pub(crate) protocol: Option<String>,
    /// Asks for the result of what was begun under this id, with the same other arguments; begins it only
    /// if the operation log proves that it was never sent
    #[arg(long, value_name = "UUID")]
    pub(crate) operation_id: Option<Uuid>,
    #[command(flatten)]
    pub(crate) connection: DurableConnection,
}

fn positive(text: &str) -> Result<Amount, String> {
    let amount = text.parse().ok().filter(|amount| *amount > Amount::ZERO);
    amount.ok_or_else(|| "a decimal number above 0 is needed".to_owned())
}
