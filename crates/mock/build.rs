//! Generates the helpers from the document that `pos-system-api` is built from.

use std::env;
use std::path::PathBuf;
use std::process::ExitCode;

use pos_system_api_codegen::{DEFAULT_NAMES, DEFAULT_OVERLAY, Error, Pipeline, Targets, read};

/// The variable that names another document, as for `pos-system-api`.
const SPEC_VARIABLE: &str = "POS_SYSTEM_API_SPEC";

fn main() -> ExitCode {
    match generate() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            for line in error.to_string().lines() {
                println!("cargo::error={line}");
            }
            ExitCode::FAILURE
        }
    }
}

fn generate() -> Result<(), Error> {
    let document = env::var_os(SPEC_VARIABLE).map_or_else(
        || PathBuf::from("../../openapi/pos-system-api.yaml"),
        PathBuf::from,
    );
    println!("cargo::rerun-if-env-changed={SPEC_VARIABLE}");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={}", document.display());
    let generated = Pipeline::new(&read(&document)?, &document.display().to_string())
        .with_overlay(DEFAULT_OVERLAY, "the default overlay")
        .with_names(DEFAULT_NAMES, "the default names")
        .with_targets(Targets::for_dependent_crate())
        .with_mock(true)
        .generate()?;
    let out_dir = env::var_os("OUT_DIR")
        .map(PathBuf::from)
        .unwrap_or_default();
    generated.write_to(&out_dir)
}
