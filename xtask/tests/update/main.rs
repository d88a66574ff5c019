//! Replacing the document in a copy of the repository.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod checkout;
mod fetch;

use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};

use checkout::{Copy, ECHO, LOUD_ECHO, replaced, saved};
use xtask::Error;
use xtask::check::Compiler;
use xtask::diff::Verdict;
use xtask::repository::{Repository, read};
use xtask::update::{Source, Updated, sha256};

/// A compiler that remembers what it was given, and refuses if told so.
#[derive(Default)]
struct Recorder {
    given: RefCell<Vec<String>>,
    refuses: bool,
    warnings: String,
}

impl Compiler for Recorder {
    fn compile(&self, document: &Path) -> Result<String, Error> {
        assert!(document.is_absolute());
        self.given.borrow_mut().push(read(document)?);
        if self.refuses {
            return Err(Error::Generated("it does not compile".into()));
        }
        Ok(self.warnings.clone())
    }
}

#[test]
fn document_provenance_changelog_and_listing_are_replaced_together() {
    let copy = Copy::new();
    let (_kept, source, text) = copy.revision(ECHO, LOUD_ECHO);
    let compiler = Recorder::default();
    let replaced = replaced(copy.update_with(&source, &compiler, false).unwrap());

    assert_eq!(*compiler.given.borrow(), std::slice::from_ref(&text));
    assert_eq!(replaced.changes.verdict(), Verdict::Additive);
    assert!(replaced.to_string().ends_with("\nverdict: additive"));
    assert_eq!(read(&copy.repository.document()).unwrap(), text);
    let digest = sha256(&text);
    assert_eq!(
        read(&copy.repository.provenance()).unwrap(),
        format!(
            "# Where from\n\n| | |\n|---|---|\n| Fetched | 2031-05-06 |\n| From | the local file published.yaml |\n| Version | 2.1 |\n| sha256 | `{digest}` |\n\nKept.\n"
        )
    );
    let short = &digest[..12];
    assert_eq!(
        read(&copy.repository.changelog()).unwrap(),
        format!(
            "# Changelog\n\n## Unreleased\n\n### Added\n\n- A thing.\n\n### Spec\n\n- Before.\n\n\
             Document version 2.1 of 2031-05-06, from the local file published.yaml (sha256 `{short}`):\n\n\
             #### Added\n\n- `EchoRequest.Loudness` (request): optional member added\n\n\
             verdict: additive\n\n\
             ## 0.0.1\n\n### Spec\n\n- Old.\n"
        )
    );
    let listing = read(&copy.repository.snapshot()).unwrap();
    assert!(listing.contains("types::EchoRequest.loudness: Option<i64>\n"));
}

#[test]
fn what_the_compiler_warns_of_is_told() {
    let copy = Copy::new();
    let (_kept, source, _) = copy.revision(ECHO, LOUD_ECHO);
    let compiler = Recorder {
        warnings: "warning: no operation pay".to_owned(),
        ..Recorder::default()
    };
    let replaced = replaced(copy.update_with(&source, &compiler, true).unwrap());
    assert!(
        replaced
            .to_string()
            .contains("\nwarning: no operation pay\n")
    );
}

#[test]
fn the_digest_is_the_usual_one() {
    assert_eq!(
        sha256("abc"),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
}

#[test]
fn a_second_update_renews_the_same_rows() {
    let copy = Copy::new();
    let (_kept, source, _) = copy.revision(ECHO, LOUD_ECHO);
    copy.update(&source).unwrap();
    let (_kept, source, text) = copy.revision("version: '2.1'", "version: '2.2'");
    let replaced = replaced(copy.update(&source).unwrap());
    assert_eq!(replaced.changes.verdict(), Verdict::None);
    let provenance = read(&copy.repository.provenance()).unwrap();
    assert_eq!(provenance.matches("| Fetched |").count(), 1);
    assert_eq!(provenance.matches("| Version |").count(), 1);
    assert!(provenance.contains("| Version | 2.2 |\n"));
    assert!(provenance.contains(&sha256(&text)));
}

#[test]
fn the_same_document_changes_nothing() {
    let copy = Copy::new();
    let before = copy.state();
    let source = Source::File(copy.repository.document());
    assert!(matches!(
        copy.update(&source).unwrap(),
        Updated::Unchanged { reminders } if reminders.is_empty()
    ));
    assert_eq!(copy.state(), before);
}

#[test]
fn stale_copies_of_overlay_and_names_are_renewed() {
    let copy = Copy::new();
    let [(_, overlay), (names, names_copy)] = copy.repository.carried();
    let table = read(&names).unwrap() + "# A line more.\n";
    fs::write(&names, &table).unwrap();
    fs::remove_file(&overlay).unwrap();
    let before = copy.state();

    // A refused document leaves them as they are, and so does a dry run.
    let (_kept, broken, _) = saved("openapi: 3.0.1\n".to_owned());
    copy.update(&broken).unwrap_err();
    let (_kept, source, _) = copy.revision(ECHO, LOUD_ECHO);
    let told = replaced(
        copy.update_with(&source, &Recorder::default(), true)
            .unwrap(),
    );
    assert_eq!(copy.state(), before);
    for stale in [&overlay, &names_copy] {
        let line = format!("reminder: {} is renewed from ", stale.display());
        assert!(told.to_string().contains(&line), "{told}");
    }

    let in_place = Source::File(copy.repository.document());
    let updated = copy.update(&in_place).unwrap();
    assert!(matches!(updated, Updated::Unchanged { reminders } if reminders.len() == 2));
    assert_eq!(read(&names_copy).unwrap(), table);
    assert_eq!(
        read(&overlay).unwrap(),
        read(&copy.repository.overlay()).unwrap()
    );
}

#[test]
fn a_dry_run_does_all_the_work_and_changes_nothing() {
    let copy = Copy::new();
    let before = copy.state();
    let (_kept, source, _) = copy.revision(ECHO, LOUD_ECHO);
    let compiler = Recorder::default();
    let replaced = replaced(copy.update_with(&source, &compiler, true).unwrap());
    assert_eq!(replaced.changes.verdict(), Verdict::Additive);
    assert!(
        replaced
            .to_string()
            .contains("surface  + types::EchoRequest.loudness")
    );
    assert_eq!(compiler.given.borrow().len(), 1);
    assert_eq!(copy.state(), before);
}

#[test]
fn a_document_that_is_refused_changes_nothing() {
    let copy = Copy::new();
    let before = copy.state();
    for text in [
        "<html>504</html>\n",
        "openapi: 3.0.1\n",
        "openapi: 3.0.1\npaths: {}\n",
        "swagger: '2.0'\npaths: {}\n",
        "",
    ] {
        let (_kept, source, _) = saved(text.to_owned());
        let error = copy.update(&source).unwrap_err().to_string();
        assert!(error.contains("what to do: "), "{error}");
        assert_eq!(copy.state(), before, "{text}");
    }
    let missing = Source::File(copy.directory.path().join("missing.yaml"));
    assert!(matches!(copy.update(&missing), Err(Error::File { .. })));
    assert_eq!(copy.state(), before);
}

#[test]
fn a_client_that_does_not_compile_changes_nothing() {
    let copy = Copy::new();
    let before = copy.state();
    let (_kept, source, _) = copy.revision(ECHO, LOUD_ECHO);
    let compiler = Recorder {
        refuses: true,
        ..Recorder::default()
    };
    let error = copy.update_with(&source, &compiler, false).unwrap_err();
    assert_eq!(error.to_string(), "it does not compile");
    assert_eq!(copy.state(), before);
}

#[test]
fn files_without_their_place_for_the_news_are_refused() {
    for (file, text, expected) in [
        (
            Repository::changelog as fn(&Repository) -> PathBuf,
            "# Changelog\n",
            "`## Unreleased` is missing",
        ),
        (
            Repository::provenance,
            "# Where from\n\n| From | x |\n",
            "`| Fetched | … |` is missing",
        ),
    ] {
        let copy = Copy::new();
        fs::write(file(&copy.repository), text).unwrap();
        let before = copy.state();
        let (_kept, source, _) = copy.revision(ECHO, LOUD_ECHO);
        let error = copy.update(&source).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
        assert_eq!(copy.state(), before);
    }
}

#[test]
fn a_changelog_without_a_section_gets_one() {
    let copy = Copy::new();
    fs::write(
        copy.repository.changelog(),
        "## Unreleased\n\n## 0.0.1\n\n- Old.\n",
    )
    .unwrap();
    let (_kept, source, _) = copy.revision(ECHO, LOUD_ECHO);
    copy.update(&source).unwrap();
    let text = read(&copy.repository.changelog()).unwrap();
    assert!(
        text.starts_with("## Unreleased\n\n### Spec\n\nDocument version 2.1"),
        "{text}"
    );
    assert!(
        text.ends_with("\n\nverdict: additive\n\n## 0.0.1\n\n- Old.\n"),
        "{text}"
    );
}

#[test]
fn a_missing_listing_is_made() {
    let copy = Copy::new();
    fs::remove_dir_all(copy.repository.snapshot().parent().unwrap()).unwrap();
    let (_kept, source, _) = copy.revision(ECHO, LOUD_ECHO);
    copy.update(&source).unwrap();
    assert!(copy.repository.snapshot().exists());
}

#[test]
#[cfg(unix)]
fn permissions_stay() {
    use std::os::unix::fs::PermissionsExt as _;

    let copy = Copy::new();
    let document = copy.repository.document();
    fs::set_permissions(&document, fs::Permissions::from_mode(0o640)).unwrap();
    let (_kept, source, _) = copy.revision(ECHO, LOUD_ECHO);
    copy.update(&source).unwrap();
    let mode = fs::metadata(document).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
}
