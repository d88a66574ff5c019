//! Tills: clients of their own on a log that outlives them.

use pos_system_api::client::ClientBuilder;
use pos_system_api::runtime::SystemChance;

use super::*;

/// A started queue.
pub(crate) async fn simulator() -> Simulator {
    Simulator::builder().started(true).start().await.unwrap()
}

/// A till as it is after a start.
pub(crate) fn till(simulator: &Simulator, store: &Arc<impl OperationStore>) -> Client {
    till_with(simulator, store, |builder| builder)
}

/// A till with something else.
pub(crate) fn till_with(
    simulator: &Simulator,
    store: &Arc<impl OperationStore>,
    with: impl FnOnce(ClientBuilder) -> ClientBuilder,
) -> Client {
    let builder = builder_of(simulator, &Arc::default())
        .with_clock(Arc::new(BriskClock::default()))
        .with_chance(Arc::new(SystemChance))
        .durable_shared(store.clone());
    with(builder).build().unwrap()
}

/// A server that executes nothing, says so, and wants to be left alone for longer than
/// [`ATTEMPT_TIMEOUT`]: with that as its deadline, a call is proved never to have been executed.
pub(crate) fn is_away() -> Fault {
    Fault::StatusBeforeCommit {
        status: 429,
        retry_after: Some(30),
    }
}

/// As [`is_away`], but nobody knows whether the request got through: it did not.
pub(crate) fn is_in_doubt() -> Fault {
    Fault::StatusBeforeCommit {
        status: 503,
        retry_after: Some(30),
    }
}

/// A server that does not know the token.
pub(crate) fn refuses() -> Fault {
    Fault::StatusBeforeCommit {
        status: 401,
        retry_after: None,
    }
}
