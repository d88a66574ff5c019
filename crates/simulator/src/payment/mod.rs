//! `POST /pay`: money at a payment terminal.

mod charge;
mod currency;
mod item;
mod protocol;
mod provider;
mod request;
mod response;
mod terminal;

use std::time::Duration;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::clock::format_moment;
use crate::ids::Ids;
use crate::input::Command;
use crate::ledger::{Ledger, PaymentAction, PaymentRecord};
use crate::operation::Outcome;
use crate::payment::charge::{Charge, Charges};
use crate::payment::item::Booking;
use crate::payment::provider::Ending;
use crate::payment::request::PayRequest;
use crate::payment::terminal::Terminals;
use crate::wire::problem::Failure;

pub(crate) use response::response;
pub use terminal::Terminal;

/// How long the service waits for a terminal to take a call.
const ACCEPT_WINDOW: Duration = Duration::from_secs(10);

/// The terminals of the cash box and what they did.
#[derive(Debug)]
pub(crate) struct Payments {
    terminals: Terminals,
    charges: Charges,
    ids: Ids,
}

impl Payments {
    /// With one terminal for everything when none is declared.
    pub(crate) fn new(terminals: Vec<Terminal>, seed: u64) -> Self {
        Self {
            terminals: Terminals::declared(terminals),
            charges: Charges::default(),
            ids: Ids::new(seed),
        }
    }

    /// How long the guest and the terminal take. A body that is refused takes no time.
    pub(crate) fn duration(&self, command: &Command) -> Duration {
        let Ok(request) = PayRequest::read(command, &self.terminals) else {
            return Duration::ZERO;
        };
        if self.serving(&request).is_none() {
            return ACCEPT_WINDOW;
        }
        match request.action {
            PaymentAction::Payment => provider::duration(request.item.amount),
            PaymentAction::Refund | PaymentAction::Cancel => Duration::ZERO,
        }
    }

    fn serving(&self, request: &PayRequest) -> Option<&str> {
        self.terminals
            .serving(request.terminal_id.as_deref(), &request.protocol)
    }
}

pub(crate) fn pay(
    command: &Command,
    now: DateTime<Utc>,
    payments: &mut Payments,
    queue_id: Uuid,
    ledger: &mut Ledger,
) -> Outcome {
    carry_out(command, now, payments, queue_id, ledger).unwrap_or_else(Outcome::Failed)
}

fn carry_out(
    command: &Command,
    now: DateTime<Utc>,
    payments: &mut Payments,
    queue_id: Uuid,
    ledger: &mut Ledger,
) -> Result<Outcome, Failure> {
    let operation_id = command.call.operation_id;
    let request = PayRequest::read(command, &payments.terminals)?;
    let Some(spoken) = payments.serving(&request).map(str::to_owned) else {
        return Err(provider::failure(
            "Payment not accepted",
            "No terminal took the payment in time.",
        ));
    };
    let asked = request.item.amount;
    let (approved, tip, refunds) = match request.action {
        PaymentAction::Payment => {
            let (approved, tip) = Ending::of(asked).approved()?;
            (approved, tip, None)
        }
        action => {
            let paid_by = payments.charges.give_back(action, &request.item)?;
            (-asked.abs(), Decimal::ZERO, Some(paid_by))
        }
    };
    let ids = payments.ids.begin(operation_id);
    let booking = Booking {
        request: &request,
        queue_id,
        spoken: &spoken,
        approved,
        tip,
        pay_item_id: ids.of("pay item"),
        tip_item_id: ids.of("tip"),
        moment: format_moment(now),
    };
    let response = booking
        .to_bytes()
        .map_err(|error| Failure::new(500, "Internal Server Error", error.to_string()))?;
    if request.action == PaymentAction::Payment {
        payments.charges.add(Charge {
            operation_id,
            pay_item_id: booking.pay_item_id,
            currency: request.item.currency,
            taken: booking.moved(),
            returned: Decimal::ZERO,
        });
    }
    ledger.record_payment(PaymentRecord {
        operation_id,
        action: request.action,
        protocol: request.protocol.clone(),
        requested: match request.action {
            PaymentAction::Payment => asked,
            PaymentAction::Refund | PaymentAction::Cancel => -asked.abs(),
        },
        approved,
        amount: booking.moved(),
        pay_item_ids: booking.pay_item_ids(),
        refunds,
        request: command.request.body.clone(),
        response: response.clone(),
    });
    Ok(Outcome::json(response))
}
