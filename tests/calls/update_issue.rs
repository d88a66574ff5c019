//! What is done with a document.

use pos_system_api::client::{IssueAction, IssuedItem, Updated};
use pos_system_api::types::{IssueUpdate, IssueUpdateUpload, IssueUpdateUploadAction};
use pos_system_api::{ErrorKind, Execution, Handle};
use pos_system_api_simulator::{EndpointName, Fault, IssueUpdateRecord, Profile};

use crate::support::arrival::{UnderWay, meanwhile};
use crate::support::client::{done, pending};
use crate::{PROFILES, Shop, meets, nowhere};

/// The one thing that was done by the last operation of a test.
fn only(shop: &Shop) -> IssueUpdateRecord {
    let ledger = shop.simulator.ledger();
    ledger.issue_updates().exactly_once();
    ledger.issue_updates().iter().last().unwrap().clone()
}

#[tokio::test]
async fn every_way_to_send_reaches_its_address_once() {
    for profile in PROFILES {
        for (action, scheme, address) in [
            (
                IssueAction::email("guest@example.org"),
                "email",
                "guest@example.org",
            ),
            (IssueAction::sms("+43 1 5550100"), "sms", "+43 1 5550100"),
            (
                IssueAction::whatsapp("+43 1 5550100"),
                "whatsapp",
                "+43 1 5550100",
            ),
            (
                IssueAction::peppol("9915:simulated"),
                "peppol",
                "9915:simulated",
            ),
        ] {
            let shop = Shop::at(profile).await;
            let lost = [Fault::ResetAfterCommit];
            meets(&shop.simulator, EndpointName::UpdateIssue, lost);
            let action = action.attach("application/pdf");
            let sent = done(shop.client.update_issue(&shop.issued, action).await);
            assert_eq!(sent.execution(), Execution::Replayed, "{profile} {scheme}");
            assert_eq!(
                sent.json().unwrap().value()["Sent"],
                true,
                "{profile} {scheme}"
            );
            let record = only(&shop);
            assert_eq!(record.scheme.as_deref(), Some(scheme));
            assert_eq!(record.address.as_deref(), Some(address));
            assert_eq!(record.attach.as_deref(), Some("application/pdf"));
            assert!(record.delivered, "{profile} {scheme}");
        }
    }
}

#[tokio::test]
async fn a_download_gives_the_document() {
    for profile in PROFILES {
        let shop = Shop::at(profile).await;
        let download = IssueAction::download("application/xml");
        let xml = done(shop.client.update_issue(&shop.issued, download).await);
        assert_eq!(
            xml.content_type.as_deref(),
            Some("application/xml"),
            "{profile}"
        );
        assert!(xml.body.starts_with(b"<?xml"), "{profile}");
        assert_eq!(xml.json(), None, "{profile}");
        assert!(only(&shop).delivered, "{profile}");
    }
}

#[tokio::test]
async fn the_plain_actions_say_no_more_than_their_word() {
    for (action, word, delivers) in [
        (IssueAction::print(), "print", true),
        (IssueAction::link(), "link", false),
        (IssueAction::accept(), "accept", false),
    ] {
        let shop = Shop::at(Profile::Cloud21).await;
        // An attachment belongs to what is sent.
        let action = action.attach("application/pdf");
        done(shop.client.update_issue(&shop.issued, action).await);
        let record = only(&shop);
        assert_eq!(record.request, format!(r#"{{"Action":"{word}"}}"#));
        assert_eq!(record.delivered, delivers, "{word}");
    }
}

#[tokio::test]
async fn a_form_without_an_action_of_its_own_goes_as_the_generated_type() {
    let shop = Shop::at(Profile::Cloud21).await;
    let upload = IssueUpdateUpload::builder().action(IssueUpdateUploadAction::Upload);
    let upload: IssueUpdateUpload = upload.try_into().unwrap();
    done(
        shop.client
            .update_issue(&shop.issued, IssueUpdate::from(upload))
            .await,
    );
    assert_eq!(only(&shop).request, r#"{"Action":"upload"}"#);
}

#[tokio::test]
async fn an_action_that_is_open_is_resumed_and_done_once() {
    let shop = Shop::at(Profile::Spec20).await;
    let hold = shop.simulator.hold();
    let call = shop
        .client
        .update_issue(&shop.issued, IssueAction::print())
        .with_deadline(std::time::Duration::from_secs(30));
    let run_out = async |call: UnderWay| {
        call.arrivals(&shop.simulator, 3).await;
        shop.clock.run_out_attempt();
    };
    let (open, ()) = meanwhile(std::future::IntoFuture::into_future(call), run_out).await;
    let stored = serde_json::to_string(&pending(open)).unwrap();
    hold.release();
    let handle: Handle = serde_json::from_str(&stored).unwrap();
    let printed = done(shop.client.resume::<Updated>(handle).await);
    assert_eq!(printed.execution(), Execution::Replayed);
    only(&shop);
}

#[tokio::test]
async fn refusals_say_what_is_wrong() {
    for profile in PROFILES {
        let shop = Shop::at(profile).await;
        let print = IssueAction::print();
        let missing = shop
            .client
            .update_issue(nowhere(&shop.simulator), print)
            .await;
        let error = missing.unwrap_err();
        assert_eq!(error.status().unwrap(), 404, "{profile}");
        assert_eq!(error.kind(), ErrorKind::NotTaken, "{profile}");
        for said in ["knows nothing under these ids", "was issued", "base URL"] {
            assert!(error.to_string().contains(said), "{profile}: {error}");
        }
        let pigeon = IssueAction::send("pigeon", "the roof");
        let error = shop
            .client
            .update_issue(&shop.issued, pigeon)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Rejected, "{profile}: {error}");
        assert!(
            error.to_string().contains("Target.Scheme"),
            "{profile}: {error}"
        );
        shop.simulator.ledger().issue_updates().none();
    }
}

#[tokio::test]
async fn an_answer_without_ids_names_no_document() {
    let shop = Shop::at(Profile::Cloud21).await;
    let mut issued = shop.issued.clone();
    issued.response.ft_queue_item_id = Some("".into());
    assert_eq!(IssuedItem::from(&issued).queue_item_id(), None);
    let error = shop
        .client
        .update_issue(&issued, IssueAction::print())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert_eq!(shop.asked(), 0);
}
