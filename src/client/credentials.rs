//! What identifies and authenticates a cash box.

use std::fmt;

use http::{HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use crate::error::{Error, ErrorKind, Result};

/// The shortest token that is taken out of texts, in characters.
const SHORTEST_TOKEN: usize = 6;

/// What stands in an error's text where the access token stood.
const REDACTED: &str = "[access token]";

/// The access token of a cash box. Never shown; its own memory is wiped when it is dropped.
#[derive(Clone)]
pub struct AccessToken(SecretString);

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken(…)")
    }
}

impl From<String> for AccessToken {
    fn from(token: String) -> Self {
        Self(token.into())
    }
}

impl From<&str> for AccessToken {
    fn from(token: &str) -> Self {
        Self(token.into())
    }
}

/// The headers that go with every attempt.
#[derive(Clone)]
pub(crate) struct Credentials {
    cashbox_id: Uuid,
    headers: [(HeaderName, HeaderValue); 3],
}

impl Credentials {
    /// # Errors
    /// [`ErrorKind::Configuration`] if the token is empty or no header can carry it.
    pub(super) fn new(cashbox_id: Uuid, token: &AccessToken, pos_system_id: Uuid) -> Result<Self> {
        let refuse = |reason| {
            Error::new(
                ErrorKind::Configuration,
                format!("The access token cannot be used: {reason}"),
            )
        };
        let token = token.0.expose_secret();
        if token.is_empty() {
            return Err(refuse("it is empty"));
        }
        let mut secret = HeaderValue::from_str(token)
            .map_err(|_| refuse("it holds characters that no header can carry"))?;
        secret.set_sensitive(true);
        let id = |uuid: Uuid| {
            HeaderValue::from_str(&uuid.to_string()).map_err(|_| refuse("an id has no text form"))
        };
        Ok(Self {
            cashbox_id,
            headers: [
                (HeaderName::from_static("x-cashbox-id"), id(cashbox_id)?),
                (HeaderName::from_static("x-cashbox-accesstoken"), secret),
                (
                    HeaderName::from_static("x-possystem-id"),
                    id(pos_system_id)?,
                ),
            ],
        })
    }

    /// Writes the headers of this cash box.
    pub(crate) fn write(&self, headers: &mut HeaderMap) {
        for (name, value) in &self.headers {
            headers.insert(name, value.clone());
        }
    }
}

impl Credentials {
    /// `text` without the access token, should a server send it back.
    pub(crate) fn redacted(&self, text: &str) -> String {
        let [_, (_, token), _] = &self.headers;
        match token.to_str() {
            // A few letters stand in every text; no server gives out tokens like that.
            Ok(token) if token.len() >= SHORTEST_TOKEN => text.replace(token, REDACTED),
            _ => text.to_owned(),
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("cashbox_id", &self.cashbox_id)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_shown_nowhere() {
        let token = AccessToken::from("canary-token");
        let credentials = Credentials::new(Uuid::nil(), &token, Uuid::nil()).unwrap();
        let mut headers = HeaderMap::new();
        credentials.write(&mut headers);
        for shown in [
            format!("{token:?}"),
            format!("{credentials:?}"),
            format!("{headers:?}"),
        ] {
            assert!(!shown.contains("canary"), "{shown}");
        }
        assert_eq!(headers["x-cashbox-accesstoken"], "canary-token");
    }

    #[test]
    fn a_token_that_comes_back_is_taken_out() {
        let credentials = Credentials::new(Uuid::nil(), &"canary".into(), Uuid::nil()).unwrap();
        let clean = |text| credentials.redacted(text);
        assert_eq!(clean("none in here"), "none in here");
        assert_eq!(
            clean("<canary> and canary"),
            "<[access token]> and [access token]"
        );
        assert_eq!(clean(""), "");
    }

    #[test]
    fn a_token_that_no_header_can_carry_is_refused_without_showing_it() {
        for token in ["", "canary\r\nx-evil: 1", "canary\0"] {
            let error = Credentials::new(Uuid::nil(), &token.into(), Uuid::nil()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Configuration);
            assert!(!format!("{error} {error:?}").contains("canary"));
        }
    }
}
