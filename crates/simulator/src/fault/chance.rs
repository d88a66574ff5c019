//! Chance that follows from a seed and from what it is about, never from the order of requests.

use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Who is counted: an operation, or a path where there is no operation id.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Caller {
    Operation(Uuid),
    Path(String),
}

/// What the chance of one request and one rule follows from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chance<'a> {
    pub(super) seed: u64,
    /// The place of the rule in its plan.
    pub(super) rule: usize,
    pub(super) caller: &'a Caller,
    /// From 1.
    pub(super) attempt: u64,
}

impl Chance<'_> {
    /// From 0 up to but without 1, evenly spread; always the same for the same `purpose`.
    pub(super) fn draw(&self, purpose: &str) -> f64 {
        let digest = Sha256::new()
            .chain_update(self.seed.to_be_bytes())
            .chain_update((self.rule as u64).to_be_bytes())
            .chain_update(self.attempt.to_be_bytes());
        let digest = match self.caller {
            Caller::Operation(id) => digest.chain_update([0]).chain_update(id.as_bytes()),
            Caller::Path(path) => digest
                .chain_update([1])
                .chain_update((path.len() as u64).to_be_bytes())
                .chain_update(path),
        };
        fraction(digest.chain_update(purpose))
    }
}

/// From 0 up to but without 1: the first 53 bits, as many as an `f64` holds exactly.
pub(super) fn fraction(digest: Sha256) -> f64 {
    let first = digest
        .finalize()
        .iter()
        .take(8)
        .fold(0, |bits: u64, byte| (bits << 8) | u64::from(*byte));
    (first >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_even_and_depend_on_every_part() {
        let path = Caller::Path("/v2/sign".to_owned());
        let operation = Caller::Operation(Uuid::from_u128(7));
        let one = Chance {
            seed: 1,
            rule: 2,
            caller: &path,
            attempt: 3,
        };
        assert_eq!(one.draw("hit"), one.draw("hit"));
        for other in [
            Chance { seed: 2, ..one },
            Chance { rule: 3, ..one },
            Chance { attempt: 4, ..one },
            Chance {
                caller: &operation,
                ..one
            },
        ] {
            assert_ne!(one.draw("hit"), other.draw("hit"), "{other:?}");
        }
        assert_ne!(one.draw("hit"), one.draw("latency"));

        let draws = (1..=10_000).map(|attempt| Chance { attempt, ..one }.draw("hit"));
        let below = draws.filter(|draw| *draw < 0.25).count();
        // 2500 are expected, with a standard deviation of 43.
        assert!((2300..2700).contains(&below), "{below}");
    }
}
