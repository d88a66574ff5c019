//! What an error of the server or of the connection means for what was written.

use std::error::Error as StdError;
use std::sync::Arc;

use pos_system_api::store::{StoreError, StoreErrorKind};
use tokio_postgres::error::{DbError, Severity, SqlState};

/// How a transaction failed.
#[derive(Debug, Clone)]
pub(crate) enum Fault {
    /// The server refused a statement, and rolled back.
    Refused(Arc<tokio_postgres::Error>),
    /// The connection was lost, or the time ran out, before the commit was sent: nothing was written.
    Untouched(Cause),
    /// The same after the commit was sent: it is not known whether it was written.
    Doubt(Cause),
    /// There is no connection to be had, so nothing was written; in words.
    Unreachable(Arc<StoreError>),
}

/// Why a connection is of no more use.
#[derive(Debug, Clone)]
pub(crate) enum Cause {
    Lost(Arc<tokio_postgres::Error>),
    TimedOut,
    /// The server warned during a commit: it no longer waits for its synchronous standbys.
    Unconfirmed,
}

impl Fault {
    /// What an error means before the commit was sent.
    pub(crate) fn before_writing(error: tokio_postgres::Error) -> Self {
        if is_lost(&error) {
            Self::Untouched(Cause::Lost(Arc::new(error)))
        } else {
            Self::Refused(Arc::new(error))
        }
    }

    /// What it means after that.
    pub(crate) fn while_writing(error: tokio_postgres::Error) -> Self {
        if is_lost(&error) {
            Self::Doubt(Cause::Lost(Arc::new(error)))
        } else {
            Self::Refused(Arc::new(error))
        }
    }

    /// The store cannot be used at all, so that nothing was written.
    pub(crate) fn unusable(error: StoreError) -> Self {
        Self::Unreachable(Arc::new(error))
    }

    /// Whether the connection is of no more use. One to a server that became a standby is none.
    pub(crate) fn is_of_the_connection(&self) -> bool {
        match self {
            Self::Refused(error) => error.code() == Some(&SqlState::READ_ONLY_SQL_TRANSACTION),
            Self::Untouched(_) | Self::Doubt(_) | Self::Unreachable(_) => true,
        }
    }

    /// Whether nothing was written and another try may go better.
    pub(crate) fn may_be_repeated(&self) -> bool {
        match self {
            Self::Refused(error) => error.code().is_some_and(|code| {
                [
                    SqlState::READ_ONLY_SQL_TRANSACTION,
                    SqlState::T_R_DEADLOCK_DETECTED,
                    SqlState::T_R_SERIALIZATION_FAILURE,
                ]
                .contains(code)
            }),
            Self::Untouched(Cause::Lost(_)) => true,
            Self::Untouched(Cause::TimedOut | Cause::Unconfirmed)
            | Self::Doubt(_)
            | Self::Unreachable(_) => false,
        }
    }

    /// The error that a caller gets.
    pub(crate) fn to_store_error(&self) -> StoreError {
        match self {
            Self::Refused(error) => refused(error).with_nothing_written(),
            Self::Untouched(cause) => {
                cause.to_store_error(StoreErrorKind::Unavailable, "nothing was written")
            }
            Self::Doubt(cause) => cause.to_store_error(
                StoreErrorKind::InDoubt,
                "it is not known whether it was written",
            ),
            Self::Unreachable(error) => StoreError::new(error.kind(), error.to_string())
                .with_nothing_written()
                .with_source(Arc::clone(error)),
        }
    }
}

impl Cause {
    fn to_store_error(&self, kind: StoreErrorKind, known: &str) -> StoreError {
        let error = |what: &str| StoreError::new(kind, format!("{what}: {known}"));
        match self {
            Self::Lost(lost) => {
                error("The connection to the database was lost").with_source(Arc::clone(lost))
            }
            Self::TimedOut => error("The database did not answer in time"),
            Self::Unconfirmed => error("The database did not wait for its standby"),
        }
    }
}

/// Whether a session does not go on after this error.
fn is_lost(error: &tokio_postgres::Error) -> bool {
    error.as_db_error().is_none_or(|error| {
        matches!(
            error.parsed_severity(),
            Some(Severity::Fatal | Severity::Panic)
        )
    })
}

/// A failure to connect or to set up, in words.
pub(crate) fn unreachable(error: tokio_postgres::Error) -> StoreError {
    match error.as_db_error() {
        Some(said) => {
            let message = format!("The database refused the connection: {}", said.message());
            StoreError::new(kind(said.code()), message)
        }
        None => {
            let message = format!("The database cannot be reached: {}", with_causes(&error));
            StoreError::new(StoreErrorKind::Unavailable, message)
        }
    }
    .with_source(error)
}

/// An error of the connection with what caused it: that a certificate is not trusted stands there alone.
fn with_causes(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

fn refused(error: &Arc<tokio_postgres::Error>) -> StoreError {
    let message = error.as_db_error().map_or("", DbError::message);
    let kind = error.code().map_or(StoreErrorKind::Unavailable, kind);
    StoreError::new(kind, format!("The database refused it: {message}"))
        .with_source(Arc::clone(error))
}

/// What a refusal of the server means. What it refused is rolled back.
fn kind(state: &SqlState) -> StoreErrorKind {
    let full = [
        SqlState::READ_ONLY_SQL_TRANSACTION,
        SqlState::INSUFFICIENT_PRIVILEGE,
        SqlState::DISK_FULL,
    ];
    let damaged = [SqlState::DATA_CORRUPTED, SqlState::INDEX_CORRUPTED];
    // 22: a value the server cannot keep.
    if full.contains(state) || state.code().starts_with("22") {
        StoreErrorKind::Full
    } else if damaged.contains(state) {
        StoreErrorKind::Damaged
    } else {
        StoreErrorKind::Unavailable
    }
}

/// A row or a number that is not what was written.
pub(crate) fn damaged(what: impl Into<String>) -> StoreError {
    StoreError::new(StoreErrorKind::Damaged, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_rolled_back_for_want_of_room_or_rights_is_full() {
        for code in ["53100", "25006", "42501", "22021"] {
            assert_eq!(
                kind(&SqlState::from_code(code)),
                StoreErrorKind::Full,
                "{code}"
            );
        }
    }

    #[test]
    fn pages_that_the_server_cannot_read_are_damage() {
        for code in ["XX001", "XX002"] {
            assert_eq!(
                kind(&SqlState::from_code(code)),
                StoreErrorKind::Damaged,
                "{code}"
            );
        }
    }

    #[test]
    fn what_is_refused_for_another_reason_can_be_asked_again() {
        for code in [
            "40P01", "53200", "53300", "55P03", "57014", "57P03", "28P01", "42P01", "XX000",
        ] {
            assert_eq!(
                kind(&SqlState::from_code(code)),
                StoreErrorKind::Unavailable,
                "{code}"
            );
        }
    }
}
