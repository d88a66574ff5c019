//! `/issue`: a document for a receipt this queue signed, and what became of it.

mod document;
mod issues;
mod receipt;
mod update;

pub(crate) use document::{document, qr_code};
pub(crate) use issues::{Issues, issued};
pub(crate) use receipt::issue;
pub(crate) use update::update;
