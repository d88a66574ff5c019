//! Names in the document to names in Rust.

use heck::{ToPascalCase, ToShoutySnakeCase, ToSnakeCase};

/// A type or variant name, or `None` if `text` holds nothing a name could be made of.
pub(crate) fn pascal(text: &str) -> Option<String> {
    accepted(text, |text| text.to_pascal_case())
}

/// A function name that is no keyword, or `None`.
pub(crate) fn snake(text: &str) -> Option<String> {
    accepted(text, |text| text.to_snake_case())
}

/// What the generator makes of a member or a parameter; it appends a mark to keywords.
pub(crate) fn field(member: &str) -> String {
    let name = member
        .replace('\'', "")
        .replace(|c: char| !c.is_alphanumeric(), "-")
        .to_snake_case();
    if name.starts_with(char::is_alphabetic) {
        name
    } else {
        format!("x{name}")
    }
}

/// The name of the constant that stands for `name`.
pub(crate) fn constant(name: &str) -> String {
    name.to_shouty_snake_case()
}

/// The first spelling that the language takes; ASCII alone is tried last.
fn accepted(text: &str, spell: impl Fn(&str) -> String) -> Option<String> {
    let text = text.replace('\'', "");
    let letters = text.replace(|c: char| !c.is_alphanumeric(), "-");
    let ascii = text.replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    [spell(&letters), spell(&ascii)]
        .into_iter()
        .find(|name| is_identifier(name))
}

fn is_identifier(name: &str) -> bool {
    syn::parse_str::<syn::Ident>(name).is_ok()
}

/// `base`, or `base` with the first number from 2 that is not taken.
pub(crate) fn free(base: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let mut name = base.to_owned();
    let mut number = 2_usize;
    while is_taken(&name) {
        name = format!("{base}{number}");
        number += 1;
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_and_functions_are_spelled_as_rust_does() {
        assert_eq!(
            pascal("pay-item.request").as_deref(),
            Some("PayItemRequest")
        );
        assert_eq!(snake("GetJournal").as_deref(), Some("get_journal"));
        assert_eq!(constant("get_journal"), "GET_JOURNAL");
    }

    #[test]
    fn what_the_language_does_not_take_is_no_name() {
        for text in ["", "---", "1st", "²", "self"] {
            assert_eq!(snake(text), None, "{text}");
        }
        assert_eq!(pascal("self"), None);
        assert_eq!(snake("type"), None);
        assert_eq!(pascal("type").as_deref(), Some("Type"));
    }

    #[test]
    fn a_character_outside_of_names_does_not_cost_the_rest() {
        assert_eq!(pascal("Gerät").as_deref(), Some("Gerät"));
        assert_eq!(pascal("area m²").as_deref(), Some("AreaM"));
    }

    #[test]
    fn every_member_has_a_field() {
        for (member, expected) in [
            ("ftQueueID", "ft_queue_id"),
            ("", "x"),
            ("$", "x"),
            ("1st", "x1st"),
            ("self", "self"),
        ] {
            assert_eq!(field(member), expected);
        }
    }

    #[test]
    fn a_taken_name_gets_a_number() {
        assert_eq!(free("Cart", |_| false), "Cart");
        assert_eq!(free("Cart", |name| name != "Cart3"), "Cart3");
    }
}
