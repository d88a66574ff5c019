//! Ids that follow from the seed and from what they name, never from the order of requests.

use std::collections::HashMap;

use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Makes version 8 uuids from a seed, a purpose and the operation they belong to.
#[derive(Debug)]
pub(crate) struct Ids {
    seed: u64,
    /// How often an operation was run: more than once only when the server forgot it in between.
    runs: HashMap<Uuid, u64>,
}

impl Ids {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            seed,
            runs: HashMap::new(),
        }
    }

    pub(crate) fn seed(&self) -> u64 {
        self.seed
    }

    /// Counts a run of an operation.
    pub(crate) fn begin(&mut self, operation_id: Uuid) -> OperationIds {
        let run = self.runs.entry(operation_id).or_insert(0);
        *run += 1;
        OperationIds {
            seed: self.seed,
            operation_id,
            run: *run,
        }
    }

    /// An id that depends on the seed and the purpose only.
    pub(crate) fn fixed(seed: u64, purpose: &str) -> Uuid {
        derive(seed, &[&0_u64.to_be_bytes(), purpose.as_bytes()])
    }
}

/// The ids of one run of an operation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OperationIds {
    seed: u64,
    operation_id: Uuid,
    run: u64,
}

impl OperationIds {
    /// The id of one thing the operation makes.
    pub(crate) fn of(&self, purpose: &str) -> Uuid {
        derive(
            self.seed,
            &[
                &self.run.to_be_bytes(),
                self.operation_id.as_bytes(),
                purpose.as_bytes(),
            ],
        )
    }
}

fn derive(seed: u64, parts: &[&[u8]]) -> Uuid {
    let mut digest = Sha256::new().chain_update(seed.to_be_bytes());
    for part in parts {
        digest.update(part);
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest.finalize()[..16]);
    Uuid::new_v8(bytes)
}
