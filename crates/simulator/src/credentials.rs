//! The cash box a simulator stands for, and the secret that opens it.

use std::fmt;

use uuid::Uuid;

/// An access token that `Debug` does not show.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct AccessToken(String);

impl AccessToken {
    pub(crate) fn new(token: String) -> Self {
        Self(token)
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken(..)")
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Credentials {
    pub(crate) cash_box_id: Uuid,
    pub(crate) access_token: AccessToken,
    /// Bodies may name another cash box or POS system than the headers.
    pub(crate) any_cash_box: bool,
}
