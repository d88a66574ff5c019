//! Generates the client without the facade: the same document and types, other hooks.

use std::path::Path;
use std::process::ExitCode;

use pos_system_api_codegen::{
    DEFAULT_NAMES, DEFAULT_OVERLAY, Error, Pipeline, Targets, build_script,
};

fn main() -> ExitCode {
    build_script::run(generate)
}

fn generate() -> Result<(), Error> {
    let document = build_script::document(Path::new("../../openapi/pos-system-api.yaml"));
    let mut targets = Targets::for_dependent_crate();
    targets.call = syn::parse_quote!(crate::generated::BareHooks);
    let generated = Pipeline::new(
        &build_script::input(&document)?,
        &document.display().to_string(),
    )
    .with_overlay(DEFAULT_OVERLAY, "the default overlay")
    .with_names(DEFAULT_NAMES, "the default names")
    .with_targets(targets)
    .generate()?;
    build_script::output(&generated)
}
