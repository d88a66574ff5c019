//! Typed helpers for the mock server of the crate `httpmock`.

use proc_macro2::TokenStream;
use progenitor::Generator;
use quote::quote;
use serde_json::Value;
use syn::visit_mut::{self, VisitMut};
use syn::{LitStr, parse_quote};

use super::{Failure, client, parse};
use crate::Targets;
use crate::names::Names;

/// What the paths of requests may start with: base URLs have a version or none.
const VERSION: &str = "(?:/v[0-9]+)?";

/// One type for the request and one for the answer of each operation, and a trait that adds the
/// operations to a mock server.
pub(super) fn file(
    document: &Value,
    names: &Names,
    targets: &Targets,
) -> Result<syn::File, Failure> {
    let settings = client::settings(document, names, targets);
    let document = client::without_enumerations(document);
    let tokens = client::caught(&document, |spec| {
        Generator::new(&settings).httpmock(spec, "crate")
    })
    .map_err(Failure::Generator)?;
    adapt(tokens, targets)
}

fn adapt(tokens: TokenStream, targets: &Targets) -> Result<syn::File, Failure> {
    let mut file = parse(tokens)?;
    Paths.visit_file_mut(&mut file);
    let types = &targets.types;
    for item in &mut file.items {
        let syn::Item::Mod(module) = item else {
            continue;
        };
        for item in module.content.iter_mut().flat_map(|(_, items)| items) {
            if matches!(item, syn::Item::Use(_)) {
                // All that is needed of the client's module; the helpers themselves have no client.
                *item = parse_quote! { #[allow(unused_imports)] use #types as types; };
            }
        }
    }
    Ok(file)
}

/// Lets the patterns of paths match below a base URL with a version.
struct Paths;

impl VisitMut for Paths {
    fn visit_lit_str_mut(&mut self, literal: &mut LitStr) {
        if let Some(path) = literal.value().strip_prefix("^/") {
            *literal = LitStr::new(&format!("^{VERSION}/{path}"), literal.span());
        }
    }

    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        // The generator writes `regex::…`, which a module of that name would catch.
        if path.leading_colon.is_none() && path.segments.len() > 1 {
            let first = path.segments.first().map(|segment| &segment.ident);
            if first.is_some_and(|ident| ident == "regex") {
                path.leading_colon = Some(Default::default());
            }
        }
        visit_mut::visit_path_mut(self, path);
    }

    fn visit_macro_mut(&mut self, item: &mut syn::Macro) {
        // `format!` takes the pattern of a path as tokens.
        item.tokens = versioned(std::mem::take(&mut item.tokens));
    }
}

fn versioned(tokens: TokenStream) -> TokenStream {
    tokens
        .into_iter()
        .map(|token| {
            let Ok(mut literal) = syn::parse2::<LitStr>(quote! { #token }) else {
                return token;
            };
            Paths.visit_lit_str_mut(&mut literal);
            proc_macro2::TokenTree::Literal(literal.token())
        })
        .collect()
}
