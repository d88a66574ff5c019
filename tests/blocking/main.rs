//! The blocking client, over sockets, without a runtime on the calling thread.

#![cfg(feature = "blocking")]
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

#[path = "../support/mod.rs"]
mod support;

mod background;
mod batch;
mod complete;
mod documents;
mod durable;
mod journal;
mod payments;
mod records;

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use pos_system_api::blocking::Client;
use pos_system_api::client::{BatchEntry, ClientBuilder};
use pos_system_api::{ErrorKind, Execution, Outcome, Signed, Standing};
use pos_system_api_simulator::Simulator;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use support::chance::{SteadyChance, operation};
use support::client::{CASHBOX_ID, POS_SYSTEM_ID, builder, done, pending};
use support::receipts::{sale, sale_paid_with};
use support::scripted_server::{ScriptedServer, json, page};

/// A simulator on threads of its own.
fn simulator() -> (Runtime, Simulator) {
    let runtime = Runtime::new().unwrap();
    let simulator = runtime
        .block_on(Simulator::builder().started(true).start())
        .unwrap();
    (runtime, simulator)
}

/// On the system's clock: several operations run at once here, and none has to wait.
fn builder_of(simulator: &Simulator) -> ClientBuilder {
    Client::builder()
        .base_url(simulator.base_url())
        .cashbox_id(simulator.cashbox_id())
        .access_token(simulator.access_token())
        .pos_system_id(POS_SYSTEM_ID)
        .with_chance(Arc::new(SteadyChance::default()))
}

#[test]
fn echo_sign_issue() {
    let (_runtime, simulator) = simulator();
    let client = builder_of(&simulator).build_blocking().unwrap();
    let echoed = done(client.echo("Hello").send());
    assert_eq!(echoed.message.as_deref(), Some("Hello"));

    let call = client.sign(sale("S-1"));
    assert_eq!(call.operation_id(), Some(operation(2)));
    let signed = done(call.send());
    assert_eq!(signed.operation_id(), operation(2));
    let issued = done(client.issue(&signed).send());
    assert!(issued.document_url().is_some());

    let again = done(
        client
            .sign(sale("S-1"))
            .with_operation_id(operation(2))
            .send(),
    );
    assert_eq!(again.execution(), Execution::Replayed);
    let ledger = simulator.ledger();
    assert_eq!(ledger.receipts().len(), 1);
    assert_eq!(ledger.issues().len(), 1);
}

#[test]
fn the_deadline_gives_the_till_back_and_another_client_resumes() {
    let runtime = Runtime::new().unwrap();
    let server = runtime.block_on(ScriptedServer::start([page(503)]));
    let client = builder(&server.base_url(), &Arc::default())
        .build_blocking()
        .unwrap();
    let handle = pending(
        client
            .sign(sale("S-1"))
            .with_deadline(Duration::from_secs(60))
            .send(),
    );
    assert_eq!(handle.standing(), Standing::Unknown);
    let stored = serde_json::to_string(&handle).unwrap();

    let (_simulators_runtime, simulator) = simulator();
    let other = builder_of(&simulator).build_blocking().unwrap();
    let restored = serde_json::from_str(&stored).unwrap();
    let signed = done(other.resume::<Signed>(restored).send());
    assert_eq!(signed.operation_id(), handle.operation_id());
}

#[test]
fn errors_are_those_of_the_async_client() {
    let (_runtime, simulator) = simulator();
    let client = builder_of(&simulator).build_blocking().unwrap();
    let error = client.sign(sale_paid_with("S-1", 700)).send().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::FiscalError);
    assert!(error.fiscal_answer().is_some());
    let error = Client::builder().build_blocking().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
}

#[test]
fn inside_an_async_runtime_a_call_is_refused_and_keeps_its_operation() {
    let (runtime, simulator) = simulator();
    let client = builder_of(&simulator).build_blocking().unwrap();
    let inside = client.clone();
    let error = runtime.block_on(async move {
        let error = inside.sign(sale("S-1")).send().unwrap_err();
        let mut batch = inside.sign_all([sale("S-2")]);
        let refused = batch.next().unwrap().unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Configuration);
        (error, batch)
    });
    let (error, mut batch) = error;
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.to_string().contains("async"), "{error}");
    assert_eq!(error.outcome(), Standing::NotSent);
    assert_eq!(error.operation_id(), Some(operation(1)));
    assert_eq!(simulator.ledger().requests().len(), 0);

    let handle = error.handle().unwrap();
    let _ = done(client.resume::<Signed>(handle).send());
    // The batch is as it was.
    assert!(batch.next().unwrap().unwrap().signed().is_some());
    assert!(batch.next().is_none());
}

#[test]
fn a_client_may_be_made_and_dropped_inside_an_async_runtime() {
    let (runtime, simulator) = simulator();
    runtime.block_on(async {
        drop(builder_of(&simulator).build_blocking().unwrap());
    });
}

#[test]
fn clones_work_side_by_side() {
    let (runtime, simulator) = simulator();
    let client = builder_of(&simulator).build_blocking().unwrap();
    let hold = simulator.hold();
    std::thread::scope(|scope| {
        let (under_way, ends): (Vec<_>, Vec<_>) = (1..=4).map(|_| oneshot::channel::<()>()).unzip();
        let calls: Vec<_> = (1..)
            .zip(under_way)
            .map(|(n, under_way)| {
                let client = client.clone();
                scope.spawn(move || {
                    // Dropped when the call has ended, however it ends.
                    let _under_way = under_way;
                    done(client.sign(sale(&format!("S-{n}"))).send())
                })
            })
            .collect();
        // None waits for another one's answer.
        let arrived = runtime.block_on(async {
            let mut ends: JoinSet<_> = ends.into_iter().collect();
            simulator.arrivals_while(4, ends.join_next()).await
        });
        arrived.expect("a call ended before all had arrived");
        hold.release();
        let mut ids: Vec<_> = calls
            .into_iter()
            .map(|call| call.join().unwrap().operation_id())
            .collect();
        ids.sort();
        assert_eq!(ids, (1..=4).map(operation).collect::<Vec<_>>());
    });
    assert_eq!(simulator.ledger().receipts().len(), 4);
}

#[test]
fn a_batch_is_an_iterator() {
    let runtime = Runtime::new().unwrap();
    let signed = r#"{"ftState":4707387510509010944,"ftReceiptIdentification":"ft1#IT1"}"#;
    let server = runtime.block_on(ScriptedServer::start([json(201, signed), page(503)]));
    let client = builder(&server.base_url(), &Arc::default())
        .with_deadline(Duration::from_secs(60))
        .build_blocking()
        .unwrap();
    let batch = client.sign_all([sale("S-1"), sale("S-2"), sale("S-3")]);
    let progress = batch.progress();
    let entries: Vec<_> = batch.map(Result::unwrap).collect();
    assert!(matches!(
        &entries[..],
        [
            BatchEntry::Sent {
                result: Ok(Outcome::Done(_)),
                ..
            },
            BatchEntry::Sent {
                result: Ok(Outcome::Pending(_)),
                ..
            },
            BatchEntry::Unsent(_)
        ]
    ));
    assert_eq!(progress.borrow().finished(), 3);
}

#[test]
fn options_of_the_async_call_are_within_reach() {
    let runtime = Runtime::new().unwrap();
    let server = runtime.block_on(ScriptedServer::start([json(201, r#"{"Message":"x"}"#)]));
    let client = builder(&server.base_url(), &Arc::default())
        .build_blocking()
        .unwrap();
    let call = client
        .echo("x")
        .with(|call| call.with_terminal("7"))
        .with_lifetime(Duration::from_secs(15));
    let _ = done(call.send());
    let request = &server.requests()[0];
    assert_eq!(request.header("x-terminal-id"), ["7"]);
    assert_eq!(request.header("x-operation-lifetime"), ["15000"]);
}

#[test]
fn the_connections_end_with_the_last_clone() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let serving = std::thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        while !request.ends_with(br#"{"Message":"x"}"#) {
            let mut byte = [0];
            socket.read_exact(&mut byte).unwrap();
            request.push(byte[0]);
        }
        let answer = "HTTP/1.1 201 Created\r\ncontent-type: application/json\r\n\
                      content-length: 15\r\n\r\n{\"Message\":\"x\"}";
        socket.write_all(answer.as_bytes()).unwrap();
        // Ends only when the client closes the connection.
        let mut rest = Vec::new();
        socket.read_to_end(&mut rest).unwrap();
        rest
    });
    let client = Client::builder()
        .base_url(format!("http://{address}"))
        .cashbox_id(CASHBOX_ID)
        .access_token("canary-access-token")
        .pos_system_id(POS_SYSTEM_ID)
        .build_blocking()
        .unwrap();
    let clone = client.clone();
    let _ = done(client.echo("x").send());
    drop(client);
    assert!(!serving.is_finished());
    drop(clone);
    assert_eq!(serving.join().unwrap(), b"");
}
