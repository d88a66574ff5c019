//! Common set-ups in a few words.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use pos_system_api_simulator::{Fault, Latency, Profile, Simulator, StartError, TimeError};

use crate::issued::Issued;
use crate::till::{SALE, Till, operation};

/// A payment of six minutes.
const SLOW_PAYMENT: &str = r#"{"Action":"payment","Protocol":"use_auto","cbPayItem":{"Description":"Card","Amount":30000.80}}"#;

#[tokio::test]
async fn a_scenario_is_one_expression() {
    let sim = Simulator::builder()
        .started(true)
        .market("DE")
        .profile(Profile::Spec20)
        .faults([Fault::ResetAfterCommit])
        .start()
        .await
        .unwrap();
    let till = Till::new(&sim);
    assert_eq!(sim.faults().remaining(), 1);
    let lost = till.post("/v2/sign", operation(1), SALE).send().await;
    assert!(lost.is_err());
    let again = till.sign(operation(1), SALE).await;
    assert_eq!(again.status, 200);
    assert!(again.body.contains("SIM-DE-"), "{}", again.body);
    sim.ledger().receipts().exactly_once();
}

#[tokio::test]
async fn six_minutes_pass_at_once_in_virtual_time() {
    let start = "2026-06-01T10:00:00Z".parse().unwrap();
    let builder = Simulator::builder().started(true).virtual_time(start);
    let sim = builder.start().await.unwrap();
    let till = Till::new(&sim);
    let mut paying = tokio::spawn(till.post("/v2/pay", operation(1), SLOW_PAYMENT).send());
    sim.arrivals_while(1, &mut paying).await.unwrap();
    let almost = sim.advance(Duration::from_secs(359)).unwrap();
    assert_eq!(almost.to_rfc3339(), "2026-06-01T10:05:59+00:00");
    sim.ledger().payments().none();
    sim.advance(Duration::from_secs(1)).unwrap();
    assert_eq!(paying.await.unwrap().unwrap().status(), 201);
    sim.ledger().payments().exactly_once_for([operation(1)]);
    assert_eq!(sim.advance(Duration::MAX), Err(TimeError::OutOfRange));
    let real = Simulator::start().await.unwrap();
    assert_eq!(
        real.advance(Duration::from_secs(1)),
        Err(TimeError::NotVirtual)
    );
}

#[tokio::test]
async fn a_restart_breaks_connections_and_keeps_what_was_committed() {
    let sim = Simulator::builder().started(true).start().await.unwrap();
    let till = Till::new(&sim);
    let signed = till.sign(operation(1), SALE).await;
    let hold = sim.hold();
    let mut open = tokio::spawn(till.post("/v2/sign", operation(2), SALE).send());
    sim.arrivals_while(2, &mut open).await.unwrap();
    sim.restart().await;
    assert!(open.await.unwrap().is_err());
    hold.release();

    assert_eq!(till.sign(operation(1), SALE).await.body, signed.body);
    assert_eq!(till.sign(operation(2), SALE).await.status, 201);
    let ledger = sim.ledger();
    ledger.receipts().exactly_once_for([1, 2].map(operation));
    assert_eq!(ledger.requests().len(), 4);
}

#[tokio::test]
async fn a_reset_begins_anew_without_hanging_anybody() {
    let start = "2026-06-01T10:00:00Z".parse().unwrap();
    let builder = Simulator::builder().started(true).virtual_time(start);
    let sim = builder.start().await.unwrap();
    let till = Till::new(&sim);
    let first = till.sign(operation(1), SALE).await;
    sim.advance(Duration::from_secs(60)).unwrap();
    let mut open = tokio::spawn(till.post("/v2/pay", operation(2), SLOW_PAYMENT).send());
    sim.arrivals_while(2, &mut open).await.unwrap();
    sim.faults().script([Fault::HangBeforeCommit]);
    sim.reset().unwrap();
    assert!(open.await.unwrap().is_err());
    assert_eq!(sim.faults().remaining(), 0);
    assert!(sim.ledger().requests().is_empty());

    let again = till.sign(operation(1), SALE).await;
    assert_eq!((again.status, again.body), (first.status, first.body));
    sim.advance(Duration::from_secs(3600)).unwrap();
    sim.ledger().payments().none();
    assert_eq!(sim.ledger().requests().len(), 1);
}

#[tokio::test]
async fn other_machines_come_in_only_when_they_are_allowed() {
    let any = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
    assert!(Simulator::builder().address(any).start().await.is_err());
    let builder = Simulator::builder().address(any).allow_remote(true);
    let sim = builder.start().await.unwrap();
    assert!(sim.base_url().starts_with("http://127.0.0.1:"));
    let echo = Till::new(&sim).send("/v2/echo", operation(1), "{}").await;
    assert_eq!(echo.status, 201);
}

#[tokio::test]
async fn a_request_whose_handling_is_delayed_ends_with_a_restart_and_a_reset() {
    for reset in [false, true] {
        let start = "2026-06-01T10:00:00Z".parse().unwrap();
        let builder = Simulator::builder().started(true).virtual_time(start);
        let second = Duration::from_secs(1);
        let delay = Fault::DelayBeforeHandling(Latency::Fixed { span: second });
        let sim = builder.faults([delay]).start().await.unwrap();
        let till = Till::new(&sim);
        let mut delayed = tokio::spawn(till.post("/v2/sign", operation(1), SALE).send());
        sim.arrivals_while(1, &mut delayed).await.unwrap();
        match reset {
            true => sim.reset().unwrap(),
            false => sim.restart().await,
        }
        assert!(delayed.await.unwrap().is_err());
        sim.advance(2 * second).unwrap();
        assert_eq!(till.sign(operation(2), SALE).await.status, 201);
        let ledger = sim.ledger();
        ledger.receipts().exactly_once_for([operation(2)]);
    }
}

#[tokio::test]
async fn links_lead_to_the_public_url() {
    let builder = Simulator::builder().public_url("https://sim.example.com:8443/till/");
    let issued = Issued::with(builder).await;
    let public = "https://sim.example.com:8443/till/_sim/receipts/";
    assert!(
        issued.document_url.starts_with(public),
        "{}",
        issued.document_url
    );
    assert!(issued.sim.base_url().starts_with("http://127.0.0.1:"));
    for (host, status) in [
        ("sim.example.com:8443", 200),
        ("SIM.example.com", 200),
        ("127.0.0.1", 200),
        ("example.com", 403),
        ("sim.example.com.example.net", 403),
    ] {
        let page = issued.till.get("/_sim/summary").header("host", host);
        assert_eq!(page.send().await.unwrap().status(), status, "{host}");
    }
}

#[tokio::test]
async fn a_public_url_is_one_that_can_be_opened() {
    for wrong in [
        "",
        "/",
        "sim.example.com",
        "ftp://sim.example.com",
        "http://",
        "http://user@sim.example.com",
        "http://sim.example.com/?a=b",
        "http://sim.example.com/a b",
    ] {
        let refused = Simulator::builder().public_url(wrong).start().await;
        assert!(
            matches!(refused, Err(StartError::PublicUrl { ref url }) if url == wrong),
            "{wrong:?}"
        );
    }
}
