//! What the generated types need and no setting of the generator gives.

use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Field, ItemEnum, ItemMod, ItemStruct, parse_quote};

use crate::Targets;

pub(super) fn types(mut file: syn::File, targets: &Targets) -> syn::File {
    Polish { targets }.visit_file_mut(&mut file);
    file
}

struct Polish<'a> {
    targets: &'a Targets,
}

impl VisitMut for Polish<'_> {
    fn visit_item_mod_mut(&mut self, module: &mut ItemMod) {
        // `builder`, `error` and `defaults` hold no types of the document.
        module.attrs.push(parse_quote! { #[allow(missing_docs)] });
    }

    fn visit_item_struct_mut(&mut self, item: &mut ItemStruct) {
        if is_serialised(&item.attrs) {
            // A member added by a later revision must break nobody.
            item.attrs.push(parse_quote! { #[non_exhaustive] });
            self.derive_schema(&mut item.attrs);
            let names: Vec<String> = item.fields.iter().map(wire_name).collect();
            for field in &mut item.fields {
                self.field(field, &names);
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

    fn field(&self, field: &mut Field, names: &[String]) {
        let wire = wire_name(field);
        if is_flattened(field) {
            document(
                &mut field.attrs,
                "Members this revision of the document does not know, kept as they came.",
            );
            return;
        }
        document(&mut field.attrs, &format!("`{wire}` on the wire."));
        // The API spells some ids in two ways; reading takes either.
        if let Some(alias) = other_spelling(&wire).filter(|alias| !names.contains(alias)) {
            field.attrs.push(parse_quote! { #[serde(alias = #alias)] });
        }
        let runtime = &self.targets.reading;
        match shape(&field.ty) {
            Shape::List => {
                let read = quote::quote! { #runtime::null_as_empty }
                    .to_string()
                    .replace(' ', "");
                if !has_default(&field.attrs) {
                    field.attrs.push(parse_quote! { #[serde(default)] });
                }
                field
                    .attrs
                    .push(parse_quote! { #[serde(deserialize_with = #read)] });
                if let Some(feature) = &self.targets.schemars_feature {
                    // The schema stays the plain list; only reading is lenient.
                    let ty = &field.ty;
                    let with = quote::quote! { #ty }.to_string();
                    field.attrs.push(
                        parse_quote! { #[cfg_attr(feature = #feature, schemars(with = #with))] },
                    );
                }
            }
            Shape::OptionalInteger => {
                let read = quote::quote! { #runtime::integer_or_text }
                    .to_string()
                    .replace(' ', "");
                field
                    .attrs
                    .push(parse_quote! { #[serde(deserialize_with = #read)] });
            }
            Shape::Other => {}
        }
    }
}

enum Shape {
    List,
    OptionalInteger,
    Other,
}

fn shape(ty: &syn::Type) -> Shape {
    let text = quote::quote! { #ty }.to_string().replace(' ', "");
    let text = text
        .replace("::std::vec::", "")
        .replace("::std::option::", "");
    if text.starts_with("Vec<") {
        Shape::List
    } else if matches!(text.as_str(), "Option<i64>" | "Option<i32>" | "Option<u64>") {
        Shape::OptionalInteger
    } else {
        Shape::Other
    }
}

fn document(attrs: &mut Vec<Attribute>, text: &str) {
    if !attrs.iter().any(|attr| attr.path().is_ident("doc")) {
        attrs.push(parse_quote! { #[doc = #text] });
    }
}

fn is_serialised(attrs: &[Attribute]) -> bool {
    attrs.iter().any(|attr| {
        attr.path().is_ident("derive") && quote::quote! { #attr }.to_string().contains("Serialize")
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

/// The texts of the `serde` attributes of a field.
fn serde_attributes(attrs: &[Attribute]) -> impl Iterator<Item = String> + '_ {
    attrs
        .iter()
        .filter(|attr| attr.path().is_ident("serde"))
        .map(|attr| quote::quote! { #attr }.to_string())
}

fn wire_name(field: &Field) -> String {
    serde_attributes(&field.attrs)
        .find_map(|text| {
            let (_, rest) = text.split_once("rename = \"")?;
            Some(rest.split_once('"')?.0.to_owned())
        })
        .or_else(|| field.ident.as_ref().map(ToString::to_string))
        .unwrap_or_default()
}

fn is_flattened(field: &Field) -> bool {
    serde_attributes(&field.attrs).any(|text| text.contains("flatten"))
}

fn has_default(attrs: &[Attribute]) -> bool {
    serde_attributes(attrs).any(|text| text.contains("default"))
}
