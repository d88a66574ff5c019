#![cfg_attr(any(doc, doctest), doc = include_str!("../README.md"))]
#![cfg_attr(
    not(any(doc, doctest)),
    doc = "Durable operations of pos-system-api in PostgreSQL, shared by several workers."
)]

mod answer;
mod claim;
mod config;
mod connection;
mod draft;
mod fault;
mod group;
mod hosts;
mod lease;
mod meta;
mod queue;
mod reader;
mod schema;
mod server;
mod statements;
mod store;
mod stored;
mod trim;
mod verify;
mod warnings;
mod writer;

pub use config::PostgresConfig;
pub use store::PostgresStore;
pub use tokio_postgres;
