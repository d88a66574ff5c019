//! Lists and maps are read without the nulls in them: servers write one where a value is missing,
//! whatever the document says.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{GenericArgument, PathArguments, Type};

use super::polish::last_segment;
use crate::Targets;

/// How a collection is read: the type that takes nulls, and what makes the declared type of a value of
/// it. `None` for every other type.
pub(super) fn reading(ty: &Type, targets: &Targets) -> Option<(TokenStream, TokenStream)> {
    let segment = last_segment(ty)?;
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return None;
    };
    let arguments: Vec<&Type> = arguments
        .args
        .iter()
        .filter_map(|argument| match argument {
            GenericArgument::Type(ty) => Some(ty),
            _ => None,
        })
        .collect();
    match (segment.ident.to_string().as_str(), arguments.as_slice()) {
        ("Vec", [item]) if !may_be_null(item, targets) => Some(match reading(item, targets) {
            None => (
                quote! { ::std::vec::Vec<::std::option::Option<#item>> },
                quote! { |list| list.into_iter().flatten().collect() },
            ),
            Some((read, kept)) => (
                quote! { ::std::vec::Vec<::std::option::Option<#read>> },
                quote! { |list| list.into_iter().flatten().map(#kept).collect() },
            ),
        }),
        ("BTreeMap", [key, value]) if !may_be_null(value, targets) => {
            let (read, kept) = match reading(value, targets) {
                None => (quote! { #value }, quote! { |value| value }),
                Some(reading) => reading,
            };
            Some((
                quote! { ::std::collections::BTreeMap<#key, ::std::option::Option<#read>> },
                quote! {
                    |map| {
                        map.into_iter()
                            .filter_map(|(key, value)| Some((key, value.map(#kept)?)))
                            .collect()
                    }
                },
            ))
        }
        _ => None,
    }
}

/// Whether null is a value of the type itself.
fn may_be_null(ty: &Type, targets: &Targets) -> bool {
    matches!(ty, Type::Path(path) if path.path == targets.json)
        || last_segment(ty).is_some_and(|segment| segment.ident == "Option")
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse_quote;

    fn read(ty: Type) -> Option<String> {
        let (read, _) = reading(&ty, &Targets::default())?;
        Some(read.to_string().replace(' ', ""))
    }

    #[test]
    fn collections_are_read_with_nulls_at_every_level() {
        assert_eq!(
            read(parse_quote!(::std::vec::Vec<::std::vec::Vec<u8>>)).unwrap(),
            "::std::vec::Vec<::std::option::Option<::std::vec::Vec<::std::option::Option<u8>>>>"
        );
        assert_eq!(
            read(parse_quote!(::std::collections::BTreeMap<String, u8>)).unwrap(),
            "::std::collections::BTreeMap<String,::std::option::Option<u8>>"
        );
    }

    #[test]
    fn where_null_is_a_value_it_is_kept() {
        assert_eq!(read(parse_quote!(Vec<crate::types::Json>)), None);
        assert_eq!(read(parse_quote!(Vec<Option<u8>>)), None);
        assert_eq!(read(parse_quote!(String)), None);
    }
}
