//! What the log keeps, for how long, and what it never keeps.

use pos_system_api::chrono::TimeDelta;
use pos_system_api::client::Payment;
use pos_system_api::durable::Record;
use pos_system_api::store::{Row, StoreErrorKind};
use pos_system_api::types::Amount;
use pos_system_api::uuid::Uuid;
use progenitor_client::OperationInfo;
use support::client::{DEADLINE, POS_SYSTEM_ID};
use support::scripted_server::{ScriptedServer, json, page};

use super::*;

#[tokio::test]
async fn every_effect_is_kept_and_resent_with_the_same_bytes() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    simulator.faults().script([Fault::ResetAfterCommit]);
    let signed = done(client.sign(sale("S-1")).await);
    simulator.faults().script([Fault::ResetBeforeCommit]);
    let issued = done(client.issue(&signed).await);
    let paid = done(
        client
            .pay(Payment::new("Card", Amount::from_cents(800)))
            .await,
    );
    let ids = [
        signed.operation_id(),
        issued.completion.operation_id,
        paid.operation_id(),
    ];
    let rows = rows(&*store).await;
    let kept: Vec<Uuid> = rows.iter().map(|row| row.operation_id).collect();
    assert_eq!(kept, ids);
    let ledger = simulator.ledger();
    for row in rows {
        let requests = ledger.requests_of(row.operation_id);
        assert!(!requests.is_empty());
        for request in requests {
            assert_eq!(row.body.as_deref(), Some(&request.body[..]));
        }
    }
}

#[tokio::test]
async fn a_row_that_is_not_what_was_written_is_no_record() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    done(client.sign(sale("S-1")).await);
    let row = rows(&*store).await.remove(0);
    assert!(Record::from_row(row.clone()).is_ok());
    let changes: [fn(&mut Row); 4] = [
        |row| row.body = Some(" ".into()),
        |row| row.answer = None,
        |row| row.stage = Stage::Prepared,
        |row| row.details.push(' '),
    ];
    for change in changes {
        let mut changed = row.clone();
        change(&mut changed);
        let error = Record::from_row(changed).unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Damaged);
        assert!(error.to_string().contains("number 1"), "{error}");
    }
}

#[tokio::test]
async fn a_record_says_in_plain_words_how_far_it_got() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    done(till(&simulator, &store).sign(sale("S-1")).await);
    let row = rows(&*store).await.remove(0);
    let id = row.operation_id;
    for (stage, words) in [
        (Stage::Prepared, "was not executed yet"),
        (Stage::SendStarted, "may have been executed"),
        (Stage::Unknown, "may have been executed"),
        (Stage::Final, "is settled"),
        (Stage::Acknowledged, "is settled"),
        (Stage::Abandoned, "was given up"),
        (Stage::Replaced, "was replaced by its late signing"),
        (Stage::Purged, "ended long ago"),
    ] {
        let mut changed = row.clone();
        changed.stage = stage;
        let record = Record::from_row(changed.sealed(row.sequence)).unwrap();
        assert_eq!(record.to_string(), format!("sign {id} {words}"));
    }
    let mut parked = row.clone();
    (parked.stage, parked.parked) = (Stage::Unknown, true);
    let record = Record::from_row(parked.sealed(row.sequence)).unwrap();
    assert_eq!(
        record.to_string(),
        format!("sign {id} may have been executed, and is set aside")
    );
}

#[tokio::test]
async fn questions_exports_and_secrets_are_not_kept() {
    let builder = Simulator::builder().started(true).pin("246810");
    let simulator = builder.start().await.unwrap();
    let store = Arc::new(WatchedStore::default());
    let client = till(&simulator, &store);
    done(client.echo("hello").await);
    let range = pos_system_api::client::journal::JournalRange::day(
        pos_system_api::codes::JournalType::QUEUE_ITEM,
        "2026-06-01".parse().unwrap(),
    );
    let mut file = Vec::new();
    let mut export = client.journal(range).await.unwrap();
    export.copy_to(&mut file).await.unwrap();
    let unpaired = Client::builder()
        .base_url(simulator.base_url())
        .pos_system_id(POS_SYSTEM_ID)
        .with_clock(Arc::new(BriskClock::default()))
        .with_attempt_timeout(ATTEMPT_TIMEOUT)
        .with_deadline(DEADLINE)
        .durable_shared(store.clone());
    done(unpaired.pair("246810").unwrap().await);
    assert!(store.commits().is_empty(), "{:?}", store.commits());
    assert!(rows(&*store).await.is_empty());
}

/// A call of a client that was generated from a later document: this one has no such operation.
async fn unlisted(client: &Client, id: Uuid) -> reqwest::Response {
    let url = format!("{}/stock/take", client.base_url());
    let request = client.http_client().post(url).body(r#"{"Item":1}"#).build();
    let info = OperationInfo {
        operation_id: "take_stock",
    };
    let call = client
        .call()
        .with_operation_id(id)
        .with_deadline(ATTEMPT_TIMEOUT);
    call.exec(request.unwrap(), &info, &[]).await.unwrap()
}

#[tokio::test]
async fn an_operation_of_another_document_is_kept_and_recovered() {
    let later = page(503).with_header("retry-after", "30");
    let server = ScriptedServer::start([later, json(201, r#"{"Taken":1}"#)]).await;
    let store = Arc::new(WatchedStore::default());
    let client = |store: &Arc<WatchedStore>| {
        support::client::builder(&server.base_url(), &Arc::default())
            .with_clock(Arc::new(BriskClock::default()))
            .durable_shared(store.clone())
            .build()
            .unwrap()
    };
    let id = Uuid::from_u128(42);
    let answer = unlisted(&client(&store), id).await;
    assert!(!answer.status().is_success());
    let store = store.after_power_loss().await;
    let next = client(&store);
    let recovery = next.recover().await.unwrap();
    let [record] = &recovery.finished[..] else {
        panic!("{recovery:?}");
    };
    assert_eq!((record.operation_id(), record.name()), (id, "take_stock"));
    assert_eq!(record.answer(), Some(&br#"{"Taken":1}"#[..]));
    let [first, second] = &server.requests()[..] else {
        panic!("{:?}", server.requests());
    };
    assert_eq!((&first.path, &first.body), (&second.path, &second.body));
    assert_eq!(second.header("x-operation-id"), [id.to_string()]);
    // Settled, it is answered from the log.
    let answer = unlisted(&next, id).await;
    assert_eq!(answer.text().await.unwrap(), r#"{"Taken":1}"#);
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn contents_are_removed_in_time_and_their_ids_stay_known() {
    let simulator = simulator().await;
    let store = Arc::new(WatchedStore::default());
    let options = LogOptions::default()
        .with_content_retention(Duration::from_secs(3600))
        .with_explicit_acknowledgement(true);
    let client = till_with(&simulator, &store, |builder| {
        builder.with_log_options(options.clone())
    });
    let untaken = done(client.sign(sale("S-1")).await);
    let call = client.sign(sale("S-2"));
    let handle = call.handle().unwrap();
    let taken = done(call.await);
    client.acknowledge(taken.operation_id()).await.unwrap();
    let requests = simulator.ledger().requests().len();

    let till_at = |off_by| {
        till_with(&simulator, &store, |builder| {
            builder
                .with_clock(Arc::new(BriskClock::off_by(off_by)))
                .with_log_options(options.clone())
        })
    };
    let early = till_at(TimeDelta::minutes(30));
    let _ = early.recover().await.unwrap();
    let record = early.recorded(taken.operation_id()).await.unwrap().unwrap();
    assert_eq!(record.body(), &taken.request_body[..]);

    let late = till_at(TimeDelta::minutes(90));
    let recovery = late.recover().await.unwrap();
    let record = late.recorded(taken.operation_id()).await.unwrap().unwrap();
    assert_eq!(record.stage(), Stage::Purged);
    assert!(record.body().is_empty() && record.answer().is_none() && record.handle().is_none());
    // What nobody took note of is whole.
    let [finished] = &recovery.finished[..] else {
        panic!("{recovery:?}");
    };
    let read: Signed = finished.read().unwrap();
    assert_eq!(read.completion.body, untaken.completion.body);
    // Its id is not sent again.
    let error = late.resume::<Signed>(handle).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert!(error.to_string().contains("removed"), "{error}");
    let id = taken.operation_id();
    let error = late.resume_recorded::<Signed>(id).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert_eq!(simulator.ledger().requests().len(), requests);
    // As long again its id stays known; then it goes, with nothing before it.
    late.acknowledge(untaken.operation_id()).await.unwrap();
    for (minutes, left) in [(180, 2), (250, 0)] {
        let client = till_at(TimeDelta::minutes(minutes));
        let _ = client.recover().await.unwrap();
        assert_eq!(rows(&*store).await.len(), left, "{minutes}");
    }
}
