//! `POST /pay` and `POST /PayResponse`.

use std::time::Duration;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::engine::Answer;
use crate::input::Command;
use crate::operation::Outcome;
use crate::profile::Profile;
use crate::wire::problem::Failure;
use crate::world::World;

#[derive(Debug, Default)]
pub(crate) struct Payments {}

/// How long the customer and the terminal take.
pub(crate) fn duration(_body: &[u8]) -> Duration {
    Duration::ZERO
}

pub(crate) fn pay(_command: &Command, _now: DateTime<Utc>, _world: &mut World) -> Outcome {
    Outcome::Failed(Failure::new(404, "Not Found", "Pending."))
}

/// The stored result, or where it will come from.
pub(crate) fn response(
    _operation_id: Uuid,
    _profile: Profile,
    _world: &World,
) -> Result<Answer, Failure> {
    Err(Failure::new(
        404,
        "Not Found",
        "No payment is known under this operation id.",
    ))
}
