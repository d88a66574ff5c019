//! What `pay`, `refund` and `cancel` have in common: money moves once, and it is said what came of it.

mod earlier;
mod report;

use pos_system_api::Client;
use pos_system_api::client::{OperationCall, Paid};

use crate::arguments::Movement;
use crate::exit::{Exit, Stop};
use crate::interrupt::Interrupt;
use crate::message::{notice, say};
use crate::operation_log::Next;
pub(crate) use earlier::reversal;
pub(crate) use report::Kind;
use report::Report;

/// Moves the money that `call` is about, or asks what became of it.
pub(crate) async fn moved(
    kind: Kind,
    movement: Movement,
    call: impl FnOnce(&Client) -> OperationCall<Paid>,
) -> Result<Exit, Stop> {
    let times = movement.connection.times();
    let log = movement.connection.client()?;
    log.tell_of_earlier_runs(Next::Payment).await?;
    let client = &log.client;
    let mut call = call(client);
    if let Some(id) = movement.operation_id {
        call = call.with_operation_id(id);
        // Resumed, it asks for the result: nothing that moves money is sent, unless the log proves that
        // nothing ever was.
        if let Some(handle) = call.handle() {
            call = client.resume(handle);
        }
    }
    let mut interrupt = Interrupt::new()
        .map_err(|error| Stop::usage(format!("Signals cannot be listened to: {error}")))?;
    let id = call.operation_id();
    if let (Some(id), None) = (id, movement.operation_id) {
        // Whoever ends the program in another way than by a signal still has the id.
        notice(&format!("The {kind} goes out as operation {id}"));
    }
    let report = tokio::select! {
        biased;
        result = times.of_call(call) => {
            let says = log.says_after(id, &result).await;
            Report::of(kind, id, result).with_log(says)
        }
        () = interrupt.wait() => Report::interrupted(kind, id).with_log(log.says(id).await),
    };
    let exit = told(&report)?;
    log.told(id, exit).await;
    Ok(exit)
}

/// A sentence on standard error where there is something to say, and one line on standard output.
fn told(report: &Report) -> Result<Exit, Stop> {
    if let Some(sentence) = report.sentence() {
        notice(&sentence);
    }
    match report.to_json().and_then(|line| say(&line)) {
        Ok(()) => Ok(report.exit()),
        Err(error) => Err(Stop::new(
            Exit::Open,
            format!(
                "Standard output cannot be written; {}: {error}",
                report.in_short()
            ),
        )),
    }
}
