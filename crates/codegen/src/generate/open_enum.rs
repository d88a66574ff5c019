//! Enumerations with a variant for values this revision of the document does not know.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use crate::{Targets, document, rust_name};

/// An enumeration of texts, to be emitted with a variant for unknown ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OpenEnum {
    pub(super) name: String,
    description: Option<String>,
    /// Rust variant and wire value.
    variants: Vec<(String, String)>,
}

/// The enumerations of a normalised document: every component that lists texts.
pub(super) fn all(document: &Value) -> Vec<OpenEnum> {
    let schemas = document::schemas(document).into_iter().flatten();
    schemas
        .filter_map(|(name, schema)| {
            let values = schema.get("enum")?.as_array()?;
            let description = schema.get("description").and_then(Value::as_str);
            Some(OpenEnum {
                name: name.clone(),
                description: description.map(str::to_owned),
                variants: variants(values.iter().filter_map(Value::as_str)),
            })
        })
        .collect()
}

/// A variant name for each wire value; values that would collide get a number.
fn variants<'a>(values: impl Iterator<Item = &'a str>) -> Vec<(String, String)> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut taken: BTreeSet<String> = BTreeSet::from(["Unknown".to_owned()]);
    let mut variants = Vec::new();
    for value in values {
        if !seen.insert(value) {
            continue;
        }
        let base = if value.is_empty() {
            String::from("Empty")
        } else {
            rust_name::pascal(value)
                .or_else(|| rust_name::pascal(&format!("V{value}")))
                .unwrap_or_else(|| String::from("Value"))
        };
        let base = if base == "Unknown" {
            String::from("UnknownValue")
        } else {
            base
        };
        let name = rust_name::free(&base, |name| taken.contains(name));
        taken.insert(name.clone());
        variants.push((name, value.to_owned()));
    }
    variants
}

pub(super) fn item(open: &OpenEnum, targets: &Targets) -> TokenStream {
    let name = format_ident!("{}", open.name);
    let text = open
        .description
        .clone()
        .unwrap_or_else(|| format!("The values of `{}`.", open.name));
    let variants: Vec<_> = open
        .variants
        .iter()
        .map(|(variant, _)| format_ident!("{variant}"))
        .collect();
    let values: Vec<&str> = open
        .variants
        .iter()
        .map(|(_, value)| value.as_str())
        .collect();
    let docs = values
        .iter()
        .map(|value| format!("`{}` on the wire.", value.escape_debug()));
    let schema = targets.schemars_feature.as_deref().map(|feature| {
        let title = &open.name;
        quote! {
            #[cfg(feature = #feature)]
            impl ::schemars::JsonSchema for #name {
                fn schema_name() -> ::std::borrow::Cow<'static, str> {
                    ::std::borrow::Cow::Borrowed(#title)
                }
                fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                    let mut schema = ::schemars::json_schema!({ "type": "string" });
                    let examples: ::std::vec::Vec<&str> = ::std::vec![#(#values),*];
                    schema.insert("examples".into(), examples.into());
                    schema
                }
            }
        }
    });
    quote! {
        #[doc = #text]
        ///
        /// Open: a value that is not listed is kept as `Unknown` and written back as it came.
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum #name {
            #(#[doc = #docs] #variants,)*
            /// A value this revision of the document does not list.
            Unknown(::std::string::String),
        }

        impl #name {
            /// The value as it stands on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#variants => #values,)*
                    Self::Unknown(text) => text,
                }
            }
        }

        impl ::std::convert::From<&str> for #name {
            fn from(text: &str) -> Self {
                match text {
                    #(#values => Self::#variants,)*
                    _ => Self::Unknown(::std::string::String::from(text)),
                }
            }
        }

        impl ::std::convert::From<::std::string::String> for #name {
            fn from(text: ::std::string::String) -> Self {
                Self::from(text.as_str())
            }
        }

        impl ::std::str::FromStr for #name {
            type Err = ::std::convert::Infallible;
            fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> {
                ::std::result::Result::Ok(Self::from(text))
            }
        }

        impl ::std::fmt::Display for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::serde::Serialize for #name {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                let text = <::std::borrow::Cow<'de, str> as ::serde::Deserialize>::deserialize(deserializer)?;
                ::std::result::Result::Ok(Self::from(text.as_ref()))
            }
        }

        #schema
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn names(values: &[&str]) -> Vec<String> {
        let variants = variants(values.iter().copied());
        variants.into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn every_value_has_a_variant_of_its_own() {
        assert_eq!(
            names(&["use_auto", "a", "A", "a-b", "a_b", "a"]),
            ["UseAuto", "A", "A2", "AB", "AB2"]
        );
        assert_eq!(names(&["A2", "a", "A"]), ["A2", "A", "A3"]);
    }

    #[test]
    fn values_that_are_no_names_get_one() {
        assert_eq!(
            names(&["", "1", "1.5", "self", "+", "²", "unknown", "Unknown"]),
            [
                "Empty",
                "V1",
                "V15",
                "Vself",
                "V",
                "V2",
                "UnknownValue",
                "UnknownValue2"
            ]
        );
    }

    #[test]
    fn every_component_that_lists_texts_is_one() {
        let all = all(&json!({"components": {"schemas": {
            "Mode": {"type": "string", "enum": ["a"], "description": "d"}, "Other": {"type": "string"},
        }}}));
        assert_eq!(
            all,
            [OpenEnum {
                name: "Mode".into(),
                description: Some("d".into()),
                variants: vec![("A".into(), "a".into())],
            }]
        );
    }
}
