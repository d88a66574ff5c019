//! What the `serde` attributes of a generated field say.

use syn::{Attribute, Field, LitStr};

/// The name of a member in the document.
pub(super) fn wire_name(field: &Field) -> String {
    SerdeArguments::of(&field.attrs)
        .rename
        .or_else(|| field.ident.as_ref().map(ToString::to_string))
        .unwrap_or_default()
}

/// What the `serde` attributes of a field say.
#[derive(Default)]
pub(super) struct SerdeArguments {
    rename: Option<String>,
    pub(super) aliases: Vec<String>,
    pub(super) flatten: bool,
    pub(super) default: bool,
}

impl SerdeArguments {
    pub(super) fn of(attrs: &[Attribute]) -> Self {
        let mut found = Self::default();
        for attr in attrs.iter().filter(|attr| attr.path().is_ident("serde")) {
            // An argument that cannot be read is none of these.
            let _ = attr.parse_nested_meta(|meta| {
                let text = match meta.value() {
                    Ok(value) => Some(value.parse::<LitStr>()?.value()),
                    Err(_) => None,
                };
                if meta.path.is_ident("rename") {
                    found.rename = text;
                } else if meta.path.is_ident("alias") {
                    found.aliases.extend(text);
                } else if meta.path.is_ident("flatten") {
                    found.flatten = true;
                } else if meta.path.is_ident("default") {
                    found.default = true;
                }
                Ok(())
            });
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse_quote;

    #[test]
    fn the_wire_name_is_read_whatever_stands_beside_it() {
        for (field, expected) in [
            (parse_quote! { a_b: u8 }, "a_b"),
            (parse_quote! { #[serde(rename = "aB")] a_b: u8 }, "aB"),
            (
                parse_quote! { #[serde(default, rename = "rename = \"x\"", skip)] a: u8 },
                "rename = \"x\"",
            ),
            (
                parse_quote! { #[serde(default = "f")] #[serde(rename = "b")] a: u8 },
                "b",
            ),
        ] {
            let field: Field = field;
            assert_eq!(wire_name(&field), expected);
        }
    }
}
