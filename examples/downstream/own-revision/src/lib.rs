//! A client for a revision of one's own: `openapi/preview.yaml` has `POST /loyalty`, which the crate
//! `pos-system-api` does not know.
//!
//! The calls run on the engine of a [`pos_system_api::Client`]: the same credentials, operation ids,
//! retries and limits. No line of that is written here.

use pos_system_api::runtime::Call;

/// The types of this revision.
#[allow(clippy::all, clippy::pedantic)]
pub mod types {
    include!(concat!(env!("OUT_DIR"), "/types.rs"));
}

/// The client of this revision.
#[allow(clippy::all, clippy::pedantic)]
pub mod client {
    use crate::types;

    include!(concat!(env!("OUT_DIR"), "/client.rs"));

    /// Its operations.
    pub mod operations {
        include!(concat!(env!("OUT_DIR"), "/operations.rs"));
    }
}

/// A client of this revision on the engine of `client`, and the call whose
/// [`report`](Call::report) tells how its last request went.
#[must_use]
pub fn on(client: &pos_system_api::Client) -> (client::Client, Call) {
    let call = client.call();
    let own =
        client::Client::new_with_client(client.base_url(), client.http_client(), call.clone());
    (own, call)
}
