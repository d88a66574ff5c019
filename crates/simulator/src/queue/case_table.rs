//! Which cases and flags there are, and in which market.

use rust_decimal::Decimal;

use crate::queue::code::Code;
use crate::queue::market::Country;

/// Flags of receipts; what others there are changes nothing that is simulated.
pub(crate) mod receipt_flag {
    pub(crate) const LATE_SIGNING: u16 = 0x0001;
    pub(crate) const TRAINING: u16 = 0x0002;
    pub(crate) const VOID: u16 = 0x0004;
    pub(crate) const HANDWRITTEN: u16 = 0x0008;
    pub(crate) const REFUND: u16 = 0x0100;
    pub(crate) const RECEIPT_REQUESTED: u16 = 0x8000;
}

/// Flags of charge items and pay items.
pub(crate) mod item_flag {
    pub(crate) const VOID: u16 = 0x0001;
    pub(crate) const REFUND: u16 = 0x0002;
    /// Of charge items only.
    pub(crate) const EXTRA_OR_DISCOUNT: u16 = 0x0004;
    /// Of pay items only.
    pub(crate) const TIP: u16 = 0x0040;
}

/// Cases that do more than being signed.
pub(crate) mod receipt_case {
    pub(crate) const ZERO: u16 = 0x2000;
    pub(crate) const INITIAL_OPERATION: u16 = 0x4001;
    pub(crate) const OUT_OF_OPERATION: u16 = 0x4002;
    pub(crate) const BEGIN_SWITCH: u16 = 0x4011;
    pub(crate) const FINISH_SWITCH: u16 = 0x4012;
}

/// The digit `t` of a receipt case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Category {
    Receipt,
    Invoice,
    Daily,
    Log,
    Lifecycle,
}

/// `None` for a case that is in no table.
pub(crate) fn category(case: u16) -> Option<Category> {
    match case {
        0x0000..=0x0007 => Some(Category::Receipt),
        0x1000..=0x1003 => Some(Category::Invoice),
        // 2001 is reserved everywhere.
        0x2000 | 0x2010..=0x2013 => Some(Category::Daily),
        0x3000..=0x3005 | 0x3010 | 0x3011 => Some(Category::Log),
        0x4001 | 0x4002 | 0x4011 | 0x4012 | 0x4021 | 0x4022 => Some(Category::Lifecycle),
        _ => None,
    }
}

/// Known cases that a market does not have, or refuses.
fn is_refused(case: u16, country: Country) -> bool {
    let archive_and_migration = matches!(case, 0x3011 | 0x4021 | 0x4022);
    match country {
        Country::Austria => case == 0x0007,
        // Its invoices and closings are not implemented yet.
        Country::Belgium => {
            archive_and_migration || matches!(case, 0x1000..=0x1003 | 0x2010..=0x2013)
        }
        Country::Germany => matches!(case, 0x0006 | 0x0007),
        Country::Greece => {
            archive_and_migration || matches!(case, 0x0003 | 0x0006 | 0x0007 | 0x3003)
        }
        Country::Italy => archive_and_migration || matches!(case, 0x0006 | 0x0007 | 0x3005),
        Country::Portugal | Country::Spain => archive_and_migration,
        Country::France | Country::Other => false,
    }
}

/// Says what is wrong with a receipt case, else which category it has.
pub(crate) fn check_receipt(code: Code, country: Country) -> Result<Category, String> {
    let case = code.case();
    let category = category(case)
        .filter(|_| !is_refused(case, country))
        .ok_or_else(|| format!("There is no receipt case {case:04X} in this market."))?;
    // Receipt requested, group by position, and flags that are superseded or read by nobody.
    let known = 0xBE00
        | match category {
            Category::Receipt | Category::Invoice => 0x01FF,
            Category::Daily => 0x01F0,
            Category::Log => 0x0107,
            Category::Lifecycle => 0x0030,
        };
    check_flags("receipt case", code, known)?;
    let local = code.local_flags();
    let local_known = match country {
        Country::Germany => {
            local & 0xF0E == 0 && (local >> 4 == 0 || (case == 0x3001 && local >> 4 <= 4))
        }
        // The zero receipt of a closed server unit takes bits that are not published.
        Country::Italy if case == 0x2000 => local & !0x07F == 0,
        Country::Italy if case == 0x3000 => local & !0x002 == 0,
        Country::Portugal if case == 0x3004 => local & !0x001 == 0,
        Country::Portugal if case == 0x0007 => local & !0x002 == 0,
        Country::Greece if category == Category::Invoice => local & !0x100 == 0,
        Country::Other => true,
        _ => local == 0,
    };
    check_local("receipt case", code, local_known)?;
    Ok(category)
}

/// Says what is wrong with the case of a charge item.
pub(crate) fn check_charge_item(
    code: Code,
    quantity: Decimal,
    country: Country,
) -> Result<(), String> {
    let (vat, service) = (code.case() & 0xF, code.case() >> 4 & 0xF);
    let nature = code.case() >> 8;
    let vat_known = match country {
        Country::Portugal => !matches!(vat, 4..=7),
        Country::Spain => vat != 6,
        _ => true,
    };
    if vat > 8 || !vat_known {
        return Err(format!(
            "There is no kind of VAT {vat:X} in this market: charge item case {code}."
        ));
    }
    // Cash transfers and special taxes are outside VAT.
    if matches!(service, 0xB..=0xE) || (matches!(service, 0xA | 0xF) && vat != 8) {
        return Err(format!(
            "There is no type of service {service:X} with the kind of VAT {vat:X}: \
             charge item case {code}."
        ));
    }
    // With special taxes these digits are the kind of tax.
    if service != 0xF && nature != 0 && !has_nature_of_vat(nature, country) {
        return Err(format!(
            "There is no nature of VAT {nature:02X} in this market: charge item case {code}."
        ));
    }
    check_flags("charge item case", code, 0xC03F)?;
    let local = code.local_flags();
    let local_known = match country {
        // Lines without a quantity carry graphics and barcodes.
        Country::Italy if quantity.is_zero() => local <= 0x02F,
        Country::Italy => matches!(local, 0 | 0x100 | 0x200),
        Country::Other => true,
        _ => local == 0,
    };
    check_local("charge item case", code, local_known)
}

/// Whether an Italian discount or surcharge is on the subtotal and not on a line.
pub(crate) fn is_on_subtotal(code: Code, country: Country) -> bool {
    country == Country::Italy && matches!(code.local_flags(), 0x100 | 0x200)
}

fn has_nature_of_vat(nature: u16, country: Country) -> bool {
    match country {
        Country::Italy => matches!(
            nature,
            0x10..=0x15 | 0x20 | 0x21 | 0x30 | 0x40 | 0x50..=0x58 | 0x60 | 0x70 | 0x80
        ),
        Country::Greece => matches!(
            nature,
            0x11..=0x16 | 0x31..=0x36 | 0x41 | 0x42 | 0x51 | 0x61..=0x65 | 0x81..=0x88
        ),
        Country::Spain => matches!(
            nature,
            0x10 | 0x11 | 0x13 | 0x14 | 0x20 | 0x21 | 0x30 | 0x31 | 0x50 | 0x60 | 0x80
        ),
        // The two decimal digits of the national code of an exemption.
        Country::Portugal => {
            nature & 0xF <= 9
                && matches!(
                    (nature >> 4) * 10 + (nature & 0xF),
                    1 | 2 | 4..=7 | 9..=16 | 19..=21 | 25 | 26 | 30..=34 | 40..=43 | 99
                )
        }
        _ => nature & 0xF == 0 && nature <= 0x80,
    }
}

/// Says what is wrong with the case of a pay item.
pub(crate) fn check_pay_item(code: Code, country: Country) -> Result<(), String> {
    let payment = code.case();
    let payment_known = match country {
        Country::Greece => !matches!(payment, 0x02 | 0x08 | 0x0C..=0x0F),
        _ => true,
    };
    if payment > 0x0F || !payment_known {
        return Err(format!(
            "There is no payment {payment:02X} in this market: pay item case {code}."
        ));
    }
    check_flags("pay item case", code, 0xC1FB)?;
    let local = code.local_flags();
    let local_known = match country {
        Country::Italy | Country::Greece => local <= 0x001,
        Country::Other => true,
        _ => local == 0,
    };
    check_local("pay item case", code, local_known)
}

fn check_flags(what: &str, code: Code, known: u16) -> Result<(), String> {
    match code.global_flags() & !known {
        0 => Ok(()),
        unknown => Err(format!(
            "The {what} {code} has the flag {unknown:04X}, which has no meaning there."
        )),
    }
}

fn check_local(what: &str, code: Code, known: bool) -> Result<(), String> {
    if known {
        return Ok(());
    }
    let local = code.local_flags();
    Err(format!(
        "The {what} {code} has the local flag {local:03X}, which has no meaning there."
    ))
}
