//! What a hostile network gets: nothing.

use std::future::IntoFuture;
use std::process::Command;
use std::sync::Mutex;
use std::time::Duration;

use pos_system_api::client::Proxy;
use pos_system_api::runtime::{Limits, RetryPolicy};
use pos_system_api::{Client, ErrorKind, Standing};
use pos_system_api_simulator::{Fault, Simulator};
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

use super::*;
use crate::support::arrival::{UnderWay, meanwhile};
use crate::support::client::ACCESS_TOKEN;

#[tokio::test]
async fn a_redirect_to_another_host_receives_no_request() {
    // The same machine under another name: another origin, which default clients follow to.
    let elsewhere = ScriptedServer::start([json(201, SIGNED)]).await;
    let other_host = elsewhere.base_url().replace("127.0.0.1", "localhost");
    assert!(other_host.contains("localhost"));
    for status in [301, 302, 303, 307, 308] {
        let moved = page(status).with_header("location", format!("{other_host}/v2/sign"));
        let server = ScriptedServer::start([moved]).await;
        let client = builder(&server.base_url(), &Arc::default())
            .build()
            .unwrap();
        let error = client.sign(sale("S-1")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Redirected, "{status}");
        let raw = client.raw();
        assert!(raw.get_cart().send().await.is_err(), "{status}");
    }
    assert!(elsewhere.requests().is_empty());
}

/// Listens where a proxy could be, and keeps the first bytes of whoever comes.
async fn listening() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let heard = Arc::<Mutex<Vec<String>>>::default();
    let kept = Arc::clone(&heard);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = Vec::new();
            while !head.windows(4).any(|end| end == b"\r\n\r\n") {
                if stream.read_buf(&mut head).await.unwrap_or_default() == 0 {
                    break;
                }
            }
            kept.lock()
                .unwrap()
                .push(String::from_utf8_lossy(&head).into_owned());
        }
    });
    (url, heard)
}

/// A client of a server that is nowhere, with these proxies.
fn far_away(base_url: &str, proxy: Proxy) -> Client {
    // One attempt: there is no time for the wait before a second one.
    let mut policy = RetryPolicy::default();
    policy.first_wait = 2 * ATTEMPT_TIMEOUT;
    policy.longest_wait = policy.first_wait;
    builder(base_url, &Arc::default())
        .with_deadline(ATTEMPT_TIMEOUT)
        .with_retry_policy(policy)
        .with_proxy(proxy)
        .build()
        .unwrap()
}

#[cfg(feature = "rustls")]
#[tokio::test]
async fn a_chosen_proxy_is_asked_for_a_tunnel_and_sees_no_token() {
    let (url, heard) = listening().await;
    let client = far_away("https://no-such-host.invalid", Proxy::url(url));
    let handle = pending(client.sign(sale("S-1")).await);
    assert_eq!(handle.standing(), Standing::NotSent);
    let heard = heard.lock().unwrap().clone();
    assert!(
        heard[0].starts_with("CONNECT no-such-host.invalid:443 "),
        "{heard:?}"
    );
    assert!(heard.iter().all(|head| !head.contains(ACCESS_TOKEN)));
}

#[tokio::test]
async fn plain_http_goes_through_no_proxy() {
    let (url, heard) = listening().await;
    let server = ScriptedServer::start([json(201, SIGNED)]).await;
    let client = far_away(&server.base_url(), Proxy::url(url));
    let _ = done(client.sign(sale("S-1")).await);
    assert!(heard.lock().unwrap().is_empty());
    assert_eq!(server.requests().len(), 1);
}

/// What the child process below tries; both names are its own.
const ASKED: &str = "POS_SYSTEM_API_TEST_PROXY";

#[cfg(feature = "rustls")]
#[tokio::test]
#[ignore = "runs in a process of its own, with an environment of its own"]
async fn child_with_a_proxy_in_its_environment() {
    let proxy = match std::env::var(ASKED).as_deref() {
        Ok("environment") => Proxy::Environment,
        _ => Proxy::default(),
    };
    let client = far_away("https://no-such-host.invalid", proxy);
    let _ = pending(client.sign(sale("S-1")).await);
}

#[cfg(feature = "rustls")]
#[tokio::test]
async fn a_proxy_of_the_environment_is_used_only_if_asked_for() {
    for (asked, is_used) in [("none", false), ("environment", true)] {
        let (url, heard) = listening().await;
        let child = tokio::task::spawn_blocking(move || {
            Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "--ignored"])
                .arg("security::child_with_a_proxy_in_its_environment")
                .env(ASKED, asked)
                .env("HTTPS_PROXY", &url)
                .env("ALL_PROXY", &url)
                .env_remove("NO_PROXY")
                .output()
                .unwrap()
        });
        let output = child.await.unwrap();
        let shown = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{shown}");
        assert!(shown.contains("1 passed"), "{shown}");
        assert_eq!(!heard.lock().unwrap().is_empty(), is_used, "{asked}");
    }
}

#[cfg(feature = "rustls")]
#[test]
fn the_url_of_a_proxy_is_not_shown() {
    let proxy = Proxy::url("http://till:hunter2@proxy.example:3128");
    let setup = builder("https://host.example", &Arc::default()).with_proxy(proxy.clone());
    assert_eq!(format!("{proxy:?}"), "ProxyUrl(…)");
    assert!(!format!("{setup:?}").contains("hunter2"));
    assert!(setup.build().is_ok());

    let error = builder("https://host.example", &Arc::default())
        .with_proxy(Proxy::url("http://hunter2:hunter2@"))
        .build()
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    let source = std::error::Error::source(&error);
    assert!(!format!("{error} {error:?} {source:?}").contains("hunter2"));
    let shown = format!("{:?} {:?}", Proxy::None, Proxy::Environment);
    assert_eq!(shown, "None Environment");
}

#[tokio::test]
async fn a_compressed_answer_is_not_inflated() {
    let simulator = Simulator::builder().started(true).start().await.unwrap();
    simulator.faults().script(vec![Fault::GzipBody; 4]);
    let client = builder_of(&simulator, &Arc::default()).build().unwrap();
    let error = client.sign(sale("S-1")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreadable);
    // As it came over the wire: the two bytes that gzip begins with.
    assert_eq!(error.answer().unwrap().body[..2], [0x1F, 0x8B]);
    // It was not asked for either.
    for request in simulator.ledger().requests() {
        let names: Vec<_> = request
            .headers
            .iter()
            .map(|(name, _)| name.as_str())
            .collect();
        assert!(!names.contains(&"accept-encoding"), "{names:?}");
    }
}

#[tokio::test]
async fn a_huge_answer_is_read_up_to_the_limit() {
    for (limit, executed) in [(None, 8 * 1024 * 1024), (Some(1000), 1000)] {
        let simulator = Simulator::builder().started(true).start().await.unwrap();
        simulator.faults().script([Fault::HugeBody {
            bytes: 64 * 1024 * 1024,
        }]);
        let mut limits = Limits::default();
        limits.answer = limit.unwrap_or(limits.answer);
        let client = builder_of(&simulator, &Arc::default())
            .with_limits(limits)
            .build()
            .unwrap();
        let error = client.sign(sale("S-1")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unreadable);
        assert_eq!(error.outcome(), Standing::Unknown);
        assert_eq!(error.answer().unwrap().body.len(), executed);
        assert_eq!(error.problem().unwrap().raw.len(), executed.min(8 * 1024));
    }
}

#[tokio::test]
async fn a_huge_error_is_read_and_kept_in_part() {
    let page = "x".repeat(200 * 1024);
    let server = ScriptedServer::start([json(400, page)]).await;
    let client = builder(&server.base_url(), &Arc::default())
        .build()
        .unwrap();
    let error = client.sign(sale("S-1")).await.unwrap_err();
    assert_eq!(error.answer().unwrap().body.len(), 64 * 1024);
    assert_eq!(error.problem().unwrap().raw.len(), 8 * 1024);
}

#[tokio::test]
async fn a_slow_drip_ends_with_the_attempt_timeout() {
    let simulator = Simulator::builder()
        .started(true)
        .virtual_time("2026-06-01T10:00:00Z".parse().unwrap())
        .start()
        .await
        .unwrap();
    simulator.faults().script([Fault::SlowDrip {
        bytes: 1,
        interval: Duration::from_secs(1),
    }]);
    let clock = Arc::new(ManualClock::default());
    let client = builder_of(&simulator, &clock).build().unwrap();
    let call = client.sign(sale("S-1")).into_future();
    let run_out = async |call: UnderWay| {
        call.arrivals(&simulator, 1).await;
        clock.run_out_attempt();
    };
    let signed = done(meanwhile(call, run_out).await.0);
    assert_eq!(signed.completion.attempts, 2);
}

#[test]
fn plain_http_to_another_host_is_refused() {
    for url in ["http://10.0.0.1", "http://host.example/v2"] {
        let error = builder(url, &Arc::default()).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains("https"), "{error}");
    }
    assert!(
        builder("http://10.0.0.1", &Arc::default())
            .with_insecure_http(true)
            .build()
            .is_ok()
    );
}

#[test]
fn a_token_that_would_begin_another_header_is_refused_at_once() {
    for token in ["canary\r\nx-evil: 1", "canary\0", "canary\n", "", "canär"] {
        let error = builder("https://host.example", &Arc::default())
            .access_token(token)
            .build()
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(!format!("{error} {error:?}").contains("canar"));
    }
}
