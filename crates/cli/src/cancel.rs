//! `cancel`: a whole earlier payment is taken back.

use crate::arguments::Cancel;
use crate::exit::{Exit, Stop};
use crate::payment::{Kind, moved, reversal};

pub(crate) async fn run(options: Cancel) -> Result<Exit, Stop> {
    let reversal = reversal(&options.payment, &options.movement)?;
    moved(Kind::Cancellation, options.movement, |client| {
        client.cancel(reversal)
    })
    .await
}
