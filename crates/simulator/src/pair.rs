//! `POST /pair`: credentials for a PIN.

use crate::input::Command;
use crate::operation::Outcome;
use crate::wire::problem::Failure;
use crate::world::World;

pub(crate) fn pair(_command: &Command, _world: &mut World) -> Outcome {
    Outcome::Failed(Failure::new(
        401,
        "Unauthorized",
        "The PIN is not accepted.",
    ))
}
