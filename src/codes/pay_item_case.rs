//! Pay item cases by name. Without a country: the market comes from the cash box.

use super::PayItemCase;

impl PayItemCase {
    /// Cash.
    pub const CASH: Self = Self::new(0x0000_2000_0000_0001);
    /// Cashless without saying how.
    pub const NON_CASH: Self = Self::new(0x0000_2000_0000_0002);
    /// A debit card.
    pub const DEBIT_CARD: Self = Self::new(0x0000_2000_0000_0004);
    /// A credit card.
    pub const CREDIT_CARD: Self = Self::new(0x0000_2000_0000_0005);
    /// A voucher.
    pub const VOUCHER: Self = Self::new(0x0000_2000_0000_0006);
}
