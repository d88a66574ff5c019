//! A handler of one's own that takes verified deliveries.

use axum::Router;
use axum::extract::{FromRef, State};
use axum::http::StatusCode;
use axum::routing::post;
use pos_system_api_callback::{NotHandedOver, Ticket};
use tokio::sync::mpsc;

use super::receiver::{BODY, HEADERS, post as post_to};
use super::server::serve;
use super::*;

/// What a program keeps for its handlers.
#[derive(Clone)]
struct App {
    verifier: Verifier,
    /// Closed, nothing can be stored.
    stored: mpsc::UnboundedSender<SignState>,
}

impl FromRef<App> for Verifier {
    fn from_ref(app: &App) -> Self {
        app.verifier.clone()
    }
}

async fn received(State(app): State<App>, ticket: Ticket) -> StatusCode {
    let state = ticket.state().clone();
    match app.stored.send(state) {
        Ok(()) => {
            let _ = ticket.keep();
            StatusCode::CREATED
        }
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

async fn app() -> (
    String,
    mpsc::UnboundedReceiver<SignState>,
    Arc<ManualWallClock>,
) {
    let clock = Arc::new(ManualWallClock::default());
    let (stored, states) = mpsc::unbounded_channel();
    let app = App {
        verifier: Verifier::new([other_secret(), secret()]).with_clock(clock.clone()),
        stored,
    };
    let app = Router::new().route("/hook", post(received)).with_state(app);
    (serve(app).await, states, clock)
}

#[tokio::test]
async fn a_handler_is_called_for_a_new_delivery_only() {
    let (url, mut states, _) = app().await;
    assert_eq!(post_to(&url, &HEADERS, BODY.to_vec()).await, 201);
    // It was handed over: the sender is to be content, and the handler is left alone.
    assert_eq!(post_to(&url, &HEADERS, BODY.to_vec()).await, 204);
    assert_eq!(states.recv().await.unwrap().state, StateWord::Done);
    assert!(states.try_recv().is_err());
}

#[tokio::test]
async fn a_handler_is_not_called_for_what_is_not_taken() {
    let (url, mut states, clock) = app().await;
    assert_eq!(post_to(&url, &[], BODY.to_vec()).await, 400);
    assert_eq!(post_to(&url, &HEADERS, b"{}".to_vec()).await, 401);
    let large = vec![b' '; 64 * 1024 + 1];
    assert_eq!(post_to(&url, &HEADERS, large).await, 413);
    for seconds in [NOW - 301, NOW + 301] {
        clock.set(seconds);
        assert_eq!(post_to(&url, &HEADERS, BODY.to_vec()).await, 401);
    }
    assert!(states.try_recv().is_err());
}

#[tokio::test]
async fn what_a_handler_does_not_keep_comes_again() {
    let (url, mut states, _) = app().await;
    states.close();
    for _ in 0..2 {
        assert_eq!(post_to(&url, &HEADERS, BODY.to_vec()).await, 503);
    }
    assert!(states.recv().await.is_none());
}

#[tokio::test]
async fn a_verifier_alone_is_a_state_too() {
    async fn told(ticket: Ticket) -> String {
        ticket.keep().state.to_string()
    }
    let verifier = Verifier::new([secret()]).with_clock(Arc::new(ManualWallClock::default()));
    let app = Router::new()
        .route("/hook", post(told))
        .with_state(verifier);
    assert_eq!(
        post_to(&serve(app).await, &HEADERS, BODY.to_vec()).await,
        200
    );
}

#[test]
fn why_a_handler_was_not_called_can_be_told() {
    let repeated = NotHandedOver::Repeated;
    assert_eq!(repeated.status(), 204);
    assert_eq!(repeated.to_string(), "it was handed over before");
    let rejected = NotHandedOver::Rejected(Rejection::NotSigned);
    assert_eq!(rejected.status(), 401);
    assert_eq!(rejected.to_string(), Rejection::NotSigned.to_string());
}
