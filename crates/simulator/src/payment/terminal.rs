//! Payment terminals, and which of them takes a call.

use crate::payment::protocol;

/// A payment terminal of the cash box: a device that takes calls of `/pay`.
///
/// A call that names a terminal reaches the devices with that id and those without an id; a call
/// that names none reaches only those without an id. Of the devices that are reached and take the
/// protocol, the one declared first serves the call.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Terminal {
    id: Option<String>,
    /// `None` for every protocol the service knows.
    protocols: Option<Vec<String>>,
}

impl Terminal {
    /// A terminal without an id that takes every protocol the service serves.
    pub fn new() -> Self {
        Self::default()
    }

    /// The id that calls name in `cbTerminalID`. An empty one counts as none.
    pub fn with_id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into()).filter(|id| !id.is_empty());
        self
    }

    /// Takes these protocols only, and `use_auto` and `use_first` for the first of them.
    pub fn with_protocols<P: Into<String>>(
        mut self,
        protocols: impl IntoIterator<Item = P>,
    ) -> Self {
        self.protocols = Some(protocols.into_iter().map(Into::into).collect());
        self
    }

    fn is_reached_by(&self, id: Option<&str>) -> bool {
        self.id.is_none() || self.id.as_deref() == id
    }

    /// The protocol this terminal really speaks when it is asked for `protocol`.
    fn speaks(&self, protocol: &str) -> Option<&str> {
        match &self.protocols {
            None if protocol::is_automatic(protocol) => Some(protocol::TEST),
            None => protocol::served_name(protocol),
            Some(own) if protocol::is_automatic(protocol) => own.first().map(String::as_str),
            Some(own) => own.iter().find(|own| *own == protocol).map(String::as_str),
        }
    }
}

/// The terminals of the cash box.
#[derive(Debug)]
pub(crate) struct Terminals(Vec<Terminal>);

impl Terminals {
    /// One terminal for everything when none is declared.
    pub(crate) fn declared(mut terminals: Vec<Terminal>) -> Self {
        if terminals.is_empty() {
            terminals.push(Terminal::new());
        }
        Self(terminals)
    }

    /// Whether the name of a protocol means something to the service.
    pub(crate) fn know(&self, protocol: &str) -> bool {
        protocol::is_automatic(protocol)
            || protocol::served_name(protocol).is_some()
            || self.0.iter().any(|own| own.speaks(protocol).is_some())
    }

    /// The protocol in which a call is served, `None` when no terminal reacts.
    pub(crate) fn serving(&self, id: Option<&str>, protocol: &str) -> Option<&str> {
        self.0
            .iter()
            .filter(|terminal| terminal.is_reached_by(id))
            .find_map(|terminal| terminal.speaks(protocol))
    }
}
