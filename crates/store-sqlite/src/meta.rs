//! What stands in the database about the store as a whole.

use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::failure::Failure;

/// The row of the table `store`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Meta {
    pub(crate) store_id: Uuid,
    /// The number of the first row; one more than the last if there is none.
    pub(crate) first_sequence: u64,
    /// The number that was given last.
    pub(crate) last_sequence: u64,
    /// How many transactions there were.
    pub(crate) commits: u64,
}

impl Meta {
    pub(crate) fn new(store_id: Uuid) -> Self {
        Self {
            store_id,
            first_sequence: 1,
            last_sequence: 0,
            commits: 0,
        }
    }

    fn checksum(&self) -> [u8; 32] {
        let mut hasher = Sha256::new();
        hasher.update(b"pos-system-api store 1");
        hasher.update(self.store_id.as_bytes());
        for number in [self.first_sequence, self.last_sequence, self.commits] {
            hasher.update(number.to_be_bytes());
        }
        hasher.finalize().into()
    }

    pub(crate) fn read(connection: &Connection) -> Result<Self, Failure> {
        let mut statement = connection.prepare_cached(
            "SELECT store_id, first_sequence, last_sequence, commits, checksum FROM store \
             WHERE id = 1",
        )?;
        let (meta, checksum) = statement.query_row([], |row| {
            let meta = Self {
                store_id: Uuid::from_bytes(row.get(0)?),
                first_sequence: row.get(1)?,
                last_sequence: row.get(2)?,
                commits: row.get(3)?,
            };
            Ok((meta, row.get::<_, [u8; 32]>(4)?))
        })?;
        if checksum != meta.checksum() {
            return Err(Failure::damaged(
                "The row about the store itself is not what was written",
            ));
        }
        Ok(meta)
    }

    pub(crate) fn insert(&self, connection: &Connection) -> Result<(), Failure> {
        self.put(
            connection,
            "INSERT INTO store (id, store_id, first_sequence, last_sequence, commits, checksum) \
             VALUES (1, ?1, ?2, ?3, ?4, ?5)",
        )
    }

    pub(crate) fn update(&self, connection: &Connection) -> Result<(), Failure> {
        self.put(
            connection,
            "UPDATE store SET store_id = ?1, first_sequence = ?2, last_sequence = ?3, \
             commits = ?4, checksum = ?5 WHERE id = 1",
        )
    }

    fn put(&self, connection: &Connection, sql: &str) -> Result<(), Failure> {
        let changed = connection.prepare_cached(sql)?.execute(params![
            self.store_id.as_bytes(),
            self.first_sequence,
            self.last_sequence,
            self.commits,
            self.checksum(),
        ])?;
        if changed == 1 {
            Ok(())
        } else {
            Err(Failure::damaged("The row about the store itself is gone"))
        }
    }
}
