//! Flags of charge item cases.

use bitflags::bitflags;

use super::Country;
use super::flag::Flag;

bitflags! {
    /// Flags of an `ftChargeItemCase` (API facts, section 5.8). The values are masks of the whole code.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub struct ChargeItemFlags: u64 {
        /// `0001`: takes back the line before; quantity and amount are negated.
        const VOID = 0x0001_0000;
        /// `0002`: given back; quantity and amount are negated.
        const REFUND = 0x0002_0000;
        /// `0004`: changes the price of the line before: a discount if negative, an extra if positive.
        const EXTRA_OR_DISCOUNT = 0x0004_0000;
        /// `0008`: a down payment is made (positive) or used up (negative).
        const DOWN_PAYMENT = 0x0008_0000;
        /// `0010`: a deposit is handed out (positive) or taken back (negative).
        const RETURNABLE = 0x0010_0000;
        /// `0020`: taken away, which may change the VAT.
        const TAKE_AWAY = 0x0020_0000;
        /// `4000`: the line comes back in the response. In the tables only.
        const RESPOND_IN_RECEIPT_RESPONSE = 0x4000_0000;
        /// `8000`: shown below the total with the amount negated.
        const SHOW_IN_PAYMENTS = 0x8000_0000;
        /// Italy, local `100`: a discount on the subtotal. A value of all local bits.
        const IT_SUBTOTAL_DISCOUNT = 0x0100_0000_0000;
        /// Italy, local `200`: a surcharge on the subtotal. A value of all local bits.
        const IT_SUBTOTAL_SURCHARGE = 0x0200_0000_0000;
        /// Italy, local digit b on lines without a quantity: the item's data are a BMP image.
        const IT_GRAPHIC_BMP = 0x0010_0000_0000;
        /// Italy, local digit b on lines without a quantity: the item's data are raster data.
        const IT_GRAPHIC_RASTER = 0x0020_0000_0000;
        // The symbology of the product's bar code, on lines without a quantity; 0 is EAN-13.
        /// Italy, local digit a: EAN-8.
        const IT_BARCODE_EAN8 = 0x0001_0000_0000;
        /// Italy, local digit a: UPC-A.
        const IT_BARCODE_UPC_A = 0x0002_0000_0000;
        /// Italy, local digit a: UPC-E.
        const IT_BARCODE_UPC_E = 0x0003_0000_0000;
        /// Italy, local digit a: Code 39.
        const IT_BARCODE_CODE39 = 0x0004_0000_0000;
        /// Italy, local digit a: Code 93.
        const IT_BARCODE_CODE93 = 0x0005_0000_0000;
        /// Italy, local digit a: Code 128.
        const IT_BARCODE_CODE128 = 0x0006_0000_0000;
        /// Italy, local digit a: Codabar.
        const IT_BARCODE_CODABAR = 0x0007_0000_0000;
        /// Italy, local digit a: ITF.
        const IT_BARCODE_ITF = 0x0008_0000_0000;
        /// Italy, local digit a: a QR code, first model.
        const IT_BARCODE_QR_CODE1 = 0x0009_0000_0000;
        /// Italy, local digit a: a QR code, second model.
        const IT_BARCODE_QR_CODE2 = 0x000A_0000_0000;
        /// Italy, local digit a: type 74 of the printer.
        const IT_BARCODE_CODE_TYPE74 = 0x000B_0000_0000;
        /// Italy, local digit a: type 75 of the printer.
        const IT_BARCODE_CODE_TYPE75 = 0x000C_0000_0000;
        /// Italy, local digit a: type 76 of the printer.
        const IT_BARCODE_CODE_TYPE76 = 0x000D_0000_0000;
        /// Italy, local digit a: type 77 of the printer.
        const IT_BARCODE_CODE_TYPE77 = 0x000E_0000_0000;
        /// Italy, local digit a: type 78 of the printer.
        const IT_BARCODE_CODE_TYPE78 = 0x000F_0000_0000;

        // Bits without a name are kept.
        const _ = !0;
    }
}

const fn named(flag: ChargeItemFlags, name: &'static str) -> Flag {
    Flag::new(flag.bits(), name)
}

/// Local digit b: what the data of an item without a quantity are.
const GRAPHIC: u64 = 0x00F0_0000_0000;
/// Local digit a: the symbology of a bar code.
const SYMBOLOGY: u64 = 0x000F_0000_0000;

const fn barcode(symbology: ChargeItemFlags, name: &'static str) -> Flag {
    named(symbology, name).market(Country::IT).under(SYMBOLOGY)
}

/// All local bits, which Italy reads as one value.
const LOCAL: u64 = 0x0FFF_0000_0000;

/// All flags, by bit.
pub(super) const NAMES: &[Flag] = &[
    named(ChargeItemFlags::VOID, "Void"),
    named(ChargeItemFlags::REFUND, "Refund"),
    named(ChargeItemFlags::EXTRA_OR_DISCOUNT, "ExtraOrDiscount"),
    named(ChargeItemFlags::DOWN_PAYMENT, "Downpayment"),
    named(ChargeItemFlags::RETURNABLE, "Returnable"),
    named(ChargeItemFlags::TAKE_AWAY, "TakeAway"),
    named(
        ChargeItemFlags::RESPOND_IN_RECEIPT_RESPONSE,
        "RespondInReceiptResponse",
    ),
    named(ChargeItemFlags::SHOW_IN_PAYMENTS, "ShowInPayments"),
    named(ChargeItemFlags::IT_SUBTOTAL_DISCOUNT, "SubtotalDiscount")
        .market(Country::IT)
        .under(LOCAL),
    named(ChargeItemFlags::IT_SUBTOTAL_SURCHARGE, "SubtotalSurcharge")
        .market(Country::IT)
        .under(LOCAL),
    named(ChargeItemFlags::IT_GRAPHIC_BMP, "GraphicBmp")
        .market(Country::IT)
        .under(GRAPHIC),
    named(ChargeItemFlags::IT_GRAPHIC_RASTER, "GraphicRaster")
        .market(Country::IT)
        .under(GRAPHIC),
    barcode(ChargeItemFlags::IT_BARCODE_EAN8, "BarcodeEan8"),
    barcode(ChargeItemFlags::IT_BARCODE_UPC_A, "BarcodeUpcA"),
    barcode(ChargeItemFlags::IT_BARCODE_UPC_E, "BarcodeUpcE"),
    barcode(ChargeItemFlags::IT_BARCODE_CODE39, "BarcodeCode39"),
    barcode(ChargeItemFlags::IT_BARCODE_CODE93, "BarcodeCode93"),
    barcode(ChargeItemFlags::IT_BARCODE_CODE128, "BarcodeCode128"),
    barcode(ChargeItemFlags::IT_BARCODE_CODABAR, "BarcodeCodabar"),
    barcode(ChargeItemFlags::IT_BARCODE_ITF, "BarcodeItf"),
    barcode(ChargeItemFlags::IT_BARCODE_QR_CODE1, "BarcodeQrCode1"),
    barcode(ChargeItemFlags::IT_BARCODE_QR_CODE2, "BarcodeQrCode2"),
    barcode(ChargeItemFlags::IT_BARCODE_CODE_TYPE74, "BarcodeCodeType74"),
    barcode(ChargeItemFlags::IT_BARCODE_CODE_TYPE75, "BarcodeCodeType75"),
    barcode(ChargeItemFlags::IT_BARCODE_CODE_TYPE76, "BarcodeCodeType76"),
    barcode(ChargeItemFlags::IT_BARCODE_CODE_TYPE77, "BarcodeCodeType77"),
    barcode(ChargeItemFlags::IT_BARCODE_CODE_TYPE78, "BarcodeCodeType78"),
];
