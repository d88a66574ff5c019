//! Whether a receipt belongs to the queue or was written for another one.

use crate::queue::code::Code;
use crate::queue::market::Market;
use crate::queue::receipt::request::ReceiptRequest;

/// Whose receipt a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Origin {
    /// Whose codes the answer has.
    pub(crate) market: Market,
    /// It was written for another queue, which alone knows what it refers to.
    pub(crate) is_foreign: bool,
}

impl Origin {
    /// Of a queue that takes its own receipts only: what is not its own is refused by the rules.
    pub(crate) fn own(market: Market) -> Self {
        Self {
            market,
            is_foreign: false,
        }
    }

    /// Of a queue that takes the receipts of any cash box: one that names another cash box, or
    /// another country in any of its codes, is foreign.
    pub(crate) fn of(request: &ReceiptRequest, own: Market) -> Self {
        let items = request.charge_items.iter().chain(&request.pay_items);
        let codes = std::iter::once(request.code).chain(items.map(|item| item.code));
        let mut named = codes.filter_map(Code::named_market);
        let market = named.next().unwrap_or(own);
        Self {
            market,
            is_foreign: request.names_other_cash_box
                || market != own
                || named.any(|market| market != own),
        }
    }
}
