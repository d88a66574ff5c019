//! Ids that are the same for the same seed and order of requests.

use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Makes version 8 uuids from a seed, a purpose and a counter.
#[derive(Debug)]
pub(crate) struct Ids {
    seed: u64,
    issued: u64,
}

impl Ids {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, issued: 0 }
    }

    /// The next id of the sequence.
    pub(crate) fn next(&mut self) -> Uuid {
        self.issued += 1;
        derive(self.seed, "sequence", self.issued)
    }

    /// An id that depends on the seed and the purpose only.
    pub(crate) fn fixed(seed: u64, purpose: &str) -> Uuid {
        derive(seed, purpose, 0)
    }
}

fn derive(seed: u64, purpose: &str, counter: u64) -> Uuid {
    let digest = Sha256::new()
        .chain_update(seed.to_be_bytes())
        .chain_update(counter.to_be_bytes())
        .chain_update(purpose)
        .finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    Uuid::new_v8(bytes)
}
