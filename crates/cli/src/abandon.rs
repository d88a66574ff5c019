//! `abandon`: an open operation is given up.

use crate::arguments::Abandon;
use crate::exit::{Exit, Stop};
use crate::json_line::say_line;
use crate::record_line::Described;

pub(crate) async fn run(options: Abandon) -> Result<Exit, Stop> {
    let client = options
        .durable
        .offline_client(options.id, "Nothing was given up")?;
    let abandoned = client.abandon(options.id, &options.who, &options.why);
    say_line(&Described::of(&abandoned.await?))?;
    Ok(Exit::Good)
}
