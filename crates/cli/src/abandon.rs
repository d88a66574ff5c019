//! `abandon`: an open operation is given up.

use pos_system_api::durable::Record;
use pos_system_api::raw::operations;
use pos_system_api::store::Stage;

use crate::arguments::Abandon;
use crate::exit::{Exit, Stop};
use crate::json_line::say_line;
use crate::message::notice;
use crate::record_line::Described;

pub(crate) async fn run(options: Abandon) -> Result<Exit, Stop> {
    let log = options.durable;
    let (client, before) = log.offline_client(options.id, "Nothing was given up")?;
    let abandoned = client.abandon(options.id, &options.who, &options.why);
    let abandoned = abandoned.await?;
    if let Some(doubt) = doubt(&before) {
        notice(&doubt);
    }
    say_line(&Described::of(&abandoned))?;
    Ok(Exit::Good)
}

/// What the server may have done all the same.
fn doubt(before: &Record) -> Option<String> {
    let what = match before.stage() {
        Stage::SendStarted | Stage::Unknown => before.name(),
        _ => return None,
    };
    let done = match what {
        pay if pay == operations::PAY.id => {
            "money may have moved all the same, look at the terminal"
        }
        _ => "the server may have executed it all the same",
    };
    Some(format!(
        "{what} {id} is given up, and {done}; operation {id} prints what the server knows of it",
        id = before.operation_id(),
    ))
}
