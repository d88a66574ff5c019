//! A simulator with one receipt, signed and issued.

use pos_system_api_simulator::{Simulator, SimulatorBuilder};
use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::till::{Answer, SALE, Till, operation};

pub(crate) struct Issued {
    pub(crate) sim: Simulator,
    pub(crate) till: Till,
    /// Where the calls of the document are, such as `/v2/issue/{queue}/{item}`.
    pub(crate) path: String,
    /// `DocumentURL` below the URL of the server.
    pub(crate) address: String,
    pub(crate) document_url: String,
}

impl Issued {
    /// Uses the operations 1 and 2.
    pub(crate) async fn with(builder: SimulatorBuilder) -> Self {
        let sim = builder.started(true).start().await.unwrap();
        let till = Till::new(&sim);
        let signed = till.sign(operation(1), SALE).await.json();
        let request: Value = serde_json::from_str(SALE).unwrap();
        let body = json!({"ReceiptRequest": request, "ReceiptResponse": signed});
        let issued = till
            .send("/v2/issue", operation(2), body.to_string())
            .await
            .json();
        let document_url = issued["DocumentURL"].as_str().unwrap().to_owned();
        Self {
            path: format!(
                "/v2/issue/{}/{}",
                sim.queue_id(),
                issued["ftQueueItemID"].as_str().unwrap()
            ),
            address: document_url[document_url.find("/_sim/").unwrap()..].to_owned(),
            document_url,
            sim,
            till,
        }
    }

    pub(crate) async fn new() -> Self {
        Self::with(Simulator::builder()).await
    }

    /// Looks at the document as the customer does.
    pub(crate) async fn view(&self) -> Answer {
        answer(self.till.get(&self.address)).await
    }

    /// Acts on the document.
    pub(crate) async fn update(&self, number: u128, body: &Value) -> Answer {
        let put = self
            .till
            .put(&self.path, operation(number), body.to_string());
        answer(put).await
    }

    /// The status of the question whether it is delivered.
    pub(crate) async fn delivered(&self) -> u16 {
        let ask = self.till.ask(&format!("{}/delivered", self.path));
        answer(ask).await.status.as_u16()
    }
}

pub(crate) async fn answer(request: RequestBuilder) -> Answer {
    Answer::of(request.send().await.unwrap()).await
}
