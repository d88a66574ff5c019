//! Revisions the publisher might put out, and files that are none: what each must produce.
//!
//! Every document in `corpus/` says so itself, in lines at its head (comments; in JSON the list
//! `x-corpus`):
//!
//! - `trait: …`: what is special about it;
//! - `expects types: …`, `expects client: …`, `expects operations: …`: text that the generated file
//!   holds, white space aside;
//! - `absent types: …` and so on: text that it does not hold;
//! - `refused: …`: text of the error.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use pos_system_api_codegen::{Error, Generated, Pipeline, read};

/// A document and what its head says.
struct Document {
    path: PathBuf,
    /// What is promised, and the text it is promised of.
    head: Vec<(String, String)>,
}

impl Document {
    fn of(path: PathBuf) -> Self {
        let bytes = fs::read(&path).unwrap();
        let lines: Vec<String> = if path.extension().is_some_and(|is| is == "json") {
            let document: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
            serde_json::from_value(document["x-corpus"].clone()).unwrap()
        } else {
            String::from_utf8_lossy(&bytes)
                .trim_start_matches('\u{feff}')
                .lines()
                .map_while(|line| line.strip_prefix("# "))
                .map(str::to_owned)
                .collect()
        };
        let head = lines
            .iter()
            .filter_map(|line| line.split_once(": "))
            .map(|(word, text)| (word.to_owned(), text.trim().to_owned()))
            .collect();
        Self { path, head }
    }

    fn generate(&self) -> Result<Generated, Error> {
        let origin = self.path.display().to_string();
        let text = read(&self.path)?;
        let tables = [table("overlay.yaml"), table("names.yaml")];
        let mut pipeline = Pipeline::new(&text, &origin);
        if let [Some(overlay), Some(names)] = &tables {
            pipeline = pipeline.with_overlay(overlay, "overlay.yaml");
            pipeline = pipeline.with_names(names, "names.yaml");
        }
        // As the crate that has the facade.
        pipeline.with_facade(true).generate()
    }
}

/// The project's own table, which is not part of the packaged crate.
fn table(name: &str) -> Option<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi");
    let text = fs::read_to_string(path.join(name)).ok();
    if text.is_none() {
        println!("{name} is not here: generated without it, and its promises are not checked");
    }
    text
}

/// The documents of a folder, in the order of their names.
fn corpus(folder: &str) -> Vec<Document> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let files = fs::read_dir(path.join(folder)).unwrap();
    let mut paths: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().map(Document::of).collect()
}

fn without_space(text: &str) -> String {
    text.split_whitespace().collect()
}

/// What a document was to produce and did not.
fn broken_promises(document: &Document, generated: &Generated) -> Vec<String> {
    let (types, client, operations) = (
        without_space(&generated.types),
        without_space(&generated.client),
        without_space(&generated.operations),
    );
    let mut broken = Vec::new();
    for (word, text) in &document.head {
        let (is_expected, place) = match word.split_once(' ') {
            Some(("expects", place)) => (true, place),
            Some(("absent", place)) => (false, place),
            _ => continue,
        };
        let generated = match place {
            "types" => &types,
            "client" => &client,
            "operations" => &operations,
            _ => panic!("{}: no such file: {place}", document.path.display()),
        };
        if generated.contains(&without_space(text)) != is_expected {
            broken.push(format!("{}: {word}: {text}", document.path.display()));
        }
    }
    broken
}

#[test]
fn there_are_at_least_sixty_documents_and_each_says_what_it_is_for() {
    let (accepted, refused) = (corpus("accepted"), corpus("refused"));
    assert!(accepted.len() + refused.len() >= 60);
    for (documents, promise) in [(accepted, "expects "), (refused, "refused")] {
        for document in documents {
            let says = |word: &str| document.head.iter().any(|(said, _)| said.starts_with(word));
            let path = document.path.display();
            assert!(says("trait"), "{path} names no trait");
            assert!(says(promise), "{path} promises nothing");
        }
    }
}

#[test]
fn every_accepted_document_produces_what_it_says() {
    let has_names = table("names.yaml").is_some();
    let mut broken = Vec::new();
    for document in corpus("accepted") {
        match document.generate() {
            Ok(generated) => {
                for text in [&generated.types, &generated.client, &generated.operations] {
                    syn::parse_file(text).unwrap();
                }
                if has_names {
                    broken.extend(broken_promises(&document, &generated));
                }
            }
            Err(error) => broken.push(format!("{}: {error}", document.path.display())),
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn every_refused_document_is_refused_with_what_it_says() {
    let mut broken = Vec::new();
    for document in corpus("refused") {
        let path = document.path.display();
        let message = match document.generate() {
            Ok(_) => String::from("it was accepted"),
            Err(error) => error.to_string(),
        };
        let missing = document
            .head
            .iter()
            .filter(|(word, text)| word == "refused" && !message.contains(text.as_str()));
        broken.extend(missing.map(|(_, text)| format!("{path}: no `{text}` in: {message}")));
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn the_ids_of_the_operations_are_told() {
    let ids = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/accepted");
        let document = Document::of(path.join(name));
        document.generate().unwrap().operation_ids
    };
    if table("names.yaml").is_some() {
        assert_eq!(ids("yaml_crlf.yaml"), ["echo", "issue", "sign"]);
        assert_eq!(ids("endpoint_sign_gone.yaml"), ["echo", "issue"]);
        assert_eq!(ids("paths_empty.yaml"), Vec::<String>::new());
    }
}
