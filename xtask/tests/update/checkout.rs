//! A copy of the files that an update works on.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use chrono::NaiveDate;
use tempfile::TempDir;
use xtask::Error;
use xtask::check::{Compiler, NoCompiler};
use xtask::repository::{Repository, read};
use xtask::update::{Curl, Replaced, Source, Update, Updated};

pub(crate) struct Copy {
    pub(crate) directory: TempDir,
    pub(crate) repository: Repository,
}

impl Copy {
    pub(crate) fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let here = Repository::here();
        let repository = Repository::at(directory.path());
        for (from, to) in files(&here).iter().zip(files(&repository)) {
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(from, to).unwrap();
        }
        // What this repository says today is not what the tests are about.
        fs::write(repository.provenance(), PROVENANCE).unwrap();
        fs::write(repository.changelog(), CHANGELOG).unwrap();
        Self {
            directory,
            repository,
        }
    }

    /// The document with a replacement, saved outside the repository.
    pub(crate) fn revision(&self, from: &str, to: &str) -> (TempDir, Source, String) {
        let text = read(&self.repository.document()).unwrap();
        let revised = text.replacen(from, to, 1);
        assert_ne!(text, revised);
        saved(revised)
    }

    pub(crate) fn update(&self, source: &Source) -> Result<Updated, Error> {
        self.update_with(source, &NoCompiler, false)
    }

    pub(crate) fn update_with(
        &self,
        source: &Source,
        compiler: &dyn Compiler,
        dry_run: bool,
    ) -> Result<Updated, Error> {
        self.updater(compiler, dry_run, &Curl::default())
            .run(source)
    }

    pub(crate) fn updater<'a>(
        &'a self,
        compiler: &'a dyn Compiler,
        dry_run: bool,
        curl: &'a Curl,
    ) -> Update<'a> {
        Update {
            repository: &self.repository,
            compiler,
            curl,
            today: NaiveDate::from_ymd_opt(2031, 5, 6).unwrap(),
            strict: true,
            dry_run,
        }
    }

    /// Every file and its contents.
    pub(crate) fn state(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut state = BTreeMap::new();
        let mut open = vec![self.directory.path().to_owned()];
        while let Some(directory) = open.pop() {
            for entry in fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path);
                } else {
                    state.insert(path.clone(), fs::read(path).unwrap());
                }
            }
        }
        state
    }
}

fn files(repository: &Repository) -> [PathBuf; 8] {
    let [(_, overlay_copy), (_, names_copy)] = repository.carried();
    [
        overlay_copy,
        names_copy,
        repository.document(),
        repository.overlay(),
        repository.names(),
        repository.provenance(),
        repository.changelog(),
        repository.snapshot(),
    ]
}

pub(crate) fn saved(text: String) -> (TempDir, Source, String) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("published.yaml");
    fs::write(&path, &text).unwrap();
    (directory, Source::File(path), text)
}

pub(crate) fn replaced(updated: Updated) -> Replaced {
    match updated {
        Updated::Replaced(replaced) => *replaced,
        other => panic!("{other:?}"),
    }
}

const PROVENANCE: &str = "# Where from\n\n| | |\n|---|---|\n| Written | 2026-01-01 |\n| From | memory, a transcription |\n| sha256 | `0` |\n\nKept.\n";
const CHANGELOG: &str = "# Changelog\n\n## Unreleased\n\n### Added\n\n- A thing.\n\n### Spec\n\n- Before.\n\n## 0.0.1\n\n### Spec\n\n- Old.\n";
pub(crate) const ECHO: &str = "    EchoRequest:\n      type: object\n      properties:\n";
pub(crate) const LOUD_ECHO: &str = "    EchoRequest:\n      type: object\n      properties:\n        Loudness:\n          type: integer\n";
