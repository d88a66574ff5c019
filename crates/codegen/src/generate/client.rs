//! Running progenitor, and what its client must not have.

use std::panic::AssertUnwindSafe;

use openapiv3::OpenAPI;
use proc_macro2::TokenStream;
use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle};
use quote::{format_ident, quote};
use serde_json::Value;
use syn::parse_quote;
use syn::visit_mut::VisitMut;

use super::{Failure, blame, hooks, parse};
use crate::names::Names;
use crate::normalise::{AMOUNT, ID, MOMENT, SECRET};
use crate::{Targets, document};

/// The types, and the client that uses them.
pub(super) fn files(
    document: &Value,
    names: &Names,
    targets: &Targets,
) -> Result<(syn::File, syn::File), Failure> {
    let settings = settings(document, names, targets);
    let document = without_enumerations(document);
    let tokens = tokens(&document, &settings).map_err(|message| {
        let culprits = blame::culprits(&document, |part| tokens(part, &settings).is_ok());
        Failure::Generator(match culprits.as_slice() {
            [] => message,
            culprits => format!("{message}; it does for {} alone", culprits.join(", ")),
        })
    })?;
    let (types, mut client) = split(parse(tokens)?);
    UnusedTypes.visit_file_mut(&mut client);
    client
        .items
        .push(syn::Item::Impl(hooks::implementation(targets)));
    Ok((types, client))
}

pub(super) fn settings(document: &Value, names: &Names, targets: &Targets) -> GenerationSettings {
    let mut settings = GenerationSettings::default();
    let inner = &targets.call;
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_tag(TagStyle::Merged)
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote! { #inner })
        .with_map_type("::std::collections::BTreeMap")
        .with_derive("PartialEq");
    for (name, schema) in document::schemas(document).into_iter().flatten() {
        let path = match name.as_str() {
            AMOUNT => targets.amount.clone(),
            MOMENT => targets.moment.clone(),
            ID => targets.id.clone(),
            SECRET => targets.secret.clone(),
            _ if names.is_scalar(name) => join(&targets.codes, name),
            _ if schema.get("enum").is_some() => join(&targets.types, name),
            _ => continue,
        };
        settings.with_replacement(name, quote! { #path }.to_string(), std::iter::empty());
    }
    settings
}

fn join(module: &syn::Path, name: &str) -> syn::Path {
    let name = format_ident!("{name}");
    parse_quote! { #module::#name }
}

/// Enumerations are emitted by us; the generator only needs to know that there are such types.
pub(super) fn without_enumerations(document: &Value) -> Value {
    let mut document = document.clone();
    for (_, schema) in document::schemas_mut(&mut document).into_iter().flatten() {
        if let Some(object) = schema.as_object_mut() {
            object.remove("enum");
        }
    }
    document
}

fn tokens(document: &Value, settings: &GenerationSettings) -> Result<TokenStream, String> {
    caught(document, |spec| {
        Generator::new(settings).generate_tokens(spec)
    })
}

/// Runs the generator; its panics become messages.
pub(super) fn caught(
    document: &Value,
    generate: impl FnOnce(&OpenAPI) -> Result<TokenStream, progenitor::Error>,
) -> Result<TokenStream, String> {
    let spec = serde_json::from_value(document.clone()).map_err(|error| error.to_string())?;
    std::panic::catch_unwind(AssertUnwindSafe(|| generate(&spec)))
        .map_err(|panic| {
            let text = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied());
            text.unwrap_or("panic without a message").to_owned()
        })?
        .map_err(|error| error.to_string())
}

/// Not every document has an operation, or one with a type.
struct UnusedTypes;

impl VisitMut for UnusedTypes {
    fn visit_item_use_mut(&mut self, item: &mut syn::ItemUse) {
        item.attrs.push(parse_quote! { #[allow(unused_imports)] });
    }
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
