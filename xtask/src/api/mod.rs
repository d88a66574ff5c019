//! The listing of the generated public surface, `api/client.txt`: a change of the document shows as
//! a diff that can be read.

mod spelling;
mod surface;

use std::collections::BTreeSet;
use std::fs;

use pos_system_api_codegen::Generated;

use crate::Error;
use crate::check::check;
use crate::repository::{Repository, read};

const HEAD: &str = "\
# What openapi/pos-system-api.yaml generates for callers, one line each, sorted.
# `types` is public API; `raw` follows the document. Refresh with `cargo xtask api`.
# Each field of a type has a setter of its name in `types::builder`.
";

/// The listing of generated code.
///
/// # Errors
/// [`Error::Generated`] if the code cannot be parsed.
pub fn listing(generated: &Generated) -> Result<String, Error> {
    let mut surface = surface::Surface::default();
    for (module, text) in [
        ("types", &generated.types),
        ("raw", &generated.client),
        ("raw::operations", &generated.operations),
    ] {
        let file = syn::parse_file(text)
            .map_err(|error| Error::Generated(format!("`{module}` is not Rust: {error}")))?;
        surface.items(module, &file.items);
    }
    let mut text = String::from(HEAD);
    for line in surface.into_lines() {
        text.push_str(&line);
        text.push('\n');
    }
    Ok(text)
}

/// The listing for the document of `repository`.
///
/// # Errors
/// As [`check`] and [`listing`].
pub fn current(repository: &Repository) -> Result<String, Error> {
    let document = repository.document();
    let checked = check(
        repository,
        &read(&document)?,
        &document.display().to_string(),
        false,
    )?;
    listing(&checked.generated)
}

/// Writes the listing; returns whether it changed.
///
/// # Errors
/// As [`current`], and [`Error::File`].
pub fn refresh(repository: &Repository) -> Result<bool, Error> {
    let path = repository.snapshot();
    let text = current(repository)?;
    if fs::read_to_string(&path).is_ok_and(|before| before == text) {
        return Ok(false);
    }
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory).map_err(Error::file("create", directory))?;
    }
    fs::write(&path, text).map_err(Error::file("write", &path))?;
    Ok(true)
}

/// Compares the committed listing with today's.
///
/// # Errors
/// [`Error::StaleSnapshot`] with the lines that differ; otherwise as [`current`].
pub fn verify(repository: &Repository) -> Result<(), Error> {
    let path = repository.snapshot();
    let committed = fs::read_to_string(&path).unwrap_or_default();
    let difference = difference(&committed, &current(repository)?);
    if difference.is_empty() {
        return Ok(());
    }
    Err(Error::StaleSnapshot { path, difference })
}

/// Lines that only one of two listings has, with `-` and `+`, in order.
#[must_use]
pub fn difference(old: &str, new: &str) -> String {
    // A checkout on Windows may have other line ends.
    let (old, new): (BTreeSet<&str>, BTreeSet<&str>) =
        (old.lines().collect(), new.lines().collect());
    let mut lines: Vec<(&str, char)> = old.difference(&new).map(|line| (*line, '-')).collect();
    lines.extend(new.difference(&old).map(|line| (*line, '+')));
    // Removed before added where only the end of a line differs.
    lines.sort_by_key(|(line, sign)| {
        (
            line.split([' ', '(']).next().unwrap_or_default(),
            *sign == '+',
        )
    });
    lines
        .iter()
        .map(|(line, sign)| format!("{sign} {line}\n"))
        .collect()
}
