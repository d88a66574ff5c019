//! Signatures `v1` of the Standard Webhooks scheme: HMAC-SHA256 over id, timestamp and body.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::secret::SigningSecret;

/// The version of the scheme's symmetric signatures.
const VERSION: &str = "v1";
/// How many signatures of a header are looked at: enough for every rotation.
const MOST_SIGNATURES: usize = 16;
/// HMAC-SHA256 in base64.
const ENCODED_LENGTH: usize = 44;

fn mac(secret: &SigningSecret, id: &str, timestamp: &str, body: &[u8]) -> Option<Hmac<Sha256>> {
    // A key of any length is taken.
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.key()).ok()?;
    mac.update(id.as_bytes());
    mac.update(b".");
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(body);
    Some(mac)
}

/// The value of the signature header: one signature for each secret.
#[cfg(feature = "sender")]
pub(crate) fn header(secrets: &[SigningSecret], id: &str, timestamp: &str, body: &[u8]) -> String {
    let signatures = secrets.iter().filter_map(|secret| {
        let signature = mac(secret, id, timestamp, body)?.finalize().into_bytes();
        Some(format!("{VERSION},{}", STANDARD.encode(signature)))
    });
    signatures.collect::<Vec<_>>().join(" ")
}

/// Whether one of the signatures is that of one of the secrets. Each comparison takes the same time
/// wherever the bytes differ.
pub(crate) fn is_signed(
    secrets: &[SigningSecret],
    id: &str,
    timestamp: &str,
    body: &[u8],
    header: &str,
) -> bool {
    let signatures: Vec<Vec<u8>> = header
        .split(' ')
        .filter_map(|signature| signature.split_once(','))
        .filter(|(version, encoded)| *version == VERSION && encoded.len() == ENCODED_LENGTH)
        .take(MOST_SIGNATURES)
        .filter_map(|(_, encoded)| STANDARD.decode(encoded).ok())
        .collect();
    secrets.iter().any(|secret| {
        mac(secret, id, timestamp, body).is_some_and(|mac| {
            signatures
                .iter()
                .any(|signature| mac.clone().verify_slice(signature).is_ok())
        })
    })
}

#[cfg(all(test, feature = "sender"))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// The bytes 0 to 31.
    fn secret() -> SigningSecret {
        SigningSecret::from_bytes((0..32).collect()).unwrap()
    }

    /// Computed with `openssl dgst -sha256 -mac HMAC`.
    #[test]
    fn the_signature_is_that_of_another_implementation() {
        let header = header(&[secret()], "msg_1", "1780000000", br#"{"State":"done"}"#);
        assert_eq!(header, "v1,vI6MTa+ivXl/YQA96QMgo5Lm2QPrVI/rsp+MMFN7QRY=");
    }
}
