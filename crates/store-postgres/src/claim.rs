//! Claiming a row: the next of a queue, in its order, or one by its id.

use futures_util::future::join4;
use pos_system_api::store::{Claim, Row, StoreError};
use tokio_postgres::{Error, Row as Columns};
use uuid::Uuid;

use crate::connection::Session;
use crate::draft::held;
use crate::fault::Fault;
use crate::group::{BEGIN_LAZY, Holder, version};
use crate::lease::Held;
use crate::schema;
use crate::statements::Writing;
use crate::stored::{self, signed};

/// How often the head of a queue may change while it is being claimed.
const TRIES: usize = 5;

/// What became of a claim: the row, if there is one to be held.
pub(crate) type Claimed = Result<Option<Row>, StoreError>;

/// A row that could be claimed.
struct Place {
    sequence: i64,
    is_held: bool,
}

impl Place {
    fn read(columns: &Columns) -> Result<Self, Error> {
        Ok(Self {
            sequence: columns.try_get(0)?,
            is_held: columns.try_get(1)?,
        })
    }
}

/// Holds a row, if nobody does.
pub(crate) async fn claim(
    session: &Session<Writing>,
    claim: &Claim,
    holder: Holder,
    held_here: &Held,
) -> Result<Claimed, Fault> {
    if let Claim::Operation(id) = claim
        && held_here.contains(*id)
    {
        return Ok(Err(held()));
    }
    for _ in 0..TRIES {
        let place = match claim {
            Claim::Operation(id) => place(session, *id, holder.id).await,
            Claim::Next { queue, before } => {
                head(session, queue, *before, holder.id, held_here).await
            }
        };
        let Some(place) = place.map_err(Fault::before_writing)? else {
            return Ok(Ok(None));
        };
        if place.is_held {
            return Ok(Err(held()));
        }
        let even_parked = matches!(claim, Claim::Operation(_));
        let taken = take(session, place.sequence, even_parked, holder).await?;
        match taken {
            Some(Ok(row)) => {
                let id = row.operation_id;
                held_here.set(&[id], &[id].into());
                return Ok(Ok(Some(row)));
            }
            Some(Err(damaged)) => return Ok(Err(damaged)),
            // It was settled or taken meanwhile, or somebody is at it just now.
            None => {}
        }
    }
    Ok(Err(held()))
}

/// The first row of a queue, up to a number, that this store does not work on.
async fn head(
    session: &Session<Writing>,
    queue: &str,
    before: Option<u64>,
    holder: Uuid,
    held_here: &Held,
) -> Result<Option<Place>, Error> {
    let own = held_here.all();
    let before = before.map_or(i64::MAX, signed);
    let columns = session
        .client
        .query_opt(&session.statements.head, &[&queue, &holder, &own, &before])
        .await?;
    columns.as_ref().map(Place::read).transpose()
}

/// One row, whatever is before it in its queue.
async fn place(
    session: &Session<Writing>,
    operation_id: Uuid,
    holder: Uuid,
) -> Result<Option<Place>, Error> {
    let columns = session
        .client
        .query_opt(&session.statements.place, &[&operation_id, &holder])
        .await?;
    columns.as_ref().map(Place::read).transpose()
}

/// Holds a row that is free, without waiting for the disk: a hold need not outlast the server, and the next
/// commit that does wait brings it along.
async fn take(
    session: &Session<Writing>,
    sequence: i64,
    even_parked: bool,
    holder: Holder,
) -> Result<Option<Result<Row, StoreError>>, Fault> {
    let client = &session.client;
    // Polled in this order, and sent when they are polled first, without waiting for each other's answers.
    let (begun, version, taken, committed) = join4(
        client.batch_execute(BEGIN_LAZY),
        version(session),
        client.query_opt(
            &session.statements.take,
            &[&sequence, &holder.id, &holder.lease_seconds, &even_parked],
        ),
        // Rolls back if the statement before it failed.
        client.batch_execute("COMMIT"),
    )
    .await;
    // What is taken and not known to be taken expires: it is not renewed.
    begun.map_err(Fault::before_writing)?;
    let version = version.map_err(Fault::before_writing)?;
    // In a later version it takes nothing by itself.
    schema::check(version).map_err(Fault::unusable)?;
    let taken = taken.map_err(Fault::before_writing)?;
    committed.map_err(Fault::before_writing)?;
    let Some(columns) = taken else {
        return Ok(None);
    };
    let row = stored::read(&columns);
    if row.is_err() {
        // Not held, so that whoever asks next is told of the damage too.
        let ids: Vec<Uuid> = stored::operation_id(&columns).into_iter().collect();
        client
            .execute(&session.statements.release, &[&ids, &holder.id])
            .await
            .map_err(Fault::before_writing)?;
    }
    Ok(Some(row))
}
