//! Public items of generated modules, as lines.

use std::collections::{BTreeMap, BTreeSet};

use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Fields, ImplItem, Item, Signature, Token, Visibility};

use super::spelling::spelled;

/// The module of builders of types.
const BUILDERS: &str = "types::builder";
/// What is not there in every build.
const BY_FEATURE: &str = " (by feature)";

/// Lines, and the traits of each type until all are known.
#[derive(Debug, Default)]
pub(super) struct Surface {
    lines: BTreeSet<String>,
    traits: BTreeMap<String, BTreeSet<String>>,
}

impl Surface {
    pub(super) fn items(&mut self, module: &str, items: &[Item]) {
        for item in items {
            self.item(module, item);
        }
    }

    pub(super) fn into_lines(mut self) -> BTreeSet<String> {
        // Setters of the types' own builders: one for each field, which is listed.
        let fields: BTreeSet<String> = self
            .lines
            .iter()
            .filter_map(|line| Some(line.strip_prefix("types::")?.split_once(':')?.0.to_owned()))
            .collect();
        self.lines.retain(|line| {
            let Some(setter) = line.strip_prefix("types::builder::") else {
                return true;
            };
            let name = setter.split(['<', '(']).next().unwrap_or_default();
            !fields.contains(&name.replace("::", "."))
        });
        for (name, traits) in self.traits {
            let traits: Vec<String> = traits.into_iter().collect();
            self.lines
                .insert(format!("{name} implements {}", traits.join(", ")));
        }
        self.lines
    }

    fn item(&mut self, module: &str, item: &Item) {
        match item {
            Item::Struct(item) if is_public(&item.vis) => {
                let name = format!("{module}::{}", item.ident);
                let head = format!("{name} struct{}", openness(&item.attrs));
                self.lines.insert(head);
                self.derives(&name, &item.attrs);
                self.fields(&name, &item.fields, false);
            }
            Item::Enum(item) if is_public(&item.vis) => {
                let name = format!("{module}::{}", item.ident);
                self.lines
                    .insert(format!("{name} enum{}", openness(&item.attrs)));
                self.derives(&name, &item.attrs);
                for variant in &item.variants {
                    let variant_name = format!("{name}::{}", variant.ident);
                    match &variant.fields {
                        Fields::Named(_) => {
                            self.lines.insert(variant_name.clone());
                            self.fields(&variant_name, &variant.fields, true);
                        }
                        fields => {
                            let types = spelled(fields);
                            self.lines.insert(format!("{variant_name}{types}"));
                        }
                    }
                }
            }
            Item::Type(item) if is_public(&item.vis) => {
                let line = format!("{module}::{} = {}", item.ident, spelled(&item.ty));
                self.lines.insert(line);
            }
            Item::Const(item) if is_public(&item.vis) => {
                let what = match constant(&item.expr) {
                    Some(arguments) => format!(" = {arguments}"),
                    None => format!(": {}", without_crate(&spelled(&item.ty))),
                };
                self.lines.insert(format!("{module}::{}{what}", item.ident));
            }
            Item::Static(item) if is_public(&item.vis) => {
                let line = format!("{module}::{}: {}", item.ident, spelled(&item.ty));
                self.lines.insert(line);
            }
            Item::Fn(item) if is_public(&item.vis) => self.function(module, &item.sig),
            Item::Use(item) if is_public(&item.vis) => {
                let line = format!("{module} use {}", spelled(&item.tree));
                self.lines.insert(line);
            }
            Item::Trait(item) if is_public(&item.vis) => {
                self.lines.insert(format!("{module}::{} trait", item.ident));
            }
            Item::Mod(item) if is_public(&item.vis) => {
                if let Some((_, items)) = &item.content {
                    self.items(&format!("{module}::{}", item.ident), items);
                }
            }
            Item::Impl(item) => {
                let name = subject(module, &spelled(&item.self_ty));
                // How a type's builder becomes the type is the generator's own business.
                if module == BUILDERS && item.trait_.is_some() {
                    return;
                }
                if let Some((path, _)) = &item.trait_ {
                    let is_conditional = item.attrs.iter().any(|attr| attr.path().is_ident("cfg"));
                    let condition = if is_conditional { BY_FEATURE } else { "" };
                    let line = last_segment(path).replace("<'de>", "");
                    self.traits
                        .entry(name)
                        .or_default()
                        .insert(format!("{}{condition}", without_crate(&line)));
                    return;
                }
                for member in &item.items {
                    if let ImplItem::Fn(method) = member
                        && is_public(&method.vis)
                    {
                        self.function(&name, &method.sig);
                    }
                }
            }
            _ => {}
        }
    }

    fn derives(&mut self, name: &str, attributes: &[Attribute]) {
        if name.starts_with(BUILDERS) {
            return;
        }
        for attribute in attributes {
            let (list, condition) = if attribute.path().is_ident("derive") {
                (attribute.meta.require_list().ok().cloned(), "")
            } else if attribute.path().is_ident("cfg_attr") {
                (conditional_derive(attribute), BY_FEATURE)
            } else {
                continue;
            };
            let derived = list.and_then(|list| {
                list.parse_args_with(Punctuated::<syn::Path, Token![,]>::parse_terminated)
                    .ok()
            });
            for path in derived.into_iter().flatten() {
                if let Some(last) = path.segments.last() {
                    self.traits
                        .entry(name.to_owned())
                        .or_default()
                        .insert(format!("{}{condition}", last.ident));
                }
            }
        }
    }

    fn fields(&mut self, name: &str, fields: &Fields, all: bool) {
        for (index, field) in fields.iter().enumerate() {
            if all || is_public(&field.vis) {
                let field_name = field
                    .ident
                    .as_ref()
                    .map_or_else(|| index.to_string(), ToString::to_string);
                let kind = without_crate(&spelled(&field.ty));
                self.lines.insert(format!("{name}.{field_name}: {kind}"));
            }
        }
    }

    fn function(&mut self, owner: &str, signature: &Signature) {
        let generics = spelled(&signature.generics);
        // Whether a builder changes itself inside is nothing to callers.
        let inputs = spelled(&signature.inputs);
        let inputs = inputs.strip_prefix("mut ").unwrap_or(&inputs);
        let output = spelled(&signature.output);
        let bounds = spelled(&signature.generics.where_clause);
        let output = if output.is_empty() {
            output
        } else {
            format!(" {output}")
        };
        let bounds = if bounds.is_empty() {
            bounds
        } else {
            format!(" {bounds}")
        };
        let suffix = if signature.asyncness.is_some() {
            " (async)"
        } else {
            ""
        };
        let line = format!(
            "{owner}::{}{generics}({inputs}){output}{bounds}{suffix}",
            signature.ident
        );
        self.lines.insert(without_crate(&line));
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn openness(attributes: &[Attribute]) -> &'static str {
    let is_open = attributes
        .iter()
        .any(|attribute| attribute.path().is_ident("non_exhaustive"));
    if is_open { ", non_exhaustive" } else { "" }
}

/// The name of what an `impl` is for, seen from `module`.
fn subject(module: &str, name: &str) -> String {
    let name = name.split('<').next().unwrap_or_default();
    if let Some(outer) = name.strip_prefix("super::") {
        let parent = module
            .rsplit_once("::")
            .map_or(module, |(parent, _)| parent);
        return format!("{parent}::{outer}");
    }
    format!("{module}::{name}")
}

fn without_crate(text: &str) -> String {
    text.replace("crate::types::", "").replace("crate::", "")
}

/// The `derive(…)` inside a `cfg_attr(…, derive(…))`.
fn conditional_derive(attribute: &Attribute) -> Option<syn::MetaList> {
    let metas = attribute
        .parse_args_with(Punctuated::<syn::Meta, Token![,]>::parse_terminated)
        .ok()?;
    metas.into_iter().skip(1).find_map(|meta| match meta {
        syn::Meta::List(list) if list.path.is_ident("derive") => Some(list),
        _ => None,
    })
}

/// The arguments, if the value is made by a constructor.
fn constant(expression: &Expr) -> Option<String> {
    let Expr::Call(call) = expression else {
        return None;
    };
    let arguments: Vec<String> = call
        .args
        .iter()
        .map(|argument| match argument {
            Expr::Lit(literal) => literal.to_token_stream().to_string().replace('"', ""),
            Expr::Path(path) => last_segment(&path.path),
            other => spelled(other),
        })
        .collect();
    Some(arguments.join(" "))
}

/// `Clone` of `::std::clone::Clone`, with its arguments.
fn last_segment(path: &syn::Path) -> String {
    path.segments.last().map(spelled).unwrap_or_default()
}
