//! An operation as a store keeps it.

use std::fmt;

use bytes::Bytes;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::stage::Stage;

/// What a checksum begins with: another order of the fields is another version.
const CHECKSUM_VERSION: &[u8] = b"pos-system-api row 1";

/// An operation as a store keeps it: each field is a column.
///
/// What is decided with stands in fields of its own, the rest in `details`, which only the client reads.
/// The request's body holds business data, and so customer data; neither the access token nor any other
/// secret is in a row.
#[derive(Clone, PartialEq, Eq)]
pub struct Row {
    /// Its number in the store: from 1, without gaps, in the order of insertion. 0 before that.
    pub sequence: u64,
    /// The operation id, unique in the store.
    pub operation_id: Uuid,
    /// What its order belongs to: the cash box id.
    pub queue: String,
    /// How far it got.
    pub stage: Stage,
    /// Whether it was set aside: it is open, but others need not wait for it, and nothing sends it but a
    /// person.
    pub parked: bool,
    /// How often it was written; 1 when inserted.
    pub revision: u32,
    /// When it was written last, in milliseconds since 1970 in UTC, by the clock of the writer.
    pub changed_unix_ms: i64,
    /// Everything else about it, a JSON document.
    pub details: String,
    /// The exact bytes of the request; `None` for a call without a body, and when purged. Shared, not
    /// copied, by the call and each row that is made of it.
    pub body: Option<Bytes>,
    /// The exact bytes of the answer that settled it.
    pub answer: Option<Bytes>,
    /// SHA-256 over everything above.
    pub checksum: [u8; 32],
}

impl Row {
    /// This row with that sequence number and the checksum that belongs to it.
    #[must_use]
    pub fn sealed(mut self, sequence: u64) -> Self {
        self.sequence = sequence;
        self.checksum = self.expected_checksum();
        self
    }

    /// Whether it is what was written.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        self.checksum == self.expected_checksum()
    }

    /// SHA-256 over all fields but the checksum, each with its length before it.
    fn expected_checksum(&self) -> [u8; 32] {
        let mut hasher = Sha256::new();
        let mut field = |bytes: &[u8]| {
            hasher.update((bytes.len() as u64).to_be_bytes());
            hasher.update(bytes);
        };
        field(CHECKSUM_VERSION);
        field(&self.sequence.to_be_bytes());
        field(self.operation_id.as_bytes());
        field(self.queue.as_bytes());
        field(self.stage.as_str().as_bytes());
        field(&[u8::from(self.parked)]);
        field(&self.revision.to_be_bytes());
        field(&self.changed_unix_ms.to_be_bytes());
        field(self.details.as_bytes());
        for bytes in [&self.body, &self.answer] {
            field(&[u8::from(bytes.is_some())]);
            field(bytes.as_deref().unwrap_or_default());
        }
        hasher.finalize().into()
    }
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Details, body and answer may hold customer data.
        f.debug_struct("Row")
            .field("sequence", &self.sequence)
            .field("operation_id", &self.operation_id)
            .field("queue", &self.queue)
            .field("stage", &self.stage)
            .field("parked", &self.parked)
            .field("revision", &self.revision)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> Row {
        Row {
            sequence: 0,
            operation_id: Uuid::from_u128(7),
            queue: "till".to_owned(),
            stage: Stage::Prepared,
            parked: false,
            revision: 1,
            changed_unix_ms: 5,
            details: "{}".to_owned(),
            body: Some(Bytes::from_static(b"body")),
            answer: None,
            checksum: [0; 32],
        }
        .sealed(3)
    }

    #[test]
    fn a_sealed_row_is_intact_and_numbered() {
        assert_eq!(row().sequence, 3);
        assert!(row().is_intact());
    }

    #[test]
    fn any_other_field_is_noticed() {
        let changes: [fn(&mut Row); 13] = [
            |row| row.sequence = 4,
            |row| row.operation_id = Uuid::from_u128(8),
            |row| row.queue.push('x'),
            |row| row.stage = Stage::Final,
            |row| row.parked = true,
            |row| row.revision = 2,
            |row| row.changed_unix_ms = -5,
            |row| row.details.push(' '),
            |row| row.body = None,
            |row| row.body = Some(Bytes::from_static(b"bodz")),
            |row| row.answer = Some(Bytes::new()),
            |row| row.checksum[31] ^= 1,
            // A byte that moves from one field to the next.
            |row| {
                row.queue = "til".to_owned();
                row.details = "l{}".to_owned();
            },
        ];
        for (index, change) in changes.into_iter().enumerate() {
            let mut changed = row();
            change(&mut changed);
            assert!(!changed.is_intact(), "change {index}");
        }
    }
}
