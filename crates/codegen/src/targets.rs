//! The types and modules that generated code refers to.

use syn::{Path, parse_quote};

/// Where generated code finds what is written by hand.
///
/// The default fits the crate `pos-system-api` itself.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Targets {
    /// The module the generated types become. Default `crate::types`.
    pub types: Path,
    /// The exact decimal. Default `crate::types::Amount`.
    pub amount: Path,
    /// The point in time. Default `crate::types::Moment`.
    pub moment: Path,
    /// The identifier. Default `crate::types::Id`.
    pub id: Path,
    /// A text that is never shown. Default `crate::types::Secret`.
    pub secret: Path,
    /// Any JSON value, kept as text. Default `crate::types::Json`.
    pub json: Path,
    /// The module of the 64-bit codes. Default `crate::codes`.
    pub codes: Path,
    /// The module with `OperationSpec`, `Class` and `AnswerKind`. Default `crate::runtime`.
    pub runtime: Path,
    /// The value each client carries through its hooks. Default `crate::runtime::Call`.
    pub call: Path,
    /// The module with the lenient readers. Default `crate::reading`.
    pub reading: Path,
    /// The cargo feature that derives JSON schemas. Default `schemars`; `None` derives none.
    pub schemars_feature: Option<String>,
}

impl Targets {
    /// For a crate that generates a client of its own and takes the rest from `pos-system-api`.
    ///
    /// The generated types are expected in its module `types`. No JSON schemas are derived.
    #[must_use]
    pub fn for_dependent_crate() -> Self {
        Self {
            types: parse_quote!(crate::types),
            amount: parse_quote!(::pos_system_api::types::Amount),
            moment: parse_quote!(::pos_system_api::types::Moment),
            id: parse_quote!(::pos_system_api::types::Id),
            secret: parse_quote!(::pos_system_api::types::Secret),
            json: parse_quote!(::pos_system_api::types::Json),
            codes: parse_quote!(::pos_system_api::codes),
            runtime: parse_quote!(::pos_system_api::runtime),
            call: parse_quote!(::pos_system_api::runtime::Call),
            reading: parse_quote!(::pos_system_api::reading),
            schemars_feature: None,
        }
    }
}

impl Default for Targets {
    fn default() -> Self {
        Self {
            types: parse_quote!(crate::types),
            amount: parse_quote!(crate::types::Amount),
            moment: parse_quote!(crate::types::Moment),
            id: parse_quote!(crate::types::Id),
            secret: parse_quote!(crate::types::Secret),
            json: parse_quote!(crate::types::Json),
            codes: parse_quote!(crate::codes),
            runtime: parse_quote!(crate::runtime),
            call: parse_quote!(crate::runtime::Call),
            reading: parse_quote!(crate::reading),
            schemars_feature: Some("schemars".to_owned()),
        }
    }
}
