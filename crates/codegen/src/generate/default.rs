//! Defaults, so that hand-written code can leave the members of a later revision to them.

use syn::{Fields, Item, Type, parse_quote};

use super::polish::{INTEGERS, is_serialised, last_segment};
use crate::Targets;

/// Derives `Default` where every member has one.
pub(super) fn derive(file: &mut syn::File, targets: &Targets) {
    let has_one: Vec<String> = file
        .items
        .iter()
        .filter_map(default_implementation)
        .collect();
    for item in &mut file.items {
        if let Item::Struct(item) = item
            && is_serialised(&item.attrs)
            && matches!(item.fields, Fields::Named(_))
            && !has_one.contains(&item.ident.to_string())
            && item
                .fields
                .iter()
                .all(|field| is_defaultable(&field.ty, targets))
        {
            item.attrs.push(parse_quote! { #[derive(Default)] });
        }
    }
}

/// The type that an item implements `Default` for.
fn default_implementation(item: &Item) -> Option<String> {
    let Item::Impl(implementation) = item else {
        return None;
    };
    let (path, _) = implementation.trait_.as_ref()?;
    if path.segments.last()?.ident != "Default" {
        return None;
    }
    Some(last_segment(&implementation.self_ty)?.ident.to_string())
}

/// Whether a type is known to have a default: none, nothing, zero or the empty text.
fn is_defaultable(ty: &Type, targets: &Targets) -> bool {
    let Type::Path(path) = ty else {
        return false;
    };
    let Some(last) = last_segment(ty) else {
        return false;
    };
    let name = last.ident.to_string();
    let codes = &targets.codes.segments;
    let is_code = path.path.segments.len() == codes.len() + 1
        && path
            .path
            .segments
            .iter()
            .zip(codes)
            .all(|(one, two)| one == two);
    is_code
        || path.path == targets.amount
        || INTEGERS.contains(&name.as_str())
        || matches!(
            name.as_str(),
            "Option" | "Vec" | "BTreeMap" | "Map" | "String" | "bool"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_default_is_derived_once_and_only_where_every_member_has_one() {
        let mut file: syn::File = parse_quote! {
            #[derive(Serialize)] struct A { a: crate::types::Amount, b: crate::codes::State }
            #[derive(Serialize)] struct B { a: crate::types::Moment }
            #[derive(Serialize)] struct C { a: Option<crate::types::Moment> }
            impl ::std::default::Default for C { fn default() -> Self { Self { a: None } } }
        };
        derive(&mut file, &Targets::default());
        let text = prettyplease::unparse(&file);
        assert_eq!(text.matches("derive(Default)").count(), 1, "{text}");
        assert!(text.contains("#[derive(Default)]\nstruct A"), "{text}");
    }
}
