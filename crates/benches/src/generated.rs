//! The generated client alone.

#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    rustdoc::all
)]

use pos_system_api::runtime::OperationSpec;
use pos_system_api::types;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

include!(concat!(env!("OUT_DIR"), "/client.rs"));

mod operations {
    include!(concat!(env!("OUT_DIR"), "/operations.rs"));
}

/// Hooks that add the headers of a call and send it once.
#[derive(Clone, Debug)]
pub struct BareHooks {
    pub http: reqwest::Client,
    pub credentials: HeaderMap,
}

impl BareHooks {
    fn pre<E>(
        &self,
        request: &mut reqwest::Request,
        _: &OperationInfo,
        _: &[OperationSpec],
    ) -> std::result::Result<(), Error<E>> {
        let headers = request.headers_mut();
        // The generator's own, which the API does not know.
        headers.remove("api-version");
        for (name, value) in &self.credentials {
            headers.insert(name, value.clone());
        }
        let id = uuid::Uuid::new_v4().to_string();
        let id = HeaderValue::from_str(&id).map_err(|error| Error::Custom(error.to_string()))?;
        headers.insert(HeaderName::from_static("x-operation-id"), id);
        Ok(())
    }

    async fn exec(
        &self,
        request: reqwest::Request,
        _: &OperationInfo,
        _: &[OperationSpec],
    ) -> reqwest::Result<reqwest::Response> {
        self.http.execute(request).await
    }
}
