//! The programs run, and fill their tables. Nothing is said about how fast anything is.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::process::Command;

/// What a program prints in a quick run.
fn printed(program: &str) -> String {
    let output = Command::new(program).arg("--quick").output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// The cells of a section's rows that can be read as numbers.
fn numbers(printed: &str, heading: &str) -> Vec<f64> {
    let (_, section) = printed.split_once(&format!("### {heading}\n")).unwrap();
    section
        .split("### ")
        .next()
        .unwrap()
        .lines()
        .filter(|line| line.starts_with('|'))
        .flat_map(|line| line.split('|'))
        .filter_map(|cell| cell.trim().parse().ok())
        .collect()
}

#[test]
fn the_timings_fill_their_tables() {
    let printed = printed(env!("CARGO_BIN_EXE_timings"));
    for (heading, cells) in [
        ("One sign", 15),
        ("Throughput", 15),
        ("A durable sign", 24),
        ("A receipt of 1,000 lines", 6),
        ("A journal: speed", 6),
    ] {
        let numbers = numbers(&printed, heading);
        assert_eq!(numbers.len(), cells, "{heading}: {printed}");
        assert!(numbers.iter().all(|number| number.is_finite()), "{printed}");
    }
}

#[test]
fn the_allocations_fill_their_tables() {
    let printed = printed(env!("CARGO_BIN_EXE_allocations"));
    let signs = numbers(&printed, "One sign: allocations");
    assert_eq!(signs.len(), 12, "{printed}");
    // A typed answer alone is more than a handful.
    assert!(signs[0] > 10.0 && signs[3] > 10.0, "{printed}");
    let journal = numbers(&printed, "A journal: memory");
    assert_eq!(journal.len(), 6, "{printed}");
    assert!(journal[0] > 0.0, "{printed}");
}
