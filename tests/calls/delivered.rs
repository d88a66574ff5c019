//! Whether a document was delivered.

use pos_system_api::ErrorKind;
use pos_system_api::client::IssueAction;
use pos_system_api_simulator::{EndpointName, Fault};

use crate::support::client::done;
use crate::{PROFILES, Shop, meets, nowhere};

#[tokio::test]
async fn a_document_is_delivered_once_it_was_printed() {
    for profile in PROFILES {
        let shop = Shop::at(profile).await;
        assert!(
            !shop.client.delivered(&shop.issued).await.unwrap(),
            "{profile}"
        );
        done(
            shop.client
                .update_issue(&shop.issued, IssueAction::print())
                .await,
        );
        assert!(
            shop.client.delivered(&shop.issued).await.unwrap(),
            "{profile}"
        );
    }
}

#[tokio::test]
async fn no_document_is_no_delivery_that_is_still_to_come() {
    for profile in PROFILES {
        let shop = Shop::at(profile).await;
        let error = shop
            .client
            .delivered(nowhere(&shop.simulator))
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound, "{profile}: {error}");
        assert_eq!(error.status().unwrap(), 404, "{profile}");
    }
}

#[tokio::test]
async fn a_page_of_a_portal_is_no_delivery() {
    let shop = Shop::at(PROFILES[0]).await;
    let page = Fault::HtmlPage {
        status: 200,
        executed: false,
    };
    meets(&shop.simulator, EndpointName::Delivered, [page]);
    assert!(!shop.client.delivered(&shop.issued).await.unwrap());
    assert_eq!(shop.asked(), 2);
}
