use proptest::prelude::*;

use super::*;
use crate::codes::{ChargeItemCase, JournalType, PayItemCase, ReceiptCase, State};

const AT: u64 = 0x4154_0000_0000_0000;
const DE: u64 = 0x4445_0000_0000_0000;
const FR: u64 = 0x4652_0000_0000_0000;
const V2: u64 = 0x0000_2000_0000_0000;

#[test]
fn receipts_go_to_version_2_and_come_back() {
    for (old, new) in [
        (AT, AT | V2),
        (AT | 0x0001, AT | V2 | 0x0001),
        (AT | 0x0002, AT | V2 | 0x2000),
        (AT | 0x0003, AT | V2 | 0x4001),
        (AT | 0x0005, AT | V2 | 0x2012),
        (AT | 0x0007, AT | V2 | 0x0003),
        (AT | 0x0008, AT | V2 | 0x1000),
        (AT | 0x000C, AT | V2 | 0x0002),
        (AT | 0x000D, AT | V2 | 0x3000),
        (AT | 0x000E, AT | V2 | 0x3003),
        (AT | 0x000F, AT | V2 | 0x0004),
        (AT | 0x0010, AT | V2 | 0x0080_0001),
        (AT | 0x0005_0001, AT | V2 | 0x0005_0001),
        (AT | 0x0070_0008, AT | V2 | 0x0070_1000),
        (AT | 0x8000_0000_0001, AT | V2 | 0x8000_0001),
        (FR | 0x0002, FR | V2 | 0x3005),
        (FR | 0x0005, FR | V2 | 0x2011),
        (FR | 0x0008, FR | V2 | 0x0006),
        (FR | 0x000E, FR | V2 | 0x0080_0001),
        (FR | 0x0015, FR | V2 | 0x3011),
        (FR | 0x0016, FR | V2 | 0x3010),
        (FR | 0x0002_0001, FR | V2 | 0x0002_0001),
        // Germany says whether a transaction was started before, each version the other way round.
        (DE | 0x0001_0000_0001, DE | V2 | 0x0001),
        (DE | 0x0001, DE | V2 | 0x0001_0000_0001),
        (DE | 0x0008, DE | V2 | 0x0011_0000_3001),
        (DE | 0x0009, DE | V2 | 0x0021_0000_3001),
        (DE | 0x000A, DE | V2 | 0x0031_0000_3001),
        (DE | 0x000B, DE | V2 | 0x0041_0000_3001),
        (DE | 0x0001_0000_000B, DE | V2 | 0x0040_0000_3001),
        (DE | 0x0001_0080_0002, DE | V2 | 0x0010_2000),
        (DE | 0x0001_0F00_0002, DE | V2 | 0x01E0_2000),
        (DE | 0x0001_0100_0003, DE | V2 | 0x0010_4001),
        (DE | 0x0001_0000_0007, DE | V2 | 0x2011),
        (DE | 0x0001_0000_000C, DE | V2 | 0x1002),
        (DE | 0x0001_0000_0010, DE | V2 | 0x3004),
        (DE | 0x0001_0000_0015, DE | V2 | 0x0080_0001),
        (DE | 0x0001_0000_0016, DE | V2 | 0x0100_0003),
        (DE | 0x0001_0000_0017, DE | V2 | 0x4011),
        (DE | 0x0001_0000_0018, DE | V2 | 0x4012),
    ] {
        let (old, new) = (ReceiptCase::new(old), ReceiptCase::new(new));
        assert_eq!(old.to_version_2(), Ok(new), "{old:#}");
        assert_eq!(new.to_version_0(), Ok(old), "{new:#}");
    }
}

#[test]
fn several_receipts_of_version_2_are_one_of_version_0() {
    for (new, old) in [
        (AT | V2 | 0x1003, AT | 0x0008),
        (AT | V2 | 0x2011, AT | 0x0002),
        (AT | V2 | 0x3005, AT | 0x000D),
        (AT | V2 | 0x4022, AT | 0x0002),
        (AT | V2 | 0x0100_0001, AT | 0x0001),
        (AT | V2 | 0x01F0_2000, AT | 0x0002),
        (AT | V2 | 0x0080_0002, AT | 0x0010),
        (FR | V2 | 0x0004, FR | 0x000E),
        (FR | V2 | 0x00F8_1001, FR | 0x0003),
        (FR | V2 | 0x00F8_0001, FR | 0x000E),
        (FR | V2 | 0x3004, FR | 0x0008),
        (DE | V2 | 0x3005, DE | 0x0001_0000_0010),
        (DE | V2 | 0x0908_0001, DE | 0x0001_0008_0001),
    ] {
        assert_eq!(
            ReceiptCase::new(new).to_version_0(),
            Ok(ReceiptCase::new(old))
        );
    }
    for (old, new) in [
        (AT | 0x000A, AT | V2 | 0x0002),
        (FR | 0x000B, FR | V2 | 0x0002),
    ] {
        assert_eq!(
            ReceiptCase::new(old).to_version_2(),
            Ok(ReceiptCase::new(new))
        );
    }
}

#[test]
fn what_has_no_counterpart_is_refused_with_the_reason() {
    use MigrationErrorReason as Reason;
    let forward = |value| ReceiptCase::new(value).to_version_2().unwrap_err();
    let backward = |value| ReceiptCase::new(value).to_version_0().unwrap_err();
    for (error, reason) in [
        (forward(0x4954_0000_0000_0001), Reason::Country),
        (forward(0x0001), Reason::Country),
        (backward(V2 | 0x0001), Reason::Country),
        (forward(AT | V2 | 0x0001), Reason::Version),
        (backward(AT | 0x0001), Reason::Version),
        (forward(AT | 0x0011), Reason::Case),
        (forward(FR | 0x0017), Reason::Case),
        (forward(DE | 0x0019), Reason::Case),
        (forward(DE | 0x0001_0000_0008), Reason::Case),
        (backward(AT | V2 | 0x0006), Reason::Case),
        (backward(DE | V2 | 0x4021), Reason::Case),
        (forward(AT | 0x0100_0001), Reason::Flags(0x0100_0000)),
        (forward(FR | 0x0008_0001), Reason::Flags(0x0008_0000)),
        (
            forward(AT | 0x0001_0000_0001),
            Reason::Flags(0x0001_0000_0000),
        ),
        (backward(AT | V2 | 0x0200_0001), Reason::Flags(0x0200_0000)),
        (backward(DE | V2 | 0x0020_4002), Reason::Flags(0x0020_0000)),
        (
            backward(DE | V2 | 0x0010_0000_3001),
            Reason::Flags(0x0010_0000_0000),
        ),
    ] {
        assert_eq!(error.reason(), reason, "{error}");
        assert!(error.to_string().contains("ftReceiptCase 0x"), "{error}");
    }
    assert_eq!(forward(AT | 0x0011).value(), AT | 0x0011);
}

#[test]
fn lines_go_to_version_2_and_come_back() {
    use AmountSign::{Negative, Positive};
    for (old, sign, new) in [
        (AT, Positive, AT | V2),
        (AT | 0x03, Positive, AT | V2 | 0x03),
        (AT | 0x05, Positive, AT | V2 | 0x07),
        (AT | 0x06, Positive, AT | V2 | 0x5008),
        (AT | 0x0A, Positive, AT | V2 | 0x13),
        (AT | 0x0F, Positive, AT | V2 | 0x23),
        (AT | 0x12, Positive, AT | V2 | 0x51),
        (AT | 0x1B, Positive, AT | V2 | 0x77),
        (AT | 0x1E, Positive, AT | V2 | 0x0008_0003),
        (AT | 0x21, Positive, AT | V2 | 0x68),
        (AT | 0x22, Positive, AT | V2 | 0x98),
        (AT | 0x23, Positive, AT | V2 | 0xA8),
        (FR | 0x22, Positive, FR | V2 | 0x98),
        (FR | 0x0B, Positive, FR | V2 | 0x14),
        (DE, Positive, DE | V2),
        (DE | 0x01, Positive, DE | V2 | 0x03),
        (DE | 0x02, Negative, DE | V2 | 0x01),
        (DE | 0x11, Positive, DE | V2 | 0x13),
        (DE | 0x0001_0012, Positive, DE | V2 | 0x0020_0011),
        (DE | 0x1D, Positive, DE | V2 | 0x28),
        (DE | 0x1F, Positive, DE | V2 | 0x20),
        (DE | 0x21, Positive, DE | V2 | 0x0010_0003),
        (DE | 0x29, Negative, DE | V2 | 0x0012_0003),
        (DE | 0x31, Negative, DE | V2 | 0x0004_0003),
        (DE | 0x39, Positive, DE | V2 | 0x0004_0003),
        (DE | 0x41, Positive, DE | V2 | 0x83),
        (DE | 0x49, Positive, DE | V2 | 0x88),
        (DE | 0x51, Positive, DE | V2 | 0x33),
        (DE | 0x59, Positive, DE | V2 | 0x38),
        (DE | 0x60, Positive, DE | V2 | 0x48),
        (DE | 0x61, Positive, DE | V2 | 0x43),
        (DE | 0x68, Negative, DE | V2 | 0x48),
        (DE | 0x6A, Negative, DE | V2 | 0x41),
        (DE | 0xA1, Positive, DE | V2 | 0x5008),
    ] {
        let (old, new) = (ChargeItemCase::new(old), ChargeItemCase::new(new));
        assert_eq!(old.to_version_2(), Ok(new), "{old:#}");
        assert_eq!(new.to_version_0(sign), Ok(old), "{new:#}");
    }
}

#[test]
fn lines_that_go_one_way_only() {
    use MigrationErrorReason as Reason;
    let forward = |value| ChargeItemCase::new(value).to_version_2();
    let backward = |value| ChargeItemCase::new(value).to_version_0(AmountSign::Positive);
    for (old, new) in [
        (AT | 0x07, AT | V2 | 0x60),
        (DE | 0xA2, DE | V2 | 0x60),
        (DE | 0x71, DE | V2 | 0x93),
        (DE | 0x8A, DE | V2 | 0x0008_0001),
        (DE | 0x90, DE | V2 | 0xA8),
        (DE | 0x97, DE | V2 | 0xA8),
    ] {
        assert_eq!(forward(old), Ok(ChargeItemCase::new(new)), "{old:#X}");
    }
    for (new, old) in [
        (AT | V2 | 0x16, AT | 0x0C),
        (AT | V2 | 0x48, AT | 0x21),
        (AT | V2 | 0x63, AT | 0x07),
        (AT | V2 | 0x0037_0013, AT | 0x0A),
        (AT | V2 | 0x0008_0023, AT | 0x1E),
        (FR | V2 | 0xA8, FR | 0x22),
        (DE | V2 | 0x12, DE | 0x17),
        (DE | V2 | 0x53, DE | 0x01),
        (DE | V2 | 0x78, DE | 0x45),
        (DE | V2 | 0x0012_0006, DE | 0x2F),
        (DE | V2 | 0x67, DE | 0xA2),
    ] {
        assert_eq!(backward(new), Ok(ChargeItemCase::new(old)), "{new:#X}");
    }
    for (result, reason) in [
        (forward(AT | 0x24), Reason::Case),
        (forward(FR | 0x23), Reason::Case),
        (forward(DE | 0x08), Reason::Case),
        (forward(DE | 0x45), Reason::Case),
        (forward(DE | 0x10), Reason::Case),
        (forward(AT | 0x0001_0003), Reason::Flags(0x0001_0000)),
        (backward(AT | V2 | 0x10), Reason::Case),
        (backward(AT | V2 | 0x1018), Reason::Case),
        (backward(AT | V2 | 0x5018), Reason::Case),
        (backward(AT | V2 | 0xF8), Reason::Case),
        (backward(AT | V2 | 0x0008_0033), Reason::Case),
        (backward(DE | V2 | 0x0008_0003), Reason::DependsOnContent),
        (backward(DE | V2 | 0x93), Reason::DependsOnContent),
        (backward(DE | V2 | 0xA8), Reason::DependsOnContent),
        (backward(AT | V2 | 0x8000_0013), Reason::Flags(0x8000_0000)),
    ] {
        assert_eq!(result.unwrap_err().reason(), reason);
    }
}

#[test]
fn payments_go_to_version_2_and_come_back() {
    for (old, new) in [
        (AT | 0x01, AT | V2 | 0x01),
        (AT | 0x02, AT | V2 | 0x0010_0001),
        (AT | 0x06, AT | V2 | 0x06),
        (AT | 0x0B, AT | V2 | 0x09),
        (AT | 0x0E, AT | V2 | 0x0C),
        (FR | 0x10, FR | V2 | 0x0008_0009),
        (FR | 0x11, FR | V2 | 0x0D),
        (AT | 0x12, AT | V2 | 0x0020_0001),
        (AT | 0x0040_0012, AT | V2 | 0x0040_0001),
        (DE | 0x06, DE | V2 | 0x07),
        (DE | 0x07, DE | V2 | 0x02),
        (DE | 0x0B, DE | V2 | 0x0020_0001),
        (DE | 0x0C, DE | V2 | 0x0030_0001),
        (DE | 0x0D, DE | V2 | 0x06),
        (DE | 0x0F, DE | V2 | 0x0008_0009),
        (DE | 0x11, DE | V2 | 0x0E),
        (DE | 0x0040_0012, DE | V2 | 0x0040_0001),
    ] {
        let (old, new) = (PayItemCase::new(old), PayItemCase::new(new));
        assert_eq!(old.to_version_2(), Ok(new), "{old:#}");
        assert_eq!(new.to_version_0(), Ok(old), "{new:#}");
    }
}

#[test]
fn payments_that_go_one_way_only() {
    use MigrationErrorReason as Reason;
    let forward = |value| PayItemCase::new(value).to_version_2();
    let backward = |value| PayItemCase::new(value).to_version_0();
    assert_eq!(forward(DE | 0x13), Ok(PayItemCase::new(DE | V2 | 0x0C)));
    assert_eq!(backward(AT | V2 | 0x02), Ok(PayItemCase::new(AT | 0x07)));
    assert_eq!(backward(AT | V2 | 0x0E), Ok(PayItemCase::new(AT | 0x0B)));
    assert_eq!(backward(DE | V2 | 0x0F), Ok(PayItemCase::new(DE | 0x06)));
    for (result, reason) in [
        (forward(AT | 0x09), Reason::Case),
        (forward(DE | 0x10), Reason::Case),
        (forward(DE | 0x18), Reason::Case),
        (forward(AT | 0x0040_0001), Reason::Flags(0x0040_0000)),
        (backward(DE | V2 | 0x0C), Reason::DependsOnContent),
        (backward(AT | V2 | 0x10), Reason::Case),
        (backward(AT | V2 | 0x1001), Reason::Case),
        (backward(AT | V2 | 0x0002_0001), Reason::Flags(0x0002_0000)),
        (backward(AT | V2 | 0x0010_0004), Reason::Flags(0x0010_0000)),
    ] {
        assert_eq!(result.unwrap_err().reason(), reason);
    }
}

#[test]
fn states_and_journals_go_to_version_2_and_come_back() {
    for (old, new) in [
        (AT, AT | V2),
        (AT | 0x4B, AT | V2 | 0x4B),
        (AT | 0x34, AT | V2 | 0x0001_0000_0600),
        (AT | 0x80, AT | V2 | 0x0002_0000_0000),
        (AT | 0xEEEE_EEEE, AT | V2 | 0xEEEE_EEEE),
        (DE | 0x102, DE | V2 | 0x0001_0000_0002),
        (FR | 0xFFFF_FFFF, FR | V2 | 0xFFFF_FFFF),
    ] {
        let (old, new) = (State::new(old), State::new(new));
        assert_eq!(old.to_version_2(), Ok(new), "{old:#}");
        assert_eq!(new.to_version_0(), Ok(old), "{new:#}");
    }
    let due = State::new(DE | V2 | 0x100).to_version_0().unwrap_err();
    assert_eq!(due.reason(), MigrationErrorReason::Flags(0x100));
    assert!(State::new(0x4954_0000_0000_0000).to_version_2().is_err());

    for (old, new) in [
        (AT | 0x01, AT | V2 | 0x01),
        (DE | 0x0001_0002, DE | V2 | 0x0001_0002),
        (FR | 0x04, FR | V2 | 0x04),
        (FR | 0x05, FR | V2 | 0x07),
        (FR | 0x09, FR | V2 | 0x0B),
    ] {
        let (old, new) = (JournalType::new(old), JournalType::new(new));
        assert_eq!(old.to_version_2(), Ok(new), "{old:#}");
        assert_eq!(new.to_version_0(), Ok(old), "{new:#}");
    }
    assert!(JournalType::ACTION_JOURNAL.to_version_2().is_err());
    assert!(JournalType::new(FR | V2 | 0x05).to_version_0().is_err());
    assert!(JournalType::new(FR | 0x0001_0001).to_version_2().is_err());
}

proptest! {
    /// What is carried to version 2 never changes again on the way there and back.
    #[test]
    fn carrying_over_is_settled_after_one_round(
        country in prop::sample::select(vec![AT, DE, FR]),
        case in 0_u64..0x100,
        flags in prop::sample::select(vec![0_u64, 1 << 16, 1 << 32, 1 << 47, 0x50 << 16]),
        negative: bool,
    ) {
        let value = country | case | flags;
        if let Ok(new) = ReceiptCase::new(value).to_version_2()
            && let Ok(old) = new.to_version_0()
        {
            prop_assert_eq!((new.version(), new.country()), (2, old.country()));
            prop_assert_eq!(old.to_version_2(), Ok(new));
        }
        if let Ok(new) = PayItemCase::new(value).to_version_2()
            && let Ok(old) = new.to_version_0()
        {
            prop_assert_eq!(old.to_version_2(), Ok(new));
        }
        let sign = if negative { AmountSign::Negative } else { AmountSign::Positive };
        if let Ok(new) = ChargeItemCase::new(value).to_version_2()
            && let Ok(old) = new.to_version_0(sign)
        {
            prop_assert_eq!(old.to_version_2(), Ok(new));
        }
    }

    #[test]
    fn no_number_panics(value: u64, version in prop::sample::select(vec![0_u8, 2])) {
        for country in [AT, DE, FR] {
            let value = value & 0x0FFF_FFFF_FFFF | country | u64::from(version) << 44;
            let _ = ReceiptCase::new(value).to_version_2();
            let _ = ReceiptCase::new(value).to_version_0();
            let _ = ChargeItemCase::new(value).to_version_2();
            let _ = ChargeItemCase::new(value).to_version_0(AmountSign::Negative);
            let _ = PayItemCase::new(value).to_version_2();
            let _ = PayItemCase::new(value).to_version_0();
            let _ = State::new(value).to_version_2();
            let _ = State::new(value).to_version_0();
            let _ = JournalType::new(value).to_version_2();
            let _ = JournalType::new(value).to_version_0();
        }
    }
}
