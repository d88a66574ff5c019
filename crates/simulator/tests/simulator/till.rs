//! A till that speaks plain HTTP to the simulator.

use pos_system_api_simulator::{Simulator, Uuid};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

/// A sale of 8.00 that balances.
pub(crate) const SALE: &str = r#"{"cbReceiptReference":"S-1","cbReceiptMoment":"2026-06-01T10:15:30.250Z","cbChargeItems":[{"Quantity":2,"Description":"Espresso","Amount":5.80,"VATRate":20},{"Quantity":1,"Description":"Newspaper","Amount":2.20,"VATRate":10}],"cbPayItems":[{"Description":"Cash","Amount":8.00}],"ftReceiptCase":35184372088833}"#;

/// A simulator whose queue takes sales.
pub(crate) async fn started() -> Simulator {
    Simulator::builder().started(true).start().await.unwrap()
}

pub(crate) fn operation(number: u128) -> Uuid {
    Uuid::from_u128(0x6f1c_2d5e_0000_4000_8000_0000_0000_0000 + number)
}

/// A receipt without items.
pub(crate) fn receipt_of_case(case: u64) -> String {
    json!({
        "cbReceiptReference": format!("R-{case:x}"),
        "cbReceiptMoment": "2026-06-01T06:00:00Z",
        "cbChargeItems": [],
        "cbPayItems": [],
        "ftReceiptCase": case,
    })
    .to_string()
}

pub(crate) struct Till {
    client: Client,
    base_url: String,
    cash_box_id: Uuid,
    access_token: String,
}

/// An answer that arrived completely.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) content_type: String,
    pub(crate) location: Option<String>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) async fn of(response: Response) -> Self {
        let header = |name: &str| {
            let value = response.headers().get(name)?;
            Some(value.to_str().unwrap().to_owned())
        };
        assert_eq!(header("x-simulator").as_deref(), Some("pos-system-api"));
        Self {
            status: response.status(),
            content_type: header("content-type").unwrap_or_default(),
            location: header("location"),
            body: response.text().await.unwrap(),
        }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

impl Till {
    pub(crate) fn new(sim: &Simulator) -> Self {
        Self {
            client: Client::builder().no_proxy().build().unwrap(),
            base_url: sim.base_url().to_owned(),
            cash_box_id: sim.cashbox_id(),
            access_token: sim.access_token().to_owned(),
        }
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.base_url))
    }

    /// Any method, without any header of the API.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.base_url))
    }

    /// A POST without any header of the API.
    pub(crate) fn bare_post(&self, path: &str) -> RequestBuilder {
        self.client.post(format!("{}{path}", self.base_url))
    }

    pub(crate) fn post(
        &self,
        path: &str,
        operation_id: Uuid,
        body: impl Into<String>,
    ) -> RequestBuilder {
        self.bare_post(path)
            .header("x-cashbox-id", self.cash_box_id.to_string())
            .header("x-cashbox-accesstoken", &self.access_token)
            .header("x-operation-id", operation_id.to_string())
            .body(body.into())
    }

    /// A GET with the credentials.
    pub(crate) fn ask(&self, path: &str) -> RequestBuilder {
        self.with_credentials(self.get(path))
    }

    pub(crate) fn put(
        &self,
        path: &str,
        operation_id: Uuid,
        body: impl Into<Vec<u8>>,
    ) -> RequestBuilder {
        self.with_credentials(self.client.put(format!("{}{path}", self.base_url)))
            .header("x-operation-id", operation_id.to_string())
            .body(body.into())
    }

    fn with_credentials(&self, request: RequestBuilder) -> RequestBuilder {
        request
            .header("x-cashbox-id", self.cash_box_id.to_string())
            .header("x-cashbox-accesstoken", &self.access_token)
    }

    pub(crate) async fn send(
        &self,
        path: &str,
        operation_id: Uuid,
        body: impl Into<String>,
    ) -> Answer {
        let request = self.post(path, operation_id, body);
        Answer::of(request.send().await.unwrap()).await
    }

    pub(crate) async fn sign(&self, operation_id: Uuid, body: impl Into<String>) -> Answer {
        self.send("/v2/sign", operation_id, body).await
    }
}
