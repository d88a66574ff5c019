//! What a call puts on the wire: headers, paths, bodies.

use pos_system_api::codes::VatRate;
use pos_system_api::receipt::{ChargeItem, PayItem, Receipt};
use pos_system_api::types::Moment;

use super::*;

#[track_caller]
fn assert_headers(request: &Request, operation_id: &str) {
    for (name, value) in [
        ("x-cashbox-id", CASHBOX_ID.to_string().as_str()),
        ("x-cashbox-accesstoken", ACCESS_TOKEN),
        ("x-possystem-id", POS_SYSTEM_ID.to_string().as_str()),
        ("x-operation-id", operation_id),
        ("content-type", "application/json"),
        ("accept", "application/json"),
    ] {
        assert_eq!(request.header(name), [value], "{name}");
    }
    for name in [
        "api-version",
        "x-operation-lifetime",
        "x-terminal-id",
        "authorization",
        "cookie",
    ] {
        assert!(request.header(name).is_empty(), "{name}");
    }
    assert_eq!(request.method, "POST");
}

#[tokio::test]
async fn every_call_carries_the_whole_set_of_headers_and_no_other() {
    let (server, client) = server([
        json(201, r#"{"Message":"Hello"}"#),
        json(201, SIGNED),
        json(201, ISSUED),
    ])
    .await;
    let echo = client.echo("Hello");
    let echo_id = echo.operation_id().unwrap().to_string();
    assert_eq!(done(echo.await).message.as_deref(), Some("Hello"));
    let sign = client.sign(sale("S-1"));
    let sign_id = sign.operation_id().unwrap().to_string();
    let signed = done(sign.await);
    let issue = client.issue(&signed);
    let issue_id = issue.operation_id().unwrap().to_string();
    assert_eq!(
        done(issue.await).document_url(),
        Some("https://receipts.example.invalid/1")
    );

    let requests = server.requests();
    let paths: Vec<_> = requests
        .iter()
        .map(|request| request.path.as_str())
        .collect();
    assert_eq!(paths, ["/v2/echo", "/v2/sign", "/v2/issue"]);
    for (request, id) in requests.iter().zip([&echo_id, &sign_id, &issue_id]) {
        assert_headers(request, id);
    }
    assert_eq!(requests.len(), 3);
    assert_ne!(echo_id, sign_id);
    assert_ne!(sign_id, issue_id);
}

#[tokio::test]
async fn lifetime_and_terminal_are_sent_with_every_attempt_when_asked_for() {
    let (server, client) = server([page(503), json(201, SIGNED)]).await;
    let call = client
        .sign(sale("S-1"))
        .with_operation_id(operation(42))
        .with_lifetime(Duration::from_millis(90_500))
        .with_terminal("T-1");
    assert_eq!(call.operation_id(), Some(operation(42)));
    let _ = done(call.await);
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    for request in &requests {
        assert_eq!(request.header("x-operation-lifetime"), ["90500"]);
        assert_eq!(request.header("x-terminal-id"), ["T-1"]);
        assert_eq!(
            request.header("x-operation-id"),
            [operation(42).to_string()]
        );
    }
}

#[tokio::test]
async fn a_terminal_that_no_header_can_carry_is_refused() {
    let (server, client) = server([json(201, SIGNED)]).await;
    // An empty one would name no terminal where one was meant to be chosen.
    for terminal in ["T\r\nx-evil: 1", ""] {
        let call = client.sign(sale("S-1")).with_terminal(terminal);
        let error = call.await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
        assert_eq!(error.outcome(), Standing::NotSent);
        assert!(
            error.to_string().contains(&format!("{terminal:?}")),
            "{error}"
        );
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn the_base_url_is_taken_with_and_without_version_and_slash() {
    for suffix in ["", "/", "/v2", "/v2/"] {
        for (version, path) in [(ApiVersion::V2, "/v2/echo"), (ApiVersion::Latest, "/echo")] {
            let server = ScriptedServer::start([json(201, r#"{"Message":"Hello"}"#)]).await;
            let base_url = format!("{}{suffix}", server.base_url());
            let clock = std::sync::Arc::default();
            let client = builder(&base_url, &clock)
                .api_version(version)
                .build()
                .unwrap();
            let _ = done(client.echo("Hello").await);
            assert_eq!(server.requests()[0].path, path, "{base_url} {version:?}");
        }
    }
}

#[tokio::test]
async fn a_receipt_is_written_as_the_document_says() {
    let (server, client) = server([json(201, SIGNED)]).await;
    let _ = done(client.sign(sale("S-1").terminal("T-1").user("Ada")).await);
    let requests = server.requests();
    let expected = r#"{
        "cbReceiptReference": "S-1",
        "cbReceiptMoment": "2026-06-01T10:15:30.25Z",
        "cbTerminalID": "T-1",
        "cbUser": "Ada",
        "ftReceiptCase": 35184372088833,
        "cbChargeItems": [
            {"Quantity": 2, "Description": "Espresso", "Amount": 5.80, "VATRate": 20,
             "ftChargeItemCase": 35184372088851},
            {"Quantity": 1, "Description": "Newspaper", "Amount": 2.20, "VATRate": 10,
             "ftChargeItemCase": 35184372088849}
        ],
        "cbPayItems": [
            {"Description": "Cash", "Amount": 8.00, "ftPayItemCase": 35184372088833}
        ]
    }"#;
    let found = differences(
        &Exact::read(expected).unwrap(),
        &Exact::read(requests[0].text()).unwrap(),
        Rules::Values,
    );
    assert!(found.is_empty(), "{found:?}");
    // The digits as they were given, not only their value.
    for text in [r#""Amount":5.80"#, r#""Amount":2.20"#, r#""Amount":8.00"#] {
        assert!(requests[0].text().contains(text), "{text}");
    }
}

#[tokio::test]
async fn amounts_of_28_digits_and_codes_beyond_2_to_the_53rd_arrive_as_they_are() {
    let body = r#"{"cbReceiptReference":"S-1","cbReceiptMoment":"2026-06-01T10:15:30.1234567Z","ftReceiptCase":"0x4752_2000_0000_0001","cbChargeItems":[{"Quantity":0.3330,"Description":"x","Amount":1.10,"VATRate":20.00,"UnitPrice":1.234567890123456789012345678,"ftChargeItemCase":5139205309155246099}],"cbPayItems":[{"Description":"Cash","Amount":1.10,"ftPayItemId":""}]}"#;
    let receipt: ReceiptRequest = serde_json::from_str(body).unwrap();
    let (server, client) = server([json(201, SIGNED)]).await;
    let _ = done(client.sign(receipt).await);
    let requests = server.requests();
    for part in [
        r#""Quantity":0.3330"#,
        r#""Amount":1.10"#,
        r#""VATRate":20.00"#,
        r#""UnitPrice":1.234567890123456789012345678"#,
        r#""ftReceiptCase":5139205309155246081"#,
        r#""ftChargeItemCase":5139205309155246099"#,
        r#""cbReceiptMoment":"2026-06-01T10:15:30.1234567Z""#,
    ] {
        assert!(
            requests[0].text().contains(part),
            "{part} in {}",
            requests[0].text()
        );
    }
    // Servers refuse an empty item id.
    assert!(!requests[0].text().contains("ftPayItemId"));
}

#[tokio::test]
async fn moments_are_sent_in_utc_as_the_api_spells_it() {
    let sold = sale("S-1").build().unwrap();
    for text in [
        "2026-06-01T12:15:30.25+02:00",
        "2026-06-01 10:15:30.25Z",
        "2026-06-01t10:15:30.25Z",
        "2026-06-01T10:15:30.25z",
        "2026-06-01T10:15:30.250000000Z",
    ] {
        let moment: Moment = text.parse().unwrap();
        let mut receipt = sold.clone();
        receipt.cb_receipt_moment = Some(moment.clone());
        let line = ChargeItem::goods("Tea", 3, 20, VatRate::Normal).moment(moment.clone());
        receipt.cb_charge_items = vec![line.build().unwrap()];
        receipt.cb_pay_items = vec![PayItem::cash("Cash", 3).moment(moment).build().unwrap()];
        let (server, client) = server([json(201, SIGNED)]).await;
        let _ = done(client.sign(receipt).await);
        let requests = server.requests();
        let body: serde_json::Value = serde_json::from_str(requests[0].text()).unwrap();
        for written in [
            &body["cbReceiptMoment"],
            &body["cbChargeItems"][0]["Moment"],
            &body["cbPayItems"][0]["Moment"],
        ] {
            assert_eq!(written, "2026-06-01T10:15:30.25Z", "{text}");
        }
    }
}

#[tokio::test]
async fn the_moment_of_a_payment_from_a_terminal_goes_as_it_came() {
    let (server, client) = server([json(201, SIGNED)]).await;
    let mut paid = PayItem::cash("Cash", 8).build().unwrap();
    paid.moment = Some("2026-06-01T12:15:30+02:00".parse().unwrap());
    let mut receipt = sale("S-1").build().unwrap();
    receipt.cb_pay_items.clear();
    let receipt = Receipt::sale("S-1", receipt.cb_receipt_moment.unwrap())
        .charge_items(receipt.cb_charge_items)
        .pay_items([paid]);
    let _ = done(client.sign(receipt).await);
    let requests = server.requests();
    assert!(
        requests[0]
            .text()
            .contains(r#""Moment":"2026-06-01T12:15:30+02:00""#)
    );
}

#[tokio::test]
async fn an_issue_holds_request_and_answer_byte_for_byte() {
    // Odd spacing, unknown members, numbers no binary float holds: all of it goes on.
    let answer = "{ \"ftState\" : 4707387510509010944,\n\t\"ftNew\":{\"a\":[1.0,null,1e-9]},\"ftExact\":0.12345678901234567890123456789,\"ftSignatures\":[{\"Data\":\"\\u00DF\\/\",\"New\":1.10}]}";
    let receipt: ReceiptRequest = serde_json::from_str(
        r#"{"cbReceiptReference":"S-1","cbReceiptMoment":"2026-06-01T10:15:30Z","cbChargeItems":[],"cbPayItems":[],"cbNew":{"b":1.10}}"#,
    )
    .unwrap();
    let (server, client) = server([json(201, answer), json(201, ISSUED)]).await;
    let signed = done(client.sign(receipt).await);
    let _ = done(client.issue(&signed).await);
    let requests = server.requests();
    let expected = format!(
        r#"{{"ReceiptRequest":{},"ReceiptResponse":{answer}}}"#,
        requests[0].text()
    );
    assert_eq!(requests[1].text(), expected);
    assert!(requests[0].text().contains(r#""cbNew":{"b":1.1"#));
}

#[tokio::test]
async fn what_every_server_refuses_is_not_sent() {
    let (server, client) = server([json(201, SIGNED)]).await;
    let sold = sale("S-1").build().unwrap();
    let mut no_reference = sold.clone();
    no_reference.cb_receipt_reference = None;
    let mut empty_reference = sold.clone();
    empty_reference.cb_receipt_reference = Some(String::new());
    let mut no_moment = sold;
    no_moment.cb_receipt_moment = None;
    for (receipt, member) in [
        (no_reference, "cbReceiptReference"),
        (no_moment, "cbReceiptMoment"),
        (empty_reference, "cbReceiptReference"),
    ] {
        let call = client.sign(receipt);
        assert!(call.operation_id().is_none() && call.handle().is_none());
        let error = call.await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
        assert_eq!(error.outcome(), Standing::NotSent);
        assert!(error.to_string().contains(member), "{error}");
    }
    assert!(server.requests().is_empty());
}
