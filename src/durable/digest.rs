//! What makes an operation the same, in one number.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::runtime::Operation;

/// SHA-256 of what makes an operation the same: method, path and body, each with its length before it.
pub(super) fn digest(operation: &Operation) -> String {
    let mut hasher = Sha256::new();
    for part in [
        operation.method().as_bytes(),
        operation.path().as_bytes(),
        operation.body(),
    ] {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    let mut text = String::with_capacity(64);
    for byte in hasher.finalize() {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
