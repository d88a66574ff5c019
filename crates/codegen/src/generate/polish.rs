//! What the generated types need and no setting of the generator gives.

use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Attribute, Expr, Field, FieldValue, Fields, GenericArgument, Item, ItemEnum, ItemMod,
    ItemStruct, Member, Path, PathArguments, Token, Type, parse_quote,
};

use super::members::{UNKNOWN, WireNames};
use super::serde_arguments::{SerdeArguments, wire_name};
use super::{default, deserialize};
use crate::Targets;

/// The integers that the generator emits.
pub(super) const INTEGERS: [&str; 8] = ["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64"];

pub(super) fn types(mut file: syn::File, targets: &Targets, wire_names: WireNames) -> syn::File {
    let mut polish = Polish {
        targets,
        wire_names,
    };
    polish.visit_file_mut(&mut file);
    default::derive(&mut file, targets);
    let readings: Vec<Item> = file
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Struct(item) if is_serialised(&item.attrs) => {
                deserialize::implementation(item, targets).map(Item::Impl)
            }
            _ => None,
        })
        .collect();
    file.items.extend(readings);
    file
}

struct Polish<'a> {
    targets: &'a Targets,
    wire_names: WireNames,
}

impl VisitMut for Polish<'_> {
    fn visit_item_mod_mut(&mut self, module: &mut ItemMod) {
        // `builder`, `error` and `defaults` hold no types of the document.
        module.attrs.push(parse_quote! { #[allow(missing_docs)] });
        if module.ident == "builder" {
            NoUnknownMembers.visit_item_mod_mut(module);
        }
    }

    fn visit_item_struct_mut(&mut self, item: &mut ItemStruct) {
        if is_serialised(&item.attrs) {
            // A member added by a later revision must break nobody.
            item.attrs.push(parse_quote! { #[non_exhaustive] });
            self.derive_schema(&mut item.attrs);
            match &mut item.fields {
                Fields::Named(fields) => {
                    forget_deserialize(&mut item.attrs);
                    for field in &mut fields.named {
                        self.give_wire_name(&item.ident, field);
                    }
                    let declared: Vec<String> = fields.named.iter().map(wire_name).collect();
                    for field in &mut fields.named {
                        self.member(field, &declared);
                    }
                }
                fields => {
                    for field in fields {
                        document(&mut field.attrs, "The value itself.");
                    }
                }
            }
        }
        visit_mut::visit_item_struct_mut(self, item);
    }

    fn visit_item_enum_mut(&mut self, item: &mut ItemEnum) {
        if is_serialised(&item.attrs) {
            item.attrs.push(parse_quote! { #[non_exhaustive] });
            self.derive_schema(&mut item.attrs);
            for variant in &mut item.variants {
                let text = format!("The `{}` form.", variant.ident);
                document(&mut variant.attrs, &text);
            }
        }
        visit_mut::visit_item_enum_mut(self, item);
    }
}

impl Polish<'_> {
    fn derive_schema(&self, attrs: &mut Vec<Attribute>) {
        if let Some(feature) = &self.targets.schemars_feature {
            attrs.push(parse_quote! {
                #[cfg_attr(feature = #feature, derive(::schemars::JsonSchema))]
            });
        }
    }

    /// Restores the name that [`tell_apart`](super::members::tell_apart) had to change.
    fn give_wire_name(&self, object: &syn::Ident, field: &mut Field) {
        let Some(ident) = &field.ident else {
            return;
        };
        let key = (object.to_string(), ident.to_string());
        if let Some(wire) = self.wire_names.get(&key) {
            field.attrs.push(parse_quote! { #[serde(rename = #wire)] });
        }
    }

    /// Documents a member and makes its reading lenient.
    fn member(&self, field: &mut Field, declared: &[String]) {
        let serde = SerdeArguments::of(&field.attrs);
        if serde.flatten {
            document(
                &mut field.attrs,
                "Members this revision of the document does not know, kept as they came.",
            );
            return;
        }
        let wire = wire_name(field);
        document(
            &mut field.attrs,
            &format!("`{}` on the wire.", wire.escape_debug()),
        );
        // The API spells some ids in two ways; reading takes either.
        if let Some(alias) = other_spelling(&wire).filter(|alias| !declared.contains(alias)) {
            field.attrs.push(parse_quote! { #[serde(alias = #alias)] });
        }
        if is_collection(&field.ty) && !serde.default {
            field.attrs.push(parse_quote! { #[serde(default)] });
        }
    }
}

/// Lets a builder start without unknown members; the generator would ask for them each time.
struct NoUnknownMembers;

impl VisitMut for NoUnknownMembers {
    fn visit_field_value_mut(&mut self, field: &mut FieldValue) {
        let is_missing = matches!(&field.expr, Expr::Call(call)
            if matches!(&*call.func, Expr::Path(path) if path.path.is_ident("Err")));
        let is_unknown = matches!(&field.member, Member::Named(name) if name == UNKNOWN);
        if is_missing && is_unknown {
            field.expr = parse_quote! { Ok(::std::default::Default::default()) };
        }
    }
}

/// Members are read by an implementation of ours.
fn forget_deserialize(attrs: &mut [Attribute]) {
    for attr in attrs
        .iter_mut()
        .filter(|attr| attr.path().is_ident("derive"))
    {
        let parsed = attr.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated);
        if let Ok(paths) = parsed {
            let kept = paths.iter().filter(|path| {
                path.segments
                    .last()
                    .is_none_or(|segment| segment.ident != "Deserialize")
            });
            *attr = parse_quote! { #[derive(#(#kept),*)] };
        }
    }
}

pub(super) fn is_collection(ty: &Type) -> bool {
    let name = last_segment(ty).map(|segment| segment.ident.to_string());
    matches!(name.as_deref(), Some("Vec" | "BTreeMap" | "Map"))
}

pub(super) fn is_optional_integer(ty: &Type) -> bool {
    let Some(option) = last_segment(ty).filter(|segment| segment.ident == "Option") else {
        return false;
    };
    let PathArguments::AngleBracketed(arguments) = &option.arguments else {
        return false;
    };
    let inner = arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(Type::Path(inner)) => inner.path.get_ident(),
        _ => None,
    });
    inner.is_some_and(|inner| INTEGERS.iter().any(|integer| inner == integer))
}

pub(super) fn last_segment(ty: &Type) -> Option<&syn::PathSegment> {
    match ty {
        Type::Path(ty) => ty.path.segments.last(),
        _ => None,
    }
}

/// Adds `text` as documentation unless the document brought some.
fn document(attrs: &mut Vec<Attribute>, text: &str) {
    if !attrs.iter().any(|attr| attr.path().is_ident("doc")) {
        attrs.push(parse_quote! { #[doc = #text] });
    }
}

/// Whether a type goes over the wire: builders and errors beside the types do not.
pub(super) fn is_serialised(attrs: &[Attribute]) -> bool {
    attrs
        .iter()
        .filter(|attr| attr.path().is_ident("derive"))
        .filter_map(|attr| {
            attr.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated)
                .ok()
        })
        .flatten()
        .any(|path| {
            path.segments
                .last()
                .is_some_and(|segment| segment.ident == "Serialize")
        })
}

/// `ftQueueID` to `ftQueueId` and back.
fn other_spelling(wire: &str) -> Option<String> {
    if let Some(stem) = wire.strip_suffix("ID") {
        Some(format!("{stem}Id"))
    } else {
        wire.strip_suffix("Id").map(|stem| format!("{stem}ID"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn polished(item: ItemStruct) -> String {
        let file = parse_quote! { #item };
        prettyplease::unparse(&types(file, &Targets::default(), WireNames::new()))
    }

    #[test]
    fn either_spelling_of_an_id_is_read() {
        assert_eq!(other_spelling("ftQueueID").as_deref(), Some("ftQueueId"));
        assert_eq!(other_spelling("ftQueueId").as_deref(), Some("ftQueueID"));
        assert_eq!(other_spelling("Paid"), None);
        let both = polished(parse_quote! {
            #[derive(::serde::Serialize)]
            struct A { #[serde(rename = "xID")] a: u8, #[serde(rename = "xId")] b: u8 }
        });
        assert!(!both.contains("alias"), "{both}");
    }

    #[test]
    fn members_are_read_by_their_kind() {
        let text = polished(parse_quote! {
            #[derive(::serde::Deserialize, ::serde::Serialize, Clone)]
            struct A {
                list: ::std::vec::Vec<u8>,
                map: ::serde_json::Map<String, u8>,
                #[serde(rename = "xID")]
                integer: ::std::option::Option<i32>,
                required: String,
                #[serde(flatten)]
                extra: ::std::collections::BTreeMap<String, u8>,
            }
        });
        assert!(
            text.contains("#[derive(::serde::Serialize, Clone)]"),
            "{text}"
        );
        assert_eq!(text.matches("#[serde(default)]").count(), 2, "{text}");
        let joined: String = text.split_whitespace().collect();
        assert_eq!(
            joined
                .matches("next_value::<::std::option::Option<")
                .count(),
            2
        );
        assert!(text.contains("\"xID\" | \"xId\" =>"), "{text}");
        assert!(
            joined.contains("IntegerOrText<::std::option::Option<i32>>"),
            "{text}"
        );
        assert_eq!(text.matches("missing_field").count(), 1, "{text}");
        assert!(text.contains("extra.insert(name.into_string()"), "{text}");
    }

    #[test]
    fn what_is_not_serialised_is_left_alone() {
        let text = polished(parse_quote! { #[derive(Clone, Debug)] struct A { a_id: Vec<u8> } });
        assert!(!text.contains("non_exhaustive"), "{text}");
        assert!(!text.contains("serde"), "{text}");
    }

    #[test]
    fn a_value_of_its_own_gets_no_member_attributes() {
        let text = polished(parse_quote! {
            #[derive(Serialize)] #[serde(transparent)] struct A(Vec<u8>);
        });
        assert!(text.contains("The value itself."), "{text}");
        assert!(!text.contains("impl<'de>"), "{text}");
    }

    #[test]
    fn a_builder_needs_no_unknown_members() {
        let file = parse_quote! {
            pub mod builder {
                impl Default for A {
                    fn default() -> Self {
                        Self { a: Err("no a".to_string()), extra: Err("no extra".to_string()) }
                    }
                }
            }
        };
        let text = prettyplease::unparse(&types(file, &Targets::default(), WireNames::new()));
        assert!(
            text.contains("extra: Ok(::std::default::Default::default())"),
            "{text}"
        );
        assert!(text.contains("a: Err("), "{text}");
    }
}
