//! Looking into and steering a simulator over HTTP.

use pos_system_api_simulator::{Fault, Profile, Simulator};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::till::{Answer, SALE, Till, operation};

async fn started() -> (Simulator, Till) {
    let start = "2026-06-01T10:00:00Z".parse().unwrap();
    let builder = Simulator::builder().started(true).virtual_time(start);
    let sim = builder.start().await.unwrap();
    let till = Till::new(&sim);
    (sim, till)
}

async fn answer(request: RequestBuilder) -> Answer {
    Answer::of(request.send().await.unwrap()).await
}

async fn get(till: &Till, path: &str) -> Answer {
    answer(till.get(path)).await
}

async fn post(till: &Till, path: &str, body: &str) -> Answer {
    answer(till.bare_post(path).body(body.to_owned())).await
}

#[tokio::test]
async fn control_calls_take_no_credentials_and_are_not_in_the_ledger() {
    for profile in Profile::ALL {
        let sim = Simulator::builder().profile(profile).start().await.unwrap();
        let till = Till::new(&sim);
        sim.faults().script([Fault::HangBeforeCommit]);
        for path in [
            "",
            "/",
            "/ledger",
            "/requests",
            "/operations",
            "/summary",
            "/clock",
            "/faults",
        ] {
            let answer = get(&till, &format!("/_sim{path}")).await;
            assert_eq!(answer.status, 200, "{path}");
        }
        assert_eq!(post(&till, "/_sim/forget", "").await.status, 200);
        assert!(sim.ledger().requests().is_empty());
        assert_eq!(sim.faults().remaining(), 1);
    }
}

#[tokio::test]
async fn what_is_not_there_is_refused() {
    let (_sim, till) = started().await;
    for path in [
        "/_sim/ledgers",
        "/_sim/ledger/1",
        "/_sim/receipts/1/2",
        "/_sim//",
    ] {
        let missing = get(&till, path).await;
        assert_eq!(missing.status, 404, "{path}");
        assert!(missing.json()["error"].is_string());
    }
    assert_eq!(
        get(&till, "/_simulator").await.content_type,
        "application/problem+json"
    );
    for (method, path, allowed) in [
        ("POST", "/_sim", "GET"),
        ("DELETE", "/_sim/ledger", "GET"),
        ("GET", "/_sim/reset", "POST"),
        ("PUT", "/_sim/clock", "GET, POST"),
    ] {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let request = till.request(method, path);
        let refused = request.send().await.unwrap();
        assert_eq!(refused.status(), 405, "{path}");
        assert_eq!(refused.headers()["allow"], allowed, "{path}");
    }
    let huge = post(&till, "/_sim/clock", &" ".repeat(1024 * 1024 + 1)).await;
    assert_eq!(huge.status, 413);
}

#[tokio::test]
async fn time_passes_when_it_is_told_to() {
    let (sim, till) = started().await;
    let pay = r#"{"Action":"payment","Protocol":"use_auto","cbPayItem":{"Description":"Card","Amount":30000.60}}"#;
    let mut paying = tokio::spawn(till.post("/v2/pay", operation(1), pay).send());
    sim.arrivals_while(1, &mut paying).await.unwrap();
    let summary = get(&till, "/_sim/summary").await.json();
    assert_eq!(summary["operations"]["processing"], 1);
    let moved = post(&till, "/_sim/clock", r#"{"advance_seconds":60.5}"#).await;
    let expected = json!({"now": "2026-06-01T10:01:00.5000000Z", "virtual_time": true});
    assert_eq!(
        (moved.status.as_u16(), moved.json()),
        (200, expected.clone())
    );
    assert_eq!(paying.await.unwrap().unwrap().status(), 201);
    assert_eq!(get(&till, "/_sim/clock").await.json(), expected);
    for body in [
        "",
        "{}",
        r#"{"advance_seconds":-1}"#,
        r#"{"advance_seconds":1e18}"#,
        r#"{"advance_seconds":1,"x":1}"#,
    ] {
        assert_eq!(post(&till, "/_sim/clock", body).await.status, 400, "{body}");
    }

    let real = Simulator::start().await.unwrap();
    let moved = post(&Till::new(&real), "/_sim/clock", r#"{"advance_seconds":1}"#).await;
    assert_eq!(moved.status, 409);
}

#[tokio::test]
async fn the_signing_unit_goes_out_of_service_and_comes_back() {
    let (_sim, till) = started().await;
    let in_order = till.sign(operation(1), SALE).await.json();
    for (in_service, number) in [(false, 2), (true, 3)] {
        let order = json!({"in_service": in_service});
        let answer = post(&till, "/_sim/signing-unit", &order.to_string()).await;
        assert_eq!((answer.status.as_u16(), answer.json()), (200, order));
        let summary = get(&till, "/_sim/summary").await.json();
        assert_eq!(summary["queue"]["signing_unit_in_service"], in_service);
        let signed = till.sign(operation(number), SALE).await.json();
        if !in_service {
            assert_ne!(signed["ftState"], in_order["ftState"]);
        }
    }
    assert_eq!(post(&till, "/_sim/signing-unit", "{}").await.status, 400);
}

#[tokio::test]
async fn forgotten_operations_run_again() {
    let (sim, till) = started().await;
    till.sign(operation(1), SALE).await;
    let summary = post(&till, "/_sim/forget", "").await.json();
    assert_eq!(summary["operations"]["done"], 0);
    assert_eq!(summary["ledger"]["receipts"], 1);
    assert_eq!(till.sign(operation(1), SALE).await.status, 201);
    assert_eq!(sim.ledger().receipts_of(operation(1)).len(), 2);
}

#[tokio::test]
async fn a_reset_gives_a_fresh_world() {
    let (sim, till) = started().await;
    let first = till.sign(operation(1), SALE).await;
    post(&till, "/_sim/clock", r#"{"advance_seconds":60}"#).await;
    let summary = post(&till, "/_sim/reset", "").await.json();
    assert_eq!(summary["ledger"]["requests"], 0);
    assert_eq!(summary["ledger"]["receipts"], 0);
    let again = till.sign(operation(1), SALE).await;
    assert_eq!((again.status, again.body), (first.status, first.body));
    assert_eq!(sim.ledger().receipts().count(), 1);
}

#[tokio::test]
async fn faults_are_counted_and_dropped() {
    let (sim, till) = started().await;
    sim.faults()
        .script([Fault::HangBeforeCommit, Fault::FiscalFail]);
    let left = get(&till, "/_sim/faults").await.json();
    assert_eq!(left["scripted"], 2);
    let left = answer(till.request(Method::DELETE, "/_sim/faults"))
        .await
        .json();
    assert_eq!(left["scripted"], 0);
    assert_eq!(till.sign(operation(1), SALE).await.status, 201);
}

#[tokio::test]
async fn a_plan_of_faults_is_posted_and_dropped() {
    let (sim, till) = started().await;
    let plan = json!({
        "seed": 7,
        "rules": [{"endpoint": "sign", "attempts": 1, "fault": {"status_after_commit": {"status": 502}}}],
    });
    let set = post(&till, "/_sim/faults", &plan.to_string()).await;
    assert_eq!(set.status, 200);
    // What is set is told in a form that can be set again.
    let told = set.json()["plan"].clone();
    assert_eq!(
        (&told["seed"], told["rules"].as_array().unwrap().len()),
        (&json!(7), 1)
    );
    assert_eq!(
        post(&till, "/_sim/faults", &told.to_string()).await.status,
        200
    );
    assert_eq!(till.sign(operation(1), SALE).await.status, 502);
    assert_eq!(till.sign(operation(1), SALE).await.status, 200);
    sim.ledger().receipts().exactly_once();
    for wrong in [
        "",
        "{}x",
        r#"{"rule":[]}"#,
        r#"{"rules":[{"fault":"flood"}]}"#,
    ] {
        assert_eq!(
            post(&till, "/_sim/faults", wrong).await.status,
            400,
            "{wrong}"
        );
    }
    assert_eq!(till.sign(operation(2), SALE).await.status, 502);
    answer(till.request(Method::DELETE, "/_sim/faults")).await;
    assert_eq!(till.sign(operation(3), SALE).await.status, 201);
}

#[tokio::test]
async fn a_pin_is_issued_and_pairs_once() {
    let (_sim, till) = started().await;
    let pin = post(&till, "/_sim/pins", "").await.json();
    let body = json!({"pin": pin["pin"]}).to_string();
    for (number, status) in [(1, 201), (2, 401)] {
        let paired = till
            .bare_post("/v2/pair")
            .header("x-operation-id", operation(number).to_string())
            .body(body.clone());
        assert_eq!(answer(paired).await.status, status);
    }
}

#[tokio::test]
async fn the_document_is_shown_and_counts_as_looked_at() {
    let (sim, till) = started().await;
    let signed = till.sign(operation(1), SALE).await.json();
    let item = signed["ftQueueItemID"].as_str().unwrap().to_owned();
    let path = format!("/_sim/receipts/{}/{item}", sim.queue_id());
    assert_eq!(get(&till, &path).await.status, 404);
    let request: Value = serde_json::from_str(SALE).unwrap();
    let issue = json!({"ReceiptRequest": request, "ReceiptResponse": signed}).to_string();
    let issued = till.send("/v2/issue", operation(2), issue).await.json();
    assert_eq!(issued["DocumentURL"], format!("{}{path}", sim.base_url()));

    let delivered = format!("/v2/issue/{}/{item}/delivered", sim.queue_id());
    assert_eq!(answer(till.ask(&delivered)).await.status, 204);
    assert_eq!(get(&till, &format!("{path}?format=gif")).await.status, 400);
    assert_eq!(answer(till.ask(&delivered)).await.status, 204);
    let page = get(&till, &path).await;
    assert_eq!(page.content_type, "text/html; charset=utf-8");
    assert!(page.body.contains("Espresso"));
    assert_eq!(answer(till.ask(&delivered)).await.status, 200);
    for (format, content_type, magic) in [
        ("pdf", "application/pdf", &b"%PDF-"[..]),
        ("png", "image/png", &b"\x89PNG"[..]),
    ] {
        let file = till
            .get(&format!("{path}?format={format}"))
            .send()
            .await
            .unwrap();
        assert_eq!(file.headers()["content-type"], content_type);
        assert_eq!(file.headers()["x-simulator"], "pos-system-api");
        assert!(file.bytes().await.unwrap().starts_with(magic));
    }
}

#[tokio::test]
async fn the_page_shows_what_happened_and_runs_nothing() {
    let (sim, till) = started().await;
    let script = "<script>alert(1)</script>&\"'";
    let mut receipt: Value = serde_json::from_str(SALE).unwrap();
    receipt["cbReceiptReference"] = json!(script);
    till.sign(operation(1), receipt.to_string()).await;
    let response = till.get("/_sim").send().await.unwrap();
    let policy = response.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    let page = Answer::of(response).await;
    assert_eq!(page.content_type, "text/html; charset=utf-8");
    for part in [
        "SIMULATED",
        "cloud21",
        "&lt;script&gt;alert(1)&lt;/script&gt;&amp;",
        "Faults left",
        "color-scheme:light dark",
        &operation(1).to_string(),
        &sim.queue_id().to_string(),
    ] {
        assert!(page.body.contains(part), "{part}");
    }
    for part in [
        "<script",
        "src=",
        "<link",
        "@import",
        "http-equiv",
        sim.access_token(),
    ] {
        assert!(!page.body.contains(part), "{part}");
    }
}

#[tokio::test]
async fn pages_of_other_sites_may_not_steer() {
    let (sim, till) = started().await;
    till.sign(operation(1), SALE).await;
    for (name, value) in [
        ("host", "attacker.example"),
        ("origin", "https://attacker.example"),
        ("origin", "null"),
    ] {
        for request in [till.get("/_sim/ledger"), till.bare_post("/_sim/reset")] {
            let refused = answer(request.header(name, value)).await;
            assert_eq!(refused.status, 403, "{name}: {value}");
            assert!(refused.json()["error"].is_string());
        }
    }
    assert_eq!(sim.ledger().receipts().count(), 1);
    let own = till
        .bare_post("/_sim/reset")
        .header("origin", sim.base_url());
    assert_eq!(answer(own).await.status, 200);
}

#[tokio::test]
async fn the_page_shows_the_beginning_of_a_long_body() {
    let (_sim, till) = started().await;
    let message = format!("{{\"Message\":\"{}end\"}}", "x".repeat(100_000));
    till.send("/v2/echo", operation(1), message.as_str()).await;
    let page = get(&till, "/_sim").await;
    assert!(page.body.contains(&format!("{} bytes", message.len())));
    assert!(page.body.contains("xxx…") || page.body.contains("xxx\n…"));
    assert!(!page.body.contains("xend"));
    assert!(page.body.len() < 20_000, "{}", page.body.len());
}
