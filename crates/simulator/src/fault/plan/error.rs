//! Why a text is no plan.

use std::fmt::Display;

use thiserror::Error;

/// Why a text is no plan of faults.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("fault plan: {place}{reason}")]
pub struct PlanError {
    /// With a separator behind it, or empty for the whole text.
    place: String,
    reason: String,
}

impl PlanError {
    /// The text cannot be read at all.
    pub(super) fn unreadable(error: impl Display) -> Self {
        Self {
            place: String::new(),
            reason: error.to_string().trim_end().to_owned(),
        }
    }

    /// A member is wrong. Rules are counted from 0, as in `rules[0].fault`.
    pub(super) fn at(place: impl Into<String>, reason: impl Display) -> Self {
        let place = place.into();
        Self {
            place: match place.as_str() {
                // What a path looks like that leads nowhere.
                "" | "." => String::new(),
                _ => format!("{place}: "),
            },
            reason: reason.to_string().trim_end().to_owned(),
        }
    }
}
