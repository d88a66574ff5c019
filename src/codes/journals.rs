//! Journals that one country defines for itself.

use super::market::market_cases;

market_cases! {
    JournalType: u16;

    /// Austria.
    at, AT {
        /// The state of the queue.
        QUEUE_STATUS = 0x0000, "QueueStatus";
        /// The DEP of the RKSV.
        RKSV_DEP_EXPORT = 0x0001, "RksvDepExport";
    }

    /// Belgium.
    be, BE {
        /// The state of the queue.
        QUEUE_STATUS = 0x0000, "QueueStatus";
    }

    /// Germany.
    de, DE {
        /// The state of the queue.
        QUEUE_STATUS = 0x0000, "QueueStatus";
        /// The TAR file, from the signing unit itself.
        TAR_EXPORT_FROM_TSE = 0x0001, "TarExportFromTse";
        /// DSFinV-K; only as ZIP.
        DSFINVK_EXPORT = 0x0002, "DsfinvkExport";
        /// The TAR file, from the middleware's store.
        TAR_EXPORT_FROM_DATABASE = 0x0003, "TarExportFromDatabase";
    }

    /// Spain.
    es, ES {
        /// The state of the queue. Refused by servers.
        QUEUE_STATUS = 0x0000, "QueueStatus";
        /// The VeriFactu journal, as JSON.
        VERI_FACTU = 0x0001, "VeriFactu";
    }

    /// France.
    fr, FR {
        /// The state of the queue.
        QUEUE_STATUS = 0x0000, "QueueStatus";
        /// Tickets (T).
        TICKET_EXPORT = 0x0001, "TicketExport";
        /// Proofs of payment (P).
        PAYMENT_PROVE_EXPORT = 0x0002, "PaymentProveExport";
        /// Invoices (I).
        INVOICE_EXPORT = 0x0003, "InvoiceExport";
        /// Grand totals (G).
        GRAND_TOTAL_EXPORT = 0x0004, "GrandTotalExport";
        /// Bills (B).
        BILL_EXPORT = 0x0007, "BillExport";
        /// Archives (A).
        ARCHIVE_EXPORT = 0x0008, "ArchiveExport";
        /// Logs (L).
        LOG_EXPORT = 0x0009, "LogExport";
        /// Copies (C).
        COPY_EXPORT = 0x000A, "CopyExport";
        /// Practice receipts (X).
        TRAINING_EXPORT = 0x000B, "TrainingExport";
        /// An archive as a package, with its receipt.
        ARCHIVE = 0x0010, "Archive";
    }

    /// Greece. Servers answer any of its values with the XML of myDATA.
    gr, GR {
        /// The state of the queue.
        QUEUE_STATUS = 0x0000, "QueueStatus";
    }

    /// Italy.
    it, IT {
        /// The state of the queue.
        QUEUE_STATUS = 0x0000, "QueueStatus";
        /// What the RT device gives. Not settled in the tables.
        RT_DEVICE_PASSTHROUGH = 0x0001, "RtDevicePassthrough";
    }

    /// Portugal. Servers answer any of its values with SAF-T.
    pt, PT {
        /// The state of the queue.
        QUEUE_STATUS = 0x0000, "QueueStatus";
        /// SAF-T, as XML.
        SAFT_EXPORT = 0x0001, "SaftExport";
    }
}
