//! A signed receipt as a till prints it.

mod signatures;
mod vat;

use std::fmt::{self, Write};

use pos_system_api::codes::SignaturePosition;
use pos_system_api::types::{Amount, ChargeItem, Currency, ReceiptRequest, ReceiptResponse};
use rust_decimal::{Decimal, RoundingStrategy};
use textwrap::core::display_width;

use crate::message::printable;
use signatures::write_signatures;
use vat::vat_by_rate;

/// Columns of the paper.
const WIDTH: usize = 42;

/// Request and answer, laid out in 42 columns; QR codes may be wider.
#[derive(Debug)]
pub(crate) struct PrintedReceipt<'a> {
    pub(crate) request: &'a ReceiptRequest,
    pub(crate) response: &'a ReceiptResponse,
    /// Whether the simulator signed it.
    pub(crate) simulated: bool,
}

impl fmt::Display for PrintedReceipt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (request, response) = (self.request, self.response);
        let signatures = &response.ft_signatures;
        write_signatures(f, signatures, SignaturePosition::BeforeHeader)?;
        if self.simulated {
            rule(f, '=')?;
            centred(f, "S I M U L A T E D - no fiscal receipt")?;
            rule(f, '=')?;
        }
        lines(f, &response.ft_receipt_header)?;
        write_signatures(f, signatures, SignaturePosition::AfterHeader)?;
        if let Some(reference) = &request.cb_receipt_reference {
            pair(f, "Reference", reference)?;
        }
        rule(f, '-')?;
        for item in request
            .cb_charge_items
            .iter()
            .chain(&response.ft_charge_items)
        {
            pair(f, &described(item), &money(item.amount.decimal()))?;
        }
        lines(f, &response.ft_charge_lines)?;
        write_signatures(f, signatures, SignaturePosition::AfterChargeItems)?;
        rule(f, '-')?;
        self.write_total(f)?;
        write_signatures(f, signatures, SignaturePosition::AfterTotals)?;
        for item in request.cb_pay_items.iter().chain(&response.ft_pay_items) {
            let description = item.description.as_deref().unwrap_or("Payment");
            pair(f, description, &money(item.amount.decimal()))?;
        }
        lines(f, &response.ft_pay_lines)?;
        rule(f, '-')?;
        self.write_vat(f)?;
        rule(f, '-')?;
        self.write_identification(f)?;
        write_signatures(f, signatures, SignaturePosition::AfterPayItems)?;
        lines(f, &response.ft_receipt_footer)?;
        write_signatures(f, signatures, SignaturePosition::AfterFooter)
    }
}

impl PrintedReceipt<'_> {
    fn charge_items(&self) -> impl Iterator<Item = &ChargeItem> {
        let added = &self.response.ft_charge_items;
        self.request.cb_charge_items.iter().chain(added)
    }

    fn write_total(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total = self
            .request
            .cb_receipt_amount
            .map(Amount::decimal)
            .unwrap_or_else(|| {
                self.charge_items().fold(Decimal::ZERO, |sum, item| {
                    sum.saturating_add(item.amount.decimal())
                })
            });
        let currency = self.request.currency.as_ref();
        let currency = currency.map_or_else(|| "EUR".to_owned(), Currency::to_string);
        pair(f, &format!("TOTAL {currency}"), &money(total))
    }

    fn write_vat(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let row = |rate: &str, net: &str, vat: &str, gross: &str| {
            format!("{rate:<9}{net:>11}{vat:>11}{gross:>11}")
        };
        line(f, &row("VAT", "Net", "VAT", "Gross"))?;
        for share in vat_by_rate(self.charge_items()) {
            let [net, vat, gross] = [share.net(), share.vat, share.gross].map(money);
            line(f, &row(&format!("{} %", share.rate), &net, &vat, &gross))?;
        }
        Ok(())
    }

    fn write_identification(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let response = self.response;
        if let Some(identification) = &response.ft_receipt_identification {
            pair(f, "Receipt", identification)?;
        }
        if let Some(moment) = &response.ft_receipt_moment {
            pair(f, "Moment", moment.as_str())?;
        }
        if let Some(register) = &response.ft_cash_box_identification {
            pair(f, "Cash box", register)?;
        }
        Ok(())
    }
}

/// `2 x Espresso`, or the name alone for one.
fn described(item: &ChargeItem) -> String {
    let name = item.description.as_deref().unwrap_or("Item");
    match item.quantity {
        Some(quantity) if quantity != Amount::ONE => {
            format!("{} x {name}", quantity.decimal().normalize())
        }
        _ => name.to_owned(),
    }
}

/// Two decimals, halves away from zero.
fn money(amount: Decimal) -> String {
    format!("{:.2}", cents(amount))
}

fn cents(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// A text and a value at the right edge. What does not fit on one line takes two.
fn pair(f: &mut fmt::Formatter<'_>, left: &str, right: &str) -> fmt::Result {
    let (left, right) = (printable(left), printable(right));
    let mut parts = wrapped(&left);
    let last = parts.pop().unwrap_or_default();
    for text in parts {
        line(f, &text)?;
    }
    let used = display_width(&last) + display_width(&right);
    if used < WIDTH {
        line(f, &format!("{last}{}{right}", " ".repeat(WIDTH - used)))
    } else {
        line(f, &last)?;
        let indent = WIDTH.saturating_sub(display_width(&right));
        line(f, &format!("{}{right}", " ".repeat(indent)))
    }
}

fn centred(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let indent = WIDTH.saturating_sub(display_width(text)) / 2;
    line(f, &format!("{}{text}", " ".repeat(indent)))
}

/// Texts of the queue, wrapped to the paper.
fn lines<T: AsRef<str>>(f: &mut fmt::Formatter<'_>, texts: &[T]) -> fmt::Result {
    for text in texts {
        for part in wrapped(&printable(text.as_ref())) {
            line(f, &part)?;
        }
    }
    Ok(())
}

/// Breaks between words; ids with hyphens stay whole where they fit.
fn wrapped(text: &str) -> Vec<std::borrow::Cow<'_, str>> {
    let options =
        textwrap::Options::new(WIDTH).word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::wrap(text, options)
}

fn line(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    writeln!(f, "{}", text.trim_end())
}

fn rule(f: &mut fmt::Formatter<'_>, character: char) -> fmt::Result {
    for _ in 0..WIDTH {
        f.write_char(character)?;
    }
    f.write_char('\n')
}

#[cfg(test)]
mod tests;
