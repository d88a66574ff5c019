//! `refund`: money of an earlier payment goes back.

use crate::arguments::Refund;
use crate::exit::{Exit, Stop};
use crate::payment::{Kind, moved, reversal};

pub(crate) async fn run(options: Refund) -> Result<Exit, Stop> {
    let mut reversal = reversal(&options.payment, &options.movement)?;
    if let Some(part) = options.amount {
        reversal = reversal.amount(part);
    }
    moved(Kind::Refund, options.movement, |client| {
        client.refund(reversal)
    })
    .await
}
