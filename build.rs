//! Feeds the OpenAPI document through the pipeline of `pos-system-api-codegen`.
//!
//! `POS_SYSTEM_API_SPEC=<absolute path>` builds against another revision of the document.

use std::env;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use pos_system_api_codegen::{Error, Pipeline, read};

/// The operations that the facade has calls for; without one, its call is left out.
const FACADE: [&str; 3] = ["echo", "issue", "sign"];

/// The variable that names another document.
const SPEC_VARIABLE: &str = "POS_SYSTEM_API_SPEC";

fn main() -> ExitCode {
    match generate() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Cargo shows `cargo::error` lines first, without the noise of a panic.
            for line in error.to_string().lines() {
                println!("cargo::error={line}");
            }
            ExitCode::FAILURE
        }
    }
}

fn generate() -> Result<(), Error> {
    let document = env::var_os(SPEC_VARIABLE).map_or_else(
        || PathBuf::from("openapi/pos-system-api.yaml"),
        PathBuf::from,
    );
    let overlay = Path::new("openapi/overlay.yaml");
    let names = Path::new("openapi/names.yaml");
    println!("cargo::rerun-if-env-changed={SPEC_VARIABLE}");
    println!("cargo::rerun-if-changed=build.rs");
    for file in [document.as_path(), overlay, names] {
        println!("cargo::rerun-if-changed={}", file.display());
    }
    let generated = Pipeline::new(&read(&document)?, &document.display().to_string())
        .with_overlay(&read(overlay)?, &overlay.display().to_string())
        .with_names(&read(names)?, &names.display().to_string())
        .generate()?;
    println!(
        r#"cargo::rustc-check-cfg=cfg(operation, values("{}"))"#,
        FACADE.join(r#"", ""#)
    );
    for call in FACADE {
        if generated.operation_ids.iter().any(|id| id == call) {
            println!(r#"cargo::rustc-cfg=operation="{call}""#);
        } else {
            println!("cargo::warning=the document has no operation {call}: its call is left out");
        }
    }
    let out_dir = env::var_os("OUT_DIR")
        .map(PathBuf::from)
        .unwrap_or_default();
    generated.write_to(&out_dir)
}
