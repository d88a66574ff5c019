//! Feeds the OpenAPI document through the pipeline of `pos-system-api-codegen`.
//!
//! `POS_SYSTEM_API_SPEC=<absolute path>` builds against another revision of the document.

use std::path::Path;
use std::process::ExitCode;

use pos_system_api_codegen::{Error, Pipeline, build_script};

/// The operations that the facade has calls for; without one, its call is left out.
const FACADE: [&str; 15] = [
    "delivered",
    "document",
    "echo",
    "issue",
    "journal",
    "operation_item",
    "operation_items",
    "pair",
    "pay",
    "pay_response",
    "peek_journal_item",
    "qr_code",
    "sign",
    "update_issue",
    "wait_delivered",
];

fn main() -> ExitCode {
    build_script::run(generate)
}

fn generate() -> Result<(), Error> {
    let document = build_script::document(Path::new("openapi/pos-system-api.yaml"));
    let (overlay, names) = ("openapi/overlay.yaml", "openapi/names.yaml");
    let generated = Pipeline::new(
        &build_script::input(&document)?,
        &document.display().to_string(),
    )
    .with_overlay(&build_script::input(Path::new(overlay))?, overlay)
    .with_names(&build_script::input(Path::new(names))?, names)
    .with_facade(true)
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
    build_script::output(&generated)
}
