//! Free JSON of ours in the place of the generator's, which rounds long numbers.

use syn::visit_mut::{self, VisitMut};
use syn::{Type, parse_quote};

use crate::Targets;

/// Replaces `serde_json::Value` and maps of it.
pub(super) fn replace(file: &mut syn::File, targets: &Targets) {
    FreeJson { targets }.visit_file_mut(file);
}

struct FreeJson<'a> {
    targets: &'a Targets,
}

impl VisitMut for FreeJson<'_> {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        let json = &self.targets.json;
        match serde_json_type(ty).as_deref() {
            Some("Value") => *ty = parse_quote! { #json },
            Some("Map") => {
                *ty = parse_quote! {
                    ::std::collections::BTreeMap<::std::string::String, #json>
                };
            }
            _ => visit_mut::visit_type_mut(self, ty),
        }
    }
}

/// The name of a type of the crate `serde_json`.
fn serde_json_type(ty: &Type) -> Option<String> {
    let Type::Path(path) = ty else {
        return None;
    };
    let segments = &path.path.segments;
    (segments.len() == 2 && segments[0].ident == "serde_json")
        .then(|| segments[1].ident.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn free_json_takes_the_place_of_values() {
        let mut file = parse_quote! {
            fn f(a: ::serde_json::Value, b: Vec<::serde_json::Map<String, ::serde_json::Value>>) {}
        };
        replace(&mut file, &Targets::default());
        let text = prettyplease::unparse(&file);
        assert_eq!(text.matches("crate::types::Json").count(), 2, "{text}");
        assert!(!text.contains("serde_json"), "{text}");
    }
}
