//! Stage 3: what the generator cannot take, or gets wrong in silence, is rewritten by rule.
//!
//! No rule knows an endpoint or a schema by name; what only one document needs is in its overlay.
//! The rules run in this order because each relies on what the ones before it removed.

mod components;
mod compositions;
mod descriptions;
mod enums;
mod inline;
mod lists;
mod nullable;
mod objects;
mod operations;
mod parameters;
mod request_bodies;
mod responses;
mod scalars;
mod unions;

use serde_json::Value;

use crate::name;
use crate::names::Names;
use crate::note::Notes;

pub(crate) use operations::run as operations;
pub(crate) use scalars::{AMOUNT, ID, MOMENT, SECRET};

/// Runs every rule but the one for [`operations`], which comes before they are named.
pub(crate) fn run(document: &mut Value, names: &Names, notes: &mut Notes) {
    components::run(document, names, notes);
    parameters::run(document, names, notes);
    request_bodies::run(document, notes);
    responses::run(document, names, notes);
    lists::run(document, names, notes);
    // What is inline gets its name from the component around it.
    name::schemas(document, names, notes);
    nullable::run(document, notes);
    compositions::run(document, notes);
    unions::run(document, notes);
    scalars::run(document, names, notes);
    enums::run(document, names, notes);
    inline::run(document, names, notes);
    objects::run(document, names, notes);
    descriptions::run(document, notes);
}
