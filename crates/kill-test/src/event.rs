//! What the till tells, a line each.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

/// What the till tells, a line each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// The process runs; nothing is open yet.
    Started,
    /// The store is open.
    Opened,
    /// An operation is about to be given to the client.
    Begun(Uuid),
    /// The client said that a receipt is signed.
    Signed(Uuid),
    /// No answer in time: it goes before the next one.
    Open(Uuid),
    /// The client gave an error that is not the end of the operation: it is sent again at once, as by a
    /// person.
    Failed(Uuid),
    /// What an earlier process left is settled.
    Recovered(Uuid),
    /// Nothing is open any more.
    Drained,
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Started => f.write_str("started"),
            Self::Opened => f.write_str("opened"),
            Self::Begun(id) => write!(f, "begun {id}"),
            Self::Signed(id) => write!(f, "signed {id}"),
            Self::Open(id) => write!(f, "open {id}"),
            Self::Failed(id) => write!(f, "failed {id}"),
            Self::Recovered(id) => write!(f, "recovered {id}"),
            Self::Drained => f.write_str("drained"),
        }
    }
}

impl FromStr for Event {
    type Err = String;

    fn from_str(line: &str) -> Result<Self, String> {
        let no_event = || format!("{line:?} is no event");
        let (word, id) = line.split_once(' ').unwrap_or((line, ""));
        let id = || id.parse::<Uuid>().map_err(|_| no_event());
        Ok(match word {
            "started" => Self::Started,
            "opened" => Self::Opened,
            "begun" => Self::Begun(id()?),
            "signed" => Self::Signed(id()?),
            "open" => Self::Open(id()?),
            "failed" => Self::Failed(id()?),
            "recovered" => Self::Recovered(id()?),
            "drained" => Self::Drained,
            _ => return Err(no_event()),
        })
    }
}
