//! Generates a client from this crate's own revision of the document.

use std::env;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use pos_system_api_codegen::{DEFAULT_NAMES, DEFAULT_OVERLAY, Error, Pipeline, Targets, read};

const DOCUMENT: &str = "openapi/preview.yaml";

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={DOCUMENT}");
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
    let out_dir = env::var_os("OUT_DIR")
        .map(PathBuf::from)
        .unwrap_or_default();
    Pipeline::new(&read(Path::new(DOCUMENT))?, DOCUMENT)
        .with_overlay(DEFAULT_OVERLAY, "the default overlay")
        .with_names(DEFAULT_NAMES, "the default names")
        .with_targets(Targets::for_dependent_crate())
        .generate()?
        .write_to(&out_dir)
}
