//! Scenario 2: what is refused, and what that means.

use super::*;

#[tokio::test]
async fn sums_that_do_not_match_are_a_fiscal_error() {
    for profile in PROFILES {
        let simulator = simulator(profile).await;
        let (client, _) = client_of(&simulator);
        let error = client.sign(sale_paid_with("S-1", 700)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::FiscalError, "{profile}");
        assert!(error.is_fiscal() && !error.is_retryable(), "{profile}");
        assert_eq!(error.outcome(), Standing::Final, "{profile}");
        assert_eq!(error.attempts(), 1, "{profile}");
        // The queue's own words reach the help desk.
        assert!(error.to_string().contains("same sum"), "{error}");
        let answer = error.fiscal_answer().unwrap();
        assert!(answer.response.ft_state.is_error(), "{profile}");
        assert!(simulator.ledger().receipts().is_empty(), "{profile}");

        // Corrected, it is another operation, and signed.
        let corrected = done(client.sign(sale("S-1")).await);
        assert_ne!(Some(corrected.operation_id()), error.operation_id());
    }
}

#[tokio::test]
async fn a_queue_that_is_not_started_or_stopped_signs_nothing() {
    for profile in PROFILES {
        let simulator = Simulator::builder().profile(profile).start().await.unwrap();
        let (client, _) = client_of(&simulator);
        let early = client.sign(sale("S-1")).await.unwrap_err();
        assert_eq!(early.kind(), ErrorKind::QueueNotActive, "{profile}");
        assert!(early.is_fiscal(), "{profile}");
        assert!(simulator.ledger().receipts().is_empty(), "{profile}");

        let _ = done(client.sign(Receipt::start("START-1", moment())).await);
        let stop = Receipt::of(
            pos_system_api::codes::ReceiptCase::OUT_OF_OPERATION,
            "STOP-1",
            moment(),
        );
        let _ = done(client.sign(stop).await);
        let late = client.sign(sale("S-2")).await.unwrap_err();
        assert_eq!(late.kind(), ErrorKind::QueueNotActive, "{profile}");
        assert_eq!(simulator.ledger().receipts().len(), 2, "{profile}");
    }
}

#[tokio::test]
async fn the_fail_state_is_neither_success_nor_the_error_state() {
    for profile in PROFILES {
        let simulator = simulator(profile).await;
        let (client, _) = client_of(&simulator);
        simulator.faults().script([Fault::FiscalFail]);
        let error = client.sign(sale("S-1")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::FiscalFail, "{profile}");
        assert_eq!(error.outcome(), Standing::Final, "{profile}");
        assert!(simulator.ledger().receipts().is_empty(), "{profile}");
    }
}

#[tokio::test]
async fn a_refused_content_stays_refused_under_its_id() {
    // No server takes an item without a description; the client leaves that to the server.
    let body = r#"{"cbReceiptReference":"S-1","cbReceiptMoment":"2026-06-01T10:15:30Z",
        "cbChargeItems":[{"Amount":1.00,"VATRate":20,"Quantity":1}],"cbPayItems":[]}"#;
    for profile in PROFILES {
        let simulator = simulator(profile).await;
        let (client, _) = client_of(&simulator);
        let sign = || {
            let receipt: ReceiptRequest = serde_json::from_str(body).unwrap();
            client
                .sign(receipt)
                .with_operation_id(operation(9))
                .into_future()
        };
        for repeat in [false, true] {
            let error = sign().await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Rejected, "{profile} {repeat}");
            assert_eq!(error.outcome(), Standing::Final, "{profile} {repeat}");
            assert!(!error.is_retryable(), "{profile} {repeat}");
            assert_eq!(error.status().map(|status| status.as_u16()), Some(400));
            // The member at fault is named, whatever shape the server gives it.
            let text = error.to_string();
            assert!(
                text.contains("cbChargeItems[0].Description"),
                "{profile} {repeat}: {text}"
            );
            assert!(!text.contains("\\u0022"), "{profile} {repeat}: {text}");
        }
        let ledger = simulator.ledger();
        let executed: Vec<_> = ledger.requests().iter().map(|r| r.executed).collect();
        assert_eq!(executed, [true, false], "{profile}");
    }
}

#[tokio::test]
async fn wrong_credentials_execute_nothing_and_better_ones_can_resume() {
    for profile in PROFILES {
        let simulator = simulator(profile).await;
        let (good, clock) = client_of(&simulator);
        let bad = builder(simulator.base_url(), &clock)
            .cashbox_id(simulator.cashbox_id())
            .access_token("not-the-token")
            .build()
            .unwrap();
        let error = bad.sign(sale("S-1")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unauthorized, "{profile}");
        assert_eq!(error.outcome(), Standing::NotSent, "{profile}");
        assert!(error.is_retryable(), "{profile}");
        assert_eq!(error.attempts(), 1, "{profile}");

        let handle = error.handle().unwrap();
        let signed = done(good.resume::<Signed>(handle).await);
        assert_eq!(signed.execution(), Execution::New, "{profile}");
        assert_signed_once(&simulator, &signed, &profile.to_string());
    }
}

#[tokio::test]
async fn an_id_is_refused_for_another_receipt() {
    for profile in PROFILES {
        let simulator = simulator(profile).await;
        let (client, _) = client_of(&simulator);
        let id = operation(5);
        let first = done(client.sign(sale("S-1")).with_operation_id(id).await);
        let second = client
            .sign(sale("S-2"))
            .with_operation_id(id)
            .with_deadline(Duration::from_secs(60));
        if profile == Profile::Draft {
            // Its 422 says the same of a conflict and of an operation that is still running.
            let handle = pending(second.await);
            assert_eq!(handle.operation_id(), id);
            assert_eq!(handle.standing(), Standing::Unknown);
        } else {
            let error = second.await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Conflict, "{profile}");
            // Who gives an id may have used it for the same business before.
            assert_eq!(error.outcome(), Standing::Unknown, "{profile}");
            assert_eq!(error.attempts(), 1, "{profile}");
            assert_eq!(error.operation_id(), Some(id), "{profile}");
        }
        let ledger = simulator.ledger();
        assert_eq!(
            ledger.receipts_of(first.operation_id()).len(),
            1,
            "{profile}"
        );
        assert_eq!(ledger.receipts().len(), 1, "{profile}");
    }
}
