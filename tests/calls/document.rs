//! The document itself, in its forms.

use pos_system_api::ErrorKind;
use pos_system_api::client::DocumentFormat;
use pos_system_api_simulator::{EndpointName, Fault};

use crate::{PROFILES, Shop, meets, nowhere};

/// Width of a PNG in pixels, from its header.
fn pixels(png: &[u8]) -> u32 {
    u32::from_be_bytes(png[16..20].try_into().unwrap())
}

#[tokio::test]
async fn a_document_comes_in_the_form_that_was_asked_for() {
    for profile in PROFILES {
        let shop = Shop::at(profile).await;
        let fetch = |format| shop.client.document(&shop.issued, format);

        let png = fetch(DocumentFormat::png(48)).await.unwrap();
        assert_eq!(png.content_type.as_deref(), Some("image/png"), "{profile}");
        assert_eq!(&png.body[..4], b"\x89PNG", "{profile}");
        assert_eq!(
            (pixels(&png.body), png.width_mm),
            (384, Some(48)),
            "{profile}"
        );

        let pdf = fetch(DocumentFormat::pdf()).await.unwrap();
        assert_eq!(pdf.content_type.as_deref(), Some("application/pdf"));
        assert!(pdf.body.starts_with(b"%PDF-"), "{profile}");
        assert_eq!(pdf.width_mm, None, "{profile}");

        let json = fetch(DocumentFormat::json()).await.unwrap();
        assert!(
            serde_json::from_slice::<serde_json::Value>(&json.body)
                .unwrap()
                .is_object()
        );

        // 74 mm is no paper: what was really applied is told.
        let esc_pos = fetch(DocumentFormat::esc_pos(74)).await.unwrap();
        assert!(
            esc_pos
                .content_type
                .as_deref()
                .unwrap()
                .starts_with("text/vnd.esc-pos"),
            "{profile}"
        );
        assert_eq!(esc_pos.width_mm, Some(72), "{profile}");

        let preferred = DocumentFormat::of("application/pdf;q=0.5, image/png;width=58mm");
        let preferred = fetch(preferred).await.unwrap();
        assert_eq!(preferred.width_mm, Some(58), "{profile}");
        // Fetching it is no delivery.
        assert!(
            !shop.client.delivered(&shop.issued).await.unwrap(),
            "{profile}"
        );
    }
}

#[tokio::test]
async fn a_width_that_servers_would_ignore_is_not_sent() {
    let shop = Shop::at(PROFILES[0]).await;
    for width in [0, 9, 1000] {
        for format in [DocumentFormat::png(width), DocumentFormat::esc_pos(width)] {
            let error = shop
                .client
                .document(&shop.issued, format)
                .await
                .unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Invalid, "{width}");
            assert!(
                error.to_string().contains(&format!("{width} mm")),
                "{error}"
            );
        }
    }
    let format = DocumentFormat::of("image/png\r\nx-evil: 1");
    let error = shop
        .client
        .document(&shop.issued, format)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert_eq!(shop.asked(), 0);
}

#[tokio::test]
async fn what_does_not_exist_or_cannot_be_made_is_told_apart() {
    for profile in PROFILES {
        let shop = Shop::at(profile).await;
        let missing = shop
            .client
            .document(nowhere(&shop.simulator), DocumentFormat::pdf());
        assert_eq!(
            missing.await.unwrap_err().kind(),
            ErrorKind::NotFound,
            "{profile}"
        );
        let odd = DocumentFormat::of("audio/mpeg");
        let error = shop.client.document(&shop.issued, odd).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Rejected, "{profile}: {error}");
    }
}

#[tokio::test]
async fn a_portal_page_and_a_cut_document_are_fetched_again() {
    let shop = Shop::at(PROFILES[0]).await;
    let page = Fault::HtmlPage {
        status: 200,
        executed: false,
    };
    let cut = Fault::CutBodyAfterCommit { bytes: 100 };
    meets(&shop.simulator, EndpointName::Document, [page, cut]);
    let whole = shop
        .client
        .document(&shop.issued, DocumentFormat::pdf())
        .await
        .unwrap();
    assert_eq!(shop.asked(), 3);
    shop.simulator.faults().clear();
    let again = shop
        .client
        .document(&shop.issued, DocumentFormat::pdf())
        .await
        .unwrap();
    assert_eq!(whole.body, again.body);
}
