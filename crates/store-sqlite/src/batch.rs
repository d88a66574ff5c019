//! One caller's writes: what they come to, before anything is written.

use std::sync::Arc;

use pos_system_api::bytes::Bytes;
use pos_system_api::store::{Row, StoreErrorKind, Write};
use rusqlite::Connection;
use uuid::Uuid;

use crate::failure::Failure;
use crate::held::{Held, Hold};
use crate::meta::Meta;
use crate::rows;

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Insert,
    Update,
    Keep,
}

/// A batch that can be written: one row for each write.
#[derive(Debug)]
pub(crate) struct Plan {
    steps: Vec<(Step, Row)>,
    last_sequence: u64,
}

impl Plan {
    /// What a batch comes to, or why nothing of it can be written.
    pub(crate) fn new(
        connection: &Connection,
        held: &Held,
        meta: &Meta,
        writes: Vec<Write>,
    ) -> Result<Self, Failure> {
        let mut plan = Self {
            steps: Vec::with_capacity(writes.len()),
            last_sequence: meta.last_sequence,
        };
        for write in writes {
            let step = match write {
                Write::Insert(row) => plan.insert(connection, held, row)?,
                Write::Update(row) => plan.update(connection, row)?,
            };
            plan.steps.push(step);
        }
        Ok(plan)
    }

    /// A row as the writes so far leave it.
    fn row(&self, connection: &Connection, id: Uuid) -> Result<Option<Row>, Failure> {
        let mut steps = self.steps.iter().rev();
        match steps.find(|(_, row)| row.operation_id == id) {
            Some((_, row)) => Ok(Some(row.clone())),
            None => rows::by_id(connection, id),
        }
    }

    fn insert(
        &mut self,
        connection: &Connection,
        held: &Held,
        row: Row,
    ) -> Result<(Step, Row), Failure> {
        if held.contains(row.operation_id) {
            return Err(Failure::new(
                StoreErrorKind::Held,
                "Another call is working on this operation",
            ));
        }
        if let Some(stored) = self.row(connection, row.operation_id)? {
            return Ok((Step::Keep, stored));
        }
        self.last_sequence += 1;
        Ok((Step::Insert, row.sealed(self.last_sequence)))
    }

    fn update(&self, connection: &Connection, row: Row) -> Result<(Step, Row), Failure> {
        let Some(stored) = self.row(connection, row.operation_id)? else {
            return Err(Failure::new(
                StoreErrorKind::Missing,
                "There is no such operation",
            ));
        };
        if stored.revision.checked_add(1) != Some(row.revision) {
            return Err(Failure::new(
                StoreErrorKind::Outdated,
                "The operation was changed meanwhile",
            ));
        }
        Ok((Step::Update, row.sealed(stored.sequence)))
    }

    /// Writes it into the transaction that is open. Gives the rows, those that were inserted held, and how
    /// many bytes were written, about.
    pub(crate) fn write(
        self,
        connection: &Connection,
        held: &Arc<Held>,
        meta: &mut Meta,
    ) -> Result<Written, Failure> {
        let mut bytes = 0;
        for (step, row) in &self.steps {
            match step {
                Step::Insert => rows::insert(connection, row)?,
                Step::Update => rows::update(connection, row)?,
                Step::Keep => continue,
            }
            let content = row.body.as_ref().map_or(0, Bytes::len)
                + row.answer.as_ref().map_or(0, Bytes::len)
                + row.details.len();
            bytes += content as u64 + ROW_BYTES;
        }
        meta.last_sequence = self.last_sequence;
        let inserts = self.steps.iter().filter(|(step, _)| *step != Step::Update);
        let ids = inserts.map(|(_, row)| row.operation_id).collect();
        Ok(Written {
            hold: Hold::of(held, ids),
            rows: self.steps.into_iter().map(|(_, row)| row).collect(),
            bytes,
        })
    }
}

/// About what a row costs in the log beside its content: its pages and those of its indexes.
const ROW_BYTES: u64 = 12 << 10;

/// What a batch has written.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) rows: Vec<Row>,
    pub(crate) hold: Hold,
    /// 0 if nothing was to be written.
    pub(crate) bytes: u64,
}
