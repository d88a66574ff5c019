//! Flags of receipt cases. Five bits mean one thing on receipts, invoices and log entries, another on
//! daily receipts and a third on lifecycle receipts.

use bitflags::bitflags;

use super::Country;
use super::flag::{Categories, Flag};

bitflags! {
    /// Flags of an `ftReceiptCase`, as they mean on receipts, invoices and log entries (API facts,
    /// section 5.7). The values are masks of the whole code.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub struct ReceiptFlags: u64 {
        /// `0001`: made while the queue was out of reach, delivered now.
        const LATE_SIGNING = 0x0001_0000;
        /// `0002`: practice, without fiscal effect.
        const TRAINING = 0x0002_0000;
        /// `0004`: cancels an earlier receipt, before goods or money moved.
        const VOID = 0x0004_0000;
        /// `0008`: typed in from paper. Receipts and invoices.
        const HANDWRITTEN = 0x0008_0000;
        /// `0010`: the seller is a small business and shows no VAT. Receipts and invoices.
        const ISSUER_IS_SMALL_BUSINESS = 0x0010_0000;
        /// `0020`: the buyer is a business. Receipts and invoices.
        const RECEIVER_IS_BUSINESS = 0x0020_0000;
        /// `0040`: the buyer is named as VAT law asks. Receipts and invoices.
        const RECEIVER_IS_KNOWN = 0x0040_0000;
        /// `0080`: sold abroad. Receipts and invoices.
        const SALE_IN_FOREIGN_COUNTRY = 0x0080_0000;
        /// `0100`: goods or services are given back.
        const REFUND = 0x0100_0000;
        /// `0200`: only prepares a document, for example for `/issue`. Receipts and invoices.
        const INVOICE_PROCESSING_ONLY = 0x0200_0000;
        /// `0400`: carries details of the transport. Receipts and invoices.
        const HAS_TRANSPORT_INFORMATION = 0x0400_0000;
        /// `0800`: positions are decimals; lines with the same whole part belong together.
        const GROUP_BY_POSITION = 0x0800_0000;
        /// `1000`: closes open transactions. In the interface only; no server reads it.
        const CLEANUP_OPEN_TRANSACTIONS = 0x1000_0000;
        /// `2000`: leaves signing devices as they are. In the interface only; no server reads it.
        const PREVENT_ENABLING_OR_DISABLING_SIGNING_DEVICES = 0x2000_0000;
        /// `8000`: asks for the stored answer to an earlier request.
        const RECEIPT_REQUESTED = 0x8000_0000;

        /// Germany, local `001`: the tables and the migration map contradict each other. By the map it
        /// says that a transaction was started before; leave it out on plain receipts.
        const DE_IMPLICIT_TRANSACTION = 0x0001_0000_0000;
        /// Germany, local `010` on technical events: starts a transaction. One value of four bits.
        const DE_START_TRANSACTION = 0x0010_0000_0000;
        /// Germany, local `020` on technical events: updates a transaction. One value of four bits.
        const DE_UPDATE_TRANSACTION = 0x0020_0000_0000;
        /// Germany, local `030` on technical events: adds to a transaction. One value of four bits.
        const DE_DELTA_TRANSACTION = 0x0030_0000_0000;
        /// Germany, local `040` on technical events: gives transactions up. One value of four bits.
        const DE_FAIL_TRANSACTION = 0x0040_0000_0000;
        /// Italy, local `002` on log entries: printed as a document without fiscal meaning.
        const IT_PRINT_AS_NON_FISCAL_DOCUMENT = 0x0002_0000_0000;
        /// Portugal, local `001` on orders: a table is consulted. Seen in a certification tool only.
        const PT_TABLE_CONSULTATION = 0x0001_0000_0000;
        /// Portugal, local `002` on pro forma invoices: a budget, numbered on its own.
        const PT_BUDGET = 0x0002_0000_0000;
        /// Greece, local `100` on invoices: the buyer writes the invoice. Seen in tests only.
        const GR_SELF_PRICING = 0x0100_0000_0000;

        // Bits without a name are kept.
        const _ = !0;
    }
}

bitflags! {
    /// Flags of daily receipts, category 2 (API facts, section 5.7). The values are masks of the whole
    /// code.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub struct DailyFlags: u64 {
        /// `0010`: return details of the signing unit.
        const REQUEST_SCU_INFORMATION = 0x0010_0000;
        /// `0020`: connect to the signing unit, or download its data, in any case.
        const FORCE_SCU_DOWNLOAD = 0x0020_0000;
        /// `0040`: do not connect to the signing unit or download its data.
        const BYPASS_SCU_DOWNLOAD = 0x0040_0000;
        /// `0080`: let the signing unit test itself.
        const REQUEST_SCU_SELF_TEST = 0x0080_0000;
        /// `0100`: read the master data again.
        const UPDATE_MASTER_DATA = 0x0100_0000;
        /// `0800`: positions are decimals; lines with the same whole part belong together.
        const GROUP_BY_POSITION = 0x0800_0000;
        /// `8000`: asks for the stored answer to an earlier request. The tables also use it, on daily
        /// receipts, for direct talk with the signing unit; no server does.
        const RECEIPT_REQUESTED = 0x8000_0000;
        /// Italy, local `001` on zero receipts: prints the X report.
        const IT_X_REPORT = 0x0001_0000_0000;
        /// Italy, local `040` on zero receipts: restarts the printer.
        const IT_PRINTER_REBOOT = 0x0040_0000_0000;

        // Bits without a name are kept.
        const _ = !0;
    }
}

bitflags! {
    /// Flags of lifecycle receipts, category 4 (API facts, section 5.7). The values are masks of the
    /// whole code.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub struct LifecycleFlags: u64 {
        /// `0010`: only signs the queue on or off; the signing unit keeps its state.
        const QUEUE_REGISTRATION_ONLY = 0x0010_0000;
        /// `0020`: goes on although the signing unit is out of reach.
        const BYPASS_SCU_COMMUNICATION = 0x0020_0000;
        /// `0800`: positions are decimals; lines with the same whole part belong together.
        const GROUP_BY_POSITION = 0x0800_0000;
        /// `8000`: asks for the stored answer to an earlier request.
        const RECEIPT_REQUESTED = 0x8000_0000;

        // Bits without a name are kept.
        const _ = !0;
    }
}

/// The bits whose meaning depends on the category, and those that daily and lifecycle receipts lack.
pub(super) const SHARED: u64 = 0x07FF_0000;

const RECEIPT: Categories = 1 << 0;
const INVOICE: Categories = 1 << 1;
const DAILY: Categories = 1 << 2;
const LOG: Categories = 1 << 3;
const LIFECYCLE: Categories = 1 << 4;

/// Local digit b, in which Germany counts the steps of a transaction.
const TRANSACTION_STEP: u64 = 0x00F0_0000_0000;

const fn receipt(flag: ReceiptFlags, name: &'static str) -> Flag {
    Flag::new(flag.bits(), name)
}

const fn daily(flag: DailyFlags, name: &'static str) -> Flag {
    Flag::new(flag.bits(), name).on(DAILY)
}

const fn lifecycle(flag: LifecycleFlags, name: &'static str) -> Flag {
    Flag::new(flag.bits(), name).on(LIFECYCLE)
}

const fn step(flag: ReceiptFlags, name: &'static str) -> Flag {
    let step = receipt(flag, name).under(TRANSACTION_STEP);
    step.market(Country::DE).on(LOG)
}

/// All flags, by bit.
pub(super) const NAMES: &[Flag] = &[
    receipt(ReceiptFlags::LATE_SIGNING, "LateSigning").on(RECEIPT | INVOICE | LOG),
    receipt(ReceiptFlags::TRAINING, "Training").on(RECEIPT | INVOICE | LOG),
    receipt(ReceiptFlags::VOID, "Void").on(RECEIPT | INVOICE | LOG),
    receipt(ReceiptFlags::HANDWRITTEN, "HandWritten").on(RECEIPT | INVOICE),
    receipt(
        ReceiptFlags::ISSUER_IS_SMALL_BUSINESS,
        "IssuerIsSmallBusiness",
    )
    .on(RECEIPT | INVOICE),
    receipt(ReceiptFlags::RECEIVER_IS_BUSINESS, "ReceiverIsBusiness").on(RECEIPT | INVOICE),
    receipt(ReceiptFlags::RECEIVER_IS_KNOWN, "ReceiverIsKnown").on(RECEIPT | INVOICE),
    receipt(
        ReceiptFlags::SALE_IN_FOREIGN_COUNTRY,
        "SaleInForeignCountry",
    )
    .on(RECEIPT | INVOICE),
    receipt(ReceiptFlags::REFUND, "Refund").on(RECEIPT | INVOICE | LOG),
    receipt(
        ReceiptFlags::INVOICE_PROCESSING_ONLY,
        "InvoiceProcessingOnly",
    )
    .on(RECEIPT | INVOICE),
    receipt(
        ReceiptFlags::HAS_TRANSPORT_INFORMATION,
        "HasTransportInformation",
    )
    .on(RECEIPT | INVOICE),
    daily(DailyFlags::REQUEST_SCU_INFORMATION, "RequestScuInformation"),
    daily(DailyFlags::FORCE_SCU_DOWNLOAD, "ForceScuDownload"),
    daily(DailyFlags::BYPASS_SCU_DOWNLOAD, "BypassScuDownload"),
    daily(DailyFlags::REQUEST_SCU_SELF_TEST, "RequestScuSelfTest"),
    daily(DailyFlags::UPDATE_MASTER_DATA, "UpdateMasterData"),
    lifecycle(
        LifecycleFlags::QUEUE_REGISTRATION_ONLY,
        "QueueRegistrationOnly",
    ),
    lifecycle(
        LifecycleFlags::BYPASS_SCU_COMMUNICATION,
        "BypassScuCommunication",
    ),
    receipt(ReceiptFlags::GROUP_BY_POSITION, "GroupByPosition"),
    receipt(
        ReceiptFlags::CLEANUP_OPEN_TRANSACTIONS,
        "CleanupOpenTransactions",
    ),
    receipt(
        ReceiptFlags::PREVENT_ENABLING_OR_DISABLING_SIGNING_DEVICES,
        "PreventEnablingOrDisablingSigningDevices",
    ),
    receipt(ReceiptFlags::RECEIPT_REQUESTED, "ReceiptRequested"),
    receipt(ReceiptFlags::DE_IMPLICIT_TRANSACTION, "ImplicitTransaction").market(Country::DE),
    step(ReceiptFlags::DE_START_TRANSACTION, "StartTransaction"),
    step(ReceiptFlags::DE_UPDATE_TRANSACTION, "UpdateTransaction"),
    step(ReceiptFlags::DE_DELTA_TRANSACTION, "DeltaTransaction"),
    step(ReceiptFlags::DE_FAIL_TRANSACTION, "FailTransaction"),
    daily(DailyFlags::IT_X_REPORT, "XReport").market(Country::IT),
    receipt(
        ReceiptFlags::IT_PRINT_AS_NON_FISCAL_DOCUMENT,
        "PrintAsNonFiscalDocument",
    )
    .market(Country::IT)
    .on(LOG),
    daily(DailyFlags::IT_PRINTER_REBOOT, "PrinterReboot").market(Country::IT),
    receipt(ReceiptFlags::PT_TABLE_CONSULTATION, "TableConsultation")
        .market(Country::PT)
        .on(LOG),
    receipt(ReceiptFlags::PT_BUDGET, "Budget")
        .market(Country::PT)
        .on(RECEIPT),
    receipt(ReceiptFlags::GR_SELF_PRICING, "SelfPricing")
        .market(Country::GR)
        .on(INVOICE),
];
