//! Receipt cases: what kind of business a receipt records.

use std::fmt;

use super::code::{FLAGS, VERSION_2, flags};
use super::flag;
use super::open_enum::open_enum;
use super::receipt_flags::{NAMES, SHARED};
use super::{DailyFlags, LifecycleFlags, ReceiptCase, ReceiptFlags};

open_enum! {
    /// The category of a receipt, bits 15 to 12 of its case (API facts, section 5.7).
    ReceiptCategory: u8 {
        /// 0: sales, and what is handled like them.
        Receipt = 0x0, "receipt";
        /// 1: invoices.
        Invoice = 0x1, "invoice";
        /// 2: zero receipts and closings; items are left out.
        Daily = 0x2, "daily";
        /// 3: what is recorded without being a sale.
        Log = 0x3, "log";
        /// 4: start, stop and moves of a queue.
        Lifecycle = 0x4, "lifecycle";
    }
}

/// Defines the cases: the enumeration of kinds, and a constant of [`ReceiptCase`] for each.
macro_rules! receipt_cases {
    ($($(#[$doc:meta])* $constant:ident, $variant:ident = $value:literal, $text:literal;)*) => {
        open_enum! {
            /// The kind of a receipt, bits 15 to 0 of its case (API facts, section 5.7).
            ///
            /// Not every market knows every kind.
            ReceiptKind: u16 {
                $($(#[$doc])* $variant = $value, $text;)*
            }
        }

        /// The cases by name. Without a country: the market comes from the cash box.
        impl ReceiptCase {
            $($(#[$doc])* pub const $constant: Self = Self::of(ReceiptKind::$variant);)*
        }
    };
}

receipt_cases! {
    /// `0000`: kind not known; handled like a sale at the point of sale.
    UNKNOWN, Unknown = 0x0000, "UnknownReceipt";
    /// `0001`: a sale at the point of sale.
    POINT_OF_SALE, PointOfSale = 0x0001, "PointOfSaleReceipt";
    /// `0002`: money moves between means of payment, into the till or out of it.
    PAYMENT_TRANSFER, PaymentTransfer = 0x0002, "PaymentTransfer";
    /// `0003`: a sale that need not be signed, or is exempt. Greece refuses it.
    POINT_OF_SALE_WITHOUT_OBLIGATION, PointOfSaleWithoutObligation =
        0x0003, "PointOfSaleReceiptWithoutObligation";
    /// `0004`: a sale over the internet or otherwise at a distance.
    E_COMMERCE, ECommerce = 0x0004, "ECommerce";
    /// `0005`: a delivery note; the invoice is written elsewhere.
    DELIVERY_NOTE, DeliveryNote = 0x0005, "DeliveryNote";
    /// `0006`: the bill a guest sees before paying. Austria, France, Portugal.
    TABLE_CHECK, TableCheck = 0x0006, "TableCheck";
    /// `0007`: a pro forma invoice or an offer. France, Portugal.
    PRO_FORMA, ProForma = 0x0007, "ProForma";
    /// `1000`: an invoice to whomever.
    INVOICE_UNKNOWN, InvoiceUnknown = 0x1000, "InvoiceUnknown";
    /// `1001`: an invoice to a consumer.
    INVOICE_B2C, InvoiceB2C = 0x1001, "InvoiceB2C";
    /// `1002`: an invoice to a business.
    INVOICE_B2B, InvoiceB2B = 0x1002, "InvoiceB2B";
    /// `1003`: an invoice to a public body.
    INVOICE_B2G, InvoiceB2G = 0x1003, "InvoiceB2G";
    /// `2000`: a zero receipt: checks the signing unit, reads messages, ends late signing.
    ZERO, Zero = 0x2000, "ZeroReceipt";
    /// `2001`: reserved.
    ONE, One = 0x2001, "OneReceipt";
    /// `2010`: the end of a shift.
    SHIFT_CLOSING, ShiftClosing = 0x2010, "ShiftClosing";
    /// `2011`: the daily closing.
    DAILY_CLOSING, DailyClosing = 0x2011, "DailyClosing";
    /// `2012`: the monthly closing.
    MONTHLY_CLOSING, MonthlyClosing = 0x2012, "MonthlyClosing";
    /// `2013`: the yearly closing.
    YEARLY_CLOSING, YearlyClosing = 0x2013, "YearlyClosing";
    /// `3000`: a log entry of any sort.
    PROTOCOL_UNSPECIFIED, ProtocolUnspecified = 0x3000, "ProtocolUnspecified";
    /// `3001`: a technical event, such as an opened drawer. In Germany also the steps of a transaction
    /// of the signing unit, told apart by local flags.
    PROTOCOL_TECHNICAL_EVENT, ProtocolTechnicalEvent = 0x3001, "ProtocolTechnicalEvent";
    /// `3002`: an event for the books or the auditors.
    PROTOCOL_ACCOUNTING_EVENT, ProtocolAccountingEvent = 0x3002, "ProtocolAccountingEvent";
    /// `3003`: goods used, eaten or broken in the house. Greece refuses it.
    INTERNAL_USAGE, InternalUsage = 0x3003, "InternalUsageMaterialConsumption";
    /// `3004`: an order.
    ORDER, Order = 0x3004, "Order";
    /// `3005`: the payment of an earlier document.
    PAY, Pay = 0x3005, "Pay";
    /// `3010`: a copy of a receipt.
    COPY, Copy = 0x3010, "CopyReceipt";
    /// `3011`: everything since the last archive goes into an archive. Austria, Germany, France.
    ARCHIVE, Archive = 0x3011, "ArchiveReceipt";
    /// `4001`: the initial operation: starts a queue, once.
    INITIAL_OPERATION, InitialOperation = 0x4001, "InitialOperationReceipt";
    /// `4002`: out of operation: stops a queue for good.
    OUT_OF_OPERATION, OutOfOperation = 0x4002, "OutOfOperationReceipt";
    /// `4011`: another signing unit is about to take over.
    INIT_SCU_SWITCH, InitScuSwitch = 0x4011, "InitScuSwitch";
    /// `4012`: another signing unit has taken over.
    FINISH_SCU_SWITCH, FinishScuSwitch = 0x4012, "FinishScuSwitch";
    /// `4021`: the queue is about to move to another host. Austria, Germany, France.
    INIT_MIGRATION, InitMigration = 0x4021, "InitMigration";
    /// `4022`: the queue has moved to another host. Austria, Germany, France.
    FINISH_MIGRATION, FinishMigration = 0x4022, "FinishMigration";
}

impl ReceiptKind {
    /// The category, the upper four bits.
    #[must_use]
    pub const fn category(self) -> ReceiptCategory {
        ReceiptCategory::from_value((self.value() >> 12) as u8)
    }
}

impl ReceiptCase {
    /// The case of this kind, in version 2, without a country or flags.
    #[must_use]
    pub const fn of(kind: ReceiptKind) -> Self {
        Self::new(VERSION_2 | kind.value() as u64)
    }

    /// Bits 15 to 0 by name, whatever the version. Cases of version 0 are numbered differently: see
    /// [`to_version_2`](Self::to_version_2).
    #[must_use]
    pub const fn kind(self) -> ReceiptKind {
        ReceiptKind::from_value(self.case())
    }

    /// The same case of another kind; flags stay.
    #[must_use]
    pub const fn with_kind(self, kind: ReceiptKind) -> Self {
        Self::new(self.value() & !0xFFFF | kind.value() as u64)
    }

    /// Bits 15 to 12 by name.
    #[must_use]
    pub const fn category(self) -> ReceiptCategory {
        self.kind().category()
    }

    /// The kind's name in the code tables.
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {
        self.kind().name()
    }

    flags! {
        /// Bits 43 to 16 as they mean on receipts, invoices and log entries. On daily and lifecycle
        /// receipts some bits mean something else: see [`daily_flags`](Self::daily_flags) and
        /// [`lifecycle_flags`](Self::lifecycle_flags).
        ReceiptFlags, "case"
    }

    /// The flags of a daily receipt; `None` on others.
    #[must_use]
    pub const fn daily_flags(self) -> Option<DailyFlags> {
        match self.category() {
            ReceiptCategory::Daily => Some(DailyFlags::from_bits_retain(self.value() & FLAGS)),
            _ => None,
        }
    }

    /// The flags of a lifecycle receipt; `None` on others.
    #[must_use]
    pub const fn lifecycle_flags(self) -> Option<LifecycleFlags> {
        match self.category() {
            ReceiptCategory::Lifecycle => {
                Some(LifecycleFlags::from_bits_retain(self.value() & FLAGS))
            }
            _ => None,
        }
    }

    /// The same case with these flags of daily receipts set as well.
    #[must_use]
    pub const fn with_daily_flags(self, flags: DailyFlags) -> Self {
        Self::new(self.value() | flags.bits() & FLAGS)
    }

    /// The same case with these flags of lifecycle receipts set as well.
    #[must_use]
    pub const fn with_lifecycle_flags(self, flags: LifecycleFlags) -> Self {
        Self::new(self.value() | flags.bits() & FLAGS)
    }

    /// All of these flags are set, with the meaning they have on receipts, invoices and log entries.
    #[must_use]
    pub const fn has(self, flags: ReceiptFlags) -> bool {
        let set = match self.category() {
            ReceiptCategory::Daily | ReceiptCategory::Lifecycle => self.value() & !SHARED,
            _ => self.value(),
        };
        set & flags.bits() == flags.bits()
    }

    /// Goods or services are given back.
    #[must_use]
    pub const fn is_refund(self) -> bool {
        self.has(ReceiptFlags::REFUND)
    }

    /// An earlier receipt is cancelled.
    #[must_use]
    pub const fn is_void(self) -> bool {
        self.has(ReceiptFlags::VOID)
    }

    /// Practice, without fiscal effect.
    #[must_use]
    pub const fn is_training(self) -> bool {
        self.has(ReceiptFlags::TRAINING)
    }

    /// The queue was out of reach when the receipt was made.
    #[must_use]
    pub const fn is_late_signing(self) -> bool {
        self.has(ReceiptFlags::LATE_SIGNING)
    }

    /// Typed in from paper.
    #[must_use]
    pub const fn is_handwritten(self) -> bool {
        self.has(ReceiptFlags::HANDWRITTEN)
    }

    /// Asks for the stored answer to an earlier request.
    #[must_use]
    pub const fn is_receipt_requested(self) -> bool {
        self.has(ReceiptFlags::RECEIPT_REQUESTED)
    }

    /// The names of the flags in the code tables, as they fit category and country.
    pub fn flag_names(self) -> impl Iterator<Item = &'static str> {
        flag::names(NAMES, self.value(), self.category().value())
    }

    /// The flag bits that have no name in this category and country.
    #[must_use]
    pub fn unknown_bits(self) -> u64 {
        flag::unnamed(NAMES, self.value(), self.category().value(), FLAGS)
    }

    pub(super) fn write_case(self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "case 0x{:04X}", self.case()),
        }
    }
}
