//! The table of operations: what an answer is and whether a call changes something.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use crate::Targets;
use crate::document::{self, Endpoint};
use crate::names::{Class, Names};
use crate::rust_name;

pub(super) fn table(document: &Value, names: &Names, targets: &Targets) -> TokenStream {
    let runtime = &targets.runtime;
    let mut constants = Vec::new();
    let mut idents = Vec::new();
    for endpoint in document::endpoints(document) {
        let Some(operation) = document::operation(document, &endpoint) else {
            continue;
        };
        let Some(id) = operation.get("operationId").and_then(Value::as_str) else {
            continue;
        };
        let ident = format_ident!("{}", rust_name::constant(id));
        let method = endpoint.method.to_uppercase();
        let path = &endpoint.path;
        let (class, answer) = (
            format_ident!("{}", class(operation, &endpoint, names)),
            format_ident!("{}", answer(operation)),
        );
        let doc = format!("`{}`", endpoint.label());
        constants.push(quote! {
            #[doc = #doc]
            pub const #ident: #runtime::OperationSpec = #runtime::OperationSpec::new(
                #id,
                #method,
                #path,
                #runtime::Class::#class,
                #runtime::AnswerKind::#answer,
            );
        });
        idents.push(ident);
    }
    quote! {
        #(#constants)*

        /// Every operation of the document.
        pub const ALL: &[#runtime::OperationSpec] = &[#(#idents),*];
    }
}

/// What the operations of the table are called.
pub(super) fn ids(document: &Value) -> Vec<String> {
    let endpoints = document::endpoints(document);
    let operations = endpoints
        .iter()
        .filter_map(|endpoint| document::operation(document, endpoint));
    operations
        .filter_map(|operation| operation.get("operationId")?.as_str())
        .map(str::to_owned)
        .collect()
}

/// `x-pos-class` of the overlay, the table of names, or the default by method.
fn class(
    operation: &serde_json::Map<String, Value>,
    endpoint: &Endpoint,
    names: &Names,
) -> &'static str {
    let stated = operation
        .get("x-pos-class")
        .and_then(|class| Class::of(class).ok())
        .or_else(|| names.classes.get(&endpoint.label()).copied());
    match stated {
        Some(Class::Effect) => "Effect",
        Some(Class::Query) => "Query",
        Some(Class::Stream) => "Stream",
        Some(Class::Secret) => "Secret",
        None if matches!(endpoint.method, "get" | "head") => "Query",
        None => "Effect",
    }
}

fn answer(operation: &serde_json::Map<String, Value>) -> &'static str {
    let content = operation
        .get("responses")
        .and_then(|responses| responses.get("2XX"))
        .and_then(|response| response.get("content"));
    match content {
        Some(content) if content.get("application/json").is_some() => "Json",
        Some(_) => "Bytes",
        None => "Nothing",
    }
}
