//! What identifies and authenticates a cash box.

use std::collections::VecDeque;
use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::redaction::redacted;
use crate::error::{Error, ErrorKind, Result};

/// How many of the last tokens are taken out of texts: what a server repeats was sent a moment ago.
const REMEMBERED_TOKENS: usize = 4;

/// The header of the access token.
static ACCESS_TOKEN: HeaderName = HeaderName::from_static("x-cashbox-accesstoken");

/// The access token of a cash box, visible ASCII without spaces (API facts, section 2.1). Never shown; its
/// memory is wiped when it is dropped. One that no header can carry is refused when it is used: by
/// [`ClientBuilder::build`](super::ClientBuilder::build) with [`ErrorKind::Configuration`], from a provider
/// with [`ErrorKind::NoCredentials`].
///
/// The header that carries it shares one more copy of that kind: it is marked as sensitive, shown
/// nowhere, and wiped with its last user. What can not be wiped are the buffers below: the HTTP
/// connection and TLS copy each request into memory of their own.
#[derive(Clone)]
pub struct AccessToken(SecretString);

impl AccessToken {
    /// The token as a header value.
    ///
    /// # Errors
    /// If the token is empty, or holds anything but visible ASCII: a line break would begin another
    /// header.
    fn header(&self) -> std::result::Result<HeaderValue, UnusableToken> {
        let token = self.0.expose_secret();
        if token.is_empty() {
            return Err(UnusableToken::Empty);
        }
        if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(UnusableToken::Characters);
        }
        let mut header = HeaderValue::from_maybe_shared(Bytes::from_owner(Wiped(self.0.clone())))
            .map_err(|_| UnusableToken::Characters)?;
        header.set_sensitive(true);
        Ok(header)
    }
}

/// Bytes that are wiped when the last header value that shares them is dropped.
struct Wiped(SecretString);

impl AsRef<[u8]> for Wiped {
    fn as_ref(&self) -> &[u8] {
        self.0.expose_secret().as_bytes()
    }
}

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

/// Why a token cannot be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum UnusableToken {
    Empty,
    Characters,
}

impl fmt::Display for UnusableToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "the access token is empty",
            Self::Characters => "the access token holds characters that no header can carry",
        })
    }
}

impl StdError for UnusableToken {}

/// Why a [`CredentialsProvider`] is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenNeed {
    /// For the next attempt: a token that was kept will do.
    NextAttempt,
    /// The server has just refused the token that was given last (401): fetch another one.
    Invalidated,
}

/// What a [`CredentialsProvider`] gives. Its error reaches the caller as the source of an
/// [`ErrorKind::NoCredentials`] and must hold no secret.
pub type TokenFuture<'a> = Pin<
    Box<
        dyn Future<Output = std::result::Result<AccessToken, Box<dyn StdError + Send + Sync>>>
            + Send
            + 'a,
    >,
>;

/// Where the access token comes from, asked before each attempt: tokens rotate without a new client.
///
/// It is asked as part of the call, so it should keep its token and fetch one only when needed. Its
/// time counts against the attempt timeout, and nothing has been sent while it is asked.
///
/// A closure is a provider too:
///
/// ```
/// use pos_system_api::Client;
/// use pos_system_api::client::{AccessToken, TokenNeed};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let client = Client::builder()
///     .sandbox()
///     .cashbox_id("6f1c2d5e-0000-4000-8000-0000000000c1".parse()?)
///     .pos_system_id("7a0d9c11-0000-4000-8000-000000000001".parse()?)
///     .credentials(|need: TokenNeed| async move {
///         let path = "/run/secrets/cashbox-token";
///         Ok(AccessToken::from(std::fs::read_to_string(path)?.trim()))
///     })
///     .build()?;
/// # Ok(())
/// # }
/// ```
pub trait CredentialsProvider: Send + Sync {
    /// The token to send with the next attempt.
    ///
    /// # Errors
    /// If there is none now. The attempt is not made, and asked for again with the usual backoff.
    fn access_token(&self, need: TokenNeed) -> TokenFuture<'_>;
}

impl<F, T> CredentialsProvider for F
where
    F: Fn(TokenNeed) -> T + Send + Sync,
    T: Future<Output = std::result::Result<AccessToken, Box<dyn StdError + Send + Sync>>>
        + Send
        + 'static,
{
    fn access_token(&self, need: TokenNeed) -> TokenFuture<'_> {
        Box::pin(self(need))
    }
}

/// Where a client's tokens come from.
#[derive(Clone)]
pub(super) enum TokenSource {
    Fixed(AccessToken),
    Provider(Arc<dyn CredentialsProvider>),
}

impl fmt::Debug for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fixed(_) => "AccessToken(…)",
            Self::Provider(_) => "CredentialsProvider",
        })
    }
}

/// The headers that go with every attempt.
pub(crate) struct Credentials {
    cashbox_id: Uuid,
    ids: [(HeaderName, HeaderValue); 2],
    source: Source,
    /// The last tokens, newest at the end.
    sent: Mutex<VecDeque<HeaderValue>>,
}

enum Source {
    Fixed(HeaderValue),
    Provider(Arc<dyn CredentialsProvider>),
}

impl Credentials {
    /// # Errors
    /// [`ErrorKind::Configuration`] if no header can carry the token.
    pub(super) fn new(cashbox_id: Uuid, tokens: TokenSource, pos_system_id: Uuid) -> Result<Self> {
        let refuse = |reason: &dyn fmt::Display| {
            Error::new(
                ErrorKind::Configuration,
                format!("The credentials cannot be used: {reason}"),
            )
        };
        let id =
            |uuid: Uuid| HeaderValue::from_str(&uuid.to_string()).map_err(|error| refuse(&error));
        let mut sent = VecDeque::with_capacity(REMEMBERED_TOKENS);
        let source = match tokens {
            TokenSource::Fixed(token) => {
                let token = token.header().map_err(|reason| refuse(&reason))?;
                sent.push_back(token.clone());
                Source::Fixed(token)
            }
            TokenSource::Provider(provider) => Source::Provider(provider),
        };
        Ok(Self {
            cashbox_id,
            ids: [
                (HeaderName::from_static("x-cashbox-id"), id(cashbox_id)?),
                (
                    HeaderName::from_static("x-possystem-id"),
                    id(pos_system_id)?,
                ),
            ],
            source,
            sent: Mutex::new(sent),
        })
    }

    /// The token, if it is always the same.
    pub(crate) fn fixed(&self) -> Option<&HeaderValue> {
        match &self.source {
            Source::Fixed(token) => Some(token),
            Source::Provider(_) => None,
        }
    }

    /// The token for the next attempt.
    ///
    /// # Errors
    /// The provider's, or that no header can carry what it gave.
    pub(crate) async fn token(
        &self,
        need: TokenNeed,
    ) -> std::result::Result<HeaderValue, Box<dyn StdError + Send + Sync>> {
        let provider = match &self.source {
            Source::Fixed(token) => return Ok(token.clone()),
            Source::Provider(provider) => provider,
        };
        let token = provider.access_token(need).await?.header()?;
        let mut sent = self.sent();
        if !sent.contains(&token) {
            if sent.len() == REMEMBERED_TOKENS {
                sent.pop_front();
            }
            sent.push_back(token.clone());
        }
        Ok(token)
    }

    /// Writes the headers of this cash box.
    pub(crate) fn write(&self, token: &HeaderValue, headers: &mut HeaderMap) {
        for (name, value) in &self.ids {
            headers.insert(name, value.clone());
        }
        headers.insert(&ACCESS_TOKEN, token.clone());
    }

    /// `text` without the access tokens sent last, should a server send one back. Before it is cut: of a
    /// token that is cut, the rest is not found.
    pub(crate) fn redacted(&self, text: &str) -> String {
        match self.without_tokens(text.as_bytes()) {
            // Tokens are ASCII: what is left is as good a text as before.
            Some(clean) => String::from_utf8_lossy(&clean).into_owned(),
            None => text.to_owned(),
        }
    }

    /// The same for the body of an answer.
    pub(crate) fn redacted_body(&self, body: &Bytes) -> Bytes {
        self.without_tokens(body)
            .map_or_else(|| body.clone(), Bytes::from)
    }

    /// `None` if there is none in it.
    fn without_tokens(&self, text: &[u8]) -> Option<Vec<u8>> {
        let mut clean: Option<Vec<u8>> = None;
        for token in &*self.sent() {
            let text = clean.as_deref().unwrap_or(text);
            clean = redacted(text, token.as_bytes()).or(clean);
        }
        clean
    }

    fn sent(&self) -> MutexGuard<'_, VecDeque<HeaderValue>> {
        // Each change leaves a list of tokens: a panic elsewhere leaves nothing half done.
        self.sent.lock().unwrap_or_else(PoisonError::into_inner)
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

    fn fixed(token: &str) -> Result<Credentials> {
        Credentials::new(Uuid::nil(), TokenSource::Fixed(token.into()), Uuid::nil())
    }

    #[test]
    fn the_token_is_shown_nowhere() {
        let token = AccessToken::from("canary-token");
        let source = TokenSource::Fixed(token.clone());
        let credentials = Credentials::new(Uuid::nil(), source.clone(), Uuid::nil()).unwrap();
        let mut headers = HeaderMap::new();
        credentials.write(credentials.fixed().unwrap(), &mut headers);
        for shown in [
            format!("{token:?}"),
            format!("{source:?}"),
            format!("{credentials:?}"),
            format!("{headers:?}"),
        ] {
            assert!(!shown.contains("canary"), "{shown}");
        }
        assert_eq!(headers["x-cashbox-accesstoken"], "canary-token");
    }

    #[test]
    fn a_header_shares_its_memory_with_its_copies() {
        let header = AccessToken::from("canary-token").header().unwrap();
        let copy = header.clone();
        assert_eq!(header.as_bytes().as_ptr(), copy.as_bytes().as_ptr());
        assert!(copy.is_sensitive());
    }

    #[tokio::test]
    async fn the_last_tokens_of_a_provider_are_taken_out() {
        let given = Mutex::new(0);
        let provider = move |_| {
            let mut given = given.lock().unwrap();
            *given += 1;
            let token = AccessToken::from(format!("canary-{given}"));
            async move { Ok(token) }
        };
        let source = TokenSource::Provider(Arc::new(provider));
        let credentials = Credentials::new(Uuid::nil(), source, Uuid::nil()).unwrap();
        assert!(credentials.fixed().is_none());
        for _ in 0..REMEMBERED_TOKENS + 1 {
            let _ = credentials.token(TokenNeed::NextAttempt).await.unwrap();
        }
        assert_eq!(credentials.sent().len(), REMEMBERED_TOKENS);
        for token in 2..=REMEMBERED_TOKENS + 1 {
            let text = credentials.redacted(&format!("<canary-{token}>"));
            assert_eq!(text, "<[access token]>");
            let body = Bytes::from(format!("\u{e9}canary-{token}\u{e9}").into_bytes());
            let body = credentials.redacted_body(&body);
            assert_eq!(body, "\u{e9}[access token]\u{e9}");
        }
    }

    #[test]
    fn a_token_that_no_header_can_carry_is_refused_without_showing_it() {
        for token in ["", "canary\r\nx-evil: 1", "canary\0", "canary ", "canäry"] {
            let error = fixed(token).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Configuration);
            assert!(!format!("{error} {error:?}").contains("canary"));
        }
    }
}
