//! Stage 5b: the generator, and what is added to its output.

mod open_enum;
mod operations;
mod polish;

use std::panic::AssertUnwindSafe;

use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle};
use quote::{format_ident, quote};
use serde_json::Value;
use syn::parse_quote;

use crate::names::Names;
use crate::normalise::{self, Extracted};
use crate::{Error, Generated, Targets, preflight};

/// Turns a normalised and named document into source text.
pub(crate) fn run(
    document: &Value,
    extracted: &Extracted,
    names: &Names,
    targets: &Targets,
) -> Result<Generated, Error> {
    let findings = preflight::findings(document);
    if !findings.is_empty() {
        return Err(Error::Refused { findings });
    }
    let file = client(document, extracted, targets)?;
    let (types, client) = split(file);
    let types = polish::types(types, targets);
    let enums = extracted
        .enums
        .iter()
        .map(|open| open_enum::item(open, targets));
    let types: syn::File = {
        let items = &types.items;
        syn::parse2(quote! { #(#items)* #(#enums)* }).map_err(internal)?
    };
    let operations = syn::parse2(operations::table(document, names, targets)).map_err(internal)?;
    Ok(Generated {
        types: print(&types),
        client: print(&client),
        operations: print(&operations),
        notes: Vec::new(),
    })
}

fn print(file: &syn::File) -> String {
    format!(
        "// Generated from the OpenAPI document. Do not edit.\n\n{}",
        prettyplease::unparse(file)
    )
}

fn internal(error: impl std::fmt::Display) -> Error {
    Error::Generator {
        message: error.to_string(),
    }
}

/// Runs the generator; its panics become errors.
fn client(document: &Value, extracted: &Extracted, targets: &Targets) -> Result<syn::File, Error> {
    let spec: openapiv3::OpenAPI = serde_json::from_value(document.clone()).map_err(internal)?;
    let mut settings = GenerationSettings::default();
    let inner = &targets.call;
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_tag(TagStyle::Merged)
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote! { #inner })
        .with_map_type("::std::collections::BTreeMap")
        .with_derive("PartialEq");
    for name in &extracted.scalars {
        let path = match name.as_str() {
            normalise::AMOUNT => &targets.amount,
            normalise::MOMENT => &targets.moment,
            normalise::ID => &targets.id,
            _ => &join(&targets.codes, name),
        };
        settings.with_replacement(name, quote! { #path }.to_string(), std::iter::empty());
    }
    for open in &extracted.enums {
        let path = join(&targets.types, &open.name);
        settings.with_replacement(&open.name, quote! { #path }.to_string(), std::iter::empty());
    }
    let tokens = std::panic::catch_unwind(AssertUnwindSafe(|| {
        Generator::new(&settings).generate_tokens(&spec)
    }))
    .map_err(|panic| {
        let text = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied());
        internal(text.unwrap_or("panic without a message"))
    })?
    .map_err(internal)?;
    syn::parse2(tokens).map_err(internal)
}

fn join(module: &syn::Path, name: &str) -> syn::Path {
    let name = format_ident!("{name}");
    parse_quote! { #module::#name }
}

/// Takes the types out of the client file, so that they can be had without it.
fn split(mut file: syn::File) -> (syn::File, syn::File) {
    let mut types = syn::File {
        shebang: None,
        frontmatter: None,
        attrs: Vec::new(),
        items: Vec::new(),
    };
    file.items.retain_mut(|item| match item {
        syn::Item::Mod(module) if module.ident == "types" => {
            if let Some((_, items)) = module.content.take() {
                types.items = items;
            }
            false
        }
        // Every client here has credentials and a retry policy: no constructor without them.
        syn::Item::Impl(implementation)
            if implementation.trait_.is_none() && is_client(&implementation.self_ty) =>
        {
            implementation.items.retain(
                |item| !matches!(item, syn::ImplItem::Fn(method) if method.sig.ident == "new"),
            );
            true
        }
        _ => true,
    });
    (types, file)
}

fn is_client(ty: &syn::Type) -> bool {
    matches!(ty, syn::Type::Path(path) if path.path.is_ident("Client"))
}
