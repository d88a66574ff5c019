//! How the operation log is kept.

use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How the operation log is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LogOptions {
    /// How long the server is trusted to know an operation id, from the first attempt that may have been
    /// executed. An operation in doubt for longer is not sent again by itself: it is set aside, and a person
    /// decides. One that was never executed has no such age. The API documents no such time (API facts,
    /// section 6.4). Default: 24 hours.
    pub id_retention: Duration,
    /// When an operation at which the server answers, but never settles it, is set aside, so that those
    /// behind it go on. Default: 1 hour after the first attempt that may have been executed.
    pub max_age: Duration,
    /// How long bodies and answers of operations are kept that have [ended](crate::store::Stage::is_ended);
    /// [`Client::recover`](crate::Client::recover) removes older ones. What is left of them, such as ids,
    /// digests and dates, is kept for as long again: an old handle is still known, and not sent. An answer that
    /// nobody took note of is kept whole, however old. Default: 90 days.
    pub content_retention: Duration,
    /// Whether an operation that was set aside holds up those behind it. Default: no.
    pub strict_order: bool,
    /// Whether answers are taken note of only by [`Client::acknowledge`](crate::Client::acknowledge).
    /// Default: no, the next operation of the client says that the program lived on with the answers
    /// that it had been given when it made that call. That is enough for one sale after the other; where sales
    /// run side by side, the next operation may be that of another sale.
    pub explicit_acknowledgement: bool,
}

impl Default for LogOptions {
    fn default() -> Self {
        Self {
            id_retention: DAY,
            max_age: Duration::from_secs(60 * 60),
            content_retention: 90 * DAY,
            strict_order: false,
            explicit_acknowledgement: false,
        }
    }
}

impl LogOptions {
    /// With another [`id_retention`](Self::id_retention).
    #[must_use]
    pub fn with_id_retention(self, id_retention: Duration) -> Self {
        Self {
            id_retention,
            ..self
        }
    }

    /// With another [`max_age`](Self::max_age).
    #[must_use]
    pub fn with_max_age(self, max_age: Duration) -> Self {
        Self { max_age, ..self }
    }

    /// With another [`content_retention`](Self::content_retention).
    #[must_use]
    pub fn with_content_retention(self, content_retention: Duration) -> Self {
        Self {
            content_retention,
            ..self
        }
    }

    /// With or without [`strict_order`](Self::strict_order).
    #[must_use]
    pub fn with_strict_order(self, strict_order: bool) -> Self {
        Self {
            strict_order,
            ..self
        }
    }

    /// With or without [`explicit_acknowledgement`](Self::explicit_acknowledgement).
    #[must_use]
    pub fn with_explicit_acknowledgement(self, explicit_acknowledgement: bool) -> Self {
        Self {
            explicit_acknowledgement,
            ..self
        }
    }
}
