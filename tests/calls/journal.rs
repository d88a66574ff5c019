//! Exports: whole, or said not to be.

use std::future::{IntoFuture, poll_fn};
use std::io::{Read, Write};
use std::num::NonZeroU32;
use std::pin::Pin;
use std::time::Duration;

use pos_system_api::client::journal::{Export, JournalCall, JournalRange, Ticks};
use pos_system_api::codes::{JournalFlags, JournalType};
use pos_system_api::types::JournalRequest;
use pos_system_api::{Client, Error, ErrorKind};
use pos_system_api_simulator::{Fault, Profile, Simulator, SimulatorBuilder};
use serde_json::Value;
use tokio::io::AsyncReadExt;

use crate::support::chance::operation;
use crate::support::client::{client, client_of, done};
use crate::support::clock::ATTEMPT_TIMEOUT;
use crate::{PROFILES, sale, started};

/// A queue with this many receipts of the past.
fn with_past(count: u64) -> SimulatorBuilder {
    Simulator::builder().past_receipts(count)
}

/// A call with the times that a test's clock knows.
fn timed(call: JournalCall) -> JournalCall {
    call.with_attempt_timeout(ATTEMPT_TIMEOUT)
        .with_stall_timeout(ATTEMPT_TIMEOUT)
}

async fn begun(client: &Client, range: JournalRange) -> Export {
    timed(client.journal(range)).await.unwrap()
}

/// The whole export as JSON.
async fn entries(client: &Client, range: JournalRange) -> Vec<Value> {
    let mut bytes = Vec::new();
    let exported = begun(client, range)
        .await
        .copy_to(&mut bytes)
        .await
        .unwrap();
    assert_eq!(exported.bytes, bytes.len() as u64);
    assert_eq!(exported.content_type.as_deref(), Some("application/json"));
    assert!(exported.has_certain_end);
    serde_json::from_slice(&bytes).unwrap()
}

fn all() -> JournalRange {
    JournalRange::all(JournalType::QUEUE_ITEM)
}

#[tokio::test]
async fn an_export_is_the_journal() {
    for profile in PROFILES {
        let simulator = started(with_past(50).profile(profile)).await;
        let (client, _) = client_of(&simulator);
        let signed = done(client.sign(sale("S-1")).await);
        let entries = entries(&client, all()).await;
        let request = entries.last().unwrap()["request"].as_str().unwrap();
        let request: Value = serde_json::from_str(request).unwrap();
        assert_eq!(request["cbReceiptReference"], "S-1", "{profile}");
        let id = signed.response.ft_queue_item_id.unwrap().to_string();
        assert_eq!(entries.last().unwrap()["ftQueueItemId"], id, "{profile}");
        assert!(entries.len() >= 51, "{profile}");
    }
}

#[tokio::test]
async fn a_range_is_by_time_by_number_or_both() {
    for profile in PROFILES {
        // One receipt a minute, the last at 23:59 of 2025.
        let simulator = started(with_past(3000).profile(profile)).await;
        let (client, _) = client_of(&simulator);
        let days: Vec<_> = JournalRange::days(
            JournalType::QUEUE_ITEM,
            "2025-12-30".parse().unwrap(),
            "2025-12-31".parse().unwrap(),
        )
        .collect();
        let mut slices = Vec::new();
        for (day, range) in days {
            let slice = entries(&client, range).await;
            assert_eq!(slice.len(), 1440, "{profile} {day}");
            slices.extend(slice);
        }
        // The slices are the journal from their first tick on.
        let from = "2025-12-30T00:00:00Z".parse().unwrap();
        let until = "2025-12-31T23:59:59.9999999Z".parse().unwrap();
        assert_eq!(
            entries(&client, all().since(from).until(until)).await,
            slices,
            "{profile}"
        );

        let three = NonZeroU32::new(3).unwrap();
        let taken = entries(&client, all().since(from).take(three)).await;
        assert_eq!(taken, slices[..3], "{profile}");

        // Going on after a break: the last whole entry comes once more, then the next.
        let last = Ticks::new(taken[2]["TimeStamp"].as_i64().unwrap()).unwrap();
        let two = NonZeroU32::new(2).unwrap();
        let rest = entries(&client, all().since_ticks(last).take(two)).await;
        assert_eq!(rest, slices[2..4], "{profile}");
        assert_eq!(
            entries(&client, all().until_ticks(Ticks::MIN)).await.len(),
            0,
            "{profile}"
        );
    }
}

#[tokio::test]
async fn every_form_is_passed_on_untouched() {
    for (market, kind, content_type, head) in [
        (
            "DE",
            JournalType::new(0x4445_2000_0000_1001),
            "application/x-tar",
            &b""[..],
        ),
        (
            "DE",
            JournalType::new(0x4445_2000_0000_1002),
            "application/zip",
            b"PK",
        ),
        (
            "PT",
            JournalType::new(0x5054_2000_0000_1001),
            "application/xml",
            b"<?xml",
        ),
        (
            "AT",
            JournalType::QUEUE_ITEM.with_flags(JournalFlags::ZIP),
            "application/zip",
            b"PK",
        ),
    ] {
        let simulator = started(with_past(20).market(market)).await;
        let (client, _) = client_of(&simulator);
        let mut export = begun(&client, JournalRange::all(kind)).await;
        assert_eq!(
            export.content_type(),
            Some(content_type),
            "{market} {kind:?}"
        );
        let mut bytes = Vec::new();
        export.copy_to(&mut bytes).await.unwrap();
        assert!(
            bytes.starts_with(head) && bytes.len() > 100,
            "{market} {kind:?}"
        );
        assert_eq!(export.received_bytes(), bytes.len() as u64);
    }
}

#[tokio::test]
async fn a_cut_export_is_never_a_whole_one() {
    for profile in PROFILES {
        for at in [0, 1, 5000, 70_000] {
            let what = format!("{profile} at {at}");
            let simulator = started(with_past(100).profile(profile)).await;
            let (client, _) = client_of(&simulator);
            let mut whole = Vec::new();
            begun(&client, all())
                .await
                .copy_to(&mut whole)
                .await
                .unwrap();
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

/// Takes all a stream gives.
async fn collected(mut export: Export) -> (Vec<u8>, Option<Error>) {
    use futures_core::Stream;
    let (mut bytes, mut error) = (Vec::new(), None);
    while let Some(next) = poll_fn(|context| Pin::new(&mut export).poll_next(context)).await {
        assert!(error.is_none(), "nothing comes after an error");
        match next {
            Ok(chunk) => bytes.extend_from_slice(&chunk),
            Err(broken) => error = Some(broken),
        }
    }
    (bytes, error)
}

#[tokio::test]
async fn an_export_is_a_stream_too() {
    let simulator = started(with_past(100)).await;
    let (client, _) = client_of(&simulator);
    let mut whole = Vec::new();
    begun(&client, all())
        .await
        .copy_to(&mut whole)
        .await
        .unwrap();
    let (bytes, error) = collected(begun(&client, all()).await).await;
    assert_eq!((bytes, error.is_none()), (whole, true));
    simulator
        .faults()
        .script([Fault::CutBodyAfterCommit { bytes: 9000 }]);
    let (_, error) = collected(begun(&client, all()).await).await;
    assert_eq!(error.unwrap().kind(), ErrorKind::Interrupted);
}

#[tokio::test]
async fn a_dropped_copy_loses_nothing() {
    let simulator = started(with_past(2000)).await;
    let (client, _) = client_of(&simulator);
    let mut whole = Vec::new();
    begun(&client, all())
        .await
        .copy_to(&mut whole)
        .await
        .unwrap();
    let mut export = begun(&client, all()).await;
    let (mut near, mut far) = tokio::io::duplex(1000);
    let mut bytes = vec![0; 1_000_000];
    // The copy is given up in the middle of whatever it does.
    tokio::select! {
        biased;
        read = far.read_exact(&mut bytes) => { read.unwrap(); }
        _ = export.copy_to(&mut near) => panic!("the journal is longer"),
    }
    let rest = async {
        let exported = export.copy_to(&mut near).await.unwrap();
        drop(near);
        exported
    };
    let read = far.read_to_end(&mut bytes);
    let (exported, read) = tokio::join!(rest, read);
    read.unwrap();
    assert_eq!(exported.bytes, whole.len() as u64);
    assert!(bytes == whole);
}

#[tokio::test]
async fn nobody_reads_faster_than_it_is_taken() {
    // 180 MB, of which one is taken.
    let simulator = started(with_past(100_000)).await;
    let (client, _) = client_of(&simulator);
    let mut export = begun(&client, all()).await;
    let (mut near, mut far) = tokio::io::duplex(1000);
    let mut bytes = vec![0; 1_000_000];
    tokio::select! {
        biased;
        read = far.read_exact(&mut bytes) => { read.unwrap(); }
        _ = export.copy_to(&mut near) => panic!("the journal is longer"),
    }
    // What is on its way is a chunk of the connection, not the journal.
    let ahead = export.received_bytes() - 1_000_000;
    assert!(ahead < 1_000_000, "{ahead}");
}

/// A writer that fails after some bytes.
struct Full(Vec<u8>, usize);

impl tokio::io::AsyncWrite for Full {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
        bytes: &[u8],
    ) -> std::task::Poll<std::io::Result<usize>> {
        let room = self.1 - self.0.len();
        if room == 0 {
            return std::task::Poll::Ready(Err(std::io::ErrorKind::StorageFull.into()));
        }
        let taken = room.min(bytes.len());
        self.0.extend_from_slice(&bytes[..taken]);
        std::task::Poll::Ready(Ok(taken))
    }

    fn poll_flush(
        self: Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn poll_shutdown(
        self: Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        std::task::Poll::Ready(Ok(()))
    }
}

#[tokio::test]
async fn a_full_disk_is_no_break_of_the_export() {
    let simulator = started(with_past(100)).await;
    let (client, _) = client_of(&simulator);
    let mut whole = Vec::new();
    begun(&client, all())
        .await
        .copy_to(&mut whole)
        .await
        .unwrap();
    let mut export = begun(&client, all()).await;
    let mut disk = Full(Vec::new(), 12_345);
    let error = export.copy_to(&mut disk).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotWritten);
    assert!(error.to_string().contains("12345 bytes"), "{error}");
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert_eq!(
        source,
        std::io::Error::from(std::io::ErrorKind::StorageFull).to_string()
    );
    // Room was made.
    disk.1 = usize::MAX;
    let exported = export.copy_to(&mut disk).await.unwrap();
    assert_eq!(exported.bytes, whole.len() as u64);
    assert!(disk.0 == whole);
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

#[tokio::test]
async fn the_call_has_what_an_operation_has() {
    let simulator = started(with_past(1)).await;
    let (client, _) = client_of(&simulator);
    let call = timed(client.journal(JournalType::RECEIPT_JOURNAL))
        .with_operation_id(operation(9))
        .with_lifetime(Duration::from_secs(7))
        .with_terminal("till-2");
    assert_eq!(call.operation_id(), Some(operation(9)));
    call.await.unwrap();
    let request: JournalRequest =
        serde_json::from_str(r#"{"ftJournalType":2,"From":5,"Later":true}"#).unwrap();
    timed(client.journal(request)).into_future().await.unwrap();
    let ledger = simulator.ledger();
    let [first, second] = ledger.requests() else {
        panic!("two exports")
    };
    assert_eq!(first.operation_id, Some(operation(9)));
    assert_eq!(first.header("x-operation-lifetime"), Some("7000"));
    assert_eq!(first.header("x-terminal-id"), Some("till-2"));
    assert_eq!(first.body, r#"{"ftJournalType":2,"From":0,"To":0}"#);
    assert_eq!(second.body, r#"{"From":5,"ftJournalType":2,"Later":true}"#);
    let error = client
        .journal(all())
        .with_terminal("a\nb")
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
}

#[tokio::test]
async fn an_export_can_be_moved_to_another_task() {
    let simulator = started(with_past(1).profile(Profile::Local)).await;
    let (client, _) = client_of(&simulator);
    let export = begun(&client, all()).await;
    let task = tokio::spawn(async move {
        let mut export = export;
        export.copy_to(&mut tokio::io::sink()).await
    });
    assert!(task.await.unwrap().unwrap().bytes > 0);
}
