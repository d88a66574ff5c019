//! `POST /journal`, and what the server remembers of operations.

use bytes::Bytes;
use uuid::Uuid;

use crate::wire::problem::Failure;
use crate::wire::reply::Reply;
use crate::world::World;

pub(crate) fn export(_body: &Bytes, _world: &World) -> Result<Reply, Failure> {
    Err(Failure::new(404, "Not Found", "Pending."))
}

pub(crate) fn operation_item(_id: Uuid, _world: &World) -> Result<Reply, Failure> {
    Err(Failure::new(404, "Not Found", "Pending."))
}

pub(crate) fn operation_items(_queue_id: Uuid, _world: &World) -> Result<Reply, Failure> {
    Err(Failure::new(404, "Not Found", "Pending."))
}

pub(crate) fn peek(
    _queue_id: Uuid,
    _storage_type: &str,
    _id: Uuid,
    _world: &World,
) -> Result<Reply, Failure> {
    Err(Failure::new(404, "Not Found", "Pending."))
}
