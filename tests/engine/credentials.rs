//! Tokens that rotate.

use std::sync::Mutex;

use pos_system_api::client::{AccessToken, CredentialsProvider, TokenFuture, TokenNeed};
use pos_system_api::{Client, ErrorKind, Execution, Signed, Standing};

use super::*;

/// Gives these tokens in turn, the last one again and again, and remembers why it was asked.
#[derive(Default)]
struct Turning {
    tokens: Mutex<Vec<&'static str>>,
    needs: Mutex<Vec<TokenNeed>>,
}

impl Turning {
    fn with(tokens: &[&'static str]) -> Arc<Self> {
        Arc::new(Self {
            tokens: Mutex::new(tokens.iter().rev().copied().collect()),
            needs: Mutex::default(),
        })
    }

    fn needs(&self) -> Vec<TokenNeed> {
        self.needs.lock().unwrap().clone()
    }
}

/// What a program writes that keeps its provider for itself.
struct Shared(Arc<Turning>);

impl CredentialsProvider for Shared {
    fn access_token(&self, need: TokenNeed) -> TokenFuture<'_> {
        Box::pin(async move {
            self.0.needs.lock().unwrap().push(need);
            let mut tokens = self.0.tokens.lock().unwrap();
            let token = match tokens.len() {
                1 => tokens[0],
                _ => tokens.pop().unwrap(),
            };
            if token == "none" {
                return Err("the vault is closed".into());
            }
            Ok(AccessToken::from(token))
        })
    }
}

async fn till(
    script: impl IntoIterator<Item = support::scripted_server::Answer>,
    tokens: &[&'static str],
) -> (ScriptedServer, Client, Arc<Turning>) {
    let server = ScriptedServer::start(script).await;
    let turning = Turning::with(tokens);
    let clock = Arc::new(ManualClock::default());
    let client = builder(&server.base_url(), &clock)
        .credentials(Shared(Arc::clone(&turning)))
        .build()
        .unwrap();
    (server, client, turning)
}

fn sent(server: &ScriptedServer) -> Vec<String> {
    server
        .requests()
        .iter()
        .flat_map(|request| {
            request
                .header("x-cashbox-accesstoken")
                .into_iter()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .collect()
}

fn unauthorized() -> support::scripted_server::Answer {
    problem(401, r#"{"title":"Unauthorized"}"#)
}

use TokenNeed::{Invalidated, NextAttempt};

#[tokio::test]
async fn each_attempt_asks_for_its_token() {
    let script = [page(503), page(503), json(201, SIGNED)];
    let (server, client, turning) = till(script, &["token-1", "token-2", "token-3"]).await;
    let signed = done(client.sign(sale("S-1")).await);
    assert_eq!(signed.execution(), Execution::New);
    assert_eq!(sent(&server), ["token-1", "token-2", "token-3"]);
    assert_eq!(turning.needs(), [NextAttempt; 3]);
    // The token is part of the attempt, not of the operation.
    let requests = server.requests();
    assert_eq!(requests[0].body, requests[2].body);
}

#[tokio::test]
async fn a_refused_token_is_replaced_once_and_the_operation_sent_again_at_once() {
    let script = [unauthorized(), json(201, SIGNED)];
    let (server, client, turning) = till(script, &["token-1", "token-2"]).await;
    let signed = done(client.sign(sale("S-1")).await);
    assert_eq!(signed.completion.attempts, 2);
    assert_eq!(sent(&server), ["token-1", "token-2"]);
    assert_eq!(turning.needs(), [NextAttempt, Invalidated]);
}

#[tokio::test]
async fn the_same_token_again_or_none_is_not_sent_again() {
    for second in ["token-1", "none"] {
        let (server, client, turning) = till([unauthorized()], &["token-1", second]).await;
        let error = client.sign(sale("S-1")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unauthorized, "{second}");
        assert_eq!(error.outcome(), Standing::NotSent, "{second}");
        assert_eq!(sent(&server), ["token-1"], "{second}");
        assert_eq!(turning.needs(), [NextAttempt, Invalidated], "{second}");
    }
}

#[tokio::test]
async fn a_second_refusal_in_a_row_ends_it() {
    let tokens = ["token-1", "token-2", "token-3"];
    let (server, client, _) = till([unauthorized()], &tokens).await;
    let error = client.sign(sale("S-1")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    assert_eq!(sent(&server), ["token-1", "token-2"]);
    assert_eq!(error.attempts(), 2);
}

#[tokio::test]
async fn a_token_that_expires_later_on_is_replaced_again() {
    let script = [unauthorized(), page(503), unauthorized(), json(201, SIGNED)];
    let tokens = ["token-1", "token-2", "token-2", "token-3"];
    let (server, client, turning) = till(script, &tokens).await;
    let _ = done(client.sign(sale("S-1")).await);
    assert_eq!(sent(&server), ["token-1", "token-2", "token-2", "token-3"]);
    assert_eq!(
        turning.needs(),
        [NextAttempt, Invalidated, NextAttempt, Invalidated]
    );
}

#[tokio::test]
async fn only_a_401_asks_for_another_token() {
    let forbidden = problem(403, r#"{"title":"Forbidden"}"#);
    let (server, client, turning) = till([forbidden], &["token-1", "token-2"]).await;
    let error = client.sign(sale("S-1")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    assert_eq!(sent(&server), ["token-1"]);
    assert_eq!(turning.needs(), [NextAttempt]);
}

#[tokio::test]
async fn a_fixed_token_is_not_asked_for_again() {
    let server = ScriptedServer::start([unauthorized()]).await;
    let client = builder(&server.base_url(), &Arc::default())
        .build()
        .unwrap();
    let error = client.sign(sale("S-1")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_provider_that_has_none_for_a_moment_delays_the_operation() {
    let tokens = ["none", "none", "token-1"];
    let (server, client, turning) = till([json(201, SIGNED)], &tokens).await;
    let signed = done(client.sign(sale("S-1")).await);
    assert_eq!(
        signed.completion.attempts, 1,
        "nothing was sent without one"
    );
    assert_eq!(sent(&server), ["token-1"]);
    assert_eq!(turning.needs(), [NextAttempt; 3]);
}

#[tokio::test]
async fn a_provider_without_a_token_is_the_source_of_the_error() {
    let (server, client, _) = till([json(201, SIGNED)], &["none"]).await;
    let call = client.sign(sale("S-1"));
    let error = call.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoCredentials);
    assert_eq!(error.kind().as_str(), "no-credentials");
    assert_eq!(error.outcome(), Standing::NotSent);
    assert!(error.is_retryable());
    assert_eq!(error.attempts(), 0);
    let source = std::error::Error::source(&error).unwrap();
    assert_eq!(source.to_string(), "the vault is closed");
    assert!(server.requests().is_empty());

    // With a token it is the same operation.
    let better = builder(&server.base_url(), &Arc::default())
        .build()
        .unwrap();
    let signed = done(better.resume::<Signed>(error.handle().unwrap()).await);
    assert_eq!(Some(signed.operation_id()), error.operation_id());
}

#[tokio::test]
async fn a_provider_that_does_not_come_back_is_given_the_time_of_an_attempt() {
    let server = ScriptedServer::start([json(201, SIGNED)]).await;
    let clock = Arc::new(ManualClock::default());
    let silent = |_: TokenNeed| std::future::pending();
    let client = builder(&server.base_url(), &clock)
        .credentials(silent)
        .with_deadline(ATTEMPT_TIMEOUT)
        .build()
        .unwrap();
    let call = std::future::IntoFuture::into_future(client.sign(sale("S-1")));
    let run_out = async {
        while clock.attempts() == 0 {
            tokio::task::yield_now().await;
        }
        clock.run_out_attempt();
    };
    let handle = pending(tokio::join!(call, run_out).0);
    // Nothing was under way while it was asked.
    assert_eq!(handle.standing(), Standing::NotSent);
    assert_eq!(handle.attempts(), 0);
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_token_of_a_provider_that_comes_back_is_taken_out() {
    let body = r#"{"title":"Bad","detail":"got canary-token-1"}"#;
    let (_server, client, _) = till([problem(400, body)], &["canary-token-1"]).await;
    let error = client.sign(sale("S-1")).await.unwrap_err();
    let shown = format!("{error} {error:?} {:?} {client:?}", error.problem());
    assert!(shown.contains("got [access token]"), "{shown}");
    assert!(!shown.contains("canary"), "{shown}");
}

#[tokio::test]
async fn a_provider_that_takes_all_the_time_leaves_none_for_an_attempt() {
    let server = ScriptedServer::start([json(201, SIGNED)]).await;
    let clock = Arc::new(ManualClock::default());
    let slow = {
        let clock = Arc::clone(&clock);
        move |_: TokenNeed| {
            clock.run_out_attempt();
            std::future::ready(Ok(AccessToken::from("canary-token-1")))
        }
    };
    let client = builder(&server.base_url(), &clock)
        .credentials(slow)
        .with_deadline(ATTEMPT_TIMEOUT)
        .build()
        .unwrap();
    let handle = pending(client.sign(sale("S-1")).await);
    assert_eq!(handle.standing(), Standing::NotSent);
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn how_often_a_provider_is_asked_that_has_none_is_a_rule_of_its_own() {
    let server = ScriptedServer::start([json(201, SIGNED)]).await;
    let turning = Turning::with(&["none"]);
    let mut policy = pos_system_api::runtime::RetryPolicy::default();
    policy.credentials_resends = 1;
    let clock = Arc::new(ManualClock::default());
    let client = builder(&server.base_url(), &clock)
        .credentials(Shared(Arc::clone(&turning)))
        .with_retry_policy(policy)
        .build()
        .unwrap();
    let error = client.sign(sale("S-1")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoCredentials);
    assert_eq!(turning.needs().len(), 2);
    assert!(server.requests().is_empty());
}
