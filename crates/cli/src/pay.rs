//! `pay`: money at a terminal.

use pos_system_api::client::Payment;

use crate::arguments::Pay;
use crate::exit::{Exit, Stop};
use crate::payment::{Kind, moved};

pub(crate) async fn run(options: Pay) -> Result<Exit, Stop> {
    let mut payment = Payment::new(options.description, options.amount);
    if let Some(protocol) = &options.movement.protocol {
        payment = payment.protocol(protocol);
    }
    if let Some(terminal) = &options.movement.terminal {
        payment = payment.terminal(terminal);
    }
    moved(Kind::Payment, options.movement, |client| {
        client.pay(payment)
    })
    .await
}
