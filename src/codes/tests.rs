use proptest::prelude::*;

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
    for text in [format!("{expected:#}"), format!("{expected:#x}")] {
        assert_eq!(text.parse(), Ok(expected), "{text}");
    }
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

#[test]
fn codes_print_as_names_and_in_alternate_form_as_numbers() {
    for (text, number) in [
        (
            ReceiptCase::new(0x4154_2000_0100_0001).to_string(),
            "AT v2 PointOfSaleReceipt | Refund",
        ),
        (ReceiptCase::ZERO.to_string(), "v2 ZeroReceipt"),
        (
            ReceiptCase::new(0x4954_2001_0010_2000).to_string(),
            "IT v2 ZeroReceipt | RequestScuInformation | XReport",
        ),
        (
            ReceiptCase::new(0x4154_2000_4000_9999).to_string(),
            "AT v2 case 0x9999 | 0x40000000",
        ),
        (
            ReceiptCase::new(0x8000_0000_0000_0001).to_string(),
            "0x8000 v0 PointOfSaleReceipt",
        ),
        (
            ChargeItemCase::new(0x4954_2000_0002_5418).to_string(),
            "IT v2 Delivery, NotTaxable, ReverseChargeMobilePhones | Refund",
        ),
        (
            ChargeItemCase::goods(VatRate::Normal).to_string(),
            "v2 Delivery, NormalVatRate",
        ),
        (
            ChargeItemCase::new(0x0000_2000_0000_99B9).to_string(),
            "v2 service 0xB, VAT 0x9, nature 99",
        ),
        (
            PayItemCase::new(0x4245_2000_0180_0004).to_string(),
            "BE v2 DebitCard | Electronic | Interface",
        ),
        (
            PayItemCase::new(0x0000_2000_0000_1013).to_string(),
            "v2 payment 0x13 | 0x1000",
        ),
        (
            State::new(0x4154_2000_0000_0000).to_string(),
            "AT v2 Success",
        ),
        (
            State::new(0x4154_2002_0000_0108).to_string(),
            "AT v2 Flagged | LateSigningModeIsActive | DailyClosingIsDue | BackupScuInUse",
        ),
        (
            State::new(0x4954_2001_EEEE_EEEE).to_string(),
            "IT v2 Error | RtDeviceNotReachable",
        ),
        (SignatureFormat::new(3).to_string(), "QrCode"),
        (
            SignatureFormat::new(0x5_0003).to_string(),
            "QrCode, BeforeHeader",
        ),
        (
            SignatureFormat::new(0x6_000F).to_string(),
            "format 0xF, position 0x6",
        ),
        (
            signatures::de::TSE_SERIAL_NUMBER.to_string(),
            "DE v2 TseSerialNumber",
        ),
        (
            SignatureType::new(0x4154_2000_0000_3000).to_string(),
            "AT v2 Failure, Unknown",
        ),
        (
            SignatureType::new(0x4752_2000_0000_003F).to_string(),
            "GR v2 case 0x03F",
        ),
        (
            SignatureType::new(0x4752_2000_0001_1001).to_string(),
            "GR v2 Information, InitialOperationReceipt | ArchivingRequired",
        ),
        (JournalType::ACTION_JOURNAL.to_string(), "ActionJournal"),
        (
            journals::fr::ARCHIVE
                .with_flags(JournalFlags::ZIP)
                .to_string(),
            "FR v2 Archive | Zip",
        ),
        (
            format!("{:?}", ReceiptCase::new(0x4154_2000_0000_0001)),
            "ReceiptCase(AT v2 PointOfSaleReceipt, 0x4154_2000_0000_0001)",
        ),
        (
            format!("{:#}", ReceiptCase::new(0x4154_2000_0000_0001)),
            "0x4154_2000_0000_0001",
        ),
        (
            format!("{:#018X}", ReceiptCase::new(0x4154_2000_0000_00AB)),
            "0x41542000000000AB",
        ),
    ] {
        assert_eq!(text, number);
    }
}

#[test]
fn codes_of_version_0_print_as_what_they_stand_for() {
    for (text, expected) in [
        (
            ReceiptCase::new(0x4154_0000_0000_0002).to_string(),
            "AT v0 ZeroReceipt",
        ),
        (
            ReceiptCase::new(0x4652_8000_0002_0001).to_string(),
            "FR v0 PointOfSaleReceipt | Training | ReceiptRequested",
        ),
        // What only version 2 has is read by its tables.
        (
            ReceiptCase::new(0x4154_0000_0000_2011).to_string(),
            "AT v0 DailyClosing",
        ),
        (
            ChargeItemCase::new(0x4445_0000_0001_0012).to_string(),
            "DE v0 Delivery, DiscountedVatRate1 | TakeAway",
        ),
        (
            PayItemCase::new(0x4445_0000_0000_000D).to_string(),
            "DE v0 Voucher",
        ),
        (
            State::new(0x4154_0000_0000_0010).to_string(),
            "AT v0 Flagged | MonthlyClosingIsDue",
        ),
        (
            JournalType::new(0x4652_0000_0000_0005).to_string(),
            "FR v0 BillExport",
        ),
    ] {
        assert_eq!(text, expected);
    }
}

#[test]
fn bits_that_categories_share_mean_what_the_category_says() {
    let bits = 0x0000_0000_0110_0000;
    let sale = ReceiptCase::new(ReceiptCase::POINT_OF_SALE.value() | bits);
    assert!(sale.is_refund());
    assert_eq!((sale.daily_flags(), sale.lifecycle_flags()), (None, None));

    let zero = ReceiptCase::ZERO
        .with_daily_flags(DailyFlags::REQUEST_SCU_INFORMATION | DailyFlags::UPDATE_MASTER_DATA);
    assert_eq!(zero.value(), ReceiptCase::ZERO.value() | bits);
    assert!(!zero.is_refund() && !zero.has(ReceiptFlags::ISSUER_IS_SMALL_BUSINESS));
    assert!(zero.flags().contains(ReceiptFlags::REFUND));

    let stop =
        ReceiptCase::OUT_OF_OPERATION.with_lifecycle_flags(LifecycleFlags::QUEUE_REGISTRATION_ONLY);
    let names: Vec<_> = stop.flag_names().collect();
    assert_eq!(names, ["QueueRegistrationOnly"]);

    let again = zero.with_daily_flags(DailyFlags::RECEIPT_REQUESTED);
    assert!(again.is_receipt_requested() && !zero.is_receipt_requested());
}

#[test]
fn a_part_can_be_changed_and_the_others_stay() {
    let case = ChargeItemCase::tip(VatRate::NotTaxable)
        .with_country(Country::IT)
        .with_flags(ChargeItemFlags::VOID);
    assert_eq!(case.value(), 0x4954_2000_0001_0038);
    let changed = case
        .with_service(TypeOfService::Grant)
        .with_vat(VatRate::Zero)
        .with_nature(NatureOfVat::EXEMPT);
    assert_eq!(changed.value(), 0x4954_2000_0001_3087);
    assert!(changed.is_void() && !changed.is_refund());
    let without = changed
        .without_flags(ChargeItemFlags::VOID)
        .without_country();
    assert_eq!(without.value(), 0x0000_2000_0000_3087);
    // Bits beyond a part's own do not spill.
    assert_eq!(
        without.with_vat(VatRate::Other(0xF3)),
        without.with_vat(VatRate::Normal)
    );
    let spilling = without.with_flags(ChargeItemFlags::all());
    assert_eq!(spilling.value(), 0x0000_2FFF_FFFF_3087);
}

#[test]
fn natures_have_the_names_of_their_country() {
    let name = |country: Option<Country>, nature| {
        let case = ChargeItemCase::goods(VatRate::NotTaxable).with_nature(nature);
        country
            .map_or(case, |country| case.with_country(country))
            .nature_name()
    };
    let exempt = NatureOfVat::EXEMPT;
    assert_eq!(name(None, exempt), Some("Exempt"));
    assert_eq!(name(Some(Country::DE), exempt), Some("Exempt"));
    assert_eq!(name(Some(Country::ES), exempt), Some("ExemptedDomestic"));
    assert_eq!(name(Some(Country::PT), exempt), Some("TaxExemptionM30"));
    assert_eq!(name(Some(Country::GR), exempt), None);
    assert_eq!(
        name(Some(Country::GR), NatureOfVat::USUAL),
        Some("UsualVatApplies")
    );
    assert_eq!(natures::it::EXEMPT.family(), NatureFamily::Exempt);
}

#[test]
fn an_undefined_value_is_kept_and_equals_the_named_one_of_its_number() {
    assert_eq!(ReceiptKind::from_value(0x9999), ReceiptKind::Other(0x9999));
    assert_eq!(ReceiptKind::Other(0x0001), ReceiptKind::PointOfSale);
    assert_eq!(
        ReceiptKind::Other(0x0001).name(),
        Some("PointOfSaleReceipt")
    );
    assert_eq!(ReceiptKind::Other(0x9999).to_string(), "0x9999");
    assert!(ReceiptKind::NAMED.iter().all(|kind| kind.name().is_some()));
}

#[test]
fn states_are_questioned_by_name() {
    let at = 0x4154_2000_0000_0000;
    assert!(State::new(at).is_ok() && State::new(0).is_ok());
    assert!(!State::new(at | 1 << 32).is_ok() && !State::new(at | 0xEEEE_EEEE).is_ok());
    assert!(State::new(at | 0x100).is_daily_closing_due());
    assert!(State::new(at | 0x200).is_monthly_closing_due());
    assert!(State::new(at | 0x400).is_yearly_closing_due());
    assert!(State::new(at | 0x40).has_message() && State::new(at | 2).is_signing_unit_down());
    assert!(State::new(at | 1 << 32).is_signing_unit_permanently_down());
    assert!(State::new(at | 2 << 32).is_backup_signing_unit_in_use());
    assert!(!State::new(at | 3 << 32).is_backup_signing_unit_in_use());
    assert!(State::new(0x4445_2001_0000_0000).is_signing_unit_switching());
    assert!(!State::new(0x4445_2001_0000_0000).is_signing_unit_permanently_down());
    assert!(State::new(0x4954_2001_EEEE_EEEE).is_device_not_reachable());
    // Version 0 has some of them elsewhere.
    assert!(State::new(0x4154_0000_0000_0020).is_yearly_closing_due());
    assert!(State::new(0x4154_0000_0000_0080).is_backup_signing_unit_in_use());
    let switching = State::new(0x4445_0000_0000_0100);
    assert!(switching.is_signing_unit_switching() && !switching.is_daily_closing_due());
}

#[test]
fn signatures_say_where_they_belong() {
    let plain = signatures::at::RKSV_SIGNATURE;
    assert!(plain.is_for_paper() && plain.is_for_digital() && !plain.is_failure());
    let hidden = plain.with_flags(SignatureFlags::DONT_VISUALIZE);
    assert!(!hidden.is_for_paper() && !hidden.is_for_digital());
    let paper = plain.with_flags(SignatureFlags::PRINTED_RECEIPT_ONLY);
    assert!(paper.is_for_paper() && !paper.is_for_digital());
    let digital = plain.with_flags(SignatureFlags::DIGITAL_RECEIPT_ONLY);
    assert!(!digital.is_for_paper() && digital.is_for_digital());
    assert!(SignatureType::FAILURE.is_failure());
}

/// The bits of all flags that have a constant.
fn constants<F: bitflags::Flags<Bits = u64>>() -> impl Iterator<Item = u64> {
    F::FLAGS
        .iter()
        .filter(|flag| !flag.is_unnamed())
        .map(|flag| flag.value().bits())
}

#[test]
fn every_flag_with_a_constant_has_a_name_somewhere() {
    let countries = [
        Country::AT,
        Country::DE,
        Country::GR,
        Country::IT,
        Country::PT,
    ];
    let named = |is_named: &dyn Fn(Country) -> bool| countries.into_iter().any(is_named);
    for bits in constants::<ReceiptFlags>() {
        assert!(
            named(&|country| (0..5).any(|category| {
                let code = ReceiptCase::new(bits | category << 12).with_country(country);
                code.unknown_bits() == 0
            })),
            "receipt {bits:#X}"
        );
    }
    for bits in constants::<ChargeItemFlags>() {
        let code = ChargeItemCase::new(bits);
        assert!(named(
            &|country| code.with_country(country).unknown_bits() == 0
        ));
    }
    for bits in constants::<PayItemFlags>() {
        let code = PayItemCase::new(bits);
        assert!(named(
            &|country| code.with_country(country).unknown_bits() == 0
        ));
    }
    for bits in constants::<StateFlags>() {
        let code = State::new(bits);
        assert!(named(
            &|country| code.with_country(country).unknown_bits() == 0
        ));
    }
    for bits in constants::<SignatureFlags>() {
        assert_eq!(SignatureType::new(bits).unknown_bits(), 0);
    }
}

proptest! {
    #[test]
    fn any_number_is_read_printed_and_put_together_again(value: u64) {
        let country = value & 0xFFFF << 48;
        let receipt = ReceiptCase::new(value);
        let made = ReceiptCase::new(country).with_version(receipt.version());
        let made = made.with_kind(receipt.kind()).with_flags(receipt.flags());
        prop_assert_eq!(made, receipt);

        let charge = ChargeItemCase::new(value);
        let made = ChargeItemCase::new(country).with_version(charge.version())
            .with_vat(charge.vat()).with_service(charge.type_of_service())
            .with_nature(charge.nature()).with_flags(charge.flags());
        prop_assert_eq!(made, charge);

        let signature = SignatureType::new(value);
        let made = SignatureType::new(country).with_version(signature.version())
            .with_category(signature.category()).with_number(signature.number())
            .with_flags(signature.flags());
        prop_assert_eq!(made, signature);

        let texts = [
            (receipt.to_string(), format!("{receipt:?}")),
            (charge.to_string(), format!("{charge:?}")),
            (PayItemCase::new(value).to_string(), format!("{:?}", PayItemCase::new(value))),
            (State::new(value).to_string(), format!("{:?}", State::new(value))),
            (
                SignatureFormat::new(value).to_string(),
                format!("{:?}", SignatureFormat::new(value)),
            ),
            (signature.to_string(), format!("{signature:?}")),
            (JournalType::new(value).to_string(), format!("{:?}", JournalType::new(value))),
        ];
        let number = format!("{receipt:#}");
        for (text, debug) in texts {
            prop_assert!(!text.is_empty() && debug.contains(&text) && debug.contains(&number));
        }
        prop_assert_eq!(number.parse(), Ok(receipt));
        prop_assert_eq!(format!("{receipt:#x}").parse(), Ok(receipt));
    }

    #[test]
    fn the_flag_bits_of_any_number_are_named_or_unknown(value: u64) {
        let flags = value & 0x0000_0FFF_FFFF_0000;
        for (names, unknown) in [
            (ReceiptCase::new(value).flag_names().count(), ReceiptCase::new(value).unknown_bits()),
            (SignatureType::new(value).flag_names().count(), SignatureType::new(value).unknown_bits()),
        ] {
            prop_assert_eq!(unknown & !flags, 0);
            prop_assert_eq!(names == 0, unknown == flags);
        }
    }
}
