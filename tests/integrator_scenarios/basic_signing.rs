//! Scenario 1: echo, start, sale, issue.

use super::*;

#[tokio::test]
async fn echo_start_sale() {
    for profile in PROFILES {
        let simulator = Simulator::builder().profile(profile).start().await.unwrap();
        let (client, clock) = client_of(&simulator);

        let echoed = done(client.echo("Hello").await);
        assert_eq!(echoed.message.as_deref(), Some("Hello"), "{profile}");

        let start = done(client.sign(Receipt::start("START-1", moment())).await);
        assert_eq!(start.execution(), Execution::New, "{profile}");

        let sold = done(client.sign(sale("S-1")).await);
        assert_eq!(sold.execution(), Execution::New, "{profile}");
        assert_eq!(sold.completion.attempts, 1, "{profile}");
        assert!(sold.response.ft_state.is_signed(), "{profile}");
        assert_eq!(number_in(&sold), "ft2#IT2", "{profile}");
        assert_eq!(sold.response.cb_receipt_reference.as_deref(), Some("S-1"));
        assert_eq!(
            sold.response.ft_queue_id.as_ref().and_then(|id| id.uuid()),
            Some(simulator.queue_id()),
            "{profile}"
        );

        let qr_of = |signed: &Signed| {
            let signatures = &signed.response.ft_signatures;
            let data = signatures
                .iter()
                .find(|signature| {
                    signature
                        .ft_signature_format
                        .is_some_and(|format| format.value() & 0xFFFF == 3)
                })
                .and_then(|signature| signature.data.clone());
            parse_qr(&data.expect("a signed receipt has a QR code")).unwrap()
        };
        let qr = qr_of(&sold);
        assert_eq!(qr.total.to_string(), "8.00", "{profile}");
        assert_eq!(qr.receipt_identification, number_in(&sold), "{profile}");
        assert!(qr.follows(&qr_of(&start)), "{profile}");

        let ids: Vec<_> = simulator
            .ledger()
            .requests()
            .iter()
            .map(|request| request.operation_id.unwrap())
            .collect();
        assert_eq!(ids, [operation(1), operation(2), operation(3)], "{profile}");
        assert_eq!(clock.waits(), [], "{profile}");
    }
}

#[tokio::test]
async fn a_signed_receipt_is_issued_as_it_was_signed() {
    for profile in PROFILES {
        let simulator = simulator(profile).await;
        let (client, _) = client_of(&simulator);
        let sold = done(client.sign(sale("S-1")).await);
        let issued = done(client.issue(&sold).await);
        assert!(issued.document_url().is_some(), "{profile}");
        assert_eq!(
            issued.response.ft_queue_item_id,
            sold.response.ft_queue_item_id
        );
        let ledger = simulator.ledger();
        assert_eq!(ledger.issues().len(), 1, "{profile}");
        assert!(ledger.issues()[0].request_matches, "{profile}");
        assert!(ledger.issues()[0].response_matches, "{profile}");
    }
}

#[tokio::test]
async fn the_same_operation_again_is_a_replay() {
    for profile in PROFILES {
        let simulator = simulator(profile).await;
        let (client, _) = client_of(&simulator);
        let first = done(
            client
                .sign(sale("S-1"))
                .with_operation_id(operation(77))
                .await,
        );
        let again = done(
            client
                .sign(sale("S-1"))
                .with_operation_id(operation(77))
                .await,
        );
        assert_eq!(first.execution(), Execution::New, "{profile}");
        assert_eq!(again.execution(), Execution::Replayed, "{profile}");
        assert_eq!(again.completion.body, first.completion.body, "{profile}");
        assert_signed_once(&simulator, &again, &profile.to_string());
    }
}
