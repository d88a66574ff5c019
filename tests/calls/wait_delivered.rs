//! Waiting for the delivery of a document.

use std::future::IntoFuture;
use std::time::Duration;

use pos_system_api::ErrorKind;
use pos_system_api::client::{DeliveryWait, IssueAction};
use pos_system_api_simulator::{EndpointName, Fault, Simulator};

use crate::support::arrival::{UnderWay, meanwhile};
use crate::support::client::done;
use crate::support::clock::ATTEMPT_TIMEOUT;
use crate::{PROFILES, Shop, always_meets, meets, nowhere};

fn waiting(shop: &Shop) -> DeliveryWait {
    shop.client
        .wait_delivered(&shop.issued)
        .with_attempt_timeout(ATTEMPT_TIMEOUT)
        .with_deadline(Duration::from_secs(24 * 60 * 60))
}

fn status(status: u16) -> Fault {
    Fault::StatusBeforeCommit {
        status,
        retry_after: None,
    }
}

#[tokio::test]
async fn a_wait_ends_when_the_document_is_printed() {
    for profile in PROFILES {
        // The server's time stands still: nothing but the delivery ends its wait.
        let start = "2026-06-01T10:00:00Z".parse().unwrap();
        let shop = Shop::with(Simulator::builder().profile(profile).virtual_time(start)).await;
        let print = async |call: UnderWay| {
            call.arrivals(&shop.simulator, 3).await;
            done(
                shop.client
                    .update_issue(&shop.issued, IssueAction::print())
                    .await,
            );
        };
        let (delivered, ()) = meanwhile(waiting(&shop).into_future(), print).await;
        assert!(delivered.unwrap(), "{profile}");
        // One question, held back until there was something to say.
        let ids = shop
            .issued
            .response
            .ft_queue_item_id
            .clone()
            .unwrap()
            .to_string();
        assert_eq!(shop.paths(), ["WhileDelivered", &ids], "{profile}");
    }
}

#[tokio::test]
async fn a_wait_that_the_server_ends_is_begun_again() {
    let start = "2026-06-01T10:00:00Z".parse().unwrap();
    let shop = Shop::with(Simulator::builder().virtual_time(start)).await;
    let deliver = async |call: UnderWay| {
        call.arrivals(&shop.simulator, 3).await;
        shop.simulator.advance(Duration::from_secs(30)).unwrap();
        call.arrivals(&shop.simulator, 4).await;
        done(
            shop.client
                .update_issue(&shop.issued, IssueAction::print())
                .await,
        );
    };
    let (delivered, ()) = meanwhile(waiting(&shop).into_future(), deliver).await;
    assert!(delivered.unwrap());
    assert_eq!(shop.paths()[..2], ["WhileDelivered", "WhileDelivered"]);
}

#[tokio::test]
async fn a_wait_that_is_held_back_too_long_is_begun_again() {
    let shop = Shop::with(Simulator::builder()).await;
    meets(
        &shop.simulator,
        EndpointName::WhileDelivered,
        [Fault::HangBeforeCommit],
    );
    let deliver = async |call: UnderWay| {
        call.arrivals(&shop.simulator, 3).await;
        shop.clock.run_out_attempt();
        call.arrivals(&shop.simulator, 4).await;
        // The clock of this client serves one call at a time.
        let printing = IssueAction::print();
        done(shop.client.update_issue(&shop.issued, printing).await);
    };
    let (delivered, ()) = meanwhile(waiting(&shop).into_future(), deliver).await;
    assert!(delivered.unwrap());
    assert_eq!(shop.paths()[..2], ["WhileDelivered", "WhileDelivered"]);
}

#[tokio::test]
async fn a_long_poll_that_fails_is_replaced_by_polling() {
    for profile in PROFILES {
        for fault in [
            status(404),
            status(405),
            status(500),
            status(502),
            Fault::ResetBeforeCommit,
            Fault::NullBody,
            Fault::HtmlPage {
                status: 404,
                executed: false,
            },
        ] {
            let what = format!("{profile} {fault:?}");
            let shop = Shop::with(
                Simulator::builder()
                    .profile(profile)
                    .delivered_after_polls(3),
            )
            .await;
            let asked_before = fault == Fault::NullBody;
            // A document that is delivered is answered at once: let it be asked until it is.
            if asked_before {
                for _ in 0..4 {
                    shop.client.delivered(&shop.issued).await.unwrap();
                }
            }
            let before = shop.asked();
            always_meets(&shop.simulator, EndpointName::WhileDelivered, fault);
            assert!(waiting(&shop).await.unwrap(), "{what}");
            let paths = &shop.paths()[before..];
            assert_eq!(paths[0], "WhileDelivered", "{what}");
            assert!(paths[1..].iter().all(|path| path == "delivered"), "{what}");
            assert_eq!(paths.len(), if asked_before { 2 } else { 5 }, "{what}");
            // Polls are spaced: no busy loop.
            let waits = shop.clock.waits();
            assert!(
                waits.iter().all(|wait| !wait.is_zero()),
                "{what}: {waits:?}"
            );
        }
    }
}

#[tokio::test]
async fn the_deadline_is_no_delivery_and_no_error() {
    let shop = Shop::with(Simulator::builder()).await;
    // The plain question, again and again.
    always_meets(&shop.simulator, EndpointName::WhileDelivered, status(404));
    let wait = waiting(&shop).with_deadline(Duration::from_secs(50));
    assert!(!wait.await.unwrap());
    let polls = shop.paths();
    assert!(polls.len() > 10 && polls.len() < 40, "{}", polls.len());
}

#[tokio::test]
async fn what_cannot_get_better_ends_the_wait() {
    for profile in PROFILES {
        let shop = Shop::at(profile).await;
        let wait = shop
            .client
            .wait_delivered(nowhere(&shop.simulator))
            .with_attempt_timeout(ATTEMPT_TIMEOUT);
        let error = wait.await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound, "{profile}: {error}");

        always_meets(&shop.simulator, EndpointName::WhileDelivered, status(401));
        let error = waiting(&shop).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unauthorized, "{profile}: {error}");
    }
}

#[tokio::test]
async fn a_server_that_is_gone_is_no_missing_delivery() {
    let shop = Shop::at(PROFILES[0]).await;
    let wait = waiting(&shop).with_deadline(Duration::from_secs(60));
    shop.simulator.shutdown().await;
    let error = wait.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoAnswer, "{error}");
}
