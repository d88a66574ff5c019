//! A pending operation as a value that can be stored.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use uuid::Uuid;

use crate::runtime::{Operation, Standing, StoredRequest};

/// The form a stored handle has. A later one is refused, not guessed at.
const RECORD_VERSION: u32 = 1;

/// An operation that is not settled, to be resumed with
/// [`Client::resume`](crate::Client::resume).
///
/// It can be stored through `serde` and resumed in another process, by a client with other credentials
/// or another base URL. It holds the exact bytes of the request, so customer data, but no credentials.
/// What was proved about it does not survive storing: once restored, it may have been sent since. What an
/// operation log has of it counts for more.
#[derive(Clone)]
pub struct Handle {
    // Boxed: an outcome is mostly an answer.
    operation: Box<Operation>,
    cause: Option<String>,
    parked: bool,
}

impl Handle {
    pub(crate) fn new(operation: Operation, cause: Option<String>) -> Self {
        Self {
            operation: Box::new(operation),
            cause,
            parked: false,
        }
    }

    /// The same handle, for a person who has decided that its operation is sent, although it was set aside or is
    /// in doubt for longer than the server is trusted to know its id; see
    /// [`LogOptions::id_retention`](crate::durable::LogOptions::id_retention). Without an operation log
    /// nothing is set aside, and nothing changes.
    #[must_use]
    pub fn decided(self) -> Self {
        Self {
            parked: true,
            ..self
        }
    }

    /// The handle of an operation that is set aside.
    pub(crate) fn parked(operation: Operation, cause: String) -> Self {
        Self {
            parked: true,
            ..Self::new(operation, Some(cause))
        }
    }

    pub(crate) fn into_operation(self) -> Operation {
        let mut operation = *self.operation;
        operation.options.was_parked = self.parked;
        operation
    }

    /// The id it is sent under.
    #[must_use]
    pub fn operation_id(&self) -> Uuid {
        self.operation.id()
    }

    /// The operation itself: its id and its exact bytes.
    #[must_use]
    pub fn operation(&self) -> &Operation {
        &self.operation
    }

    /// What is known about the server's side by now; it follows a call that is still running.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.operation.progress.standing()
    }

    /// How many attempts were begun so far.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.operation.progress.attempts()
    }

    /// Whether it was handed back as [`Outcome::Parked`](crate::Outcome::Parked): later operations need
    /// not wait for it. It survives storing, and ends with being resumed.
    #[must_use]
    pub fn is_parked(&self) -> bool {
        self.parked
    }

    /// Why the last attempt did not settle it, in words.
    #[must_use]
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle")
            .field("operation", &self.operation)
            .field("standing", &self.standing())
            .field("attempts", &self.attempts())
            .field("cause", &self.cause)
            .field("parked", &self.parked)
            .finish()
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sent = match self.standing() {
            Standing::NotSent => "was not executed by the server",
            Standing::Unknown => "may have been executed by the server",
            Standing::Final => "is settled",
        };
        write!(f, "operation {} {sent}", self.operation_id())?;
        match self.attempts() {
            0 => {}
            1 => f.write_str(" (1 attempt)")?,
            attempts => write!(f, " ({attempts} attempts)")?,
        }
        match &self.cause {
            Some(cause) => write!(f, ": {cause}"),
            None => Ok(()),
        }
    }
}

/// A handle as it is stored.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    version: u32,
    operation_id: Uuid,
    request: StoredRequest,
    body: Option<String>,
    cause: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    parked: bool,
}

impl Serialize for Handle {
    /// # Errors
    /// For an operation that carries a secret, such as pairing; and for a body or a header that is not
    /// UTF-8, of which this crate makes none.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let operation = &self.operation;
        let body = operation
            .body
            .as_ref()
            .map(|body| String::from_utf8(body.to_vec()))
            .transpose()
            .map_err(ser::Error::custom)?;
        Record {
            version: RECORD_VERSION,
            operation_id: operation.id,
            request: StoredRequest::of(operation).map_err(ser::Error::custom)?,
            body,
            cause: self.cause.clone(),
            parked: self.parked,
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Handle {
    /// # Errors
    /// For a form of a later version, and for an operation this crate's document does not have.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let record = Record::deserialize(deserializer)?;
        if record.version != RECORD_VERSION {
            return Err(de::Error::custom(format_args!(
                "a handle of version {} cannot be read, only {RECORD_VERSION}",
                record.version
            )));
        }
        let operation = record
            .request
            .operation(
                record.operation_id,
                record.body.map(Into::into),
                Standing::Unknown,
            )
            .map_err(de::Error::custom)?;
        if operation.template.is_empty() {
            return Err(de::Error::custom(format_args!(
                "there is no operation {} {} in this document",
                operation.method, operation.name
            )));
        }
        Ok(Self {
            parked: record.parked,
            ..Self::new(operation, record.cause)
        })
    }
}
