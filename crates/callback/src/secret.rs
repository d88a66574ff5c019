//! The secret that sender and receiver share.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretSlice};

/// What a secret begins with.
const PREFIX: &str = "whsec_";
/// The least and the greatest length of a key in bytes, as the scheme has them.
const LENGTHS: std::ops::RangeInclusive<usize> = 24..=64;

/// A secret that sender and receiver share: `whsec_` and 24 to 64 random bytes in base64.
///
/// `printf 'whsec_%s\n' "$(openssl rand -base64 32)"` makes one. It has no content in `Debug`, and its
/// memory is wiped when it is dropped.
///
/// ```
/// use pos_system_api_callback::SigningSecret;
///
/// let secret: SigningSecret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3".parse()?;
/// assert_eq!(format!("{secret:?}"), "SigningSecret(…)");
/// # Ok::<(), pos_system_api_callback::SecretError>(())
/// ```
#[derive(Clone)]
pub struct SigningSecret(SecretSlice<u8>);

/// Why a text is no secret. It does not repeat the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SecretError {
    /// It does not begin with `whsec_`.
    Prefix,
    /// What follows is not base64.
    Base64,
    /// The key is shorter than 24 bytes or longer than 64.
    Length,
}

impl SigningSecret {
    /// The secret of these bytes.
    ///
    /// # Errors
    /// [`SecretError::Length`] for fewer than 24 bytes or more than 64.
    pub fn from_bytes(key: Vec<u8>) -> Result<Self, SecretError> {
        // Wiped as well if it is refused.
        let key = SecretSlice::from(key);
        if LENGTHS.contains(&key.expose_secret().len()) {
            Ok(Self(key))
        } else {
            Err(SecretError::Length)
        }
    }

    pub(crate) fn key(&self) -> &[u8] {
        self.0.expose_secret()
    }
}

impl FromStr for SigningSecret {
    type Err = SecretError;

    fn from_str(text: &str) -> Result<Self, SecretError> {
        let encoded = text
            .trim()
            .strip_prefix(PREFIX)
            .ok_or(SecretError::Prefix)?;
        let mut key = Zeroizing::new(Vec::with_capacity(encoded.len()));
        STANDARD
            .decode_vec(encoded, &mut key)
            .map_err(|_| SecretError::Base64)?;
        Self::from_bytes(std::mem::take(&mut *key))
    }
}

impl fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningSecret(…)")
    }
}

impl fmt::Display for SecretError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Prefix => "a signing secret begins with whsec_",
            Self::Base64 => "what follows whsec_ in a signing secret is base64",
            Self::Length => "the key of a signing secret has 24 to 64 bytes",
        })
    }
}

impl std::error::Error for SecretError {}
