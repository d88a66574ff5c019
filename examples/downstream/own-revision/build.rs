//! Generates a client from this crate's own revision of the document.

use std::path::Path;
use std::process::ExitCode;

use pos_system_api_codegen::{DEFAULT_NAMES, DEFAULT_OVERLAY, Pipeline, Targets, build_script};

const DOCUMENT: &str = "openapi/preview.yaml";

fn main() -> ExitCode {
    build_script::run(|| {
        let document = build_script::input(Path::new(DOCUMENT))?;
        let generated = Pipeline::new(&document, DOCUMENT)
            .with_overlay(DEFAULT_OVERLAY, "the default overlay")
            .with_names(DEFAULT_NAMES, "the default names")
            .with_targets(Targets::for_dependent_crate())
            .generate()?;
        build_script::output(&generated)
    })
}
