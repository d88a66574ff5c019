//! A running simulator.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::builder::SimulatorBuilder;
use crate::engine::Engine;
use crate::fault::Faults;
use crate::hold::Hold;
use crate::input::Input;
use crate::ledger::Ledger;
use crate::profile::Profile;
use crate::start_error::StartError;
use crate::store::StoreError;
use crate::virtual_time::TimeError;

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

    /// Issues a PIN of six digits that `POST /pair` exchanges for the credentials of the cash box:
    /// once, and within five minutes of the simulator's clock.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store cannot be written.
    pub fn issue_pin(&self) -> Result<String, StoreError> {
        self.engine.issue_pin(None)
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

    /// The same as [`arrivals`](Self::arrivals) for as long as `client` goes on, so that a test
    /// whose client fails before it sends ends too. Of a client that ends in the same moment in
    /// which the last request arrives, the output may be dropped.
    ///
    /// # Errors
    ///
    /// What the client ended with, when fewer requests had arrived by then.
    pub async fn arrivals_while<C: Future>(
        &self,
        count: usize,
        client: C,
    ) -> Result<(), C::Output> {
        let ended = tokio::select! {
            biased;
            () = self.arrivals(count) => return Ok(()),
            ended = client => ended,
        };
        // Both may have happened between the two looks.
        if *self.engine.watch_arrivals().borrow() >= count {
            Ok(())
        } else {
            Err(ended)
        }
    }

    /// Behaves as if the process were killed and started again: all connections break, and what
    /// is in progress is gone as if it had never arrived. What was committed, the ledger and the
    /// scripted faults stay, and so does the URL. Completes when the connections are gone.
    pub async fn restart(&self) {
        self.engine.restart().await;
    }

    /// Begins with a fresh world, as at the first start: nothing has happened, the store is empty,
    /// no fault is scripted, the plan of faults counts anew, and virtual time stands at its start.
    /// What is in progress is gone; connections stay.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store cannot be written.
    pub fn reset(&self) -> Result<(), StoreError> {
        self.engine.reset()
    }

    /// Forgets the operations that are finished, but not what they did: their ids are new to the
    /// simulator, so that a repeat is carried out again.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store cannot be written.
    pub fn forget_operations(&self) -> Result<(), StoreError> {
        self.engine.apply(&Input::OperationsForgotten)
    }

    /// Takes the signing unit of the queue out of service, or back. Without it receipts are still
    /// signed and say so; their state does until a zero receipt is signed when it is back.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store cannot be written.
    pub fn set_signing_unit(&self, in_service: bool) -> Result<(), StoreError> {
        let moment = self.engine.clock.now();
        self.engine
            .apply(&Input::SigningUnit { in_service, moment })
    }

    /// Lets virtual time pass and gives the new moment. What it completes may still be on its
    /// way to the client.
    ///
    /// # Errors
    ///
    /// [`TimeError`] without [`virtual_time`](SimulatorBuilder::virtual_time), and beyond the end
    /// of the calendar.
    pub fn advance(&self, by: Duration) -> Result<DateTime<Utc>, TimeError> {
        self.engine.advance(by)
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
        self.engine.close();
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.engine.stop.cancel();
        // Its store can be opened again from now on.
        self.engine.close();
    }
}
