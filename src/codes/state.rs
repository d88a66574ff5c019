//! What `ftState` says about a receipt.

use super::State;

/// All bits of an error value; also set in the fail value.
const ERROR: u32 = 0xEEEE_EEEE;
/// The fail value.
const FAIL: u32 = 0xFFFF_FFFF;

impl State {
    /// The low 32 bits: flags, or one of the two error values.
    #[must_use]
    pub const fn low(self) -> u32 {
        self.value() as u32
    }

    /// The receipt was stored but not processed: no number was used, nothing may be printed as a
    /// fiscal receipt.
    ///
    /// Some servers add flags to the error value, so all of its bits are looked for.
    #[must_use]
    pub const fn is_error(self) -> bool {
        self.low() & ERROR == ERROR && !self.is_fail()
    }

    /// Nothing was stored.
    #[must_use]
    pub const fn is_fail(self) -> bool {
        self.low() == FAIL
    }

    /// The queue was not started yet or has been stopped: the receipt was not signed.
    #[must_use]
    pub const fn is_queue_not_active(self) -> bool {
        self.flag(0x1)
    }

    /// The receipt was signed. Conditions such as an absent signing unit may apply all the same.
    #[must_use]
    pub const fn is_signed(self) -> bool {
        !self.is_error() && !self.is_fail() && !self.is_queue_not_active()
    }

    /// The signing unit is out of service for now; the receipt was processed.
    #[must_use]
    pub const fn is_signing_unit_down(self) -> bool {
        self.flag(0x2)
    }

    /// The queue is in late-signing mode; the receipt was processed.
    #[must_use]
    pub const fn is_late_signing(self) -> bool {
        self.flag(0x8)
    }

    /// A message waits to be read by a zero receipt.
    #[must_use]
    pub const fn has_message(self) -> bool {
        self.flag(0x40)
    }

    /// A daily, monthly or yearly closing is due.
    #[must_use]
    pub const fn is_closing_due(self) -> bool {
        self.flag(0x100) || self.flag(0x200) || self.flag(0x400)
    }

    /// A flag counts only where the value is none of the two error values, which contain flags' bits.
    const fn flag(self, bit: u32) -> bool {
        self.low() & ERROR != ERROR && self.low() & bit != 0
    }
}
