//! `journal export`: a journal as it comes, and never a part of it for the whole.

use std::sync::Arc;
use std::time::Duration;

use pos_system_api::ErrorKind;
use pos_system_api::chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, TimeDelta, Utc};
use pos_system_api::client::journal::{Exported, JournalRange, Ticks};
use serde::Serialize;

use crate::arguments::{Bound, Export, Journal};
use crate::exit::{Exit, Stop};
use crate::json_line::say_line;
use crate::message::{notice, with_causes};
use crate::part_file::PartFile;
use crate::tried_again::TriedAgain;

/// How long to try until the export begins, where nothing else is asked for: as the library does.
const DEADLINE: Duration = Duration::from_secs(10 * 60);

/// The line after an export that went into a file.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    journal_type: String,
    file: String,
    bytes: u64,
    content_type: Option<String>,
    content_encoding: Option<String>,
}

pub(crate) async fn run(command: Journal) -> Result<Exit, Stop> {
    match command {
        Journal::Export(options) => export(options).await,
    }
}

async fn export(options: Export) -> Result<Exit, Stop> {
    let range = range(&options)?;
    let times = options.connection.times;
    let deadline = times.deadline.unwrap_or(DEADLINE);
    let observer = TriedAgain::new("The export does not begin", deadline);
    let builder = options.connection.builder()?;
    let client = builder.with_observer(Arc::new(observer)).build();
    let client = client.map_err(|error| Stop::usage(with_causes(&error)))?;
    let mut call = client.journal(range).with_deadline(deadline);
    if let Some(timeout) = times.attempt_timeout {
        call = call.with_attempt_timeout(timeout);
    }
    let mut file = match &options.output {
        Some(path) => Some(PartFile::begun(path).await?),
        None => None,
    };
    let mut export = match call.await {
        Ok(export) => export,
        Err(error) => {
            if let Some(file) = file {
                file.discard().await;
            }
            return Err(error.into());
        }
    };
    let copied = match &mut file {
        Some(part) => export.copy_to(&mut part.file).await,
        None => export.copy_to(&mut tokio::io::stdout()).await,
    };
    let exported = copied.map_err(|error| {
        let place = match &file {
            Some(file) => format!("what came is in {}", file.part()),
            None => "what came is no whole journal".to_owned(),
        };
        let advice = match error.kind() {
            ErrorKind::Interrupted => "; export it again",
            _ => "",
        };
        let message = format!("{}; {place}{advice}", with_causes(&error));
        Stop::new(Exit::of(&error), message)
    })?;
    if !exported.has_certain_end {
        notice(
            "The server marks no end of its answers: look at the end of the export, it may be cut",
        );
    }
    if let Some(encoding) = &exported.content_encoding {
        let place = match &options.output {
            Some(path) => path.display().to_string(),
            None => "standard output".to_owned(),
        };
        notice(&format!(
            "The server sent the export compressed, and so it is in {place}: undo {encoding} before \
             reading it"
        ));
    }
    if let (Some(file), Some(path)) = (file, &options.output) {
        file.finish().await?;
        let Exported {
            bytes,
            content_type,
            content_encoding,
            ..
        } = exported;
        say_line(&Written {
            journal_type: format!("{:#}", options.kind),
            file: path.display().to_string(),
            bytes,
            content_type,
            content_encoding,
        })?;
    }
    Ok(Exit::Good)
}

fn range(options: &Export) -> Result<JournalRange, Stop> {
    let mut range = JournalRange::all(options.kind);
    let offset = options.utc_offset;
    let from = options.from.map(|from| first_tick(from, offset));
    let to = options.to.map(|to| last_tick(to, offset));
    if let (Some(from), Some(to)) = (from, to)
        && from > to
    {
        return Err(Stop::usage("--from lies after --to; nothing was sent"));
    }
    if let Some(from) = from {
        range = range.since_ticks(from);
    }
    if let Some(to) = to {
        range = range.until_ticks(to);
    }
    Ok(match options.take {
        Some(entries) => range.take(entries),
        None => range,
    })
}

/// When a day begins by clocks that are this far ahead of UTC.
fn midnight(day: NaiveDate, offset: Option<FixedOffset>) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN).and_utc();
    let ahead = offset.map_or(0, |offset| offset.local_minus_utc());
    let moment = midnight.checked_sub_signed(TimeDelta::seconds(ahead.into()));
    // At the ends of chrono's count, far beyond that of ticks.
    moment.unwrap_or(midnight)
}

fn first_tick(bound: Bound, offset: Option<FixedOffset>) -> Ticks {
    Ticks::at_or_after(match bound {
        Bound::Day(day) => midnight(day, offset),
        Bound::Moment(moment) => moment,
    })
}

/// A day ends with the tick before the next one.
fn last_tick(bound: Bound, offset: Option<FixedOffset>) -> Ticks {
    match bound {
        Bound::Day(day) => {
            let next = day
                .succ_opt()
                .map(|next| first_tick(Bound::Day(next), offset));
            match next {
                Some(next) if next < Ticks::MAX => {
                    Ticks::new(next.value() - 1).unwrap_or(Ticks::MIN)
                }
                _ => Ticks::MAX,
            }
        }
        Bound::Moment(moment) => Ticks::at_or_before(moment.with_timezone(&Utc)),
    }
}
