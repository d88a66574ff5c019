//! What is not what was written is refused, or makes no difference: never a row changed or dropped.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a failure here fails the test"
)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use pos_system_api::store::{Row, StoreErrorKind};
use pos_system_api_store_sqlite::{SqliteReader, SqliteStore};
use support::{add, all, fill, open, path};
use tempfile::TempDir;

/// The files of a store by their endings, and the rows in it.
struct Image {
    files: BTreeMap<&'static str, Vec<u8>>,
    rows: Vec<Row>,
}

/// What became of a damaged image.
#[derive(Debug, PartialEq, Eq)]
enum Seen {
    Refused,
    /// By the counter of commits: SQLite itself has nothing against it.
    Missed,
    Whole,
}

impl Seen {
    fn is_refused(&self) -> bool {
        *self != Self::Whole
    }
}

/// How often which of them was seen.
#[derive(Debug, Default)]
struct Tally {
    refused: usize,
    missed: usize,
    whole: usize,
}

impl Tally {
    fn add(&mut self, seen: &Seen) {
        match seen {
            Seen::Refused => self.refused += 1,
            Seen::Missed => self.missed += 1,
            Seen::Whole => self.whole += 1,
        }
    }

    fn is_refused(&self) -> usize {
        self.refused + self.missed
    }
}

impl Image {
    /// The files as they are now.
    fn of(directory: &Path, rows: Vec<Row>) -> Self {
        let read = |ending| {
            let file = directory.join(format!("till.db{ending}"));
            fs::read(file).ok().map(|bytes| (ending, bytes))
        };
        let files = ["", "-wal", "-commits"].into_iter().filter_map(read);
        Self {
            files: files.collect(),
            rows,
        }
    }

    /// A store that was closed: all is in the database file.
    fn closed() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let rows = fill(directory.path(), 8);
        let image = Self::of(directory.path(), rows);
        assert!(!image.files.contains_key("-wal"));
        image
    }

    /// A store whose process was killed: the last operations are in the log alone.
    fn killed() -> Self {
        let directory = tempfile::tempdir().unwrap();
        fill(directory.path(), 5);
        let store = open(directory.path());
        add(&store, 2);
        Self::of(directory.path(), all(&store))
    }

    /// A store whose process was killed when it had brought the log to the database file.
    fn checkpointed() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = open(directory.path());
        add(&store, 2);
        let beside = rusqlite::Connection::open(path(directory.path())).unwrap();
        beside
            .query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
            .unwrap();
        Self::of(directory.path(), all(&store))
    }

    /// Puts a changed file in its place and opens the store.
    fn open_with(&self, directory: &Path, ending: &str, bytes: Option<&[u8]>, what: &str) -> Seen {
        for entry in fs::read_dir(directory).unwrap() {
            fs::remove_file(entry.unwrap().path()).unwrap();
        }
        let mut before = self.files.clone();
        match bytes {
            Some(bytes) => {
                *before.get_mut(ending).unwrap() = bytes.to_owned();
            }
            None => {
                before.remove(ending);
            }
        }
        for (ending, bytes) in &before {
            fs::write(directory.join(format!("till.db{ending}")), bytes).unwrap();
        }
        match SqliteStore::open(path(directory)) {
            Ok(store) => {
                assert!(all(&store) == self.rows, "{what}: rows differ");
                Seen::Whole
            }
            Err(error) => {
                let kind = error.kind();
                assert!(
                    matches!(kind, StoreErrorKind::Damaged | StoreErrorKind::TooNew),
                    "{what}: {error:?}"
                );
                self.nothing_was_changed(directory, &before, what);
                self.salvage(directory, what);
                if error.to_string().contains("of them are gone") {
                    Seen::Missed
                } else {
                    Seen::Refused
                }
            }
        }
    }

    /// A refused store is evidence, and what a person repairs.
    fn nothing_was_changed(
        &self,
        directory: &Path,
        before: &BTreeMap<&'static str, Vec<u8>>,
        what: &str,
    ) {
        for (ending, bytes) in before {
            let after = fs::read(directory.join(format!("till.db{ending}"))).unwrap_or_default();
            assert!(after == *bytes, "{what}: till.db{ending} was changed");
        }
    }

    /// What is given of a refused store is what was written, and what is not given is named.
    fn salvage(&self, directory: &Path, what: &str) {
        let Ok(reader) = SqliteReader::open(path(directory)) else {
            return;
        };
        let mut given = Vec::new();
        let mut lost = 0;
        let remarks = reader.salvage(|row| match row {
            Ok(row) => given.push(row),
            Err(_) => lost += 1,
        });
        for row in &given {
            let same = |written: &&Row| written.operation_id == row.operation_id;
            let written = self.rows.iter().find(same).expect("a row that was written");
            // An end of the log that is gone leaves rows as they were before it.
            assert!(
                row.is_intact() && row.revision <= written.revision,
                "{what}"
            );
        }
        if let Ok(remarks) = remarks {
            let is_all = given == self.rows;
            // What is wrong outside the rows is said by the open itself.
            assert!(is_all || lost > 0 || !remarks.is_empty(), "{what}");
        }
    }

    /// Changes each byte of a file, by a stride.
    fn flip(&self, ending: &str, stride: usize, pattern: fn(usize) -> u8) -> Tally {
        let directory = tempfile::tempdir().unwrap();
        let mut bytes = self.files[ending].clone();
        let mut tally = Tally::default();
        for index in (0..bytes.len()).step_by(stride) {
            bytes[index] ^= pattern(index);
            let what = format!("byte {index} of till.db{ending}");
            tally.add(&self.open_with(directory.path(), ending, Some(&bytes), &what));
            bytes[index] ^= pattern(index);
        }
        println!("till.db{ending}: {tally:?}");
        tally
    }

    /// Cuts a file at each length, by a stride.
    fn truncate(&self, ending: &str, stride: usize) -> Tally {
        let directory = tempfile::tempdir().unwrap();
        let bytes = &self.files[ending];
        let mut tally = Tally::default();
        for length in (0..bytes.len()).step_by(stride) {
            let what = format!("{length} bytes of till.db{ending}");
            let cut = &bytes[..length];
            tally.add(&self.open_with(directory.path(), ending, Some(cut), &what));
        }
        println!("till.db{ending}: {tally:?}");
        tally
    }
}

fn all_bits(_: usize) -> u8 {
    0xff
}

fn one_bit(index: usize) -> u8 {
    1 << (index % 8)
}

#[test]
fn an_image_that_was_not_changed_is_whole() {
    for image in [Image::closed(), Image::killed(), Image::checkpointed()] {
        let directory = tempfile::tempdir().unwrap();
        let bytes = image.files[""].clone();
        let seen = image.open_with(directory.path(), "", Some(&bytes), "unchanged");
        assert_eq!(seen, Seen::Whole);
    }
}

#[test]
fn flipped_bytes_of_the_database() {
    let seen = Image::closed().flip("", 127, all_bits);
    // Pages have room that holds nothing, and checksums elsewhere.
    assert!(seen.refused > 0 && seen.whole > 0, "{seen:?}");
}

/// These two bytes say whether SQLite may write and read the database at all.
#[test]
fn another_format_of_the_database_is_damage() {
    let image = Image::closed();
    let directory = tempfile::tempdir().unwrap();
    for index in [18, 19] {
        let mut bytes = image.files[""].clone();
        bytes[index] = 9;
        let what = format!("byte {index}");
        let seen = image.open_with(directory.path(), "", Some(&bytes), &what);
        assert_eq!(seen, Seen::Refused, "{what}");
    }
}

#[test]
fn a_cut_database_is_refused() {
    assert_eq!(Image::closed().truncate("", 509).whole, 0);
}

#[test]
fn flipped_bytes_of_the_log() {
    let seen = Image::killed().flip("-wal", 331, one_bit);
    assert_eq!(seen.whole, 0, "each byte of the log stands for a commit");
    // All of it is in the database already: its beginning may go.
    Image::checkpointed().flip("-wal", 331, one_bit);
}

#[test]
fn a_cut_log_is_refused() {
    let seen = Image::killed().truncate("-wal", 331);
    assert_eq!(seen.whole, 0);
    Image::checkpointed().truncate("-wal", 331);
}

#[test]
fn flipped_bytes_of_the_counter_make_no_difference() {
    for image in [Image::closed(), Image::killed()] {
        assert_eq!(image.flip("-commits", 13, all_bits).is_refused(), 0);
    }
}

#[test]
fn a_cut_counter_is_refused_when_nothing_of_it_is_left() {
    let seen = Image::closed().truncate("-commits", 13);
    // A slot is 72 bytes.
    assert_eq!(seen.refused, 72_usize.div_ceil(13));
}

#[test]
fn files_that_are_gone_are_missed() {
    let directory = tempfile::tempdir().unwrap();
    let (closed, killed) = (Image::closed(), Image::killed());
    for (image, ending) in [
        (&closed, ""),
        (&closed, "-commits"),
        (&killed, ""),
        (&killed, "-wal"),
        (&killed, "-commits"),
    ] {
        let what = format!("without till.db{ending}");
        let seen = image.open_with(directory.path(), ending, None, &what);
        assert!(seen.is_refused(), "{what}");
    }
}

#[test]
fn an_older_copy_of_the_database_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    fill(directory.path(), 2);
    let older = fs::read(path(directory.path())).unwrap();
    let rows = fill(directory.path(), 1);
    let image = Image::of(directory.path(), rows);
    let elsewhere = tempfile::tempdir().unwrap();
    let seen = image.open_with(elsewhere.path(), "", Some(&older), "older");
    assert!(seen.is_refused());
}

#[test]
fn files_of_two_stores_are_refused() {
    let (one, other) = (Image::closed(), Image::closed());
    let directory = tempfile::tempdir().unwrap();
    let seen = one.open_with(
        directory.path(),
        "-commits",
        Some(&other.files["-commits"]),
        "files of two stores",
    );
    assert!(seen.is_refused());
}

/// Something that is no store at all is refused, and not touched.
#[test]
fn what_is_no_store_is_refused() {
    let directory: TempDir = tempfile::tempdir().unwrap();
    let file = path(directory.path());
    fs::write(&file, "a letter").unwrap();
    let error = SqliteStore::open(&file).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Damaged);
    assert_eq!(fs::read(&file).unwrap(), b"a letter");

    fs::remove_file(&file).unwrap();
    let other = rusqlite::Connection::open(&file).unwrap();
    other.execute_batch("CREATE TABLE letters (text)").unwrap();
    drop(other);
    let error = SqliteStore::open(&file).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Damaged);
}

#[test]
#[ignore = "long: each byte of the database"]
fn each_byte_of_the_database() {
    let image = Image::closed();
    image.flip("", 1, all_bits);
    image.flip("", 1, one_bit);
    assert_eq!(image.truncate("", 1).whole, 0);
}

#[test]
#[ignore = "long: each byte of the log"]
fn each_byte_of_the_log() {
    let image = Image::killed();
    assert_eq!(image.flip("-wal", 1, one_bit).whole, 0);
    assert_eq!(image.truncate("-wal", 1).whole, 0);
}

#[test]
#[ignore = "long: each byte of a log that is in the database already"]
fn each_byte_of_a_log_that_is_not_needed() {
    let image = Image::checkpointed();
    image.flip("-wal", 1, one_bit);
    image.truncate("-wal", 1);
}

#[test]
#[ignore = "long: each byte of the counter"]
fn each_byte_of_the_counter() {
    for image in [Image::closed(), Image::killed()] {
        assert_eq!(image.flip("-commits", 1, all_bits).is_refused(), 0);
        assert_eq!(image.truncate("-commits", 1).refused, 72);
    }
}
