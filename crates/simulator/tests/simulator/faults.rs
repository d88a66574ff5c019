//! Faults on the wire and what they leave in the ledger.

use pos_system_api_simulator::{Bytes, Fault, Simulator};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::till::{SALE, Till, operation, started};

/// Sends one sign request over a plain socket.
async fn sign_over_socket(sim: &Simulator) -> TcpStream {
    let address = sim.base_url().trim_start_matches("http://");
    let mut socket = TcpStream::connect(address).await.unwrap();
    let request = format!(
        "POST /v2/sign HTTP/1.1\r\nhost: {address}\r\nx-cashbox-id: {}\r\nx-cashbox-accesstoken: {}\r\nx-operation-id: {}\r\ncontent-length: {}\r\n\r\n{SALE}",
        sim.cashbox_id(),
        sim.access_token(),
        operation(1),
        SALE.len(),
    );
    socket.write_all(request.as_bytes()).await.unwrap();
    socket
}

#[tokio::test]
async fn a_reset_before_commit_executes_nothing() {
    let sim = started().await;
    sim.faults().script([Fault::ResetBeforeCommit]);
    let mut socket = sign_over_socket(&sim).await;
    let error = socket.read_to_end(&mut Vec::new()).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);

    let ledger = sim.ledger();
    assert!(ledger.receipts().is_empty());
    assert_eq!(
        (ledger.requests()[0].status, ledger.requests()[0].executed),
        (None, false)
    );
    assert_eq!(sim.faults().remaining(), 0);
    assert_eq!(Till::new(&sim).sign(operation(1), SALE).await.status, 201);
}

#[tokio::test]
async fn a_reset_after_commit_leaves_exactly_one_receipt() {
    let sim = started().await;
    sim.faults()
        .script([Fault::ResetAfterCommit, Fault::ResetAfterCommit]);
    for _ in 0..2 {
        let mut socket = sign_over_socket(&sim).await;
        let error = socket.read_to_end(&mut Vec::new()).await.unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
    }
    let stored = sim.ledger().receipts()[0].response.clone();
    let again = Till::new(&sim).sign(operation(1), SALE).await;
    assert_eq!(again.status, 200);
    assert_eq!(again.body.as_bytes(), stored);
    let ledger = sim.ledger();
    assert_eq!(ledger.receipts().len(), 1);
    let executed: Vec<bool> = ledger
        .requests_of(operation(1))
        .iter()
        .map(|r| r.executed)
        .collect();
    assert_eq!(executed, [true, false, false]);
}

#[tokio::test]
async fn a_cut_body_ends_after_exactly_the_scripted_bytes() {
    for bytes in [0, 20, usize::MAX] {
        let sim = started().await;
        sim.faults().script([Fault::CutBodyAfterCommit { bytes }]);
        let mut answer = Vec::new();
        let mut socket = sign_over_socket(&sim).await;
        socket.read_to_end(&mut answer).await.unwrap();

        let whole = sim.ledger().receipts()[0].response.clone();
        let text = String::from_utf8(answer).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 201"));
        assert!(head.contains(&format!("content-length: {}", whole.len())));
        assert_eq!(body.as_bytes(), &whole[..bytes.min(whole.len() - 1)]);

        let again = Till::new(&sim).sign(operation(1), SALE).await;
        assert_eq!(
            (again.status.as_u16(), again.body.as_bytes()),
            (200, &whole[..])
        );
    }
}

#[tokio::test]
async fn a_client_sees_a_cut_body_as_an_error() {
    let sim = started().await;
    sim.faults()
        .script([Fault::CutBodyAfterCommit { bytes: 20 }]);
    let till = Till::new(&sim);
    let response = till
        .post("/v2/sign", operation(1), SALE)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 201);
    assert!(response.bytes().await.is_err());
    assert_eq!(sim.ledger().receipts().len(), 1);
}

#[tokio::test]
async fn a_hang_lasts_until_the_client_gives_up() {
    let sim = started().await;
    let till = Till::new(&sim);
    sim.faults()
        .script([Fault::HangBeforeCommit, Fault::HangAfterCommit]);
    for (arrived, receipts) in [(1, 0), (2, 1)] {
        let mut hanging = tokio::spawn(till.post("/v2/sign", operation(1), SALE).send());
        sim.arrivals_while(arrived, &mut hanging).await.unwrap();
        assert!(!hanging.is_finished());
        assert_eq!(sim.ledger().receipts().len(), receipts);
        hanging.abort();
        assert!(hanging.await.unwrap_err().is_cancelled());
    }
    assert_eq!(till.sign(operation(1), SALE).await.status, 200);
    let answered: Vec<_> = sim.ledger().requests().iter().map(|r| r.status).collect();
    assert_eq!(answered, [None, None, Some(200)]);
    // The hanging connections must not keep the simulator from stopping.
    sim.shutdown().await;
}

#[tokio::test]
async fn a_shutdown_ends_requests_that_hang_or_are_held() {
    let sim = started().await;
    let till = Till::new(&sim);
    sim.faults().script([Fault::HangAfterCommit]);
    let mut hanging = tokio::spawn(till.post("/v2/sign", operation(1), SALE).send());
    sim.arrivals_while(1, &mut hanging).await.unwrap();
    let _hold = sim.hold();
    let mut held = tokio::spawn(till.post("/v2/sign", operation(2), SALE).send());
    sim.arrivals_while(2, &mut held).await.unwrap();
    sim.shutdown().await;
    assert!(hanging.await.unwrap().is_err());
    assert!(held.await.unwrap().is_err());
}

#[tokio::test]
async fn a_status_before_commit_executes_nothing_and_one_after_commit_does() {
    let sim = started().await;
    let till = Till::new(&sim);
    sim.faults().script([
        Fault::StatusBeforeCommit {
            status: 503,
            retry_after: Some(7),
        },
        Fault::StatusAfterCommit {
            status: 500,
            retry_after: None,
        },
        Fault::StatusAfterCommit {
            status: 99,
            retry_after: None,
        },
    ]);
    let before = till
        .post("/v2/sign", operation(1), SALE)
        .send()
        .await
        .unwrap();
    assert_eq!(
        (before.status().as_u16(), &before.headers()["retry-after"]),
        (503, &"7".parse().unwrap())
    );
    assert!(sim.ledger().receipts().is_empty());
    let after = till
        .post("/v2/sign", operation(1), SALE)
        .send()
        .await
        .unwrap();
    assert_eq!(
        (after.status().as_u16(), after.headers().get("retry-after")),
        (500, None)
    );
    assert_eq!(sim.ledger().receipts().len(), 1);
    assert_eq!(till.sign(operation(1), SALE).await.status, 500);
    assert_eq!(till.sign(operation(1), SALE).await.status, 200);
    let statuses: Vec<_> = sim.ledger().requests().iter().map(|r| r.status).collect();
    assert_eq!(statuses, [Some(503), Some(500), Some(500), Some(200)]);
}

#[tokio::test]
async fn a_replaced_body_is_sent_as_it_is() {
    let sim = started().await;
    let till = Till::new(&sim);
    let page = Bytes::from("<html>login</html>");
    let huge = Bytes::from(vec![b'x'; 10 * 1024 * 1024]);
    sim.faults().script([
        Fault::BodyBeforeCommit {
            status: 200,
            content_type: "text/html".into(),
            body: page.clone(),
        },
        Fault::BodyAfterCommit {
            status: 201,
            content_type: "application/json".into(),
            body: huge.clone(),
        },
    ]);
    let portal = till.sign(operation(1), SALE).await;
    assert_eq!(
        (portal.status.as_u16(), portal.content_type.as_str()),
        (200, "text/html")
    );
    assert_eq!(portal.body.as_bytes(), page);
    assert!(sim.ledger().receipts().is_empty());
    let replaced = till.sign(operation(1), SALE).await;
    assert_eq!(
        (replaced.status.as_u16(), replaced.body.len()),
        (201, huge.len())
    );
    assert_eq!(sim.ledger().receipts().len(), 1);
}

#[tokio::test]
async fn faults_are_taken_by_posts_in_order_and_can_be_dropped() {
    let sim = started().await;
    let till = Till::new(&sim);
    let unavailable = Fault::StatusBeforeCommit {
        status: 503,
        retry_after: None,
    };
    sim.faults().script(vec![unavailable; 3]);
    assert_eq!(till.get("/v2/echo").send().await.unwrap().status(), 405);
    assert_eq!(sim.faults().remaining(), 3);
    assert_eq!(
        till.bare_post("/nowhere").send().await.unwrap().status(),
        503
    );
    assert_eq!(sim.faults().remaining(), 2);
    sim.faults().clear();
    assert_eq!(till.sign(operation(1), SALE).await.status, 201);
}
