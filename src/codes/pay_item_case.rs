//! Pay item cases: the means of payment.

use std::fmt;

use bitflags::bitflags;

use super::code::{FLAGS, VERSION_2, flags};
use super::flag::{self, Flag};
use super::open_enum::open_enum;
use super::{Country, PayItemCase};

/// Defines the cases: the enumeration of kinds, and a constant of [`PayItemCase`] for each.
macro_rules! pay_item_cases {
    ($($(#[$doc:meta])* $constant:ident, $variant:ident = $value:literal, $text:literal;)*) => {
        open_enum! {
            /// The means of payment, bits 7 to 0 of a pay item's case (API facts, section 5.9).
            PaymentKind: u8 {
                $($(#[$doc])* $variant = $value, $text;)*
            }
        }

        /// The cases by name. Without a country: the market comes from the cash box.
        impl PayItemCase {
            $($(#[$doc])* pub const $constant: Self = Self::of(PaymentKind::$variant);)*
        }
    };
}

pay_item_cases! {
    /// `00`: not stated; handled like cash.
    UNKNOWN, Unknown = 0x00, "UnknownPayment";
    /// `01`: cash.
    CASH, Cash = 0x01, "Cash";
    /// `02`: cashless without saying how.
    NON_CASH, NonCash = 0x02, "NonCash";
    /// `03`: a crossed cheque.
    CROSSED_CHEQUE, CrossedCheque = 0x03, "CrossedCheque";
    /// `04`: a debit card.
    DEBIT_CARD, DebitCard = 0x04, "DebitCard";
    /// `05`: a credit card.
    CREDIT_CARD, CreditCard = 0x05, "CreditCard";
    /// `06`: a voucher worth money.
    VOUCHER, Voucher = 0x06, "Voucher";
    /// `07`: an online payment.
    ONLINE, Online = 0x07, "Online";
    /// `08`: a loyalty programme or customer card.
    LOYALTY_PROGRAM, LoyaltyProgram = 0x08, "LoyaltyProgram";
    /// `09`: on account.
    ACCOUNTS_RECEIVABLE, AccountsReceivable = 0x09, "AccountsReceivable";
    /// `0A`: a SEPA transfer.
    SEPA_TRANSFER, SepaTransfer = 0x0A, "SepaTransfer";
    /// `0B`: another bank transfer.
    OTHER_BANK_TRANSFER, OtherBankTransfer = 0x0B, "OtherBankTransfer";
    /// `0C`: to the cash book, the vault, the owner or an employee; positive amounts go there.
    TRANSFER_TO_CASHBOOK, TransferToCashbook = 0x0C, "TransferToCashbook";
    /// `0D`: used up in the house.
    INTERNAL_CONSUMPTION, InternalConsumption = 0x0D, "InternalMaterialConsumption";
    /// `0E`: a grant.
    GRANT, Grant = 0x0E, "Grant";
    /// `0F`: a meal voucher.
    TICKET_RESTAURANT, TicketRestaurant = 0x0F, "TicketRestaurant";
}

bitflags! {
    /// Flags of an `ftPayItemCase` (API facts, section 5.9). The values are masks of the whole code.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub struct PayItemFlags: u64 {
        /// `0001`: takes back the line before; no money has changed hands.
        const VOID = 0x0001_0000;
        /// `0002`: money is paid back.
        const REFUND = 0x0002_0000;
        /// `0004`: reserved.
        const RESERVED = 0x0004_0000;
        /// `0008`: a down payment is made (negative) or used up (positive).
        const DOWN_PAYMENT = 0x0008_0000;
        /// `0010`: paid in a foreign currency; the amount stays in the receipt's currency.
        const FOREIGN_CURRENCY = 0x0010_0000;
        /// `0020`: change given back, usually negative.
        const CHANGE = 0x0020_0000;
        /// `0040`: a tip that leaves the means of payment, negative.
        const TIP = 0x0040_0000;
        /// `0080`: electronic money.
        const ELECTRONIC = 0x0080_0000;
        /// `0100`: a terminal or another interface has confirmed the amount.
        const INTERFACE = 0x0100_0000;
        /// `4000`: the item comes back in the response. In the tables only.
        const RESPOND_IN_RECEIPT_RESPONSE = 0x4000_0000;
        /// `8000`: shown above the total with the amount negated, and part of that total.
        const SHOW_IN_CHARGE_ITEMS = 0x8000_0000;
        /// Italy, local `001`: a discount to be paid. In the tables only.
        const IT_DISCOUNT_TO_BE_PAID = 0x0001_0000_0000;
        /// Greece, local `001` on the payment of an earlier document: reports how it was paid.
        const GR_SEND_PAYMENT_METHOD = 0x0001_0000_0000;

        // Bits without a name are kept.
        const _ = !0;
    }
}

const fn named(flag: PayItemFlags, name: &'static str) -> Flag {
    Flag::new(flag.bits(), name)
}

/// All flags, by bit.
const NAMES: &[Flag] = &[
    named(PayItemFlags::VOID, "Void"),
    named(PayItemFlags::REFUND, "Refund"),
    named(PayItemFlags::RESERVED, "Reserved"),
    named(PayItemFlags::DOWN_PAYMENT, "Downpayment"),
    named(PayItemFlags::FOREIGN_CURRENCY, "ForeignCurrency"),
    named(PayItemFlags::CHANGE, "Change"),
    named(PayItemFlags::TIP, "Tip"),
    named(PayItemFlags::ELECTRONIC, "Electronic"),
    named(PayItemFlags::INTERFACE, "Interface"),
    named(
        PayItemFlags::RESPOND_IN_RECEIPT_RESPONSE,
        "RespondInReceiptResponse",
    ),
    named(PayItemFlags::SHOW_IN_CHARGE_ITEMS, "ShowInChargeItems"),
    named(PayItemFlags::IT_DISCOUNT_TO_BE_PAID, "DiscountToBePaid").market(Country::IT),
    named(PayItemFlags::GR_SEND_PAYMENT_METHOD, "SendPaymentMethod").market(Country::GR),
];

impl PayItemCase {
    /// The case of this kind, in version 2, without a country or flags.
    #[must_use]
    pub const fn of(kind: PaymentKind) -> Self {
        Self::new(VERSION_2 | kind.value() as u64)
    }

    /// Bits 7 to 0 by name, whatever the version. Cases of version 0 are numbered differently: see
    /// [`to_version_2`](Self::to_version_2).
    #[must_use]
    pub const fn kind(self) -> PaymentKind {
        PaymentKind::from_value(self.value() as u8)
    }

    /// The same case of another kind; flags stay.
    #[must_use]
    pub const fn with_kind(self, kind: PaymentKind) -> Self {
        Self::new(self.value() & !0xFF | kind.value() as u64)
    }

    /// The kind's name in the code tables.
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {
        self.kind().name()
    }

    flags! {
        /// Bits 43 to 16.
        PayItemFlags, "case"
    }

    /// Money is paid back.
    #[must_use]
    pub const fn is_refund(self) -> bool {
        self.flags().contains(PayItemFlags::REFUND)
    }

    /// The line before is taken back.
    #[must_use]
    pub const fn is_void(self) -> bool {
        self.flags().contains(PayItemFlags::VOID)
    }

    /// A tip.
    #[must_use]
    pub const fn is_tip(self) -> bool {
        self.flags().contains(PayItemFlags::TIP)
    }

    /// Change given back.
    #[must_use]
    pub const fn is_change(self) -> bool {
        self.flags().contains(PayItemFlags::CHANGE)
    }

    /// The names of the flags in the code tables, as they fit the country.
    pub fn flag_names(self) -> impl Iterator<Item = &'static str> {
        flag::names(NAMES, self.value(), 0)
    }

    /// The flag bits that have no name in this country, and bits 15 to 8, which have no use.
    #[must_use]
    pub fn unknown_bits(self) -> u64 {
        flag::unnamed(NAMES, self.value(), 0, FLAGS) | self.value() & 0xFF00
    }

    pub(super) fn write_case(self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "payment 0x{:02X}", self.kind().value()),
        }
    }
}
