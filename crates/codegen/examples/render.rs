//! Prints what the pipeline makes of a document: `render DOCUMENT [OVERLAY [NAMES]]`.

use std::path::Path;
use std::process::ExitCode;

use pos_system_api_codegen::{Error, Pipeline, read};

fn render(arguments: &[String]) -> Result<(), Error> {
    let texts = arguments
        .iter()
        .map(|path| read(Path::new(path)))
        .collect::<Result<Vec<_>, _>>()?;
    let empty = String::new();
    let mut pipeline = Pipeline::new(texts.first().unwrap_or(&empty), "document");
    if let Some(overlay) = texts.get(1) {
        pipeline = pipeline.with_overlay(overlay, "overlay");
    }
    if let Some(names) = texts.get(2) {
        pipeline = pipeline.with_names(names, "names");
    }
    let generated = pipeline.generate()?;
    for note in &generated.notes {
        eprintln!("{note}");
    }
    println!("{}", generated.types);
    println!("{}", generated.client);
    println!("{}", generated.operations);
    Ok(())
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match render(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
