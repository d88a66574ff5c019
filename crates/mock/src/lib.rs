//! Typed [`httpmock`] helpers for programs that call the fiskaltrust POS System API.
//!
//! [`MockServerExt`] adds one method for each operation of the document to a
//! [`MockServer`](httpmock::MockServer). It is like [`mock`](httpmock::MockServer::mock), with types:
//! what a request is expected to carry and what it is answered with are the generated types of
//! [`pos_system_api::types`]. A renamed member or a removed operation then fails in the compiler,
//! not in a test that still passes.
//!
//! ```
//! use httpmock::MockServer;
//! use pos_system_api::types::EchoResponse;
//! use pos_system_api_mock::MockServerExt;
//!
//! let server = MockServer::start();
//! let echo = server.echo(|when, then| {
//!     // Every request to `POST /echo` that names the cash box; with and without `/v2`.
//!     when.into_inner().header_exists("x-cashbox-id");
//!     then.success(201, &EchoResponse::builder().message(Some("Hi".to_owned())).try_into().unwrap());
//! });
//! assert_eq!(echo.calls(), 0);
//! ```
//!
//! `into_inner()` gives the untyped [`When`](httpmock::When) and [`Then`](httpmock::Then): for the
//! headers of the runtime, which are no parameters of an operation, and for answers that the document
//! does not know, such as the page of a proxy. Answers that are no JSON need it too.
//!
//! A mock answers as it was told. What a server remembers between two calls, such as an operation
//! that is repeated, is the work of `pos-system-api-simulator`.

mod generated;

pub use generated::{MockServerExt, operations};
#[doc(no_inline)]
pub use {httpmock, pos_system_api, pos_system_api::types};
