//! A verified delivery as an argument of a handler of axum.

use std::fmt;

use axum::body::{Body, to_bytes};
use axum::extract::{FromRef, FromRequest, Request};
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use crate::LARGEST_BODY;
use crate::verifier::{Admission, Rejection, Ticket, Verifier};

/// A delivery that was verified, by the [`Verifier`] in the state of the router.
///
/// The handler is called for a new one only: one that was handed over before is answered with 204, and
/// everything else with the status of its [`Rejection`]. How long a request may take to arrive is for the
/// server around it to limit.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use axum::{Router, extract::FromRef, extract::State, http::StatusCode, routing::post};
/// use pos_system_api_callback::{Ticket, Verifier};
///
/// #[derive(Clone)]
/// struct App {
///     verifier: Verifier,
///     // .. and a database
/// }
///
/// impl FromRef<App> for Verifier {
///     fn from_ref(app: &App) -> Self {
///         app.verifier.clone()
///     }
/// }
///
/// async fn received(State(_app): State<App>, ticket: Ticket) -> StatusCode {
///     println!("{:?}: {}", ticket.state().operation_id, ticket.state().state);
///     // Where storing it fails, drop the ticket and answer with 503: the sender comes again.
///     let _state = ticket.keep();
///     StatusCode::NO_CONTENT
/// }
///
/// let verifier = Verifier::new([std::env::var("CALLBACK_SECRET")?.parse()?]);
/// let app = Router::new().route("/receipts", post(received)).with_state(App { verifier });
/// axum::serve(tokio::net::TcpListener::bind("127.0.0.1:8099").await?, app).await?;
/// # Ok(())
/// # }
/// ```
impl<S> FromRequest<S> for Ticket
where
    Verifier: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = NotHandedOver;

    async fn from_request(request: Request<Body>, state: &S) -> Result<Self, NotHandedOver> {
        let (head, body) = request.into_parts();
        // Nobody hears the answer to a body that broke off.
        let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
            return Err(NotHandedOver::Rejected(Rejection::TooLarge));
        };
        match Verifier::from_ref(state).admit(&head.headers, &body) {
            Ok(Admission::New(ticket)) => Ok(ticket),
            Ok(Admission::Repeated) => Err(NotHandedOver::Repeated),
            Err(rejection) => Err(NotHandedOver::Rejected(rejection)),
        }
    }
}

/// Why a handler that takes a [`Ticket`] was not called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotHandedOver {
    /// It was handed over before, and the sender did not hear of it: answered with 204.
    Repeated,
    /// It is not taken.
    Rejected(Rejection),
}

impl NotHandedOver {
    /// The status to answer with.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Self::Repeated => StatusCode::NO_CONTENT,
            Self::Rejected(rejection) => rejection.status(),
        }
    }
}

impl IntoResponse for NotHandedOver {
    /// The status alone: the sender reads nothing else.
    fn into_response(self) -> Response {
        self.status().into_response()
    }
}

impl fmt::Display for NotHandedOver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Repeated => f.write_str("it was handed over before"),
            Self::Rejected(rejection) => fmt::Display::fmt(rejection, f),
        }
    }
}

impl std::error::Error for NotHandedOver {}
