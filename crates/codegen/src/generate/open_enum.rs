//! Enumerations with a variant for values this revision of the document does not know.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::Targets;
use crate::normalise::OpenEnum;

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
    let docs = values.iter().map(|value| format!("`{value}` on the wire."));
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
