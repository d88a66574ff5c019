//! The receipt as structured data: the outline of an EN 16931 invoice in UBL.
//!
//! Its note and its supplier say that it is simulated. It is well-formed and named as the real
//! ones are, but it has no addresses and tax numbers, so no validator of invoices takes it.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use rust_decimal::Decimal;

use super::Receipt;
use super::amount::cents;
use super::fields::Fields;
use super::item::{Item, currency, items, total};
use super::vat::{VatByRate, VatShare};
use super::view::BANNER;
use crate::members::text;

const NAMESPACES: [(&str, &str); 3] = [
    (
        "xmlns",
        "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2",
    ),
    (
        "xmlns:cac",
        "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    ),
    (
        "xmlns:cbc",
        "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    ),
];

type Xml = Writer<Vec<u8>>;

pub(super) fn invoice(receipt: Receipt<'_>) -> io::Result<Vec<u8>> {
    let request = Fields::of_body(receipt.request);
    let response = Fields::of_body(receipt.response);
    let charged = items(&request, &response, "cbChargeItems", "ftChargeItems");
    let invoice = Invoice {
        total: total(&request, &charged),
        currency: currency(&request),
        charged,
        request,
        response,
    };
    let mut xml = Writer::new(Vec::new());
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.create_element("Invoice")
        .with_attributes(NAMESPACES)
        .write_inner_content(|xml| invoice.write(xml))?;
    Ok(xml.into_inner())
}

struct Invoice<'a> {
    request: Fields<'a>,
    response: Fields<'a>,
    charged: Vec<Item<'a>>,
    total: Decimal,
    currency: String,
}

impl Invoice<'_> {
    fn write(&self, xml: &mut Xml) -> io::Result<()> {
        let of_response = |name| self.response.shown(name).unwrap_or_default();
        let moment = of_response("ftReceiptMoment");
        leaf(xml, "cbc:CustomizationID", "urn:cen.eu:en16931:2017")?;
        leaf(xml, "cbc:ID", &of_response("ftReceiptIdentification"))?;
        leaf(xml, "cbc:IssueDate", moment.get(..10).unwrap_or_default())?;
        leaf(xml, "cbc:InvoiceTypeCode", "380")?;
        leaf(xml, "cbc:Note", BANNER)?;
        leaf(xml, "cbc:DocumentCurrencyCode", &self.currency)?;
        let supplier = format!("SIMULATED {}", of_response("ftCashBoxIdentification"));
        party(xml, "cac:AccountingSupplierParty", &supplier)?;
        party(xml, "cac:AccountingCustomerParty", &self.customer())?;
        self.taxes(xml)?;
        for (index, item) in self.charged.iter().enumerate() {
            nested(xml, "cac:InvoiceLine", |xml| {
                self.line(xml, index + 1, item)
            })?;
        }
        Ok(())
    }

    /// The name in `cbCustomer`, an object or the text of one.
    fn customer(&self) -> String {
        let Some(customer) = self.request.get("cbCustomer") else {
            return String::new();
        };
        let name = match text(customer) {
            Some(json) => Fields::of_body(json.as_bytes()).shown("CustomerName"),
            None => Fields::of_value(customer).shown("CustomerName"),
        };
        name.unwrap_or_default()
    }

    fn taxes(&self, xml: &mut Xml) -> io::Result<()> {
        let mut vat = VatByRate::default();
        for item in &self.charged {
            item_vat(&mut vat, item);
        }
        let shares = vat.shares();
        let tax = shares
            .iter()
            .fold(Decimal::ZERO, |sum, share| sum.saturating_add(share.vat));
        nested(xml, "cac:TaxTotal", |xml| {
            self.amount(xml, "cbc:TaxAmount", tax)?;
            for share in &shares {
                nested(xml, "cac:TaxSubtotal", |xml| {
                    self.amount(xml, "cbc:TaxableAmount", share.net())?;
                    self.amount(xml, "cbc:TaxAmount", share.vat)?;
                    category(xml, "cac:TaxCategory", share.rate_percent)
                })?;
            }
            Ok(())
        })?;
        let net = self.total.saturating_sub(tax);
        nested(xml, "cac:LegalMonetaryTotal", |xml| {
            self.amount(xml, "cbc:LineExtensionAmount", net)?;
            self.amount(xml, "cbc:TaxExclusiveAmount", net)?;
            self.amount(xml, "cbc:TaxInclusiveAmount", self.total)?;
            self.amount(xml, "cbc:PayableAmount", self.total)
        })
    }

    fn line(&self, xml: &mut Xml, number: usize, item: &Item<'_>) -> io::Result<()> {
        let quantity = item.amount("Quantity").unwrap_or(Decimal::ONE);
        let gross = item.amount("Amount").unwrap_or_default();
        let mut vat = VatByRate::default();
        item_vat(&mut vat, item);
        let share = vat.shares().pop();
        let net = share.as_ref().map_or(gross, VatShare::net);
        leaf(xml, "cbc:ID", &number.to_string())?;
        xml.create_element("cbc:InvoicedQuantity")
            .with_attribute(("unitCode", "C62"))
            .write_text_content(BytesText::new(&quantity.normalize().to_string()))?;
        self.amount(xml, "cbc:LineExtensionAmount", net)?;
        nested(xml, "cac:Item", |xml| {
            leaf(
                xml,
                "cbc:Name",
                &item.fields.shown("Description").unwrap_or_default(),
            )?;
            let rate_percent = share.map_or(Decimal::ZERO, |share| share.rate_percent);
            category(xml, "cac:ClassifiedTaxCategory", rate_percent)
        })?;
        let price = net.checked_div(quantity).unwrap_or(net);
        nested(xml, "cac:Price", |xml| {
            self.amount(xml, "cbc:PriceAmount", price)
        })
    }

    fn amount(&self, xml: &mut Xml, name: &str, amount: Decimal) -> io::Result<()> {
        let currency = xml_text(&self.currency);
        xml.create_element(name)
            .with_attribute(("currencyID", currency.as_str()))
            .write_text_content(BytesText::new(&format!("{:.2}", cents(amount))))?;
        Ok(())
    }
}

fn item_vat(vat: &mut VatByRate, item: &Item<'_>) {
    if let (Some(rate), Some(gross)) = (item.amount("VATRate"), item.amount("Amount")) {
        vat.add(rate, gross, item.amount("VATAmount"));
    }
}

fn party(xml: &mut Xml, role: &str, name: &str) -> io::Result<()> {
    nested(xml, role, |xml| {
        nested(xml, "cac:Party", |xml| {
            nested(xml, "cac:PartyName", |xml| leaf(xml, "cbc:Name", name))
        })
    })
}

/// Standard rated, or zero rated for no VAT.
fn category(xml: &mut Xml, name: &str, rate_percent: Decimal) -> io::Result<()> {
    nested(xml, name, |xml| {
        leaf(
            xml,
            "cbc:ID",
            if rate_percent.is_zero() { "Z" } else { "S" },
        )?;
        leaf(xml, "cbc:Percent", &rate_percent.normalize().to_string())?;
        nested(xml, "cac:TaxScheme", |xml| leaf(xml, "cbc:ID", "VAT"))
    })
}

fn nested(
    xml: &mut Xml,
    name: &str,
    inner: impl FnOnce(&mut Xml) -> io::Result<()>,
) -> io::Result<()> {
    xml.create_element(name).write_inner_content(inner)?;
    Ok(())
}

fn leaf(xml: &mut Xml, name: &str, text: &str) -> io::Result<()> {
    xml.create_element(name)
        .write_text_content(BytesText::new(&xml_text(text)))?;
    Ok(())
}

/// Without the characters that XML cannot hold in any form.
fn xml_text(text: &str) -> String {
    let held = |c: char| match c {
        '\t' | '\n' | '\r' => c,
        c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => '\u{fffd}',
        c => c,
    };
    text.chars().map(held).collect()
}
