//! Types of signatures that one country defines for itself.
//!
//! Start and stop notices usually arrive with
//! [`ARCHIVING_REQUIRED`](super::SignatureFlags::ARCHIVING_REQUIRED) set as well.

use super::market::market_cases;

market_cases! {
    SignatureType: u16;

    /// Austria.
    at, AT {
        /// What the RKSV asks for.
        RKSV_SIGNATURE = 0x0001, "RksvSignature";
        /// A note on a closing or zero receipt.
        DAILY_OPERATION_NOTIFICATION = 0x0002, "DailyOperationNotification";
        /// To be passed on to FinanzOnline.
        FINANZ_ONLINE_NOTIFICATION = 0x0003, "FinanzOnlineNotification";
    }

    /// Belgium.
    be, BE {
        /// The receipt's signature, a QR code.
        POS_RECEIPT = 0x0001, "PosReceipt";
        /// A line for information. Defined, not seen.
        BE_INFO = 0x0010, "BeInfo";
        /// The queue was started.
        INITIAL_OPERATION = 0x1001, "InitialOperationReceipt";
        /// The queue was stopped.
        OUT_OF_OPERATION = 0x1002, "OutOfOperationReceipt";
    }

    /// Germany: what the signing unit (TSE) said, piece by piece.
    de, DE {
        /// What the KassenSichV asks for, a QR code.
        KASSENSICHV_SIGNATURE = 0x0001, "KassenSichVSignature";
        /// What starting the transaction gave.
        START_TRANSACTION_RESULT = 0x0010, "StartTransactionResult";
        /// What finishing the transaction was asked with.
        FINISH_TRANSACTION_PAYLOAD = 0x0011, "FinishTransactionPayload";
        /// What finishing the transaction gave.
        FINISH_TRANSACTION_RESULT = 0x0012, "FinishTransactionResult";
        /// The version of the QR code.
        QR_CODE_VERSION = 0x0013, "QrCodeVersion";
        /// The till's serial number.
        CASH_BOX_IDENTIFICATION = 0x0014, "CashBoxIdentification";
        /// The type of the process.
        PROCESS_TYPE = 0x0015, "ProcessType";
        /// The data of the process.
        PROCESS_DATA = 0x0016, "ProcessData";
        /// The number of the transaction.
        TRANSACTION_NUMBER = 0x0017, "TransactionNumber";
        /// The counter of signatures.
        SIGNATURE_COUNTER = 0x0018, "SignatureCounter";
        /// When the transaction started.
        START_TIME = 0x0019, "StartTime";
        /// When the signature was made.
        LOG_TIME = 0x001A, "LogTime";
        /// The algorithm of the signature.
        SIGNATURE_ALGORITHM = 0x001B, "SignatureAlgorithm";
        /// How times are written.
        LOG_TIME_FORMAT = 0x001C, "LogTimeFormat";
        /// The signature itself.
        SIGNATURE = 0x001D, "Signature";
        /// The key to check it with.
        PUBLIC_KEY = 0x001E, "PublicKey";
        /// When the process started.
        PROCESS_START_TIME = 0x001F, "ProcessStartTime";
        /// What updating the transaction was asked with.
        UPDATE_TRANSACTION_PAYLOAD = 0x0020, "UpdateTransactionPayload";
        /// What updating the transaction gave.
        UPDATE_TRANSACTION_RESULT = 0x0021, "UpdateTransactionResult";
        /// The certificate's id.
        CERTIFICATION_ID = 0x0022, "CertificationId";
        /// The signing unit's serial number.
        TSE_SERIAL_NUMBER = 0x0023, "TseSerialNumber";
    }

    /// Spain.
    es, ES {
        /// Where to check the receipt, a QR code.
        URL = 0x0001, "Url";
        /// The seller's tax number.
        NIF = 0x0002, "Nif";
        /// The XAdES signature, in Base64.
        SIGNATURE = 0x0003, "Signature";
        /// The VeriFactu fingerprint.
        HUELLA = 0x0004, "Huella";
        /// The queue was started.
        INITIAL_OPERATION = 0x1001, "InitialOperationReceipt";
        /// The queue was stopped.
        OUT_OF_OPERATION = 0x1002, "OutOfOperationReceipt";
    }

    /// The European Union. Its queues have been seen to write the country of Spain instead.
    eu, EU {
        /// The queue was started.
        INITIAL_OPERATION = 0x1001, "InitialOperationReceipt";
        /// The queue was stopped.
        OUT_OF_OPERATION = 0x1002, "OutOfOperationReceipt";
    }

    /// France.
    fr, FR {
        /// What the tax code asks for, a JWT as a QR code.
        JWT_SIGNATURE = 0x0001, "JwtSignature";
        /// Totals of the shift.
        SHIFT_CLOSING_TOTALS = 0x0010, "ShiftClosingTotals";
        /// Totals of the day.
        DAY_CLOSING_TOTALS = 0x0011, "DayClosingTotals";
        /// Totals of the month.
        MONTH_CLOSING_TOTALS = 0x0012, "MonthClosingTotals";
        /// Totals of the year.
        YEAR_CLOSING_TOTALS = 0x0013, "YearClosingTotals";
        /// Totals of the archive.
        ARCHIVE_TOTALS = 0x0014, "ArchiveTotals";
        /// Totals since the start.
        PERPETUAL_TOTALS = 0x0015, "PerpetualTotals";
    }

    /// Greece.
    gr, GR {
        /// The signature of a receipt or invoice, a QR code.
        POS_RECEIPT = 0x0001, "PosReceipt";
        /// The queue was started or stopped.
        LIFECYCLE_RECEIPT = 0x0003, "LifecycleReceipt";
        /// The XML that went to myDATA.
        MY_DATA_XML = 0x0010, "MyDataXml";
        /// The signature of the provider.
        PROVIDER_SIGNATURE = 0x0011, "ProviderSignature";
        /// An id of the document to read.
        UNIQUE_DOCUMENT_IDENTIFIER = 0x0012, "UniqueDocumentIdentifier";
        /// The invoice's uid in myDATA.
        UID = 0x0013, "Uid";
        /// The invoice's MARK in myDATA.
        MARK = 0x0014, "Mark";
        /// The authentication code of myDATA.
        AUTHENTICATION_CODE = 0x0015, "AuthenticationCode";
        /// myDATA could not be reached.
        TRANSMISSION_FAILURE = 0x0016, "TransmissionFailure";
        /// The MARKs of the documents given back.
        MULTIPLE_CONNECTED_MARKS = 0x0017, "MultipleConnectedMarks";
        /// An order, for information only.
        ORDER_RECEIPT_SIGNATURE = 0x0018, "OrderReceiptSignature";
        /// Any other news from myDATA.
        GENERIC_MY_DATA_INFO = 0x0019, "GenericMyDataInfo";
        /// Where the digital document is, a QR code.
        QR_CODE = 0x001A, "QrCode";
        /// The receipt was typed in from paper.
        HANDWRITTEN_SIGNATURE = 0x001B, "HandwrittenSignature";
        /// The queue was started. Defined; queues send [`LIFECYCLE_RECEIPT`].
        INITIAL_OPERATION = 0x1001, "InitialOperationReceipt";
        /// The queue was stopped. Defined; queues send [`LIFECYCLE_RECEIPT`].
        OUT_OF_OPERATION = 0x1002, "OutOfOperationReceipt";
    }

    /// Italy.
    it, IT {
        /// Fiscal data of the document, below the pay items.
        POS_RECEIPT_PRIMARY_SIGNATURE = 0x0001, "PosReceiptPrimarySignature";
        /// Type and reference of the document, below the header.
        POS_RECEIPT_SECONDARY_SIGNATURE = 0x0002, "PosReceiptSecondarySignature";
        /// The RT device's serial number.
        RT_SERIAL_NUMBER = 0x0010, "RtSerialNumber";
        /// The number of the Z report.
        RT_Z_NUMBER = 0x0011, "RtZNumber";
        /// The document's number.
        RT_DOCUMENT_NUMBER = 0x0012, "RtDocumentNumber";
        /// The document's moment.
        RT_DOCUMENT_MOMENT = 0x0013, "RtDocumentMoment";
        /// The document's type.
        RT_DOCUMENT_TYPE = 0x0014, "RtDocumentType";
        /// The customer's lottery code.
        RT_LOTTERY_ID = 0x0015, "RtLotteryId";
        /// The customer's code.
        RT_CUSTOMER_ID = 0x0016, "RtCustomerId";
        /// Digests of the RT server.
        RT_SERVER_SHA_METADATA = 0x0017, "RtServerShaMetadata";
        /// An amount.
        RT_AMOUNT = 0x0018, "RtAmount";
        /// The Z report's number of the document that is referred to.
        RT_REFERENCE_Z_NUMBER = 0x0020, "RtReferenceZNumber";
        /// The number of the document that is referred to.
        RT_REFERENCE_DOCUMENT_NUMBER = 0x0021, "RtReferenceDocumentNumber";
        /// The moment of the document that is referred to.
        RT_REFERENCE_DOCUMENT_MOMENT = 0x0022, "RtReferenceDocumentMoment";
        /// The queue was started.
        INITIAL_OPERATION = 0x1001, "InitialOperationReceipt";
        /// The queue was stopped.
        OUT_OF_OPERATION = 0x1002, "OutOfOperationReceipt";
    }

    /// Portugal.
    pt, PT {
        /// The document's QR code.
        POS_RECEIPT = 0x0001, "PosReceipt";
        /// The document's ATCUD.
        ATCUD = 0x0010, "Atcud";
        /// The whole hash.
        HASH = 0x0012, "Hash";
        /// The characters of the hash that are printed.
        HASH_PRINT = 0x0013, "HashPrint";
        /// The number of the certified program.
        CERTIFICATION_NO = 0x0014, "CertificationNo";
        /// The document that a credit note is about.
        REFERENCE_FOR_CREDIT_NOTE = 0x0015, "ReferenceForCreditNote";
        /// One more line that the law asks for.
        PT_ADDITIONAL = 0x0016, "PtAdditional";
        /// The queue was started.
        INITIAL_OPERATION = 0x1001, "InitialOperationReceipt";
        /// The queue was stopped.
        OUT_OF_OPERATION = 0x1002, "OutOfOperationReceipt";
    }
}
