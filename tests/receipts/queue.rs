//! A queue over a real socket.

use pos_system_api::receipt::{Receipt, Signable};
use pos_system_api::types::ReceiptRequest;
use pos_system_api::{Client, Error, Signed};
use pos_system_api_simulator::Simulator;

use crate::moment;
use crate::support::client::{client_of, done};

/// A started queue with its client.
pub(crate) struct Queue {
    pub(crate) simulator: Simulator,
    pub(crate) client: Client,
}

impl Queue {
    pub(crate) async fn of(market: &str) -> Self {
        let simulator = Simulator::builder().market(market).start().await.unwrap();
        let (client, _) = client_of(&simulator);
        let queue = Self { simulator, client };
        let _ = queue.signs(Receipt::start("START", moment())).await;
        queue
    }

    /// Signs a receipt with the state ok, nothing else.
    pub(crate) async fn signs(&self, receipt: impl Signable) -> Signed {
        let signed = done(self.client.sign(receipt).await);
        let state = signed.response.ft_state.value() & 0xFFFF_FFFF;
        assert_eq!(state, 0, "{:?}", signed.response.ft_state);
        signed
    }

    /// The refusal of a receipt by the queue itself.
    pub(crate) async fn refuses(&self, receipt: ReceiptRequest) -> Error {
        let error = self.client.sign(receipt).await.unwrap_err();
        assert!(error.is_fiscal(), "{error}");
        error
    }
}
