//! What stands on the receipt, seen in the ESC/POS stream: the one form that is mostly text.

use super::*;

/// The printed text, a code as `[QR]`.
fn printed(request: &str, response: &str, width: PrintWidth) -> String {
    let stream = rendered(request, response, Choice::EscPos(width)).bytes;
    let mut text = String::new();
    let mut rest: &[u8] = &stream;
    while let Some((first, after)) = rest.split_first() {
        rest = match (first, after.first()) {
            (0x1b, Some(b'@')) => &after[1..],
            (0x1b, Some(b'a' | b'E')) => &after[2..],
            (0x1d, Some(b'!')) => &after[2..],
            (0x1d, Some(b'V')) => &after[3..],
            (0x1c | 0x1d, Some(b'(')) => {
                let length = usize::from(u16::from_le_bytes([after[2], after[3]]));
                if after[4..].starts_with(b"1Q0") {
                    text.push_str("[QR]\n");
                }
                &after[4 + length..]
            }
            (0x1b..=0x1d, _) => panic!("an unknown command after {text}"),
            _ => {
                let end = rest.iter().position(|b| (0x1b..=0x1d).contains(b));
                let (plain, commands) = rest.split_at(end.unwrap());
                text.push_str(std::str::from_utf8(plain).unwrap());
                commands
            }
        };
    }
    text
}

#[test]
fn everything_stands_in_its_place() {
    let printed = printed(REQUEST, &response(), PrintWidth::Mm72);
    assert_eq!(
        printed,
        "     \
     SIMULATED - NOT A FISCAL RECEIPT
before the header
Sample Bakery
Cash box                   SIM-AT-0b6f7a10
Queue 0b6f7a10-1111-4000-8000-000000000001
Terminal                                T1
User                                  Mira
Reference                    S-2026-000101
Receipt                          ft65#IT42
Moment        2026-06-01T10:15:31.1234567Z
after the header
------------------------------------------
2 x Café & <b>Croissant</b>           5.80
  VAT 20 %
0.35 x Mountain cheese from the
Bregenzerwald, aged ten months       8.225
  VAT 10 %
Newspaper                             2.20
  VAT 10 %: 0.20
charge lines
after the charge items
------------------------------------------
TOTAL EUR                           16.225
VAT                Net       VAT     Gross
20 %              4.83      0.97      5.80
10 %             9.475      0.95    10.425
after the total
------------------------------------------
Card                                 10.00
CARD PAYMENT
  APPROVED
Cash                                 6.225
from a text
pay lines
[QR]
S I M U L A T E D
This is no fiscal signature.
Thank you
after the footer
     SIMULATED - NOT A FISCAL RECEIPT
"
    );
}

#[test]
fn no_line_is_wider_than_the_paper() {
    for (width, columns) in [
        (PrintWidth::Mm48, 32),
        (PrintWidth::Mm72, 42),
        (PrintWidth::Mm80, 48),
    ] {
        let printed = printed(REQUEST, &response(), width);
        for line in printed.lines() {
            assert!(line.chars().count() <= columns, "{width}: {line}");
        }
        assert!(printed.contains("SIMULATED - NOT A FISCAL RECEIPT"));
    }
}

#[test]
fn multipliers_move_the_point_of_all_numbers() {
    let request = r#"{
        "DecimalPrecisionMultiplier": 100, "Currency": "PLN", "cbReceiptAmount": 600,
        "cbChargeItems": [{"Quantity": 250, "Description": "Tea", "Amount": 580, "VATRate": 2000,
                           "DecimalPrecisionMultiplier": 10000}],
        "cbPayItems": [{"Description": "Cash", "Amount": 580}]
    }"#;
    let printed = printed(request, "{}", PrintWidth::Mm48);
    for line in [
        "2.5 x Tea                   5.80\n  VAT 20 %\n",
        "TOTAL PLN                   6.00\n",
        "20 %        4.83    0.97    5.80\n",
        "Cash                        5.80\n",
    ] {
        assert!(printed.contains(line), "{line} in {printed}");
    }
}

#[test]
fn amounts_beyond_all_money_are_printed() {
    let item =
        r#"{"Description": "All", "Amount": 79228162514264337593543950335, "VATRate": -100}"#;
    let request = format!(r#"{{"cbChargeItems": [{item}, {item}], "cbPayItems": []}}"#);
    let printed = printed(&request, "{}", PrintWidth::Mm48);
    assert!(
        printed.contains("79228162514264337593543950335.00"),
        "{printed}"
    );
}

#[test]
fn commands_in_a_text_are_not_commands() {
    let request = r#"{"cbUser": "Mira\u001bi\u001d(k", "cbReceiptReference": "A\nB"}"#;
    let printed = printed(request, "{}", PrintWidth::Mm80);
    assert!(printed.contains("Mira i (k\n"), "{printed}");
    assert!(printed.contains("A B\n"), "{printed}");
}

#[test]
fn more_than_a_code_can_hold_is_text() {
    let data = "x".repeat(3000);
    let response = format!(r#"{{"ftSignatures": [{{"ftSignatureFormat": 3, "Data": "{data}"}}]}}"#);
    let printed = printed("{}", &response, PrintWidth::Mm80);
    assert!(!printed.contains("[QR]"));
    assert_eq!(printed.matches('x').count(), 3000);
}
