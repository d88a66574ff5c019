//! Receipts of any items.

use pos_system_api::codes::{ChargeItemFlags, VatRate};
use pos_system_api::receipt::{ChargeItem, PayItem, Precision, Receipt};
use pos_system_api::rust_decimal::Decimal;
use pos_system_api::types::{Amount, ReceiptRequest};
use proptest::prelude::*;

use crate::moment;

fn amount(number: i64, scale: u32) -> Amount {
    Amount::from(Decimal::new(number, scale))
}

prop_compose! {
    /// A line, its amount in 1/10,000 from `least` on, and what is taken off or added.
    fn line(least: i64)(
        description in "[ -~äßπ]{1,20}",
        number in least..1_000_000_000,
        quantity in 1_i64..100_000,
        percent in prop::sample::select(vec![0, 5, 10, 20]),
        vat in prop::sample::select(vec![VatRate::Normal, VatRate::Discounted1, VatRate::Zero]),
        kind in 0_u8..5,
        change in prop::option::of(1_i64..100_000),
    ) -> (Vec<ChargeItem>, i64) {
        let line = match kind {
            0 => ChargeItem::goods(description, amount(number, 4), percent, vat),
            1 => ChargeItem::service(description, amount(number, 4), percent, vat),
            2 => ChargeItem::tip(description, amount(number, 4)),
            3 => ChargeItem::voucher(description, amount(number, 4)),
            _ => ChargeItem::goods(description, amount(number, 4), percent, vat)
                .flags(ChargeItemFlags::RETURNABLE)
                .product_number("7"),
        };
        let line = line.quantity(amount(quantity, 3));
        match change {
            None => (vec![line], number),
            Some(less) if less % 2 == 0 => {
                let discount = ChargeItem::discount_on(&line, "Less", amount(less, 4));
                (vec![line, discount], number - less)
            }
            Some(more) => {
                let extra = ChargeItem::extra_on(&line, "More", amount(more, 4));
                (vec![line, extra], number + more)
            }
        }
    }
}

prop_compose! {
    /// A sale that is paid in several ways, and its total in 1/10,000.
    fn sale()(
        // Something is sold; with negative lines alone it would be a refund.
        sold in line(1),
        lines in prop::collection::vec(line(-1_000_000_000), 0..11),
        card in 0_i64..1_000_000_000,
        change in 1_i64..1_000_000,
        precision in prop::option::of(prop::sample::select(vec![
            Precision::TenThousandths,
            Precision::Millionths,
        ])),
    ) -> (Receipt, i64) {
        let lines: Vec<_> = std::iter::once(sold).chain(lines).collect();
        let total: i64 = lines.iter().map(|(_, amount)| amount).sum();
        let cash = total - card + change;
        let sale = Receipt::sale("S-1", moment())
            .charge_items(lines.into_iter().flat_map(|(line, _)| line))
            .pay(PayItem::debit_card("Card", amount(card, 4)))
            .pay(PayItem::cash("Cash", amount(cash, 4)))
            .pay(PayItem::change("Change", amount(change, 4)));
        let sale = match precision {
            Some(precision) => sale.precision(precision),
            None => sale,
        };
        (sale, total)
    }
}

/// The sum of amounts as they are meant.
fn meant<'a>(request: &ReceiptRequest, amounts: impl Iterator<Item = &'a Amount>) -> Decimal {
    let written = serde_json::to_value(request).unwrap();
    let multiplier = written["DecimalPrecisionMultiplier"].as_i64().unwrap_or(1);
    let sum: Decimal = amounts.map(|amount| amount.decimal()).sum();
    sum / Decimal::from(multiplier)
}

fn totals(request: &ReceiptRequest) -> (Decimal, Decimal) {
    (
        meant(
            request,
            request.cb_charge_items.iter().map(|item| &item.amount),
        ),
        meant(
            request,
            request.cb_pay_items.iter().map(|item| &item.amount),
        ),
    )
}

proptest! {
    #[test]
    fn any_sale_balances_and_survives_the_wire((sale, total) in sale()) {
        let request = sale.clone().build().unwrap();
        let expected = Decimal::new(total, 4);
        prop_assert_eq!(totals(&request), (expected, expected));
        let written = serde_json::to_string(&request).unwrap();
        let read: ReceiptRequest = serde_json::from_str(&written).unwrap();
        prop_assert_eq!(&read, &request);
        prop_assert_eq!(serde_json::to_string(&read).unwrap(), written);

        // One ten-thousandth more, and it does not build.
        let error = sale.pay(PayItem::cash("Cash", amount(1, 4))).build().unwrap_err();
        prop_assert_eq!(error.field(), "cbPayItems");
    }

    #[test]
    fn any_refund_takes_back_what_was_paid((sale, total) in sale()) {
        let sold = sale.build().unwrap();
        let refund = Receipt::refund_of(&sold, "R-1", moment()).build().unwrap();
        let expected = Decimal::new(-total, 4);
        prop_assert_eq!(totals(&refund), (expected, expected));
        for (back, item) in refund.cb_charge_items.iter().zip(&sold.cb_charge_items) {
            prop_assert_eq!(back.quantity.unwrap().decimal(), -item.quantity.unwrap().decimal());
            prop_assert_eq!(back.amount.decimal(), -item.amount.decimal());
            prop_assert_eq!(back.vat_rate, item.vat_rate);
        }
        let void = Receipt::void_of(&sold, "V-1", moment()).build().unwrap();
        prop_assert_eq!(totals(&void), (expected, expected));
    }
}

#[cfg(feature = "client")]
mod over_a_socket {
    use super::*;
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    /// Random sales, each refunded or voided, at one queue.
    #[tokio::test]
    async fn refunds_of_any_receipt_are_accepted() {
        let queue = crate::queue::Queue::of("AT").await;
        let mut runner = TestRunner::deterministic();
        for number in 0..100 {
            let (sale, _) = sale().new_tree(&mut runner).unwrap().current();
            let mut sold = sale.build().unwrap();
            sold.cb_receipt_reference = Some(format!("S-{number}"));
            let signed = queue.signs(sold).await;
            let reference = format!("R-{number}");
            let back = if number % 2 == 0 {
                Receipt::refund_of(&signed, reference, moment())
            } else {
                Receipt::void_of(&signed, reference, moment())
            };
            let _ = queue.signs(back).await;
        }
    }
}
