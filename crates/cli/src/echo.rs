//! `echo`: is the server there, and does it know this cash box?

use crate::arguments::Echo;
use crate::exit::{Exit, Stop, answered};
use crate::message::{printable, say_to_who_listens};

pub(crate) async fn run(options: Echo) -> Result<Exit, Stop> {
    let client = options.connection.client()?;
    let echoed = answered(client.echo(options.message.as_str()).await)?;
    let message = echoed.message.unwrap_or_default();
    say_to_who_listens(&printable(&message))?;
    if message == options.message {
        Ok(Exit::Good)
    } else {
        Err(Stop::new(
            Exit::Refused,
            "The server answered with another message than it was sent",
        ))
    }
}
