use super::*;
use proptest::prelude::*;

const LONG: [&str; 6] = [
    "1.16550000000000000000000000",
    "0.210172131147540983606557377",
    "-0.4363636363636363636363636364",
    "79228162514264337593543950335",
    "-4.84000",
    "0.00",
];

#[test]
fn serde_json_text_keeps_every_digit() {
    for text in LONG {
        let amount: Amount = serde_json::from_str(text).unwrap();
        assert_eq!(amount.to_string(), text);
        assert_eq!(serde_json::to_string(&amount).unwrap(), text);
    }
}

#[test]
fn a_value_in_between_gets_what_it_can_hold_and_never_a_rounded_amount() {
    let short: Amount = "12.34".parse().unwrap();
    let value = serde_json::to_value(short).unwrap();
    assert_eq!(value, serde_json::json!(12.34));
    assert_eq!(serde_json::from_value::<Amount>(value).unwrap(), short);
    let long: Amount = LONG[1].parse().unwrap();
    let error = serde_json::to_value(long).unwrap_err().to_string();
    assert!(error.contains("more digits"), "{error}");
}

#[test]
fn a_sum_that_does_not_fit_is_none() {
    let amount = |text: &str| text.parse::<Amount>().unwrap();
    assert_eq!(
        amount("7922816251426433759354395033").checked_add(amount("0.05")),
        None
    );
    assert_eq!(
        amount("0.10").checked_add(amount("0.2")),
        Some(amount("0.3"))
    );
}

#[test]
fn a_number_that_may_have_been_rounded_on_the_way_is_refused() {
    for text in [
        "0.1234567890123456789",
        "123456789012345.6789",
        "1234567890123456789.12",
    ] {
        let value: serde_json::Value = serde_json::from_str(text).unwrap();
        assert!(serde_json::from_value::<Amount>(value).is_err(), "{text}");
    }
}

#[test]
fn text_and_exponents_are_read_and_nonsense_is_named() {
    let read = |text: &str| serde_json::from_str::<Amount>(text);
    assert_eq!(read("\"1.5\"").unwrap(), "1.5".parse().unwrap());
    assert_eq!(read("1.5e2").unwrap(), Amount::from(150));
    assert_eq!(read("1e-7").unwrap().to_string(), "0.0000001");
    for bad in [
        "\"1_000\"",
        "\"+1\"",
        "\".5\"",
        "\"5.\"",
        "\"\"",
        "\"abc\"",
        "true",
        "null",
        "[1]",
        "{\"a\":1}",
        "1e99",
    ] {
        assert!(read(bad).is_err(), "{bad}");
    }
    let message = read("\"abc\"").unwrap_err().to_string();
    assert!(message.contains("a decimal number"), "{message}");
}

proptest! {
    #[test]
    fn any_decimal_survives_json_text(mantissa in -(1_i128 << 95)..(1_i128 << 95), scale in 0_u32..=28) {
        let amount = Amount(Decimal::try_from_i128_with_scale(mantissa, scale).unwrap());
        let text = serde_json::to_string(&amount).unwrap();
        let back: Amount = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(back, amount);
        prop_assert_eq!(back.0.scale(), amount.0.scale());
    }

    #[test]
    fn fifteen_digits_survive_a_float(mantissa in -999_999_999_999_999_i64..=999_999_999_999_999, scale in 0_u32..=15) {
        let amount = Amount(Decimal::new(mantissa, scale));
        let value = serde_json::to_value(amount).unwrap();
        prop_assert_eq!(serde_json::from_value::<Amount>(value).unwrap(), amount);
    }

    #[test]
    fn no_text_panics(text in ".{0,60}") {
        let _ = text.parse::<Amount>();
        let _ = serde_json::from_str::<Amount>(&text);
    }
}
