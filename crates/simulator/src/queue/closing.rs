//! Closings: what they sum up, and when they are due.

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use rust_decimal::Decimal;

use crate::queue::market::Country;

/// A closing may come this much after the end of its period.
const GRACE: TimeDelta = TimeDelta::days(2);

/// What happened since the last closing of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Period {
    first: Option<DateTime<Utc>>,
    /// Receipts that count in the turnover.
    pub(crate) receipts: u64,
    /// Their gross sum in units.
    pub(crate) turnover: Decimal,
}

impl Period {
    fn add(&mut self, now: DateTime<Utc>, turnover: Option<Decimal>) {
        self.first.get_or_insert(now);
        if let Some(turnover) = turnover {
            self.receipts += 1;
            self.turnover = self.turnover.saturating_add(turnover);
        }
    }
}

/// The open periods of a queue. A longer closing closes the shorter periods too.
#[derive(Debug, Default)]
pub(crate) struct Closings {
    shift: Period,
    day: Period,
    month: Period,
    year: Period,
    perpetual: Period,
    days_closed: u64,
}

impl Closings {
    /// Counts a processed receipt that is no closing; `turnover` is `None` when it sells nothing.
    pub(crate) fn add(&mut self, now: DateTime<Utc>, turnover: Option<Decimal>) {
        for period in [
            &mut self.shift,
            &mut self.day,
            &mut self.month,
            &mut self.year,
            &mut self.perpetual,
        ] {
            period.add(now, turnover);
        }
    }

    /// Ends the period of a closing and gives what it held; `None` for other cases.
    pub(crate) fn close(&mut self, case: u16) -> Option<Period> {
        let periods = match case {
            0x2010 => 1,
            0x2011 => 2,
            0x2012 => 3,
            0x2013 => 4,
            _ => return None,
        };
        if periods > 1 {
            self.days_closed += 1;
        }
        let mut open = [
            &mut self.shift,
            &mut self.day,
            &mut self.month,
            &mut self.year,
        ];
        let mut closed = None;
        for period in open.iter_mut().take(periods) {
            closed = Some(std::mem::take(*period));
        }
        closed
    }

    /// Everything since the queue began.
    pub(crate) fn perpetual(&self) -> Period {
        self.perpetual
    }

    /// How many business days were closed.
    pub(crate) fn days_closed(&self) -> u64 {
        self.days_closed
    }

    /// The bits of `ftState`. A daily closing is due when more than two days lie between the first
    /// receipt since the last one and now; monthly and yearly closings may be as late. Moments are
    /// those of processing: receipts that come late must not make closings due.
    pub(crate) fn due_bits(&self, country: Country, now: DateTime<Utc>) -> u64 {
        // Belgium takes no closings.
        if country == Country::Belgium {
            return 0;
        }
        let Some(graced) = now.checked_sub_signed(GRACE) else {
            return 0;
        };
        let month = |moment: DateTime<Utc>| (moment.year(), moment.month());
        [
            (self.day.first.is_some_and(|first| first < graced), 0x100),
            (
                self.month
                    .first
                    .is_some_and(|first| month(first) < month(graced)),
                0x200,
            ),
            (
                self.year
                    .first
                    .is_some_and(|first| first.year() < graced.year()),
                0x400,
            ),
        ]
        .into_iter()
        .filter_map(|(is_due, bit)| is_due.then_some(bit))
        .sum()
    }
}
