//! The QR code of a document's address.

use pos_system_api::ErrorKind;

use crate::{PROFILES, Shop, nowhere};

#[tokio::test]
async fn a_qr_code_comes_with_its_media_type() {
    for profile in PROFILES {
        let shop = Shop::at(profile).await;
        let code = shop.client.qr_code(&shop.issued).await.unwrap();
        assert_eq!(code.content_type.as_deref(), Some("image/png"), "{profile}");
        assert_eq!(&code.body[..4], b"\x89PNG", "{profile}");
        let missing = shop.client.qr_code(nowhere(&shop.simulator)).await;
        assert_eq!(
            missing.unwrap_err().kind(),
            ErrorKind::NotFound,
            "{profile}"
        );
    }
}
