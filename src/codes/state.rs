//! What `ftState` says about a receipt.

use std::fmt;

use bitflags::bitflags;

use super::flag::{self, Flag};
use super::{Country, State};

/// All bits of an error value; also set in the fail value.
const ERROR: u32 = 0xEEEE_EEEE;
/// The fail value.
const FAIL: u32 = 0xFFFF_FFFF;
/// Bits 43 to 32, where the country says more about the signing unit.
const LOCAL: u64 = 0x0FFF_0000_0000;
/// Local digit a: one value of four bits.
const SIGNING_UNIT: u64 = 0x000F_0000_0000;

bitflags! {
    /// Flags of an `ftState` (API facts, section 5.10). The values are masks of the whole code.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub struct StateFlags: u64 {
        /// `0001`: the queue was not started yet, or has been stopped.
        const SECURITY_MECHANISM_DEACTIVATED = 0x0001;
        /// `0002`: the signing unit failed; a zero receipt ends this.
        const SCU_TEMPORARY_OUT_OF_SERVICE = 0x0002;
        /// `0008`: receipts came late; a zero receipt ends this.
        const LATE_SIGNING_MODE_IS_ACTIVE = 0x0008;
        /// `0040`: a message waits to be read by a zero receipt.
        const MESSAGE_IS_PENDING = 0x0040;
        /// `0100`: the daily closing is overdue.
        const DAILY_CLOSING_IS_DUE = 0x0100;
        /// `0200`: the monthly closing is overdue.
        const MONTHLY_CLOSING_IS_DUE = 0x0200;
        /// `0400`: the yearly closing is overdue.
        const YEARLY_CLOSING_IS_DUE = 0x0400;
        /// Austria, local `001`: the signing unit has been out of service for so long that it has to be
        /// reported. One value of four bits, as are the others below.
        const AT_SCU_PERMANENTLY_OUT_OF_SERVICE = 0x0001_0000_0000;
        /// Austria, local `002`: another signing unit stands in.
        const AT_BACKUP_SCU_IN_USE = 0x0002_0000_0000;
        /// Germany, local `001`: between two signing units; nothing is signed by either.
        const DE_SCU_IN_SWITCHING_STATE = 0x0001_0000_0000;
        /// Italy, local `001`: the RT printer or server, or the authority, is out of reach.
        const IT_RT_DEVICE_NOT_REACHABLE = 0x0001_0000_0000;

        // Bits without a name are kept.
        const _ = !0;
    }
}

const fn named(flag: StateFlags, name: &'static str) -> Flag {
    Flag::new(flag.bits(), name)
}

const fn signing_unit(flag: StateFlags, country: Country, name: &'static str) -> Flag {
    named(flag, name).market(country).under(SIGNING_UNIT)
}

/// All flags, by bit.
const NAMES: &[Flag] = &[
    named(
        StateFlags::SECURITY_MECHANISM_DEACTIVATED,
        "SecurityMechanismDeactivated",
    ),
    named(
        StateFlags::SCU_TEMPORARY_OUT_OF_SERVICE,
        "ScuTemporaryOutOfService",
    ),
    named(
        StateFlags::LATE_SIGNING_MODE_IS_ACTIVE,
        "LateSigningModeIsActive",
    ),
    named(StateFlags::MESSAGE_IS_PENDING, "MessageIsPending"),
    named(StateFlags::DAILY_CLOSING_IS_DUE, "DailyClosingIsDue"),
    named(StateFlags::MONTHLY_CLOSING_IS_DUE, "MonthlyClosingIsDue"),
    named(StateFlags::YEARLY_CLOSING_IS_DUE, "YearlyClosingIsDue"),
    signing_unit(
        StateFlags::AT_SCU_PERMANENTLY_OUT_OF_SERVICE,
        Country::AT,
        "ScuPermanentlyOutOfService",
    ),
    signing_unit(
        StateFlags::AT_BACKUP_SCU_IN_USE,
        Country::AT,
        "BackupScuInUse",
    ),
    signing_unit(
        StateFlags::DE_SCU_IN_SWITCHING_STATE,
        Country::DE,
        "ScuInSwitchingState",
    ),
    signing_unit(
        StateFlags::IT_RT_DEVICE_NOT_REACHABLE,
        Country::IT,
        "RtDeviceNotReachable",
    ),
];

/// What the low 32 bits of a state are, compared as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StateKind {
    /// `0000_0000`: all is well.
    Success,
    /// Any other value: a set of [`StateFlags`].
    Flagged,
    /// `EEEE_EEEE`: stored, not processed; no number was used.
    Error,
    /// `FFFF_FFFF`: nothing was stored.
    Fail,
}

impl StateKind {
    /// The name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Success => "Success",
            Self::Flagged => "Flagged",
            Self::Error => "Error",
            Self::Fail => "Fail",
        }
    }
}

/// The questions answer for states of version 0 of Austria and Germany, too, where some bits mean
/// something else (see [`to_version_2`](Self::to_version_2)).
impl State {
    /// The low 32 bits: flags, or one of the two error values.
    #[must_use]
    pub const fn low(self) -> u32 {
        self.value() as u32
    }

    /// The low 32 bits, compared as a whole. To tell whether a receipt is signed, ask
    /// [`is_signed`](Self::is_signed), which also knows error values with flags among their bits.
    #[must_use]
    pub const fn kind(self) -> StateKind {
        match self.low() {
            0 => StateKind::Success,
            ERROR => StateKind::Error,
            FAIL => StateKind::Fail,
            _ => StateKind::Flagged,
        }
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

    /// Nothing to report: neither an error nor a flag, of the country neither.
    #[must_use]
    pub const fn is_ok(self) -> bool {
        self.low() == 0 && self.local_flags() == 0
    }

    /// The queue was not started yet or has been stopped: the receipt was not signed.
    #[must_use]
    pub const fn is_queue_not_active(self) -> bool {
        self.flag(StateFlags::SECURITY_MECHANISM_DEACTIVATED)
    }

    /// The receipt was signed. Conditions such as an absent signing unit may apply all the same.
    #[must_use]
    pub const fn is_signed(self) -> bool {
        !self.is_error() && !self.is_fail() && !self.is_queue_not_active()
    }

    /// The signing unit is out of service for now; the receipt was processed.
    #[must_use]
    pub const fn is_signing_unit_down(self) -> bool {
        self.flag(StateFlags::SCU_TEMPORARY_OUT_OF_SERVICE)
    }

    /// The queue is in late-signing mode; the receipt was processed.
    #[must_use]
    pub const fn is_late_signing(self) -> bool {
        self.flag(StateFlags::LATE_SIGNING_MODE_IS_ACTIVE)
    }

    /// A message waits to be read by a zero receipt.
    #[must_use]
    pub const fn has_message(self) -> bool {
        self.flag(StateFlags::MESSAGE_IS_PENDING)
    }

    /// The daily closing is due.
    #[must_use]
    pub const fn is_daily_closing_due(self) -> bool {
        self.flag(StateFlags::DAILY_CLOSING_IS_DUE)
    }

    /// The monthly closing is due.
    #[must_use]
    pub const fn is_monthly_closing_due(self) -> bool {
        self.flag(StateFlags::MONTHLY_CLOSING_IS_DUE)
    }

    /// The yearly closing is due.
    #[must_use]
    pub const fn is_yearly_closing_due(self) -> bool {
        self.flag(StateFlags::YEARLY_CLOSING_IS_DUE)
    }

    /// A daily, monthly or yearly closing is due.
    #[must_use]
    pub const fn is_closing_due(self) -> bool {
        self.is_daily_closing_due() || self.is_monthly_closing_due() || self.is_yearly_closing_due()
    }

    /// Austria: the signing unit has been out of service for so long that it has to be reported.
    #[must_use]
    pub fn is_signing_unit_permanently_down(self) -> bool {
        self.signing_unit_is(Country::AT, StateFlags::AT_SCU_PERMANENTLY_OUT_OF_SERVICE)
    }

    /// Austria: another signing unit stands in.
    #[must_use]
    pub fn is_backup_signing_unit_in_use(self) -> bool {
        self.signing_unit_is(Country::AT, StateFlags::AT_BACKUP_SCU_IN_USE)
    }

    /// Germany: between two signing units; nothing is signed by either.
    #[must_use]
    pub fn is_signing_unit_switching(self) -> bool {
        self.signing_unit_is(Country::DE, StateFlags::DE_SCU_IN_SWITCHING_STATE)
    }

    /// Italy: the RT printer or server, or the authority, is out of reach. Also said of errors.
    #[must_use]
    pub fn is_device_not_reachable(self) -> bool {
        self.signing_unit_is(Country::IT, StateFlags::IT_RT_DEVICE_NOT_REACHABLE)
    }

    /// The flags; of an error or fail value those of the country alone, for it contains all others.
    #[must_use]
    pub const fn flags(self) -> StateFlags {
        StateFlags::from_bits_retain(self.flag_bits())
    }

    /// The same state with these flags set as well. Not meant for error and fail values.
    #[must_use]
    pub const fn with_flags(self, flags: StateFlags) -> Self {
        Self::new(self.value() | flags.bits() & (LOCAL | FAIL as u64))
    }

    /// The same state with this value in the low 32 bits.
    #[must_use]
    pub const fn with_low(self, low: u32) -> Self {
        Self::new(self.value() & !(FAIL as u64) | low as u64)
    }

    /// The names of the flags in the code tables, as they fit the country. Of an error or fail value
    /// those of the country alone.
    pub fn flag_names(self) -> impl Iterator<Item = &'static str> {
        flag::names(NAMES, self.with_flag_bits(), 0)
    }

    /// The flag bits that have no name in this country. In an error or fail value only local ones
    /// count.
    #[must_use]
    pub fn unknown_bits(self) -> u64 {
        let state = self.with_flag_bits();
        flag::unnamed(NAMES, state, 0, LOCAL | u64::from(FAIL))
    }

    const fn flag_bits(self) -> u64 {
        match self.kind() {
            StateKind::Error | StateKind::Fail => self.value() & LOCAL,
            _ => self.value() & (LOCAL | FAIL as u64),
        }
    }

    /// Country and version with the bits that are flags.
    const fn with_flag_bits(self) -> u64 {
        self.value() & !(LOCAL | FAIL as u64) | self.flag_bits()
    }

    /// A flag counts only where the value is none of the two error values, which contain flags' bits.
    const fn flag(self, flag: StateFlags) -> bool {
        self.low() & ERROR != ERROR && self.in_version_2().value() & flag.bits() != 0
    }

    fn signing_unit_is(self, country: Country, value: StateFlags) -> bool {
        self.country() == Some(country)
            && self.in_version_2().value() & SIGNING_UNIT == value.bits()
    }

    pub(super) fn write_case(self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind().name())
    }
}
