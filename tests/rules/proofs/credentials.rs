//! Rows where the access token is the matter.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use pos_system_api::client::{AccessToken, ClientBuilder, TokenNeed};

use super::answers::{refusal, scripted};
use super::{SIGNED, unhurried};
use crate::seen::{Seen, ending};
use crate::support::client::builder;
use crate::support::clock::ManualClock;
use crate::support::receipts::sale;
use crate::support::scripted_server::{ScriptedServer, json};

pub(super) async fn no_token() -> Vec<(String, Seen)> {
    let server = ScriptedServer::start([json(201, SIGNED)]).await;
    let mut seen = Vec::new();
    for token in [None, Some(""), Some("with a\nbreak")] {
        let asked = Arc::<AtomicUsize>::default();
        let counted = Arc::clone(&asked);
        let provider = move |_: TokenNeed| {
            counted.fetch_add(1, Ordering::SeqCst);
            async move {
                token
                    .map(AccessToken::from)
                    .ok_or_else(|| "the keyring is locked".into())
            }
        };
        let clock = Arc::new(ManualClock::default());
        let client = unhurried(builder(&server.base_url(), &clock))
            .credentials(provider)
            .build()
            .unwrap();
        let result = client.sign(sale("S-1")).await;
        let (result, known) = ending(&result);
        let case = Seen {
            attempts: asked.load(Ordering::SeqCst),
            questions: 0,
            waits: clock.waits(),
            result,
            known,
        };
        seen.push((format!("{token:?}"), case));
    }
    assert!(server.requests().is_empty());
    seen
}

/// The first token is refused, the second one is taken.
pub(super) async fn token_rotated() -> Vec<(String, Seen)> {
    let provider = |need: TokenNeed| async move {
        Ok(match need {
            TokenNeed::Invalidated => AccessToken::from("the-new-token"),
            _ => AccessToken::from("the-old-token"),
        })
    };
    let setup = move |builder: ClientBuilder| unhurried(builder).credentials(provider);
    let script = vec![refusal(401), json(201, SIGNED)];
    let (seen, requests) = scripted(script, setup, |call| call).await;
    let tokens: Vec<_> = requests
        .iter()
        .flat_map(|request| request.header("x-cashbox-accesstoken"))
        .collect();
    assert_eq!(tokens, ["the-old-token", "the-new-token"]);
    vec![("401".into(), seen)]
}
