//! Reading of objects: members by their types, unknown ones kept as text.
//!
//! The derived reading buffers every object that keeps unknown members, and with it rounds their long
//! numbers. This one goes from member to member. Of a member that comes twice, or in both spellings,
//! the last counts, as everywhere in JSON.

use quote::{format_ident, quote};
use syn::{Fields, ItemImpl, ItemStruct, parse_quote};

use super::members::UNKNOWN;
use super::nulls;
use super::polish::{is_collection, is_optional_integer};
use super::serde_arguments::{SerdeArguments, wire_name};
use crate::Targets;

/// The implementation for a struct of named members; `None` for other structs.
pub(super) fn implementation(item: &ItemStruct, targets: &Targets) -> Option<ItemImpl> {
    let Fields::Named(fields) = &item.fields else {
        return None;
    };
    let name = &item.ident;
    let reading = &targets.reading;
    let unknown = format_ident!("{UNKNOWN}");
    let mut keeps_unknown = false;
    let (mut locals, mut arms, mut members) = (Vec::new(), Vec::new(), Vec::new());
    for field in &fields.named {
        let Some(ident) = &field.ident else {
            return None;
        };
        let serde = SerdeArguments::of(&field.attrs);
        if serde.flatten {
            keeps_unknown = true;
            continue;
        }
        let wire = wire_name(field);
        let ty = &field.ty;
        let spellings = std::iter::once(&wire).chain(&serde.aliases);
        let read = if let Some((read, kept)) = nulls::reading(ty, targets) {
            quote! { map.next_value::<::std::option::Option<#read>>()?.map(#kept).unwrap_or_default() }
        } else if is_collection(ty) {
            quote! { map.next_value::<::std::option::Option<#ty>>()?.unwrap_or_default() }
        } else if is_optional_integer(ty) {
            quote! { map.next_value::<#reading::IntegerOrText<#ty>>()?.0 }
        } else {
            quote! { map.next_value::<#ty>()? }
        };
        let local = format_ident!("member_{ident}");
        locals.push(quote! { let mut #local: ::std::option::Option<#ty> = None; });
        arms.push(quote! { #(#spellings)|* => #local = Some(#read), });
        members.push(if serde.default || is_collection(ty) || is_option(ty) {
            quote! { #ident: #local.unwrap_or_default(), }
        } else {
            quote! {
                #ident: #local
                    .ok_or_else(|| <A::Error as ::serde::de::Error>::missing_field(#wire))?,
            }
        });
    }
    let (unknown_local, unknown_arm, unknown_member) = if keeps_unknown {
        (
            quote! { let mut #unknown = ::std::collections::BTreeMap::new(); },
            quote! { #unknown.insert(name.into_string(), map.next_value()?); },
            quote! { #unknown, },
        )
    } else {
        let ignored = quote! { map.next_value::<::serde::de::IgnoredAny>()?; };
        (quote! {}, ignored, quote! {})
    };
    let expected = format!("an object ({name})");
    Some(parse_quote! {
        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                struct Members;

                impl<'de> ::serde::de::Visitor<'de> for Members {
                    type Value = #name;

                    fn expecting(
                        &self,
                        f: &mut ::std::fmt::Formatter<'_>,
                    ) -> ::std::fmt::Result {
                        f.write_str(#expected)
                    }

                    fn visit_map<A: ::serde::de::MapAccess<'de>>(
                        self,
                        mut map: A,
                    ) -> ::std::result::Result<Self::Value, A::Error> {
                        #(#locals)*
                        #unknown_local
                        while let Some(name) = map.next_key::<#reading::MemberName<'de>>()? {
                            match name.as_str() {
                                #(#arms)*
                                _ => { #unknown_arm }
                            }
                        }
                        Ok(#name { #(#members)* #unknown_member })
                    }
                }

                deserializer.deserialize_map(Members)
            }
        }
    })
}

fn is_option(ty: &syn::Type) -> bool {
    matches!(ty, syn::Type::Path(path)
        if path.path.segments.last().is_some_and(|segment| segment.ident == "Option"))
}
