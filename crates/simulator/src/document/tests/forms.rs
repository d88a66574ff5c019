//! Each form, read with other eyes than those that wrote it.

use quick_xml::events::Event;

use super::*;

/// What a camera reads.
fn scanned(width: usize, height: usize, is_dark: impl Fn(usize, usize) -> bool) -> String {
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| {
        if is_dark(x, y) { 0 } else { 255 }
    });
    let grids = image.detect_grids();
    assert_eq!(grids.len(), 1);
    grids[0].decode().unwrap().1
}

struct Picture {
    width: usize,
    height: usize,
    dots_per_metre: u32,
    bits: Vec<u8>,
}

impl Picture {
    fn read(bytes: &[u8]) -> Self {
        let decoder = png::Decoder::new(std::io::Cursor::new(bytes));
        let mut reader = decoder.read_info().unwrap();
        let mut bits = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut bits).unwrap();
        let info = reader.info();
        assert_eq!(info.bit_depth, png::BitDepth::One);
        Self {
            width: info.width as usize,
            height: info.height as usize,
            dots_per_metre: info.pixel_dims.unwrap().xppu,
            bits,
        }
    }

    fn is_dark(&self, x: usize, y: usize) -> bool {
        let byte = self.bits[y * self.width.div_ceil(8) + x / 8];
        byte & (0x80 >> (x % 8)) == 0
    }

    fn dark_dots(&self) -> usize {
        let dots = (0..self.height).flat_map(|y| (0..self.width).map(move |x| (x, y)));
        dots.filter(|(x, y)| self.is_dark(*x, *y)).count()
    }
}

#[test]
fn a_picture_has_eight_dots_to_a_millimetre_and_a_readable_code() {
    for (width, dots) in [
        (PrintWidth::Mm48, 384),
        (PrintWidth::Mm58, 464),
        (PrintWidth::Mm72, 576),
        (PrintWidth::Mm80, 640),
    ] {
        let rendered = rendered(REQUEST, &response(), Choice::Png(width));
        assert_eq!(rendered.content_type, "image/png");
        assert_eq!(rendered.print_width, Some(width.to_string()));
        let picture = Picture::read(&rendered.bytes);
        assert_eq!(picture.width, dots);
        assert_eq!(picture.dots_per_metre, 8000);
        let data = scanned(picture.width, picture.height, |x, y| picture.is_dark(x, y));
        assert_eq!(data, QR_DATA);
    }
}

#[test]
fn a_picture_has_letters_of_many_languages() {
    let dots = |name: &str| {
        let request = format!(r#"{{"cbUser": "{name}"}}"#);
        let picture = rendered(&request, "{}", Choice::Png(PrintWidth::Mm80)).bytes;
        Picture::read(&picture).dark_dots()
    };
    let (nothing, question_mark) = (dots(" "), dots("?"));
    assert!(nothing < question_mark);
    // A letter without a glyph is a question mark.
    assert_eq!(dots("茶"), question_mark);
    for letter in ["é", "ß", "€", "ł", "Ω", "Ж", "ğ", "ų"] {
        assert_ne!(dots(letter), question_mark, "{letter}");
        assert_ne!(dots(letter), nothing, "{letter}");
    }
}

#[test]
fn the_code_of_an_address_can_be_scanned() {
    let address = "https://receipts.example.invalid/0b6f7a10/0b6f7a11?simulated=true";
    let picture = Picture::read(&render_qr(address).unwrap().unwrap().bytes);
    assert_eq!(picture.width, picture.height);
    let data = scanned(picture.width, picture.height, |x, y| picture.is_dark(x, y));
    assert_eq!(data, address);
    assert!(render_qr(&"x".repeat(3000)).is_none());
}

/// The objects of a PDF, found as a reader does: from the end over the table of offsets.
fn pdf_objects(pdf: &[u8]) -> Vec<String> {
    let text: String = pdf.iter().map(|byte| char::from(*byte)).collect();
    assert!(pdf.starts_with(b"%PDF-"));
    assert!(text.trim_end().ends_with("%%EOF"));
    // Offsets count bytes, so the bytes are looked at.
    let at = |offset: usize| -> String { pdf[offset..].iter().map(|b| char::from(*b)).collect() };
    let (_, end) = text.rsplit_once("startxref").unwrap();
    let table = at(end.split_whitespace().next().unwrap().parse().unwrap());
    let mut lines = table.lines();
    assert_eq!(lines.next(), Some("xref"));
    let count: usize = lines
        .next()
        .unwrap()
        .strip_prefix("0 ")
        .unwrap()
        .parse()
        .unwrap();
    let offsets: Vec<&str> = lines.take(count).collect();
    offsets
        .iter()
        .enumerate()
        .skip(1)
        .map(|(number, entry)| {
            let object = at(entry[..10].parse().unwrap());
            let (object, _) = object.split_once("endobj").unwrap();
            let start = format!("{number} 0 obj");
            object.strip_prefix(&start).unwrap().to_owned()
        })
        .collect()
}

#[test]
fn a_pdf_has_its_objects_where_it_says() {
    let rendered = rendered(REQUEST, &response(), Choice::Pdf);
    assert_eq!(rendered.content_type, "application/pdf");
    assert_eq!(rendered.print_width, None);
    let objects = pdf_objects(&rendered.bytes);
    let having = |text: &str| objects.iter().filter(|o| o.contains(text)).count();
    assert_eq!(having("/Type /Catalog"), 1);
    assert_eq!(having("/Type /Pages"), 1);
    assert_eq!(having("/Count 1"), 1);
    assert_eq!(having("/Contents"), 1);
    assert_eq!(having("/WinAnsiEncoding"), 2);
    assert_eq!(having("(TOTAL EUR "), 1);
    // Texts with other letters than ASCII stand in hexadecimal form.
    let cafe = "2 x Caf\u{e9} & <b>Croissant</b>";
    let cafe: String = cafe.chars().map(|c| format!("{:02X}", c as u32)).collect();
    assert_eq!(having(&cafe), 1);
    assert_eq!(having("16.225"), 1);
    // The code's squares.
    assert_eq!(having(" re\n"), 1);
}

#[test]
fn a_long_receipt_has_more_pages() {
    let item = r#"{"Quantity": 1, "Description": "Tea", "Amount": 3, "VATRate": 20}"#;
    let items = vec![item; 100].join(",");
    let request = format!(r#"{{"cbChargeItems": [{items}]}}"#);
    let pdf = rendered(&request, &response(), Choice::Pdf).bytes;
    let objects = pdf_objects(&pdf);
    assert!(objects.iter().any(|object| object.contains("/Count 3")));
    let shown = |text: &str| {
        objects
            .iter()
            .map(|o| o.matches(text).count())
            .sum::<usize>()
    };
    assert_eq!(shown("(Tea"), 100);
    assert_eq!(shown("/Contents"), 3);
}

#[test]
fn a_page_shows_texts_as_they_are_and_has_a_readable_code() {
    let rendered = rendered(REQUEST, &response(), Choice::Html);
    assert_eq!(rendered.content_type, "text/html; charset=utf-8");
    let page = String::from_utf8(rendered.bytes.to_vec()).unwrap();
    assert!(
        page.contains("2 x Café &amp; &lt;b&gt;Croissant&lt;/b&gt;"),
        "{page}"
    );
    assert!(!page.contains("<b>"), "{page}");
    assert!(
        !page.contains("http-equiv") && !page.contains("src="),
        "{page}"
    );

    // The drawing knows three commands: go to, a square or more to the right, down and back.
    let (_, drawing) = page.split_once("<path d=\"").unwrap();
    let (drawing, _) = drawing.split_once('"').unwrap();
    let (_, side) = page.split_once("viewBox=\"0 0 ").unwrap();
    let side: usize = side.split_once(' ').unwrap().0.parse().unwrap();
    let mut dark = std::collections::HashSet::new();
    for run in drawing.split('M').skip(1) {
        let (corner, run) = run.split_once('h').unwrap();
        let (x, y) = corner.split_once(' ').unwrap();
        let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
        let length: usize = run.split_once('v').unwrap().0.parse().unwrap();
        dark.extend((x..x + length).map(|x| (x, y)));
    }
    let data = scanned(side * 4, side * 4, |x, y| dark.contains(&(x / 4, y / 4)));
    assert_eq!(data, QR_DATA);
}

#[test]
fn a_stream_says_its_width_and_holds_the_code() {
    let rendered = rendered(REQUEST, &response(), Choice::EscPos(PrintWidth::Mm80));
    assert_eq!(
        rendered.content_type,
        "text/vnd.esc-pos; charset=utf-8; width=80mm"
    );
    assert_eq!(rendered.print_width.as_deref(), Some("80mm"));
    let stream = rendered.bytes;
    assert!(stream.starts_with(b"\x1b@\x1c(C\x02\x00\x30\x02"));
    assert!(stream.ends_with(b"\x1dVB\x00"));
    let length = u16::try_from(QR_DATA.len() + 3).unwrap().to_le_bytes();
    let stored = [b"\x1d(k", &length[..], b"1P0", QR_DATA.as_bytes()].concat();
    assert!(stream.windows(stored.len()).any(|part| part == stored));
}

#[test]
fn json_keeps_every_digit() {
    let rendered = rendered(
        r#" {"cbChargeItems": [{"Amount": 5.8000, "x": 1e2}]} "#,
        r#"{"ftState":4707422694881099776}"#,
        Choice::Json,
    );
    assert_eq!(rendered.content_type, "application/json");
    assert_eq!(
        std::str::from_utf8(&rendered.bytes).unwrap(),
        concat!(
            r#"{"ReceiptRequest":{"cbChargeItems": [{"Amount": 5.8000, "x": 1e2}]},"#,
            r#""ReceiptResponse":{"ftState":4707422694881099776}}"#
        )
    );
}

#[test]
fn the_address_knows_three_formats() {
    assert_eq!(Choice::of_format(None), Some(Choice::Html));
    assert_eq!(Choice::of_format(Some("pdf")), Some(Choice::Pdf));
    assert_eq!(
        Choice::of_format(Some("PNG")),
        Some(Choice::Png(PrintWidth::Mm80))
    );
    assert_eq!(Choice::of_format(Some("docx")), None);
}

#[test]
fn a_download_is_one_format() {
    for (format, choice) in [
        (None, Choice::Pdf),
        (Some("application/pdf"), Choice::Pdf),
        (Some("application/json"), Choice::Json),
        (Some("application/xml; charset=utf-8"), Choice::Invoice),
        (Some("EN16931"), Choice::Invoice),
        (Some("image/png;width=58mm"), Choice::Png(PrintWidth::Mm58)),
        (
            Some("application/esc-pos-72mm"),
            Choice::EscPos(PrintWidth::Mm72),
        ),
    ] {
        assert_eq!(Choice::of_download(format), Some(choice), "{format:?}");
    }
    for format in [
        "",
        " ",
        "*/*",
        "image/*",
        "application/pdf,image/png",
        "zugferd",
        "image/jpeg",
    ] {
        assert_eq!(Choice::of_download(Some(format)), None, "{format:?}");
    }
}

/// The texts of all elements of one name. Fails for what is not well-formed.
fn texts_of(xml: &[u8], wanted: &str) -> Vec<String> {
    let mut reader = quick_xml::Reader::from_reader(xml);
    let (mut open, mut texts) = (Vec::<String>::new(), Vec::new());
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => {
                open.push(start.name().as_ref().to_owned());
                if open.last().unwrap() == wanted {
                    texts.push(String::new());
                }
            }
            Event::End(_) => drop(open.pop()),
            Event::Text(text) if open.last().is_some_and(|name| name == wanted) => {
                texts.last_mut().unwrap().push_str(&text);
            }
            Event::GeneralRef(name) if open.last().is_some_and(|name| name == wanted) => {
                let text = format!("&{};", &*name);
                texts
                    .last_mut()
                    .unwrap()
                    .push_str(&quick_xml::escape::unescape(&text).unwrap());
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(open.is_empty(), "{open:?}");
    texts
}

#[test]
fn an_invoice_is_well_formed_and_adds_up() {
    let rendered = rendered(REQUEST, &response(), Choice::Invoice);
    assert_eq!(rendered.content_type, "application/xml");
    assert_eq!(rendered.print_width, None);
    let texts = |name| texts_of(&rendered.bytes, name);
    assert_eq!(texts("cbc:Note"), ["SIMULATED - NOT A FISCAL RECEIPT"]);
    assert_eq!(texts("cbc:IssueDate"), ["2026-06-01"]);
    assert_eq!(texts("cbc:PayableAmount"), ["16.23"]);
    // 20 % of 5.80; 10 % of 8.225, and 0.20 as it was named.
    assert_eq!(texts("cbc:TaxAmount"), ["1.92", "0.97", "0.95"]);
    assert_eq!(texts("cbc:InvoicedQuantity"), ["2", "0.35", "1"]);
    assert_eq!(texts("cbc:Percent"), ["20", "10", "20", "10", "10"]);
    assert!(texts("cbc:Name").contains(&"Café & <b>Croissant</b>".to_owned()));
}

#[test]
fn characters_that_xml_cannot_hold_are_replaced() {
    let request = r#"{"Currency": "\u0000\"<", "cbCustomer": {"CustomerName": "a\u0007b\uffff"}}"#;
    let invoice = rendered(request, "{}", Choice::Invoice).bytes;
    assert_eq!(texts_of(&invoice, "cbc:Name")[1], "a\u{fffd}b\u{fffd}");
    assert_eq!(
        texts_of(&invoice, "cbc:DocumentCurrencyCode"),
        ["\u{fffd}\"<"]
    );
}

#[test]
fn a_customer_may_be_the_text_of_an_object() {
    let request = r#"{"cbCustomer": "{\"CustomerName\": \"Sample Bakery Club\"}"}"#;
    let invoice = rendered(request, "{}", Choice::Invoice).bytes;
    assert_eq!(texts_of(&invoice, "cbc:Name")[1], "Sample Bakery Club");
}
