use super::*;

#[test]
fn every_spelling_reads_as_the_same_number_and_is_written_as_a_number() {
    let expected = ReceiptCase::new(4_707_422_694_881_099_777);
    for json in [
        "4707422694881099777",
        "\"4707422694881099777\"",
        "\"0x4154200000000001\"",
        "\"0X4154_2000_0000_0001\"",
    ] {
        let code: ReceiptCase = serde_json::from_str(json).unwrap();
        assert_eq!(code, expected, "{json}");
        assert_eq!(serde_json::to_string(&code).unwrap(), "4707422694881099777");
    }
    assert_eq!(expected.to_string(), "0x4154_2000_0000_0001");
}

#[test]
fn what_is_no_code_is_refused_with_the_value() {
    for json in [
        "-1", "1.5", "\"\"", "\"0x\"", "\"-1\"", "\"...\"", "null", "\"0x+1\"", "\"+1\"",
    ] {
        let error = serde_json::from_str::<State>(json).unwrap_err().to_string();
        assert!(error.contains("64-bit code"), "{json}: {error}");
    }
    assert!(serde_json::from_str::<State>("18446744073709551616").is_err());
}

#[test]
fn parts_are_read_from_their_bits() {
    let code = ReceiptCase::POINT_OF_SALE
        .with_country(Country::new("AT").unwrap())
        .with_global_flags(0x0100);
    assert_eq!(code.value(), 0x4154_2000_0100_0001);
    assert_eq!(code.country(), Country::new("AT"));
    assert_eq!(code.version(), 2);
    assert_eq!(code.local_flags(), 0);
    assert_eq!(code.global_flags(), 0x0100);
    assert_eq!(code.case(), 1);
    assert_eq!(ReceiptCase::POINT_OF_SALE.country(), None);
}

#[test]
fn the_ready_made_numbers_of_the_facts() {
    assert_eq!(ReceiptCase::POINT_OF_SALE.value(), 35_184_372_088_833);
    assert_eq!(ReceiptCase::DAILY_CLOSING.value(), 35_184_372_097_041);
    assert_eq!(ReceiptCase::INITIAL_OPERATION.value(), 35_184_372_105_217);
    assert_eq!(
        ChargeItemCase::goods(VatRate::Normal).value(),
        35_184_372_088_851
    );
    assert_eq!(
        ChargeItemCase::goods(VatRate::Discounted1).value(),
        35_184_372_088_849
    );
    assert_eq!(
        ChargeItemCase::service(VatRate::Normal).value(),
        35_184_372_088_867
    );
    assert_eq!(PayItemCase::CASH.value(), 35_184_372_088_833);
    assert_eq!(PayItemCase::CREDIT_CARD.value(), 35_184_372_088_837);
}

#[test]
fn error_values_are_seen_before_their_bits_are_read_as_flags() {
    let at = 0x4154_2000_0000_0000;
    let ok = State::new(at);
    assert!(ok.is_signed());
    let error = State::new(at | 0xEEEE_EEEE);
    assert!(error.is_error() && !error.is_fail() && !error.is_signed());
    assert!(!error.is_late_signing() && !error.is_queue_not_active() && !error.has_message());
    let with_flag = State::new(at | 0xEEEE_EEEF);
    assert!(with_flag.is_error() && !with_flag.is_queue_not_active());
    let fail = State::new(at | 0xFFFF_FFFF);
    assert!(fail.is_fail() && !fail.is_error() && !fail.is_signed());
    let inactive = State::new(at | 1);
    assert!(inactive.is_queue_not_active() && !inactive.is_signed());
    let late = State::new(at | 0x108);
    assert!(late.is_late_signing() && late.is_closing_due() && late.is_signed());
}
