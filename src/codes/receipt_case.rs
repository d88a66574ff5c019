//! Receipt cases by name. Without a country: the market comes from the cash box.

use super::ReceiptCase;

impl ReceiptCase {
    /// A receipt at the point of sale.
    pub const POINT_OF_SALE: Self = Self::new(0x0000_2000_0000_0001);
    /// A zero receipt: checks the signing unit, ends late signing.
    pub const ZERO: Self = Self::new(0x0000_2000_0000_2000);
    /// The daily closing.
    pub const DAILY_CLOSING: Self = Self::new(0x0000_2000_0000_2011);
    /// The monthly closing.
    pub const MONTHLY_CLOSING: Self = Self::new(0x0000_2000_0000_2012);
    /// The yearly closing.
    pub const YEARLY_CLOSING: Self = Self::new(0x0000_2000_0000_2013);
    /// The initial operation: starts a queue, once.
    pub const INITIAL_OPERATION: Self = Self::new(0x0000_2000_0000_4001);
    /// Out of operation: stops a queue for good.
    pub const OUT_OF_OPERATION: Self = Self::new(0x0000_2000_0000_4002);
}
