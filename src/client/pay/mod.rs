//! `POST /pay`: money at a payment terminal.
//!
//! A lost answer is asked for, never paid again: see [`Client::pay`].

mod paid;
mod request;
mod reversal;
#[cfg(operation = "pay_response")]
mod settle;

use std::sync::Arc;

pub use paid::Paid;
pub use request::{PayBody, Payment};
pub use reversal::Reversal;
#[cfg(operation = "pay_response")]
pub(crate) use settle::settle;

use super::Client;
use super::call::OperationCall;
use crate::error::Result;
use crate::raw::operations;
use crate::runtime::Operation;

impl Client {
    /// Takes a payment at a terminal, and waits for its end: minutes are normal.
    ///
    /// One attempt may take 90 s. As long as none can have reached the server, the payment is tried for the
    /// client's deadline, and then handed back as pending with [`Standing::NotSent`]: no money moved. Once one may
    /// have, the whole may take 15 minutes. [`with_attempt_timeout`](OperationCall::with_attempt_timeout) and
    /// [`with_deadline`](OperationCall::with_deadline) set others, the latter for both cases. The terminal is
    /// chosen by [`Payment::terminal`]; without it, devices that have no terminal id react (API facts,
    /// section 3.3).
    ///
    /// **Nothing is paid twice.** Once an attempt may have reached the server, `/pay` is not sent again:
    /// `/PayResponse` is asked under the same operation id, which waits while the guest pays. So it is when
    /// a stored handle is [resumed](Self::resume), or an operation log has the payment's
    /// [id](OperationCall::with_operation_id) as one that may have been sent. Only where it is proved that it never
    /// was, resuming begins it: if the guest has gone or has paid otherwise, [`abandon`](Self::abandon) it instead.
    ///
    /// Where the server knows no such payment, its record of the operation is asked for, a few times; if that does
    /// not settle it, the operation is [`Outcome::Parked`](crate::Outcome::Parked): ask the operator whether money
    /// moved, and start another payment only if it did not (API facts, sections 6.3 and 6.4). In a revision of the
    /// document without `/PayResponse` the same bytes are sent again under the same id, as for every operation.
    ///
    /// Payments keep no order: none waits for a receipt, and no receipt waits for one.
    ///
    /// A terminal can approve less than was asked for, and a guest can add a tip: see [`Paid`].
    ///
    /// ```no_run
    /// # async fn example(client: pos_system_api::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use pos_system_api::Outcome;
    /// use pos_system_api::client::Payment;
    /// use pos_system_api::codes::VatRate;
    /// use pos_system_api::receipt::{ChargeItem, Receipt};
    /// use pos_system_api::types::{Amount, Moment};
    ///
    /// let amount = Amount::from_cents(1840);
    /// match client.pay(Payment::new("Card", amount)).await {
    ///     Ok(Outcome::Done(paid)) => {
    ///         let menu = ChargeItem::goods("Menu", amount, 20, VatRate::Normal);
    ///         let sale = Receipt::sale("S-1", Moment::now()).charge(menu).pay_items(paid.pay_items());
    ///         client.sign(sale).await?;
    ///     }
    ///     Ok(Outcome::Pending(handle) | Outcome::Parked(handle)) => println!("ask at the terminal: {handle}"),
    ///     Err(error) if error.is_payment_refused() => println!("not paid: {error}"),
    ///     Err(error) => return Err(error.into()),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When awaited: [`ErrorKind::Rejected`] if the payment was declined, cancelled or timed out at the
    /// terminal, see [`Error::is_payment_refused`]; [`ErrorKind::Invalid`] for an amount that is not
    /// positive; otherwise what [`ErrorKind`] lists.
    ///
    /// [`Standing::NotSent`]: crate::Standing::NotSent
    /// [`Error::is_payment_refused`]: crate::Error::is_payment_refused
    /// [`ErrorKind`]: crate::ErrorKind
    /// [`ErrorKind::Rejected`]: crate::ErrorKind::Rejected
    /// [`ErrorKind::Invalid`]: crate::ErrorKind::Invalid
    pub fn pay(&self, payment: impl Into<PayBody>) -> OperationCall<Paid> {
        self.pay_with(payment.into())
    }

    /// Gives money of an earlier payment back: all of it, or the part that
    /// [`Reversal::amount`] says. The whole pay item of the payment goes to the server with a negative
    /// amount, [`MoneyBarcode`](crate::types::PayItem::money_barcode) included (API facts, section 3.3 and
    /// section 7, row 5).
    ///
    /// Times and lost answers as for [`pay`](Self::pay); the terminal is chosen by [`Reversal::terminal`]. The
    /// amounts of the answer are negative.
    ///
    /// **With a tip** the terminal gives back more than the receipt came to: the tip was charged with the
    /// rest. Whoever has the tip gives it back to the till, and the refund's receipt says so:
    ///
    /// ```no_run
    /// # use pos_system_api::{Client, Signed, client::Paid, types::{Amount, Moment}};
    /// # async fn example(client: Client, sold: Signed, paid: Paid) -> pos_system_api::Result<()> {
    /// use pos_system_api::receipt::{PayItem, Receipt};
    ///
    /// if let Some(back) = client.refund(&paid).await?.done() {
    ///     let mut refund =
    ///         Receipt::refund_of(&sold, "R-101", Moment::now()).pay_items(back.pay_items());
    ///     if paid.tip() > Amount::ZERO {
    ///         refund = refund.pay_items([PayItem::cash("Tip", paid.tip())]);
    ///     }
    ///     let _signed = client.sign(refund).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// To keep the tip out of it, refund [`Paid::approved`] as a part: `Reversal::from(&paid).amount(..)`.
    ///
    /// # Errors
    /// As for [`pay`](Self::pay); [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) also for an item that
    /// has nothing to give back.
    pub fn refund(&self, reversal: impl Into<Reversal>) -> OperationCall<Paid> {
        self.pay_with(reversal.into().body("refund"))
    }

    /// Takes a whole earlier payment back. The item as for [`refund`](Self::refund).
    ///
    /// # Errors
    /// As for [`refund`](Self::refund); [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) also for a part
    /// of a payment, which can only be refunded.
    pub fn cancel(&self, reversal: impl Into<Reversal>) -> OperationCall<Paid> {
        self.pay_with(reversal.into().body("cancel"))
    }

    fn pay_with(&self, body: PayBody) -> OperationCall<Paid> {
        let prepared: Result<Operation> = body.into_written().and_then(|written| {
            let body = Some(written.body);
            let mut operation = self.fixed(&operations::PAY, &[], "application/json", body)?;
            operation.options.terminal = written.terminal;
            Ok(operation)
        });
        OperationCall::new(Arc::clone(&self.engine), prepared)
    }
}
