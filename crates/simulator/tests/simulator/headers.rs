//! Paths, methods and headers: what is refused before anything is stored.

use pos_system_api_simulator::{Profile, Simulator};
use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::till::{Answer, SALE, Till, operation, started};

const OTHER_ID: &str = "6f1c2d5e-0000-4000-8000-0000000000ff";

async fn answer(request: RequestBuilder) -> Answer {
    Answer::of(request.send().await.unwrap()).await
}

#[tokio::test]
async fn paths_are_served_with_and_without_version_in_any_case() {
    let sim = started().await;
    let till = Till::new(&sim);
    for (number, path) in ["/v2/echo", "/echo", "/V2/Echo", "/ECHO"]
        .iter()
        .enumerate()
    {
        let id = operation(number as u128);
        let echo = till.send(path, id, r#"{"Message":"ping"}"#).await;
        assert_eq!(echo.status, 201, "{path}");
        assert_eq!(echo.json(), json!({"Message": "ping"}));
    }
}

#[tokio::test]
async fn other_paths_versions_and_methods_are_problems() {
    let sim = started().await;
    let till = Till::new(&sim);
    for (path, status) in [
        ("/v0/sign", 400),
        ("/v1/echo", 400),
        ("/v3/echo", 404),
        ("/", 404),
        ("/v2/sign/more", 404),
    ] {
        let refused = till.send(path, operation(1), SALE).await;
        assert_eq!(refused.status, status, "{path}");
        assert_eq!(refused.content_type, "application/problem+json");
        assert_eq!(refused.json()["status"], status);
    }
    for path in ["/v2/echo", "/sign", "/v2/issue"] {
        let refused = answer(till.get(path)).await;
        assert_eq!(refused.status, 405, "{path}");
        assert_eq!(refused.json()["status"], 405);
    }
    assert!(
        sim.ledger()
            .requests()
            .iter()
            .all(|request| !request.executed)
    );
}

#[tokio::test]
async fn malformed_headers_are_400_and_wrong_credentials_401_and_neither_is_stored() {
    let sim = started().await;
    let till = Till::new(&sim);
    let cash_box = sim.cashbox_id().to_string();
    let token = sim.access_token();
    let id = operation(1).to_string();
    let cases: [(u16, &[(&str, &str)]); 8] = [
        (
            400,
            &[("x-operation-id", &id), ("x-cashbox-accesstoken", token)],
        ),
        (
            400,
            &[
                ("x-operation-id", &id),
                ("x-cashbox-accesstoken", token),
                ("x-cashbox-id", "till 1"),
            ],
        ),
        (401, &[("x-operation-id", &id), ("x-cashbox-id", &cash_box)]),
        (
            401,
            &[
                ("x-operation-id", &id),
                ("x-cashbox-id", &cash_box),
                ("x-cashbox-accesstoken", "wrong"),
            ],
        ),
        (
            401,
            &[
                ("x-operation-id", &id),
                ("x-cashbox-id", OTHER_ID),
                ("x-cashbox-accesstoken", token),
            ],
        ),
        (
            400,
            &[
                ("x-cashbox-id", &cash_box),
                ("x-cashbox-accesstoken", token),
            ],
        ),
        (
            400,
            &[
                ("x-operation-id", "17"),
                ("x-cashbox-id", &cash_box),
                ("x-cashbox-accesstoken", token),
            ],
        ),
        (
            400,
            &[
                ("x-operation-id", &id),
                ("x-cashbox-id", &cash_box),
                ("x-cashbox-accesstoken", token),
                ("x-possystem-id", "none"),
            ],
        ),
    ];
    for (status, headers) in cases {
        let mut request = till.bare_post("/v2/sign").body("another body");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let refused = answer(request).await;
        assert_eq!(refused.status, status, "{headers:?}");
        assert_eq!(refused.content_type, "application/problem+json");
    }
    // Had one of them been stored, this body would be a conflict.
    assert_eq!(till.sign(operation(1), SALE).await.status, 201);
}

#[tokio::test]
async fn the_local_server_sends_its_errors_as_plain_json() {
    let sim = Simulator::builder()
        .profile(Profile::Local)
        .start()
        .await
        .unwrap();
    let refused = answer(Till::new(&sim).bare_post("/v2/sign").body(SALE)).await;
    assert_eq!(refused.status, 400);
    assert_eq!(refused.content_type, "application/json");
}

#[tokio::test]
async fn the_terminal_comes_from_the_header_when_the_body_has_none() {
    let sim = started().await;
    let till = Till::new(&sim);
    let sign = |number, body: &str, terminal: &str| {
        answer(
            till.post("/v2/sign", operation(number), body)
                .header("x-terminal-id", terminal.to_owned()),
        )
    };
    let with_terminal = SALE.replacen('{', r#"{"cbTerminalID":"T1","#, 1);

    assert_eq!(sign(1, SALE, "T7").await.json()["cbTerminalID"], "T7");
    assert_eq!(
        sign(2, &with_terminal, "T1").await.json()["cbTerminalID"],
        "T1"
    );
    assert_eq!(
        till.sign(operation(3), &with_terminal).await.json()["cbTerminalID"],
        "T1"
    );
    assert_eq!(
        till.sign(operation(4), SALE)
            .await
            .json()
            .get("cbTerminalID"),
        None
    );

    let mismatch = sign(5, &with_terminal, "T2").await;
    assert_eq!(mismatch.status, 400);
    assert_eq!(mismatch.json()["errors"][0]["field"], "cbTerminalID");
    // Stored: the same body without the header gets the same refusal.
    assert_eq!(till.sign(operation(5), &with_terminal).await.status, 400);
}

#[tokio::test]
async fn ids_in_the_body_must_be_those_of_the_headers() {
    let sim = started().await;
    let till = Till::new(&sim);
    let with = |name: &str, id: &str| SALE.replacen('{', &format!(r#"{{"{name}":"{id}","#), 1);
    let own = sim.cashbox_id().to_string();
    let post = |number, body: String| {
        answer(
            till.post("/sign", operation(number), body)
                .header("x-possystem-id", &own),
        )
    };
    for (number, (name, id, status)) in [
        ("ftCashBoxID", own.as_str(), 201),
        ("ftCashBoxID", OTHER_ID, 400),
        ("ftCashBoxID", "no uuid", 400),
        ("ftPosSystemId", &own, 201),
        ("ftPosSystemID", OTHER_ID, 400),
    ]
    .into_iter()
    .enumerate()
    {
        let answer = post(number as u128, with(name, id)).await;
        assert_eq!(answer.status, status, "{name} {id}");
    }
}

#[tokio::test]
async fn stored_requests_of_another_cash_box_can_be_replayed_when_asked() {
    let sim = Simulator::builder()
        .started(true)
        .any_cash_box(true)
        .start()
        .await
        .unwrap();
    let till = Till::new(&sim);
    for (number, (id, status)) in [(OTHER_ID, 201), ("no uuid", 400)].into_iter().enumerate() {
        let body = SALE.replacen('{', &format!(r#"{{"ftCashBoxID":"{id}","#), 1);
        let answer = answer(till.post("/sign", operation(number as u128), body)).await;
        assert_eq!(answer.status, status, "{id}");
    }
}

#[tokio::test]
async fn the_ledger_is_served_without_credentials_and_without_the_token() {
    let sim = started().await;
    let till = Till::new(&sim);
    till.sign(operation(1), SALE).await;
    let page = answer(till.get("/_sim/ledger")).await;
    assert_eq!(page.status, 200);
    assert!(!page.body.contains(sim.access_token()));
    let ledger: Value = page.json();
    assert_eq!(ledger["requests"][0]["status"], 201);
    assert_eq!(ledger["requests"][0]["body"], SALE);
    assert_eq!(
        ledger["receipts"][0]["operation_id"],
        operation(1).to_string()
    );
    assert_eq!(sim.ledger().requests().len(), 1);
    let request = sim.ledger().requests()[0].clone();
    assert_eq!(
        request.header("X-Operation-Id"),
        Some(operation(1).to_string().as_str())
    );
    assert_eq!(request.header("x-cashbox-accesstoken"), None);
}
