//! What a success has to look like to be one.

use super::*;

#[tokio::test]
async fn an_answer_that_cannot_be_read_is_asked_for_again_and_then_reported_as_open() {
    for unreadable in [
        json(201, "null"),
        json(201, "{}"),
        json(201, ""),
        json(201, "[]"),
        json(201, r#"{"ftState":"#),
        json(201, r#"{"ftState":-1}"#),
        json(201, r#"{"ftState":4707387510509010944} trailing"#),
        page(201),
        page(200),
    ] {
        let (server, client) = server([unreadable.clone()]).await;
        let error = client.sign(sale("S-1")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unreadable, "{unreadable:?}");
        assert_eq!(error.outcome(), Standing::Unknown, "{unreadable:?}");
        assert!(error.is_retryable(), "{unreadable:?}");
        assert_eq!(error.attempts(), 4, "{unreadable:?}");
        let requests = server.requests();
        assert_eq!(requests.len(), 4, "{unreadable:?}");
        assert_same_bytes(&requests);

        // Once it can be read, the operation is done.
        let (_server, client) = self::server([unreadable, json(200, SIGNED)]).await;
        let signed = done(client.sign(sale("S-1")).await);
        assert_eq!(signed.execution(), Execution::Replayed);
    }
}

#[tokio::test]
async fn the_member_that_cannot_be_read_is_named() {
    let (_server, client) =
        server([json(201, r#"{"ftState":1,"ftSignatures":[{"Data":7}]}"#)]).await;
    let error = client.sign(sale("S-1")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreadable);
    assert!(error.to_string().contains("ftSignatures"), "{error}");
}

#[tokio::test]
async fn a_larger_answer_than_allowed_is_not_read() {
    let mut limits = Limits::default();
    limits.answer = SIGNED.len();
    let long = format!("{SIGNED}{}", " ".repeat(100));
    let server = ScriptedServer::start([json(201, long)]).await;
    let clock = std::sync::Arc::default();
    let client = builder(&server.base_url(), &clock)
        .with_limits(limits)
        .build()
        .unwrap();
    let error = client.sign(sale("S-1")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreadable);
    assert_eq!(error.outcome(), Standing::Unknown);
    assert!(error.to_string().contains("larger"), "{error}");
    assert_eq!(server.requests().len(), 1);

    let server = ScriptedServer::start([json(201, SIGNED)]).await;
    let client = builder(&server.base_url(), &clock)
        .with_limits(limits)
        .build()
        .unwrap();
    let _ = done(client.sign(sale("S-1")).await);
}

#[tokio::test]
async fn the_state_decides_what_a_success_is() {
    const AT: u64 = 0x4154_2000_0000_0000;
    let table = [
        (AT | 0xEEEE_EEEE, Some(ErrorKind::FiscalError)),
        // Some servers add flags to the error value.
        (AT | 0xEEEE_EEEF, Some(ErrorKind::FiscalError)),
        (AT | 0xEEEF_EEEE, Some(ErrorKind::FiscalError)),
        (0xEEEE_EEEE, Some(ErrorKind::FiscalError)),
        (AT | 0xFFFF_FFFF, Some(ErrorKind::FiscalFail)),
        (AT | 0x1, Some(ErrorKind::QueueNotActive)),
        (AT | 0x9, Some(ErrorKind::QueueNotActive)),
        (AT, None),
        (AT | 0x2, None),
        (AT | 0x8, None),
        (AT | 0x40, None),
        (AT | 0x100, None),
        (AT | 0x1_0000_0000, None),
        (0, None),
    ];
    for (state, kind) in table {
        for written in [
            state.to_string(),
            format!("\"{state}\""),
            format!("\"0x{state:016X}\""),
        ] {
            let body = format!(
                r#"{{"ftState":{written},"ftSignatures":[{{"ftSignatureFormat":1,"ftSignatureType":{},"Caption":"FAILURE","Data":"Reason of the queue"}}]}}"#,
                AT | 0x3000
            );
            let (server, client) = server([json(201, body)]).await;
            let outcome = client.sign(sale("S-1")).await;
            match kind {
                None => {
                    let signed = done(outcome);
                    assert_eq!(signed.response.ft_state.value(), state, "{written}");
                }
                Some(kind) => {
                    let error = outcome.unwrap_err();
                    assert_eq!(error.kind(), kind, "{written}");
                    assert!(error.is_fiscal() && !error.is_retryable(), "{written}");
                    assert_eq!(error.outcome(), Standing::Final, "{written}");
                    assert!(error.to_string().contains("Reason of the queue"), "{error}");
                    let answer = error.fiscal_answer().unwrap();
                    assert_eq!(answer.response.ft_state.value(), state, "{written}");
                    assert!(!answer.request_body.is_empty(), "{written}");
                }
            }
            assert_eq!(server.requests().len(), 1, "{written}");
        }
    }
}

#[tokio::test]
async fn the_conditions_of_a_signed_receipt_can_be_told() {
    let state = 0x4154_2000_0000_014A_u64;
    let (_server, client) = server([json(201, format!(r#"{{"ftState":{state}}}"#))]).await;
    let state = done(client.sign(sale("S-1")).await).response.ft_state;
    assert!(state.is_signed() && state.is_late_signing() && state.is_signing_unit_down());
    assert!(state.has_message() && state.is_closing_due());
}

#[tokio::test]
async fn what_the_client_does_not_know_survives() {
    let answer = r#"{"ftState":4707387510509010944,"ftQueueItemID":"a1b2…","ftReceiptMoment":"some day",
        "ftNew":{"deep":[1,{"x":null}]},
        "ftSignatures":[{"ftSignatureFormat":"0x5858_2FFF_FFFF_FFFF","ftSignatureType":9999,"Hue":"blue"}],
        "ftPayItems":[{"Amount":1.10,"Currency":"QQQ","Later":true}]}"#;
    let (_server, client) = server([json(201, answer)]).await;
    let signed = done(client.sign(sale("S-1")).await);
    let response = &signed.response;
    assert_eq!(response.extra["ftNew"].value()["deep"][0], 1);
    assert_eq!(response.ft_signatures[0].extra["Hue"].value(), "blue");
    assert_eq!(response.ft_pay_items[0].extra["Later"].value(), true);
    assert_eq!(signed.completion.body, answer);
    let written = serde_json::to_string(response).unwrap();
    let found = differences(
        &Exact::read(answer).unwrap(),
        &Exact::read(&written).unwrap(),
        Rules::Meaning,
    );
    assert!(found.is_empty(), "{found:?}");
}

#[tokio::test]
async fn an_answer_of_state_alone_is_enough() {
    let (_server, client) = server([json(201, r#"{"ftState":4707387510509010944}"#)]).await;
    let signed = done(client.sign(sale("S-1")).await);
    assert_eq!(signed.response.ft_queue_row, None);
    assert!(signed.response.ft_signatures.is_empty());
}

#[tokio::test]
async fn state_data_is_read_in_every_form_it_takes() {
    for data in [
        r#"{"AT":{"x":1}}"#,
        r#""{\"x\":1}""#,
        r#""plain text""#,
        "null",
        "[1]",
    ] {
        let body = format!(r#"{{"ftState":4707387510509010944,"ftStateData":{data}}}"#);
        let (_server, client) = server([json(201, body)]).await;
        match client.sign(sale("S-1")).await {
            Ok(outcome) => assert!(outcome.done().is_some(), "{data}"),
            Err(error) => panic!("{data}: {error}"),
        }
    }
}
