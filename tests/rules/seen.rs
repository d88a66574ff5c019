//! What a proof saw.

use std::time::Duration;

use pos_system_api::{Error, Outcome, Standing};

use crate::table::{Resends, Row};

/// How a call went, as seen from outside.
#[derive(Debug)]
pub(crate) struct Seen {
    /// How often it was sent, or asked for.
    pub(crate) attempts: usize,
    /// How often the record was asked for.
    pub(crate) questions: usize,
    /// The waits between attempts, those of no time left out.
    pub(crate) waits: Vec<Duration>,
    /// How it ended.
    pub(crate) result: String,
    /// What was known then.
    pub(crate) known: Standing,
}

/// The variant of a result, and what is known with it.
pub(crate) fn ending<T: std::fmt::Debug>(result: &Result<Outcome<T>, Error>) -> (String, Standing) {
    match result {
        Ok(Outcome::Done(_)) => ("Done".into(), Standing::Final),
        Ok(Outcome::Pending(handle)) => ("Pending".into(), handle.standing()),
        Ok(Outcome::Parked(handle)) => ("Parked".into(), handle.standing()),
        Err(error) => (format!("{:?}", error.kind()), error.outcome()),
    }
}

impl Seen {
    /// Compares it with the words of its row.
    #[track_caller]
    pub(crate) fn assert_is(&self, row: &Row, case: &str) {
        let what = format!("{} ({case}): {self:?}", row.signal);
        let promise = row.promise();
        assert_eq!(self.result, row.result, "{what}");
        assert_eq!(self.known.to_string(), row.known, "{what}");
        assert_eq!(self.questions, promise.questions, "{what}");
        let resends = self.attempts - 1;
        match promise.resends {
            Resends::Exactly(times) => assert_eq!(resends, times, "{what}"),
            Resends::UntilTheDeadline => assert!(resends >= 2, "{what}"),
        }
        // After the record says that it is done, the answer is fetched at once as well.
        let at_once = usize::from(promise.is_first_at_once)
            + usize::from(row.done.ends_with("then sent again"));
        assert_eq!(self.waits.len(), resends - at_once, "{what}");
    }
}
