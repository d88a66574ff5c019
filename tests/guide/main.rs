//! The pages of `src/guide`: short where they promise it, and without links that lead nowhere. That their
//! examples hold is seen by the doctests, which run them at `till.rs`.

#![allow(clippy::panic, clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// How many lines an example of the three everyday tasks may have.
const MOST_LINES: usize = 15;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn page(name: &str) -> String {
    read(format!("src/guide/{name}.md"))
}

/// The pages that are there, by their files.
fn pages() -> BTreeSet<String> {
    let folder = fs::read_dir(root().join("src/guide")).unwrap();
    let files = folder.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let names = files.filter_map(|file| file.strip_suffix(".md").map(str::to_owned));
    names.filter(|name| name != "links").collect()
}

/// The examples of a page, each with the lines that a reader sees.
fn examples(page: &str) -> Vec<Vec<&str>> {
    let blocks = page.split("```rust").skip(1);
    blocks
        .map(|block| {
            let code = block.split("```").next().unwrap();
            let lines = code.lines().skip(1).filter(|line| {
                let line = line.trim_start();
                !(line.is_empty() || line == "#" || line.starts_with("# "))
            });
            lines.collect()
        })
        .collect()
}

/// `[text]: target` at the end of a page.
fn definitions(page: &str) -> Vec<(&str, &str)> {
    page.lines()
        .filter_map(|line| line.strip_prefix('[')?.split_once("]: "))
        .collect()
}

#[test]
fn a_refund_a_card_payment_with_tip_and_a_digital_receipt_are_short() {
    for (name, calls) in [
        ("refund", ["Receipt::refund_of(", "client.sign("]),
        ("pay_by_card", ["client.pay(", "client.sign("]),
        ("hand_over", ["client.issue(", "document_url()"]),
    ] {
        let page = page(name);
        let example = examples(&page).into_iter().next().unwrap();
        let code = example.join("\n");
        for call in calls {
            assert!(code.contains(call), "{name} has no {call}:\n{code}");
        }
        let lines = example.len();
        assert!(lines <= MOST_LINES, "{name} has {lines} lines:\n{code}");
    }
}

#[test]
fn hidden_lines_are_not_counted_and_others_are() {
    let page =
        "```rust\n# hidden\nseen\n\n#       hidden\n#[seen]\n# \n#\n    // seen\n```\nno code\n";
    assert_eq!(examples(page), [["seen", "#[seen]", "    // seen"]]);
}

#[test]
fn every_page_can_be_reached() {
    let pages = pages();
    assert!(pages.len() >= 7, "{pages:?}");
    let (modules, links, readme) = (read("src/guide/mod.rs"), page("links"), read("README.md"));
    for name in &pages {
        assert!(
            modules.lines().any(|line| line.trim() == name),
            "mod.rs lists no {name}"
        );
        assert!(
            modules.contains(&format!("[`{name}`]")),
            "the table has no {name}"
        );
        let text = name.replace('_', " ");
        let module = format!("crate::guide::{name}");
        assert!(
            definitions(&links).contains(&(&text, &module)),
            "links.md leads to no {name}"
        );
        let file = format!("src/guide/{name}.md");
        assert!(
            definitions(&readme).contains(&(&text, &file)),
            "README.md leads to no {name}"
        );
    }
}

#[test]
fn the_readme_depends_on_this_version() {
    let (major, rest) = env!("CARGO_PKG_VERSION").split_once('.').unwrap();
    let minor = rest.split('.').next().unwrap();
    let readme = read("README.md");
    let block = readme.split("```toml\n[dependencies]\n").nth(1).unwrap();
    for line in block.split("```").next().unwrap().lines() {
        let (name, version) = line.split_once(" = ").unwrap();
        assert!(
            name == "tokio" || version.starts_with(&format!("\"{major}.{minor}\"")),
            "{line}"
        );
    }
}

#[test]
fn links_between_pages_lead_to_pages() {
    let pages = pages();
    for name in &pages {
        let page = page(name);
        for (text, target) in definitions(&page) {
            if let Some(other) = target.strip_suffix(".md") {
                assert!(pages.contains(other), "{name} leads to {target}");
                assert_eq!(text, other.replace('_', " "), "in {name}");
            }
            let uses = page.matches(&format!("[{text}]")).count();
            assert!(uses > 1, "{name} defines [{text}] and has no use for it");
        }
    }
}
