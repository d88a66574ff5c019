//! Stage 5b: the generator, and what is added to its output.

mod blame;
mod client;
mod default;
mod deserialize;
mod documentation;
mod free_json;
mod hooks;
mod members;
mod mock;
mod nulls;
mod open_enum;
mod operations;
mod polish;
mod serde_arguments;

use std::collections::BTreeSet;

use quote::quote;
use serde_json::Value;

use crate::names::Names;
use crate::note::Notes;
use crate::{Error, Generated, Targets};

/// Why there is no code; whoever knows the file makes it an [`Error`].
pub(crate) enum Failure {
    /// Parts of the document, a line each.
    Refused(Vec<String>),
    /// What the generator said.
    Generator(String),
}

impl Failure {
    pub(crate) fn of(self, origin: &str) -> Error {
        let origin = origin.to_owned();
        match self {
            Self::Refused(findings) => Error::Refused { origin, findings },
            Self::Generator(message) => Error::Generator { origin, message },
        }
    }
}

/// Turns a normalised and named document into source text.
pub(crate) fn run(
    document: &Value,
    names: &Names,
    targets: &Targets,
    with_mock: bool,
    notes: Notes,
) -> Result<Generated, Failure> {
    let mut told_apart = document.clone();
    let wire_names = members::tell_apart(&mut told_apart);
    let (mut types, mut client) = client::files(&told_apart, names, targets)?;
    free_json::replace(&mut types, targets);
    free_json::replace(&mut client, targets);
    let types = polish::types(types, targets, wire_names);
    let enums = open_enum::all(document);
    let enums = enums.iter().map(|open| open_enum::item(open, targets));
    let items = &types.items;
    let types = parse(quote! { #(#items)* #(#enums)* })?;
    refuse_duplicates(&types)?;
    let operations = parse(operations::table(document, names, targets))?;
    let mock = with_mock
        .then(|| mock::file(&told_apart, names, targets))
        .transpose()?;
    Ok(Generated {
        types: print(types),
        client: print(client),
        operations: print(operations),
        mock: mock.map(print),
        operation_ids: operations::ids(document),
        notes: notes.into_vec(),
    })
}

fn parse(tokens: proc_macro2::TokenStream) -> Result<syn::File, Failure> {
    syn::parse2(tokens).map_err(internal)
}

fn print(mut file: syn::File) -> String {
    documentation::make_printable(&mut file);
    format!(
        "// Generated from the OpenAPI document. Do not edit.\n\n{}",
        prettyplease::unparse(&file)
    )
}

fn internal(error: impl std::fmt::Display) -> Failure {
    Failure::Generator(error.to_string())
}

/// Two types of one name would only be found by the compiler, far from the document.
fn refuse_duplicates(types: &syn::File) -> Result<(), Failure> {
    let mut seen = BTreeSet::new();
    let findings: Vec<String> = types
        .items
        .iter()
        .filter_map(|item| match item {
            syn::Item::Struct(item) => Some(&item.ident),
            syn::Item::Enum(item) => Some(&item.ident),
            syn::Item::Type(item) => Some(&item.ident),
            _ => None,
        })
        .filter(|ident| !seen.insert(ident.to_string()))
        .map(|ident| format!("two schemas become the type {ident}"))
        .collect();
    if findings.is_empty() {
        Ok(())
    } else {
        Err(Failure::Refused(findings))
    }
}
