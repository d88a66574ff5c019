//! What stands on a receipt, and in which order.

use super::Receipt;
use super::amount::money;
use super::fields::Fields;
use super::item::{Item, currency, items, total};
use super::paper::{Line, Paper};
use super::qr::Code;
use super::vat::VatByRate;
use crate::members::text;

/// The first and the last line of every document.
pub(super) const BANNER: &str = "SIMULATED - NOT A FISCAL RECEIPT";

/// The receipt in lines of this many columns.
pub(super) fn lines(receipt: Receipt<'_>, columns: usize) -> Vec<Line> {
    let mut view = View {
        paper: Paper::new(columns),
        is_copy: receipt.is_copy,
        request: Fields::of_body(receipt.request),
        response: Fields::of_body(receipt.response),
    };
    view.write();
    view.paper.finish(BANNER)
}

/// Where on the receipt a signature stands: bits 31 to 16 of its format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    AfterPayItems,
    AfterHeader,
    AfterChargeItems,
    AfterTotals,
    AfterFooter,
    BeforeHeader,
}

impl Place {
    /// Places that are not known are the usual one.
    fn of_format(format: u64) -> Self {
        match (format >> 16) & 0xFFFF {
            1 => Self::AfterHeader,
            2 => Self::AfterChargeItems,
            3 => Self::AfterTotals,
            4 => Self::AfterFooter,
            5 => Self::BeforeHeader,
            _ => Self::AfterPayItems,
        }
    }
}

/// The lower 16 bits of a signature's format for a QR code.
const FORMAT_QR: u64 = 3;
/// The flag of a signature's type that keeps it off the receipt.
const DO_NOT_PRINT: u64 = 0x0020 << 16;

struct View<'a> {
    paper: Paper,
    is_copy: bool,
    request: Fields<'a>,
    response: Fields<'a>,
}

impl<'a> View<'a> {
    fn write(&mut self) {
        self.paper.heading(BANNER);
        if self.is_copy {
            self.paper.heading("COPY");
        }
        self.signatures(Place::BeforeHeader);
        self.queue_texts("ftReceiptHeader");
        self.origin();
        self.signatures(Place::AfterHeader);
        self.paper.rule();
        self.charge_items();
        self.queue_texts("ftChargeLines");
        self.signatures(Place::AfterChargeItems);
        self.paper.rule();
        self.totals();
        self.signatures(Place::AfterTotals);
        self.paper.rule();
        self.pay_items();
        self.queue_texts("ftPayLines");
        self.signatures(Place::AfterPayItems);
        self.queue_texts("ftReceiptFooter");
        self.signatures(Place::AfterFooter);
    }

    fn origin(&mut self) {
        let terminal = self
            .response
            .shown("cbTerminalID")
            .or_else(|| self.request.shown("cbTerminalID"));
        for (caption, value) in [
            ("Cash box", self.response.shown("ftCashBoxIdentification")),
            ("Queue", self.response.shown("ftQueueID")),
            ("Terminal", terminal),
            ("User", self.request.shown("cbUser")),
            ("Area", self.request.shown("cbArea")),
            ("Reference", self.request.shown("cbReceiptReference")),
            ("Receipt", self.response.shown("ftReceiptIdentification")),
            ("Moment", self.response.shown("ftReceiptMoment")),
        ] {
            if let Some(value) = value {
                self.paper.pair(caption, &value);
            }
        }
    }

    fn charge_items(&mut self) {
        for item in self.items("cbChargeItems", "ftChargeItems") {
            self.paper.pair(&item.described(), &item.money("Amount"));
            if let Some(rate_percent) = item.amount("VATRate") {
                let vat = match item.amount("VATAmount") {
                    Some(vat) => format!("  VAT {} %: {}", rate_percent.normalize(), money(vat)),
                    None => format!("  VAT {} %", rate_percent.normalize()),
                };
                self.paper.text(&vat);
            }
        }
    }

    fn totals(&mut self) {
        let items = self.items("cbChargeItems", "ftChargeItems");
        let total = total(&self.request, &items);
        let currency = currency(&self.request);
        self.paper
            .strong_pair(&format!("TOTAL {currency}"), &money(total));

        let mut vat = VatByRate::default();
        for item in &items {
            if let (Some(rate), Some(gross)) = (item.amount("VATRate"), item.amount("Amount")) {
                vat.add(rate, gross, item.amount("VATAmount"));
            }
        }
        let shares = vat.shares();
        if !shares.is_empty() {
            self.paper.row(["VAT", "Net", "VAT", "Gross"]);
        }
        for share in shares {
            self.paper.row([
                &format!("{} %", share.rate_percent),
                &money(share.net()),
                &money(share.vat),
                &money(share.gross),
            ]);
        }
    }

    fn pay_items(&mut self) {
        for item in self.items("cbPayItems", "ftPayItems") {
            self.paper.pair(&item.described(), &item.money("Amount"));
            for line in slip(&item.fields) {
                self.paper.text(&line);
            }
        }
    }

    fn items(&self, requested: &str, added: &str) -> Vec<Item<'a>> {
        items(&self.request, &self.response, requested, added)
    }

    fn queue_texts(&mut self, name: &str) {
        for text in self.response.texts(name) {
            self.paper.text(&text);
        }
    }

    fn signatures(&mut self, place: Place) {
        for signature in self.response.list("ftSignatures") {
            let signature = Fields::of_value(signature);
            let format = signature.code("ftSignatureFormat");
            let is_hidden = signature.code("ftSignatureType") & DO_NOT_PRINT != 0;
            if Place::of_format(format) != place || is_hidden {
                continue;
            }
            if let Some(caption) = signature.shown("Caption") {
                self.paper.text(&caption);
            }
            let data = signature.shown("Data").unwrap_or_default();
            let code = (format & 0xFFFF == FORMAT_QR).then(|| Code::of(&data));
            match code.flatten() {
                Some(code) => self.paper.qr(code),
                None if data.is_empty() => {}
                None => self.paper.text(&data),
            }
        }
    }
}

/// The lines of a card terminal, from an object or from the text of one.
fn slip(item: &Fields<'_>) -> Vec<String> {
    let Some(data) = item.get("ftPayItemCaseData") else {
        return Vec::new();
    };
    match text(data) {
        Some(json) => Fields::of_body(json.as_bytes()).texts("Receipt"),
        None => Fields::of_value(data).texts("Receipt"),
    }
}
