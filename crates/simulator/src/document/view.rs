//! What stands on a receipt, and in which order.

use rust_decimal::Decimal;
use serde_json::value::RawValue;

use super::Receipt;
use super::amount::{Scaling, money};
use super::fields::Fields;
use super::paper::{Line, Paper};
use super::qr::Code;
use super::vat::VatByRate;
use crate::members::text;

/// The first and the last line of every document.
pub(super) const BANNER: &str = "SIMULATED - NOT A FISCAL RECEIPT";

const DEFAULT_CURRENCY: &str = "EUR";

/// The receipt in lines of this many columns.
pub(super) fn lines(receipt: Receipt<'_>, columns: usize) -> Vec<Line> {
    let mut view = View {
        paper: Paper::new(columns),
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

/// An item and the scaling of its numbers.
struct Item<'a> {
    fields: Fields<'a>,
    scaling: Scaling,
}

impl Item<'_> {
    fn amount(&self, name: &str) -> Option<Decimal> {
        self.scaling.amount(&self.fields, name)
    }

    /// `2 x Espresso`, or the name alone for one.
    fn described(&self) -> String {
        let name = self.fields.shown("Description").unwrap_or_default();
        match self.amount("Quantity") {
            Some(quantity) if quantity != Decimal::ONE => {
                format!("{} x {name}", quantity.normalize())
            }
            _ => name,
        }
    }

    fn money(&self, name: &str) -> String {
        self.amount(name).map(money).unwrap_or_default()
    }
}

struct View<'a> {
    paper: Paper,
    request: Fields<'a>,
    response: Fields<'a>,
}

impl<'a> View<'a> {
    fn write(&mut self) {
        self.paper.heading(BANNER);
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
        let total = self
            .scaling()
            .unwrap_or(Scaling::NONE)
            .amount(&self.request, "cbReceiptAmount")
            .unwrap_or_else(|| {
                let amounts = items.iter().filter_map(|item| item.amount("Amount"));
                amounts.fold(Decimal::ZERO, Decimal::saturating_add)
            });
        let currency = self.request.shown("Currency");
        let currency = currency.as_deref().unwrap_or(DEFAULT_CURRENCY);
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

    /// The items of the request, then those the queue added.
    fn items(&self, requested: &str, added: &str) -> Vec<Item<'a>> {
        // The receipt's multiplier applies to all its items; an item's own counts without one.
        let of_receipt = self.scaling();
        let item = |value: &'a RawValue, of_receipt: Option<Scaling>| {
            let fields = Fields::of_value(value);
            let scaling = of_receipt.or_else(|| Scaling::of(&fields));
            Item {
                fields,
                scaling: scaling.unwrap_or(Scaling::NONE),
            }
        };
        let requested = self.request.list(requested).into_iter();
        let added = self.response.list(added).into_iter();
        requested
            .map(|value| item(value, of_receipt))
            .chain(added.map(|value| item(value, None)))
            .collect()
    }

    fn scaling(&self) -> Option<Scaling> {
        Scaling::of(&self.request)
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
