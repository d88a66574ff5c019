//! Chores of this repository: checking, comparing and updating the OpenAPI document, and the benchmarks.
//!
//! A library, so that every chore can be tested on a copy of the repository.

pub mod api;
pub mod bench;
pub mod check;
pub mod diff;
pub mod document;
mod error;
pub mod repository;
pub mod update;

pub use error::Error;
