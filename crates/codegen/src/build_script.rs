//! What every build script around a [`Pipeline`](crate::Pipeline) does.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::{Error, Generated, read};

/// The variable that names another document than the crate's own, by its absolute path.
pub const SPEC_VARIABLE: &str = "POS_SYSTEM_API_SPEC";

/// Runs `script`; an error becomes lines that cargo shows, without the noise of a panic.
///
/// ```no_run
/// use std::path::Path;
/// use std::process::ExitCode;
///
/// use pos_system_api_codegen::{DEFAULT_NAMES, DEFAULT_OVERLAY, Pipeline, Targets, build_script};
///
/// fn main() -> ExitCode {
///     build_script::run(|| {
///         let document = build_script::input(Path::new("api.yaml"))?;
///         let generated = Pipeline::new(&document, "api.yaml")
///             .with_overlay(DEFAULT_OVERLAY, "the default overlay")
///             .with_names(DEFAULT_NAMES, "the default names")
///             .with_targets(Targets::for_dependent_crate())
///             .generate()?;
///         build_script::output(&generated)
///     })
/// }
/// ```
pub fn run(script: impl FnOnce() -> Result<(), Error>) -> ExitCode {
    println!("cargo::rerun-if-changed=build.rs");
    match script() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            for line in error.to_string().lines() {
                println!("cargo::error={line}");
            }
            ExitCode::FAILURE
        }
    }
}

/// Reads a file that the code is made from, and has cargo run the script again when it changes.
///
/// # Errors
/// [`Error::File`] if it is missing or not UTF-8.
pub fn input(path: &Path) -> Result<String, Error> {
    println!("cargo::rerun-if-changed={}", path.display());
    read(path)
}

/// The document that `POS_SYSTEM_API_SPEC` names, or `own`. Cargo runs the script again when the
/// variable changes.
#[must_use]
pub fn document(own: &Path) -> PathBuf {
    println!("cargo::rerun-if-env-changed={SPEC_VARIABLE}");
    chosen(env::var_os(SPEC_VARIABLE), own)
}

/// An empty variable counts as none.
fn chosen(variable: Option<OsString>, own: &Path) -> PathBuf {
    variable
        .filter(|path| !path.is_empty())
        .map_or_else(|| own.to_owned(), PathBuf::from)
}

/// Writes the generated files to `OUT_DIR`.
///
/// # Errors
/// [`Error::File`] if a file cannot be written, or there is no `OUT_DIR` because this is no build
/// script.
pub fn output(generated: &Generated) -> Result<(), Error> {
    let directory = env::var_os("OUT_DIR").ok_or_else(|| Error::File {
        action: "write to",
        path: PathBuf::from("OUT_DIR"),
        source: std::io::Error::new(
            std::io::ErrorKind::NotFound,
            "the variable is not set: only build scripts have it",
        ),
    })?;
    generated.write_to(Path::new(&directory))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_names_another_document_unless_it_is_empty() {
        let own = Path::new("own.yaml");
        assert_eq!(chosen(None, own), own);
        assert_eq!(chosen(Some(OsString::new()), own), own);
        assert_eq!(chosen(Some("/other".into()), own), Path::new("/other"));
    }
}
