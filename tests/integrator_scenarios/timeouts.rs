//! Scenario 3: attempts and operations whose time runs out.

use super::*;

#[tokio::test]
async fn an_attempt_without_an_answer_is_sent_again() {
    for profile in PROFILES {
        for (fault, execution) in [
            (Fault::HangBeforeCommit, Execution::New),
            (Fault::HangAfterCommit, Execution::Replayed),
        ] {
            let what = format!("{profile} {fault:?}");
            let simulator = simulator(profile).await;
            let (client, clock) = client_of(&simulator);
            simulator.faults().script([fault]);
            let call = client.sign(sale("S-1"));
            let signed = done(await_with_hangs(call, &simulator, &clock, &[1]).await);
            assert_eq!(signed.execution(), execution, "{what}");
            assert_eq!(signed.completion.attempts, 2, "{what}");
            assert_signed_once(&simulator, &signed, &what);
            // The first repeat after a timeout goes out at once.
            assert_eq!(clock.waits(), [], "{what}");
        }
    }
}

#[tokio::test]
async fn three_attempts_in_a_row_hang() {
    for profile in PROFILES {
        let simulator = simulator(profile).await;
        let (client, clock) = client_of(&simulator);
        simulator.faults().script([
            Fault::HangBeforeCommit,
            Fault::HangAfterCommit,
            Fault::HangAfterCommit,
        ]);
        let call = client.sign(sale("S-1"));
        let signed = done(await_with_hangs(call, &simulator, &clock, &[1, 2, 3]).await);
        assert_eq!(signed.execution(), Execution::Replayed, "{profile}");
        assert_eq!(signed.completion.attempts, 4, "{profile}");
        assert_signed_once(&simulator, &signed, &profile.to_string());
    }
}

#[tokio::test]
async fn the_deadline_hands_the_operation_back_and_it_can_be_resumed() {
    for profile in PROFILES {
        for fault in [Fault::HangBeforeCommit, Fault::HangAfterCommit] {
            let what = format!("{profile} {fault:?}");
            let simulator = simulator(profile).await;
            let (client, clock) = client_of(&simulator);
            simulator.faults().script([fault, Fault::HangAfterCommit]);
            let call = client.sign(sale("S-1")).with_deadline(2 * ATTEMPT_TIMEOUT);
            let id = call.operation_id().unwrap();
            let handle = pending(await_with_hangs(call, &simulator, &clock, &[1, 2]).await);
            assert_eq!(handle.operation_id(), id, "{what}");
            assert_eq!(handle.attempts(), 2, "{what}");
            assert_eq!(handle.standing(), Standing::Unknown, "{what}");
            assert!(
                handle.cause().unwrap().starts_with("no answer within"),
                "{what}"
            );
            assert!(
                handle.to_string().contains("may have been executed"),
                "{what}"
            );

            let signed = done(client.resume::<Signed>(handle).await);
            assert_eq!(signed.operation_id(), id, "{what}");
            assert_eq!(signed.execution(), Execution::Replayed, "{what}");
            assert_signed_once(&simulator, &signed, &what);
        }
    }
}

#[tokio::test]
async fn a_deadline_of_nothing_sends_nothing() {
    for profile in PROFILES {
        let simulator = simulator(profile).await;
        let (client, _) = client_of(&simulator);
        let handle = pending(client.sign(sale("S-1")).with_deadline(Duration::ZERO).await);
        assert_eq!(handle.standing(), Standing::NotSent);
        assert_eq!(handle.attempts(), 0);
        assert!(simulator.ledger().requests().is_empty());
        let signed = done(
            client
                .resume::<Signed>(handle)
                .with_deadline(Duration::from_secs(60))
                .await,
        );
        assert_signed_once(&simulator, &signed, "resumed");
    }
}

#[tokio::test]
async fn a_handle_of_another_kind_is_refused_before_anything_is_sent() {
    let simulator = simulator(Profile::Cloud21).await;
    let (client, _) = client_of(&simulator);
    let handle = client.echo("Hello").handle().unwrap();
    let error = client.resume::<Signed>(handle).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert!(simulator.ledger().requests().is_empty());
}

#[tokio::test]
async fn a_cloud_that_blocks_answers_the_repeat_when_the_operation_is_done() {
    let simulator = simulator(Profile::Cloud21).await;
    let (client, clock) = client_of(&simulator);
    let hold = simulator.hold();
    let call = client.sign(sale("S-1"));
    let server = async |call: UnderWay| {
        call.arrivals(&simulator, 1).await;
        clock.run_out_attempt();
        call.arrivals(&simulator, 2).await;
        assert!(simulator.ledger().receipts().is_empty());
        hold.release();
    };
    let signed = done(meanwhile(call.into_future(), server).await.0);
    assert_eq!(signed.execution(), Execution::Replayed);
    assert_eq!(signed.completion.attempts, 2);
    assert_signed_once(&simulator, &signed, "cloud21");
}

#[tokio::test]
async fn an_operation_in_progress_is_asked_for_until_it_is_done() {
    // Cloud21 blocks in its place, see above.
    for profile in [Profile::Spec20, Profile::Local, Profile::Draft] {
        let simulator = simulator(profile).await;
        let (client, clock) = client_of(&simulator);
        let hold = simulator.hold();
        let call = client.sign(sale("S-1"));
        let server = async |call: UnderWay| {
            call.arrivals(&simulator, 1).await;
            clock.run_out_attempt();
            // The second and third are answered 422: still in progress.
            call.arrivals(&simulator, 3).await;
            hold.release();
        };
        let signed = done(meanwhile(call.into_future(), server).await.0);
        assert_eq!(signed.execution(), Execution::Replayed, "{profile}");
        assert_signed_once(&simulator, &signed, &profile.to_string());
        let ledger = simulator.ledger();
        assert_eq!(ledger.requests()[1].status, Some(422), "{profile}");
        assert_eq!(
            ledger.requests().len(),
            usize::try_from(signed.completion.attempts).unwrap(),
            "{profile}"
        );
        // Polled, and not without a pause.
        let waits = clock.waits();
        assert!(!waits.is_empty(), "{profile}");
        assert!(
            waits.iter().all(|wait| *wait >= Duration::from_millis(400)),
            "{waits:?}"
        );
    }
}

#[tokio::test]
async fn a_dropped_future_leaves_an_operation_to_resume() {
    for profile in PROFILES {
        for fault in [Fault::HangBeforeCommit, Fault::HangAfterCommit] {
            let what = format!("{profile} {fault:?}");
            let execution = match fault {
                Fault::HangAfterCommit => Execution::Replayed,
                _ => Execution::New,
            };
            let simulator = simulator(profile).await;
            let (client, _) = client_of(&simulator);
            simulator.faults().script([fault]);
            let call = client.sign(sale("S-1"));
            let handle = call.handle().unwrap();
            tokio::select! {
                outcome = call.into_future() => panic!("{what}: {outcome:?}"),
                () = simulator.arrivals(1) => {}
            }
            assert_eq!(handle.standing(), Standing::Unknown, "{what}");
            assert_eq!(handle.attempts(), 1, "{what}");
            let signed = done(client.resume::<Signed>(handle).await);
            assert_eq!(signed.execution(), execution, "{what}");
            assert_signed_once(&simulator, &signed, &what);
        }
    }
}

#[tokio::test]
async fn a_future_dropped_before_it_reached_the_server_does_no_harm() {
    for profile in PROFILES {
        let simulator = simulator(profile).await;
        let (client, _) = client_of(&simulator);
        let call = client.sign(sale("S-1"));
        let handle = call.handle().unwrap();
        {
            let mut sending = pin!(call.into_future());
            poll_fn(|context| {
                assert!(sending.as_mut().poll(context).is_pending());
                Poll::Ready(())
            })
            .await;
        }
        let signed = done(client.resume::<Signed>(handle).await);
        assert_signed_once(&simulator, &signed, "dropped after one poll");
    }
}

#[tokio::test]
async fn a_call_that_is_never_awaited_sends_nothing() {
    let simulator = simulator(Profile::Cloud21).await;
    let (client, _) = client_of(&simulator);
    drop(client.sign(sale("S-1")));
    let _ = done(client.echo("Hello").await);
    assert_eq!(simulator.ledger().requests().len(), 1);
}
