//! Exports that do not come to their end, or do not begin: never taken for whole ones.

use std::future::poll_fn;
use std::io::{Read, Write};
use std::time::Duration;

use pos_system_api::ErrorKind;
use pos_system_api_simulator::Fault;

use super::{all, begun, entries, timed, whole, with_past};
use crate::support::client::{client, client_of};
use crate::{PROFILES, started};

#[tokio::test]
async fn a_cut_export_is_never_a_whole_one() {
    for profile in PROFILES {
        for at in [0, 1, 5000, 70_000] {
            let what = format!("{profile} at {at}");
            let simulator = started(with_past(100).profile(profile)).await;
            let (client, _) = client_of(&simulator);
            let whole = whole(&client).await;
            assert!(whole.len() > 100_000, "{what}");
            simulator
                .faults()
                .script([Fault::CutBodyAfterCommit { bytes: at }]);
            let mut export = begun(&client, all()).await;
            let mut bytes = Vec::new();
            let error = export.copy_to(&mut bytes).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Interrupted, "{what}");
            let words = format!("broke off after {} bytes", bytes.len());
            assert!(error.to_string().contains(&words), "{what}: {error}");
            assert!(whole.starts_with(&bytes) && bytes.len() <= at, "{what}");
            // It does not become whole by asking again.
            for _ in 0..2 {
                let again = export.chunk().await.unwrap_err();
                assert_eq!(again.kind(), ErrorKind::Interrupted, "{what}");
                let again = export.copy_to(&mut bytes).await.unwrap_err();
                assert_eq!(again.kind(), ErrorKind::Interrupted, "{what}");
            }
        }
    }
}

/// A server of one answer, written as it is; the connection stays open until it is told to close.
fn raw_server(answer: &'static [u8]) -> (String, std::sync::mpsc::Sender<()>) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (close, closed) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        let mut byte = [0];
        while !request.ends_with(br#""To":0}"#) {
            socket.read_exact(&mut byte).unwrap();
            request.push(byte[0]);
        }
        socket.write_all(answer).unwrap();
        let _ = closed.recv();
    });
    (url, close)
}

#[tokio::test]
async fn an_export_that_stands_still_is_broken() {
    let (url, _open) = raw_server(
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n[1,2",
    );
    let (client, clock) = client(&url);
    let mut export = begun(&client, all()).await;
    assert_eq!(export.chunk().await.unwrap().unwrap(), "[1,2");
    let stall = poll_fn(|context| {
        use std::task::Poll;
        let waiting = std::pin::pin!(export.chunk()).poll(context);
        assert!(waiting.is_pending());
        clock.run_out_attempt();
        Poll::Ready(())
    });
    stall.await;
    let error = export.chunk().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interrupted);
    assert!(error.to_string().contains("nothing came for"), "{error}");
}

#[tokio::test]
async fn an_end_that_cannot_be_told_from_a_break_is_said_to_be_one() {
    let (url, close) = raw_server(
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n[1,2]",
    );
    let (client, _) = client(&url);
    let mut export = begun(&client, all()).await;
    close.send(()).unwrap();
    let mut bytes = Vec::new();
    let exported = export.copy_to(&mut bytes).await.unwrap();
    assert_eq!(bytes, b"[1,2]");
    assert!(!exported.has_certain_end);
}

#[tokio::test]
async fn an_export_begins_in_spite_of_what_gets_in_its_way() {
    for profile in PROFILES {
        let simulator = started(with_past(10).profile(profile)).await;
        let (client, _) = client_of(&simulator);
        let status = |status| Fault::StatusBeforeCommit {
            status,
            retry_after: None,
        };
        simulator.faults().script([
            Fault::ResetBeforeCommit,
            status(503),
            status(500),
            Fault::HtmlPage {
                status: 200,
                executed: false,
            },
        ]);
        let whole = entries(&client, all()).await;
        assert!(whole.len() >= 10, "{profile}");
        assert_eq!(simulator.ledger().requests().len(), 5, "{profile}");
    }
}

#[tokio::test]
async fn an_export_that_cannot_begin_says_why() {
    for profile in PROFILES {
        let simulator = started(with_past(1).profile(profile)).await;
        let (client, _) = client_of(&simulator);
        let status = |status| Fault::StatusBeforeCommit {
            status,
            retry_after: None,
        };
        simulator.faults().script([status(401)]);
        let error = timed(client.journal(all())).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unauthorized, "{profile}");
        simulator.faults().script(vec![status(502); 50]);
        let call = timed(client.journal(all())).with_deadline(Duration::from_secs(20));
        let error = call.await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NoAnswer, "{profile}");
    }
}
