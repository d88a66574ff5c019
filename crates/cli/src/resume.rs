//! `resume`: one operation of the operation log goes on.

use pos_system_api::client::{Answered, Issued, Paid};
use pos_system_api::durable::Record;
use pos_system_api::raw::operations;
use pos_system_api::{Error, ErrorKind, Outcome, Signed};
use uuid::Uuid;

use crate::arguments::Resume;
use crate::connection::Times;
use crate::exit::{Exit, Stop, held_up};
use crate::interrupt::Interrupt;
use crate::operation_log::{DurableClient, is_refused_by_the_log, is_settled, not_in_the_log};
use crate::recover::tell;

pub(crate) async fn run(options: Resume) -> Result<Exit, Stop> {
    let mut interrupt = Interrupt::new()
        .map_err(|error| Stop::usage(format!("Signals cannot be listened to: {error}")))?;
    let times = options.connection.times();
    let log = options.connection.logged_client()?;
    let record = recorded(&log, options.id).await?;
    if record.stage().is_open() {
        tokio::select! {
            biased;
            result = sent(&log, &record, times) => result?,
            () = interrupt.wait() => {
                let message = format!(
                    "Stopped by a signal while operation {} was under way; it is kept in the operation log",
                    options.id
                );
                return Err(Stop::new(Exit::Open, message));
            }
        }
    }
    let record = recorded(&log, options.id).await?;
    if !record.stage().is_open() && !is_settled(&record) {
        return Err(Stop::new(
            Exit::Refused,
            format!(
                "Operation {} is {} and is not sent",
                options.id,
                record.stage()
            ),
        ));
    }
    tell(&log, &record).await
}

async fn recorded(log: &DurableClient, id: Uuid) -> Result<Record, Stop> {
    let record = log.client.recorded(id).await.map_err(held_up)?;
    record.ok_or_else(|| not_in_the_log(id))
}

/// Sends it. How it ended stands in the log.
async fn sent(log: &DurableClient, record: &Record, times: Times) -> Result<(), Stop> {
    let name = record.name();
    if name == operations::SIGN.id {
        resumed::<Signed>(log, record, times).await
    } else if name == operations::PAY.id {
        resumed::<Paid>(log, record, times).await
    } else if name == operations::ISSUE.id {
        resumed::<Issued>(log, record, times).await
    } else {
        Err(Stop::new(
            Exit::Refused,
            format!("A call of {name} is resumed by the program that made it, or by recover"),
        ))
    }
}

async fn resumed<T: Answered>(
    log: &DurableClient,
    record: &Record,
    times: Times,
) -> Result<(), Stop> {
    let Some(handle) = record.handle() else {
        return Ok(());
    };
    let result: Result<Outcome<T>, Error> = times.of_call(log.client.resume::<T>(handle)).await;
    match result {
        // An answer of the server's, or one that is still missing: it stands in the log.
        Ok(_) => Ok(()),
        Err(error) if is_in_the_log(&error) => Ok(()),
        // Open as it is, nothing else is wrong with it.
        Err(error) if error.kind() == ErrorKind::Invalid => {
            let cashbox = record.queue();
            let message = format!("{error}: cash box {cashbox} (--cashbox-id)");
            Err(Stop::new(Exit::Refused, message))
        }
        Err(error) => Err(held_up(error)),
    }
}

/// Whether the log has it that the operation failed so.
fn is_in_the_log(error: &Error) -> bool {
    error.operation().is_some()
        && error.kind() != ErrorKind::StorageUnavailable
        && !is_refused_by_the_log(error)
}
