//! What a document looks like, and where it can be had.

use pos_system_api_simulator::Simulator;
use reqwest::Response;
use serde_json::{Value, json};

use crate::issued::{Issued, answer};
use crate::till::{SALE, Till, operation};

async fn with_accept(issued: &Issued, accept: &[&str], width: Option<&str>) -> Response {
    let mut request = issued.till.ask(&issued.path);
    for accept in accept {
        request = request.header("accept", *accept);
    }
    if let Some(width) = width {
        request = request.header("x-print-width", width);
    }
    request.send().await.unwrap()
}

fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    Some(response.headers().get(name)?.to_str().unwrap())
}

#[tokio::test]
async fn the_form_follows_the_accept_headers() {
    let issued = Issued::new().await;
    let escpos = "text/vnd.esc-pos; charset=utf-8; width=48mm";
    for (accept, width, content_type, applied, start) in [
        (
            &["image/png;width=74mm, */*;q=0.1"][..],
            None,
            "image/png",
            Some("72mm"),
            &b"\x89PNG"[..],
        ),
        (
            &["image/png"],
            Some("48mm"),
            "image/png",
            Some("48mm"),
            b"\x89PNG",
        ),
        (
            &["image/*"],
            Some("wide"),
            "image/png",
            Some("80mm"),
            b"\x89PNG",
        ),
        (
            &["application/pdf"],
            Some("48mm"),
            "application/pdf",
            None,
            b"%PDF-",
        ),
        (
            &["text/vnd.esc-pos;charset=utf-8;width=48mm"],
            None,
            escpos,
            Some("48mm"),
            b"\x1b@",
        ),
        (
            &["application/esc-pos-48mm"],
            None,
            escpos,
            Some("48mm"),
            b"\x1b@",
        ),
        (&["application/json"], None, "application/json", None, b"{"),
        (
            &["image/jpeg", "application/pdf;q=0.3"],
            None,
            "application/pdf",
            None,
            b"%PDF-",
        ),
        (&["*/*"], None, "application/json", None, b"{"),
    ] {
        let response = with_accept(&issued, accept, width).await;
        assert_eq!(response.status(), 200, "{accept:?}");
        assert_eq!(
            header(&response, "content-type"),
            Some(content_type),
            "{accept:?}"
        );
        assert_eq!(header(&response, "x-print-width"), applied, "{accept:?}");
        let bytes = response.bytes().await.unwrap();
        assert!(bytes.starts_with(start), "{accept:?}");
    }
    // None of this is a delivery.
    assert_eq!(issued.delivered().await, 204);
}

#[tokio::test]
async fn the_data_of_the_receipt_is_json() {
    let issued = Issued::new().await;
    let response = with_accept(&issued, &["application/json"], None).await;
    let data: Value = response.json().await.unwrap();
    let sale: Value = serde_json::from_str(SALE).unwrap();
    assert_eq!(data["ReceiptRequest"], sale);
    assert_eq!(data["ReceiptResponse"]["ftQueueRow"], 1);
}

#[tokio::test]
async fn what_cannot_be_made_is_refused_as_the_published_document_knows_it() {
    let issued = Issued::new().await;
    for accept in ["image/jpeg", "application/xml", "text/html", "nonsense"] {
        let refused = answer(issued.till.ask(&issued.path).header("accept", accept)).await;
        assert_eq!(refused.status, 400, "{accept}");
        assert_eq!(refused.content_type, "application/problem+json");
        assert!(
            refused.json()["detail"]
                .as_str()
                .unwrap()
                .contains("Accept")
        );
    }
}

#[tokio::test]
async fn there_is_a_document_only_of_what_was_issued() {
    let issued = Issued::new().await;
    let (sim, till) = (&issued.sim, &issued.till);
    let other = till.sign(operation(3), SALE.replace("S-1", "S-2")).await;
    assert_eq!(other.status, 201);
    let other = other.json()["ftQueueItemID"].as_str().unwrap().to_owned();
    let queue = sim.queue_id().to_string();
    let item = issued.path.rsplit('/').next().unwrap().to_owned();
    let unknown = operation(0xff).to_string();
    let mut number = 0x10;
    for (queue, item) in [(&queue, &other), (&queue, &unknown), (&unknown, &item)] {
        let path = format!("/v2/issue/{queue}/{item}");
        for path in [
            path.clone(),
            format!("{path}/delivered"),
            format!("{path}/link/qrcode"),
            format!("/v2/BlockIssueRequest/{queue}/{item}/WhileDelivered"),
        ] {
            let missing = answer(till.ask(&path)).await;
            assert_eq!(missing.status, 404, "{path}");
            assert_eq!(missing.content_type, "application/problem+json");
        }
        number += 1;
        let put = till.put(&path, operation(number), r#"{"Action":"print"}"#);
        assert_eq!(answer(put).await.status, 404, "{path}");
        let page = format!("/_sim/receipts/{queue}/{item}");
        assert_eq!(answer(till.get(&page)).await.status, 404, "{page}");
    }
    sim.ledger().issue_updates().none();
}

#[tokio::test]
async fn calls_without_credentials_or_with_ids_that_are_none_are_refused() {
    let issued = Issued::new().await;
    let (sim, till, path) = (&issued.sim, &issued.till, &issued.path);
    for path in [
        path.clone(),
        format!("{path}/delivered"),
        format!("{path}/link/qrcode"),
    ] {
        assert_eq!(answer(till.get(&path)).await.status, 400, "{path}");
        let wrong = till
            .get(&path)
            .header("x-cashbox-id", sim.cashbox_id().to_string());
        assert_eq!(answer(wrong).await.status, 401, "{path}");
    }
    for path in [
        "/v2/issue/7/7",
        "/v2/issue/7/7/delivered",
        "/v2/issue/7/7/link/qrcode",
    ] {
        assert_eq!(answer(till.ask(path)).await.status, 400, "{path}");
    }
    let without_id = till
        .put(path, operation(3), r#"{"Action":"print"}"#)
        .build()
        .unwrap();
    let mut without_id = without_id;
    without_id.headers_mut().remove("x-operation-id");
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    assert_eq!(client.execute(without_id).await.unwrap().status(), 400);
}

#[tokio::test]
async fn a_download_gives_the_document_and_its_repeat_the_same_bytes() {
    let issued = Issued::new().await;
    let octets = "application/octet-stream";
    for (number, format, content_type, start) in [
        (
            3,
            json!("application/pdf"),
            "application/pdf",
            &b"%PDF-"[..],
        ),
        (4, json!("application/xml"), "application/xml", b"<?xml"),
        (5, json!("en16931"), "application/xml", b"<?xml"),
        (6, json!("application/json"), "application/json", b"{"),
        (7, json!("image/png;width=48mm"), octets, b"\x89PNG"),
        (8, json!("text/vnd.esc-pos"), octets, b"\x1b@"),
        (9, Value::Null, "application/pdf", b"%PDF-"),
    ] {
        let body = json!({"Action": "download", "Format": format}).to_string();
        let mut bodies = Vec::new();
        for status in [201, 200] {
            let put = issued
                .till
                .put(&issued.path, operation(number), body.as_str());
            let response = put.send().await.unwrap();
            assert_eq!(response.status(), status, "{format}");
            assert_eq!(
                header(&response, "content-type"),
                Some(content_type),
                "{format}"
            );
            bodies.push(response.bytes().await.unwrap());
        }
        assert!(bodies[0].starts_with(start), "{format}");
        assert_eq!(bodies[0], bodies[1], "{format}");
    }
    assert_eq!(issued.sim.ledger().issue_updates().len(), 7);
    issued.sim.ledger().issue_updates().exactly_once();
}

#[tokio::test]
async fn the_invoice_says_that_it_is_simulated() {
    let issued = Issued::new().await;
    let body = json!({"Action": "download", "Format": "en16931"});
    let xml = issued.update(3, &body).await.body;
    for part in [
        "<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>",
        "<cbc:Note>SIMULATED",
        "<cbc:Name>Espresso</cbc:Name>",
        r#"<cbc:PayableAmount currencyID="EUR">8.00</cbc:PayableAmount>"#,
    ] {
        assert!(xml.contains(part), "{part} in {xml}");
    }
}

#[tokio::test]
async fn the_code_leads_to_the_document() {
    let issued = Issued::new().await;
    let path = format!("{}/link/qrcode", issued.path);
    let response = issued.till.ask(&path).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(header(&response, "content-type"), Some("image/png"));
    let picture = response.bytes().await.unwrap();
    let mut reader = png::Decoder::new(std::io::Cursor::new(picture))
        .read_info()
        .unwrap();
    let mut bits = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut bits).unwrap();
    let (width, height) = (frame.width as usize, frame.height as usize);
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| {
        if bits[y * frame.line_size + x / 8] & (0x80 >> (x % 8)) == 0 {
            0
        } else {
            255
        }
    });
    let (_, text) = image.detect_grids()[0].decode().unwrap();
    assert_eq!(text, issued.document_url);
    assert_eq!(issued.delivered().await, 204);
}

#[tokio::test]
async fn the_address_shows_a_page_a_picture_or_a_pdf_to_everybody() {
    let issued = Issued::new().await;
    let page = issued.view().await;
    assert_eq!(page.status, 200);
    assert_eq!(page.content_type, "text/html; charset=utf-8");
    assert!(page.body.contains("Espresso") && !page.body.contains("COPY"));
    for (query, content_type, start) in [
        ("format=pdf", "application/pdf", &b"%PDF-"[..]),
        ("format=png&copy=true", "image/png", b"\x89PNG"),
    ] {
        let path = format!("{}?{query}", issued.address);
        let response = issued.till.get(&path).send().await.unwrap();
        assert_eq!(header(&response, "content-type"), Some(content_type));
        assert!(response.bytes().await.unwrap().starts_with(start));
    }
    let copy = answer(issued.till.get(&format!("{}?copy=true", issued.address))).await;
    assert!(copy.body.contains("COPY"));
    let docx = answer(issued.till.get(&format!("{}?format=docx", issued.address))).await;
    assert_eq!(docx.status, 400);
}

#[tokio::test]
async fn a_receipt_of_another_simulator_has_no_document() {
    let issued = Issued::new().await;
    let other = Simulator::builder()
        .seed(7)
        .started(true)
        .start()
        .await
        .unwrap();
    let missing = answer(Till::new(&other).ask(&issued.path)).await;
    assert_eq!(missing.status, 404);
}
