//! The state of a simulator in a few figures.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use crate::engine::Engine;
use crate::fault::Faults;
use crate::ledger::Summary;
use crate::operation::Outcome;
use crate::queue::status::Status;

/// The form of `GET /_sim/summary`.
#[derive(Debug, Serialize)]
pub(super) struct Overview {
    pub(super) base_url: String,
    pub(super) profile: String,
    pub(super) market: String,
    pub(super) seed: u64,
    pub(super) cash_box_id: Uuid,
    pub(super) queue_id: Uuid,
    pub(super) now: DateTime<Utc>,
    pub(super) virtual_time: bool,
    pub(super) store: bool,
    pub(super) queue: Status,
    pub(super) operations: Operations,
    pub(super) ledger: Summary,
    pub(super) faults_remaining: usize,
    pub(super) fault_seed: Option<u64>,
}

/// How many operations are remembered, by how far they are.
#[derive(Debug, Default, Serialize)]
pub(super) struct Operations {
    pub(super) processing: usize,
    pub(super) done: usize,
    pub(super) failed: usize,
}

impl Overview {
    pub(super) fn of(engine: &Arc<Engine>) -> Self {
        let faults_remaining = Faults::new(Arc::clone(engine)).remaining();
        let state = engine.state();
        let blueprint = &engine.blueprint;
        let mut operations = Operations::default();
        for operation in state.world.operations.iter() {
            *match operation.outcome().map(AsRef::as_ref) {
                None => &mut operations.processing,
                Some(Outcome::Done(_)) => &mut operations.done,
                Some(Outcome::Failed(_)) => &mut operations.failed,
            } += 1;
        }
        Self {
            base_url: engine.public_url.clone(),
            profile: blueprint.profile.to_string(),
            market: blueprint.market.to_string(),
            seed: blueprint.seed,
            cash_box_id: blueprint.credentials.cash_box_id,
            queue_id: blueprint.queue_id(),
            now: engine.clock.now(),
            virtual_time: blueprint.virtual_time.is_some(),
            store: state.has_store(),
            queue: state.world.queue.status(),
            operations,
            ledger: state.world.ledger.summary(),
            faults_remaining,
            fault_seed: state.faults.plan().seed_if_any(),
        }
    }
}
