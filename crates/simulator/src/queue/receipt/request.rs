//! Validation of a receipt request, with amounts taken from the exact text.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::body_check::{BodyCheck, TEXT_LIMIT};
use crate::members::{Members, text, uuid};
use crate::queue::code::Code;
use crate::wire::call::Call;
use crate::wire::problem::FieldError;

/// What the queue needs to know of a valid receipt request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ReceiptRequest {
    /// It was written for another cash box.
    pub(crate) names_other_cash_box: bool,
    pub(crate) receipt_reference: String,
    pub(crate) receipt_moment: DateTime<Utc>,
    pub(crate) previous_references: Vec<String>,
    pub(crate) terminal_id: Option<String>,
    pub(crate) code: Code,
    pub(crate) charge_items: Vec<Item>,
    pub(crate) pay_items: Vec<Item>,
    pub(crate) charge_total: Decimal,
    pub(crate) pay_total: Decimal,
}

/// A charge item or a pay item, in units.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Item {
    pub(crate) code: Code,
    pub(crate) quantity: Decimal,
    pub(crate) amount: Decimal,
    /// In percent; 0 of pay items.
    pub(crate) vat_rate: Decimal,
}

/// Reads a body that is a JSON object; collects everything that is wrong with it.
pub(crate) fn validate(body: &Members<'_>, call: &Call) -> Result<ReceiptRequest, Vec<FieldError>> {
    let mut check = BodyCheck::default();
    let receipt_reference = check.non_empty_text(body, "", "cbReceiptReference");
    let receipt_moment = check.moment(body, "cbReceiptMoment");
    let compared = |id: Option<Uuid>| id.filter(|_| !call.any_cash_box);
    let cash_box_id = check.same_id(body, "ftCashBoxID", compared(Some(call.cash_box_id)));
    check.same_id(body, "ftPosSystemId", compared(call.pos_system_id));
    let terminal_id = check.terminal(body, call.terminal_id.as_deref());
    let previous_references = check.previous_references(body);
    let code = check.code(body, "", "ftReceiptCase");
    let multiplier = check.multiplier(body, "");
    if body.get("cbReceiptAmount").is_some() {
        check.amount(
            body,
            "",
            "cbReceiptAmount",
            multiplier.unwrap_or(Decimal::ONE),
        );
    }
    let charges = check.items(body, &CHARGE_ITEM, multiplier);
    let pays = check.items(body, &PAY_ITEM, multiplier);
    check.finish(Some(ReceiptRequest {
        names_other_cash_box: cash_box_id.is_some_and(|id| id != call.cash_box_id),
        receipt_reference: receipt_reference.unwrap_or_default(),
        receipt_moment,
        terminal_id,
        previous_references,
        code: Code::new(code),
        charge_items: charges.items,
        pay_items: pays.items,
        charge_total: charges.total,
        pay_total: pays.total,
    }))
}

/// The rules for one list of items.
struct ItemRules {
    list: &'static str,
    /// Whether `Quantity` and `VATRate` must be given. Otherwise the quantity is 1 by default.
    is_charge: bool,
    case: &'static str,
    id: &'static str,
}

const CHARGE_ITEM: ItemRules = ItemRules {
    list: "cbChargeItems",
    is_charge: true,
    case: "ftChargeItemCase",
    id: "ftChargeItemId",
};

const PAY_ITEM: ItemRules = ItemRules {
    list: "cbPayItems",
    is_charge: false,
    case: "ftPayItemCase",
    id: "ftPayItemId",
};

#[derive(Default)]
struct Items {
    items: Vec<Item>,
    total: Decimal,
}

impl BodyCheck {
    fn moment(&mut self, members: &Members<'_>, name: &str) -> DateTime<Utc> {
        let Some(value) = self.required(members, "", name) else {
            return DateTime::UNIX_EPOCH;
        };
        match text(value).and_then(|text| DateTime::parse_from_rfc3339(&text).ok()) {
            Some(moment) => moment.to_utc(),
            None => {
                self.error("", name, "must be an ISO 8601 moment with its offset");
                DateTime::UNIX_EPOCH
            }
        }
    }

    /// The id, when there is one.
    fn same_id(&mut self, members: &Members<'_>, name: &str, header: Option<Uuid>) -> Option<Uuid> {
        let value = members.get(name)?;
        let id = uuid(value);
        match id {
            None => self.error("", name, "must be a uuid"),
            Some(id) if header.is_some_and(|header| header != id) => {
                self.error("", name, "must be the same as in the header");
            }
            Some(_) => {}
        }
        id
    }

    /// One text or a list of texts. Empty texts name nothing.
    fn previous_references(&mut self, members: &Members<'_>) -> Vec<String> {
        let name = "cbPreviousReceiptReference";
        let Some(value) = members.get(name) else {
            return Vec::new();
        };
        let mut references = match (text(value), serde_json::from_str(value.get())) {
            (Some(reference), _) => vec![reference],
            (None, Ok(references)) => references,
            (None, Err(_)) => {
                self.error("", name, "must be a text or a list of texts");
                Vec::new()
            }
        };
        let is_long = |reference: &String| reference.chars().count() > TEXT_LIMIT;
        if references.iter().any(is_long) {
            self.error("", name, "must have at most 1023 characters");
        }
        references.retain(|reference| !reference.is_empty());
        references
    }

    /// A 64-bit code: an unsigned JSON integer, 0 when absent. Strings are refused.
    fn code(&mut self, members: &Members<'_>, prefix: &str, name: &str) -> u64 {
        let code = match members.get(name) {
            None if members.is_null(name) => None,
            None => Some(0),
            Some(value) => value.get().parse().ok(),
        };
        if code.is_none() {
            self.error(prefix, name, "must be an unsigned 64-bit integer");
        }
        code.unwrap_or(0)
    }

    fn items(
        &mut self,
        body: &Members<'_>,
        rules: &ItemRules,
        receipt_multiplier: Option<Decimal>,
    ) -> Items {
        let mut items = Items::default();
        let Some(list) = self.required(body, "", rules.list) else {
            return items;
        };
        let Ok(entries) = serde_json::from_str::<Vec<&RawValue>>(list.get()) else {
            self.error("", rules.list, "must be a list");
            return items;
        };
        for (index, entry) in entries.into_iter().enumerate() {
            let prefix = format!("{}[{index}].", rules.list);
            let Some(item) = Members::of_value(entry) else {
                self.error("", prefix.trim_end_matches('.'), "must be an object");
                continue;
            };
            let item = self.receipt_item(&item, &prefix, rules, receipt_multiplier);
            match items.total.checked_add(item.amount) {
                Some(total) => items.total = total,
                None => self.error("", rules.list, "must have a sum of at most 28 digits"),
            }
            items.items.push(item);
        }
        items
    }

    fn receipt_item(
        &mut self,
        item: &Members<'_>,
        prefix: &str,
        rules: &ItemRules,
        receipt_multiplier: Option<Decimal>,
    ) -> Item {
        self.text(item, prefix, "Description");
        let code = self.code(item, prefix, rules.case);
        // The receipt's multiplier applies to all its items; an item's own counts without one.
        let own_multiplier = self.multiplier(item, prefix);
        let multiplier = receipt_multiplier
            .or(own_multiplier)
            .unwrap_or(Decimal::ONE);
        let number = |check: &mut Self, name: &str| {
            let amount = check.amount(item, prefix, name, multiplier);
            amount.unwrap_or_default()
        };
        let quantity = if rules.is_charge || item.get("Quantity").is_some() {
            number(self, "Quantity")
        } else {
            Decimal::ONE
        };
        let vat_rate = if rules.is_charge {
            number(self, "VATRate")
        } else {
            Decimal::ZERO
        };
        if let Some(id) = item.get(rules.id)
            && uuid(id).is_none()
        {
            self.error(prefix, rules.id, "must be a uuid, null or left out");
        }
        Item {
            code: Code::new(code),
            quantity,
            amount: number(self, "Amount"),
            vat_rate,
        }
    }
}
