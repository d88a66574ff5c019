//! `pending`: what is open in the operation log.

use crate::arguments::Pending;
use crate::exit::{Exit, Stop};
use crate::json_line::say_line;
use crate::record_line::Described;

pub(crate) fn run(options: Pending) -> Result<Exit, Stop> {
    let mut exit = Exit::Good;
    let read = options.durable.file()?.for_each(|record| {
        if !record.stage().is_open() {
            return Ok(());
        }
        exit = Exit::Open;
        say_line(&Described::of(record))
    })?;
    Ok(exit.worst(read))
}
