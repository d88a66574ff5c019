//! The lines of a store: a JSON object with a text and a digest over it and all texts before it.

use sha2::{Digest, Sha256};

use crate::hex::hex;

/// What a line holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Member {
    Header,
    Input,
}

impl Member {
    fn name(self) -> &'static str {
        match self {
            Self::Header => "header",
            Self::Input => "input",
        }
    }
}

/// Where in the log a line stands: the digest over everything before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Chain {
    digest: [u8; 32],
}

impl Chain {
    fn after(self, text: &str) -> Self {
        let digest = Sha256::new()
            .chain_update(self.digest)
            .chain_update(text)
            .finalize();
        Self {
            digest: digest.into(),
        }
    }

    /// Half of the digest is plenty against accidents.
    fn shown(self) -> String {
        hex(&self.digest[..16])
    }

    /// The line that holds `text`, with its end, and the place after it.
    pub(super) fn write(self, member: Member, text: &str) -> (String, Self) {
        let after = self.after(text);
        let line = format!(
            "{{\"digest\":\"{}\",\"{}\":{text}}}\n",
            after.shown(),
            member.name()
        );
        (line, after)
    }

    /// The text of a line without its end, and the place after it. `None` when it is not what
    /// was written there.
    pub(super) fn read(self, member: Member, line: &str) -> Option<(&str, Self)> {
        let (digest, text) = parts(member, line)?;
        let after = self.after(text);
        (after.shown() == digest).then_some((text, after))
    }
}

/// The digest and the text of a line without its end, whether they fit or not.
pub(super) fn parts(member: Member, line: &str) -> Option<(&str, &str)> {
    let (digest, rest) = line.strip_prefix("{\"digest\":\"")?.split_once("\",\"")?;
    let text = rest.strip_prefix(member.name())?.strip_prefix("\":")?;
    Some((digest, text.strip_suffix('}')?))
}
