//! `recover`: what was open when the program or the power ended goes on.

use pos_system_api::durable::{Forwarded, Record, Recovery};

use crate::arguments::Recover;
use crate::exit::{Exit, Stop, held_up};
use crate::interrupt::Interrupt;
use crate::json_line::tell_line;
use crate::message::notice;
use crate::operation_log::DurableClient;
use crate::record_line::Found;

pub(crate) async fn run(options: Recover) -> Result<Exit, Stop> {
    let mut interrupt = Interrupt::new()
        .map_err(|error| Stop::usage(format!("Signals cannot be listened to: {error}")))?;
    let log = options.connection.logged_client()?;
    let recovery = tokio::select! {
        biased;
        recovery = log.client.recover() => recovery.map_err(held_up)?,
        () = interrupt.wait() => return Err(stopped()),
    };
    let Recovery {
        finished,
        open,
        parked,
        mut zero_receipt_due,
        ..
    } = recovery;
    let mut exit = tell_all(&log, &finished).await?;
    if options.wait && !open.is_empty() {
        let settled = tokio::select! {
            biased;
            settled = forwarded(&log) => settled?,
            () = interrupt.wait() => return Err(stopped()),
        };
        exit = exit.worst(settled.exit);
        zero_receipt_due = settled.zero_receipt_due;
        exit = exit.worst(tell_all(&log, &parked).await?);
    } else {
        exit = exit.worst(tell_all(&log, &parked).await?);
        exit = exit.worst(tell_all(&log, &open).await?);
    }
    if zero_receipt_due {
        notice("Receipts were signed late: the rules want a zero receipt after them");
    }
    Ok(exit)
}

/// What came of waiting.
struct Waited {
    exit: Exit,
    zero_receipt_due: bool,
}

/// Goes on until nothing is open that can be sent.
async fn forwarded(log: &DurableClient) -> Result<Waited, Stop> {
    let mut forwarder = log.client.forward()?;
    let mut exit = Exit::Good;
    let mut told = None;
    loop {
        match forwarder.next().await.map_err(held_up)? {
            Forwarded::Settled(record) | Forwarded::Parked(record) => {
                exit = exit.worst(tell(log, &record).await?);
            }
            // Once for each reason.
            Forwarded::Waiting { cause, .. } if told.as_ref() != Some(&cause) => {
                notice(&format!("Waiting: {cause}"));
                told = Some(cause);
            }
            Forwarded::Drained { zero_receipt_due } => {
                return Ok(Waited {
                    exit,
                    zero_receipt_due,
                });
            }
            _ => {}
        }
    }
}

async fn tell_all(log: &DurableClient, records: &[Record]) -> Result<Exit, Stop> {
    let mut exit = Exit::Good;
    for record in records {
        exit = exit.worst(tell(log, record).await?);
    }
    Ok(exit)
}

/// One line on standard output, and a sentence on standard error unless it is done. What is settled is
/// not printed again once its line is written.
pub(crate) async fn tell(log: &DurableClient, record: &Record) -> Result<Exit, Stop> {
    let found = Found::of(record);
    if let Some(sentence) = found.sentence() {
        notice(&sentence);
    }
    tell_line(&found)?;
    log.told(Some(record.operation_id()), found.exit()).await;
    Ok(found.exit())
}

fn stopped() -> Stop {
    Stop::new(
        Exit::Open,
        "Stopped by a signal; what is open is kept in the operation log",
    )
}
