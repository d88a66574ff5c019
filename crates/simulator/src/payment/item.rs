//! The answer of `POST /pay`: pay items that go into a receipt as they are.

use bytes::Bytes;
use rust_decimal::Decimal;
use serde::Serialize;
use uuid::Uuid;

use crate::ledger::PaymentAction;
use crate::number::exact;
use crate::payment::request::{PayRequest, RequestedItem};

/// A credit card, version 2 of the code, no country: every market takes it.
const CARD: u64 = 0x0000_2000_0000_0005;
const VOID: u64 = 0x0001_0000;
const REFUND: u64 = 0x0002_0000;
const TIP: u64 = 0x0040_0000;
const ELECTRONIC: u64 = 0x0080_0000;
const VERIFIED_BY_INTERFACE: u64 = 0x0100_0000;

/// What the terminal did.
#[derive(Debug)]
pub(crate) struct Booking<'a> {
    pub(crate) request: &'a PayRequest,
    pub(crate) queue_id: Uuid,
    /// The protocol that was really spoken.
    pub(crate) spoken: &'a str,
    /// What the receipt is paid with, negative for money given back.
    pub(crate) approved: Decimal,
    pub(crate) tip: Decimal,
    pub(crate) pay_item_id: Uuid,
    pub(crate) tip_item_id: Uuid,
    pub(crate) moment: String,
}

impl Booking<'_> {
    /// The money that moves.
    pub(crate) fn moved(&self) -> Decimal {
        self.approved + self.tip
    }

    pub(crate) fn pay_item_ids(&self) -> Vec<Uuid> {
        self.items().iter().map(|item| item.id).collect()
    }

    pub(crate) fn to_bytes(&self) -> Result<Bytes, serde_json::Error> {
        let response = PayResponse {
            protocol: &self.request.protocol,
            queue_id: self.queue_id,
            items: self.items(),
        };
        serde_json::to_vec(&response).map(Bytes::from)
    }

    /// The whole money, then the tip with the other sign: the sum is what pays the receipt.
    fn items(&self) -> Vec<PayItem<'_>> {
        let requested = &self.request.item;
        let back = match self.request.action {
            PaymentAction::Payment => 0,
            PaymentAction::Refund => REFUND,
            PaymentAction::Cancel => VOID,
        };
        let item = PayItem {
            id: self.pay_item_id,
            // Goes with the sign of the amount; 1 is the default and left out.
            quantity: (back != 0).then(|| Number(-requested.multiplier)),
            description: &requested.description,
            amount: Number(scaled(self.moved(), requested)),
            case: CARD | ELECTRONIC | VERIFIED_BY_INTERFACE | back,
            case_data: Some(self.case_data()),
            moment: &self.moment,
            currency: Some(requested.currency)
                .filter(|currency| !currency.is_default())
                .map(|currency| currency.code()),
            multiplier: Some(requested.multiplier)
                .filter(|multiplier| *multiplier != Decimal::ONE)
                .map(Number),
        };
        if self.tip.is_zero() {
            return vec![item];
        }
        let tip = PayItem {
            id: self.tip_item_id,
            description: "Tip",
            amount: Number(scaled(-self.tip, requested)),
            case: CARD | TIP,
            case_data: None,
            ..item
        };
        vec![item, tip]
    }

    fn case_data(&self) -> CaseData<'_> {
        let action = self.request.action;
        let amount = format!("{} {}", self.request.item.currency.code(), self.moved());
        CaseData {
            provider: Provider {
                protocol: self.spoken,
                protocol_version: "1.0",
                action,
                protocol_request: ProviderRequest {
                    amount: Number(self.request.item.amount),
                },
                protocol_response: ProviderResponse {
                    result: "approved",
                    amount: Number(self.moved()),
                },
            },
            receipt: [
                format!("SIMULATED CARD {}", action.to_string().to_uppercase()),
                amount,
                "APPROVED".to_owned(),
            ],
        }
    }
}

fn scaled(units: Decimal, requested: &RequestedItem) -> Decimal {
    if requested.multiplier == Decimal::ONE {
        return units;
    }
    // Cannot overflow: the units come from a number that was this large.
    units
        .checked_mul(requested.multiplier)
        .unwrap_or(units)
        .normalize()
}

#[derive(Debug, Clone, Copy, Serialize)]
struct Number(#[serde(serialize_with = "exact")] Decimal);

#[derive(Debug, Serialize)]
struct PayResponse<'a> {
    #[serde(rename = "Protocol")]
    protocol: &'a str,
    #[serde(rename = "ftQueueID")]
    queue_id: Uuid,
    #[serde(rename = "ftPayItems")]
    items: Vec<PayItem<'a>>,
}

#[derive(Debug, Clone, Serialize)]
struct PayItem<'a> {
    #[serde(rename = "ftPayItemId")]
    id: Uuid,
    #[serde(rename = "Quantity", skip_serializing_if = "Option::is_none")]
    quantity: Option<Number>,
    #[serde(rename = "Description")]
    description: &'a str,
    #[serde(rename = "Amount")]
    amount: Number,
    #[serde(rename = "ftPayItemCase")]
    case: u64,
    #[serde(rename = "ftPayItemCaseData", skip_serializing_if = "Option::is_none")]
    case_data: Option<CaseData<'a>>,
    #[serde(rename = "Moment")]
    moment: &'a str,
    #[serde(rename = "Currency", skip_serializing_if = "Option::is_none")]
    currency: Option<&'a str>,
    #[serde(
        rename = "DecimalPrecisionMultiplier",
        skip_serializing_if = "Option::is_none"
    )]
    multiplier: Option<Number>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct CaseData<'a> {
    provider: Provider<'a>,
    receipt: [String; 3],
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Provider<'a> {
    protocol: &'a str,
    protocol_version: &'static str,
    action: PaymentAction,
    protocol_request: ProviderRequest,
    protocol_response: ProviderResponse,
}

#[derive(Debug, Clone, Serialize)]
struct ProviderRequest {
    amount: Number,
}

#[derive(Debug, Clone, Serialize)]
struct ProviderResponse {
    result: &'static str,
    amount: Number,
}
