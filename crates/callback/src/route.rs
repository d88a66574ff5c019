//! A route of axum that takes deliveries.

use axum::routing::{MethodRouter, post};
use http::StatusCode;
use pos_system_api::callback::SignState;
use tokio::sync::mpsc;

use crate::verifier::{Ticket, Verifier};

/// A route that verifies deliveries and passes them to a channel.
///
/// It answers at once, whatever is done with them: 204 for one that was passed on now or before, 503 while
/// the channel is full or closed, so that the sender comes again, and the status of the
/// [`Rejection`](crate::Rejection) for everything else. How long a request may take to arrive is for the
/// server around it to limit. A handler of your own takes a [`Ticket`] in its place.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use pos_system_api_callback::{Verifier, callback_route};
///
/// let verifier = Verifier::new([std::env::var("CALLBACK_SECRET")?.parse()?]);
/// let (states, mut received) = tokio::sync::mpsc::channel(64);
/// let app = axum::Router::new().route("/receipts", callback_route(verifier, states));
/// tokio::spawn(async move {
///     while let Some(state) = received.recv().await {
///         println!("{:?}: {}", state.operation_id, state.state);
///     }
/// });
/// axum::serve(tokio::net::TcpListener::bind("127.0.0.1:8099").await?, app).await?;
/// # Ok(())
/// # }
/// ```
pub fn callback_route<S>(verifier: Verifier, states: mpsc::Sender<SignState>) -> MethodRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    post(move |ticket: Ticket| async move {
        match states.try_reserve() {
            Ok(place) => {
                place.send(ticket.keep());
                StatusCode::NO_CONTENT
            }
            // The ticket is dropped, so the delivery can be made again.
            Err(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    })
    .with_state(verifier)
}
