//! A running simulator.

use std::sync::Arc;

use uuid::Uuid;

use crate::builder::{SimulatorBuilder, StartError};
use crate::engine::Engine;
use crate::fault::Faults;
use crate::hold::Hold;
use crate::ledger::Ledger;
use crate::profile::Profile;

/// A POS System API on a loopback port. It stops when it is dropped.
#[derive(Debug)]
pub struct Simulator {
    engine: Arc<Engine>,
    queue_id: Uuid,
}

impl Simulator {
    pub(crate) fn new(engine: Arc<Engine>, queue_id: Uuid) -> Self {
        Self { engine, queue_id }
    }

    /// Starts with all defaults: a free port, the current cloud, market AT, a queue that is not
    /// started, ids of seed 0.
    ///
    /// # Errors
    ///
    /// [`StartError::Listen`] when no port can be bound.
    ///
    /// # Examples
    ///
    /// ```
    /// use pos_system_api_simulator::Simulator;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sim = Simulator::start().await?;
    /// let answer = reqwest::Client::new()
    ///     .post(format!("{}/v2/echo", sim.base_url()))
    ///     .header("x-cashbox-id", sim.cashbox_id().to_string())
    ///     .header("x-cashbox-accesstoken", sim.access_token())
    ///     .header("x-operation-id", "6f1c2d5e-0000-4000-8000-0000000000e1")
    ///     .body(r#"{"Message":"ping"}"#)
    ///     .send()
    ///     .await?;
    /// assert_eq!(answer.status(), 201);
    /// assert_eq!(answer.text().await?, r#"{"Message":"ping"}"#);
    /// assert_eq!(sim.ledger().requests().len(), 1);
    /// sim.shutdown().await;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn start() -> Result<Self, StartError> {
        Self::builder().start().await
    }

    /// A builder with all defaults.
    pub fn builder() -> SimulatorBuilder {
        SimulatorBuilder::default()
    }

    /// The URL of the server without a version, such as `http://127.0.0.1:49152`. Paths are
    /// served below it with and without `/v2`.
    pub fn base_url(&self) -> &str {
        &self.engine.base_url
    }

    /// The id to send in `x-cashbox-id`.
    pub fn cashbox_id(&self) -> Uuid {
        self.engine.credentials.cash_box_id
    }

    /// The token to send in `x-cashbox-accesstoken`.
    pub fn access_token(&self) -> &str {
        self.engine.credentials.access_token.reveal()
    }

    /// The id of the only queue.
    pub fn queue_id(&self) -> Uuid {
        self.queue_id
    }

    /// The server that is simulated.
    pub fn profile(&self) -> Profile {
        self.engine.profile
    }

    /// The script of faults.
    pub fn faults(&self) -> Faults {
        Faults::new(Arc::clone(&self.engine))
    }

    /// Keeps every operation that starts from now on in progress until the hold is released or
    /// dropped.
    pub fn hold(&self) -> Hold {
        self.engine.hold()
    }

    /// Completes as soon as `count` requests have arrived with their bodies since the start,
    /// those to `/_sim/` not counted. The operation of each is registered by then.
    pub async fn arrivals(&self, count: usize) {
        let mut arrivals = self.engine.watch_arrivals();
        // The sender lives in the engine, which `self` keeps alive: this cannot fail.
        let _ = arrivals.wait_for(|arrived| *arrived >= count).await;
    }

    /// Everything that happened until now.
    pub fn ledger(&self) -> Ledger {
        self.engine.ledger()
    }

    /// Closes all connections, drops what is in progress, and completes when all is gone.
    pub async fn shutdown(self) {
        self.engine.stop.cancel();
        self.engine.tasks.close();
        self.engine.tasks.wait().await;
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.engine.stop.cancel();
    }
}
