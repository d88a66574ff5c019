//! `POST /journal`, and what the server remembers of operations.

mod archive;
mod code;
mod entry;
mod export;
mod export_file;
mod listing;
mod market;
mod operation_item;
pub(crate) mod past;
mod range;
mod request;
mod stored;
mod ticks;

pub(crate) use export::export;
pub(crate) use operation_item::{operation_item, operation_items};
pub(crate) use stored::peek;
