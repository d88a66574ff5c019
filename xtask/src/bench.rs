//! Runs the benchmarks and writes their tables into the documentation.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::process::{Command, Stdio};
use std::thread;

use chrono::NaiveDate;

use crate::Error;
use crate::repository::{Repository, read};

/// The package, and its programs in the order of their tables.
const PACKAGE: &str = "pos-system-api-benches";
const PROGRAMS: [&str; 2] = ["timings", "allocations"];

/// What stands around the tables.
const BEGIN: &str = "<!-- written by `cargo xtask bench`: begin -->";
const END: &str = "<!-- written by `cargo xtask bench`: end -->";

/// A run of all benchmarks. It does not fail because something is slow.
#[derive(Debug)]
pub struct Bench<'a> {
    /// The repository.
    pub repository: &'a Repository,
    /// Few rounds: the tables then show that the programs work, not how fast they are.
    pub quick: bool,
    /// The date of the run.
    pub today: NaiveDate,
}

impl Bench<'_> {
    /// Builds the programs in release mode, runs them one after the other, and replaces what stands between
    /// the marks in `docs/performance.md`.
    ///
    /// # Errors
    /// [`Error::Program`] if one does not compile or run, [`Error::Form`] if the marks are missing, and
    /// [`Error::File`].
    pub fn run(&self) -> Result<(), Error> {
        let path = self.repository.performance();
        // Before minutes are spent.
        splice(&read(&path)?, "").ok_or_else(|| missing_marks(self.repository))?;
        self.cargo("build", &[])?;
        let mut text = self.machine()?;
        for program in PROGRAMS {
            let mut arguments = vec!["--bin", program, "--"];
            arguments.extend(self.quick.then_some("--quick"));
            text.push('\n');
            text.push_str(self.cargo("run", &arguments)?.trim_end());
            text.push('\n');
        }
        let page = splice(&read(&path)?, &text).ok_or_else(|| missing_marks(self.repository))?;
        fs::write(&path, page).map_err(Error::file("write", &path))
    }

    /// Where and how it was measured.
    fn machine(&self) -> Result<String, Error> {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let rustc = output(Command::new(tool("RUSTC", "rustc")).arg("--version"))?;
        let processor = fs::read_to_string("/proc/cpuinfo")
            .ok()
            .and_then(|text| processor(&text).map(|name| format!(" of {name}")))
            .unwrap_or_default();
        let effort = if self.quick {
            " **A quick run: too few rounds for the figures to mean anything.**"
        } else {
            ""
        };
        Ok(format!(
            "Measured on {} on {cores} cores{processor} with {}, release profile, server and client on the \
             same machine.{effort}\n",
            self.today,
            rustc.trim(),
        ))
    }

    fn cargo(&self, command: &str, arguments: &[&str]) -> Result<String, Error> {
        output(
            Command::new(tool("CARGO", "cargo"))
                .args([command, "--release", "--quiet", "--package", PACKAGE])
                .args(arguments)
                .current_dir(self.repository.root()),
        )
    }
}

/// The program that cargo names, or the one in the path.
fn tool(variable: &str, name: &str) -> OsString {
    env::var_os(variable).unwrap_or_else(|| name.into())
}

/// What a program prints; its errors are shown as they come.
fn output(command: &mut Command) -> Result<String, Error> {
    let program = command.get_program().to_string_lossy().into_owned();
    let fail = |reason: String| Error::Program {
        program: program.clone(),
        reason,
    };
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| fail(error.to_string()))?;
    if !output.status.success() {
        return Err(fail(output.status.to_string()));
    }
    String::from_utf8(output.stdout).map_err(|error| fail(error.to_string()))
}

/// The processor's name in the words of Linux.
fn processor(cpuinfo: &str) -> Option<&str> {
    cpuinfo
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(member, _)| member.trim() == "model name")
        .map(|(_, name)| name.trim())
        .filter(|name| !name.is_empty())
}

/// The page with `tables` between its marks; `None` if it has none.
fn splice(page: &str, tables: &str) -> Option<String> {
    let (before, rest) = page.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n\n{tables}\n{END}{after}"))
}

fn missing_marks(repository: &Repository) -> Error {
    Error::Form {
        path: repository.performance(),
        reason: format!(
            "there are no lines `{BEGIN}` and `{END}`; put them where the tables belong"
        ),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_between_the_marks_is_replaced() {
        let page = format!("before\n{BEGIN}\nold\n{END}\nafter\n");
        let once = splice(&page, "new\n").unwrap();
        assert_eq!(once, format!("before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"));
        assert_eq!(splice(&once, "new\n").unwrap(), once);
        for page in ["", BEGIN, END, &format!("{END}{BEGIN}")] {
            assert_eq!(splice(page, "new"), None, "{page}");
        }
    }

    #[test]
    fn the_page_has_a_place_for_the_tables() {
        let page = read(&Repository::here().performance()).unwrap();
        assert!(splice(&page, "").is_some());
    }

    #[test]
    fn a_processor_is_named_where_linux_names_it() {
        let text = "processor\t: 0\nmodel name\t: Some CPU @ 2 GHz\nmodel name\t: other\n";
        assert_eq!(processor(text), Some("Some CPU @ 2 GHz"));
        assert_eq!(processor("processor\t: 0\nmodel name\t:\n"), None);
    }

    #[test]
    fn a_program_that_fails_is_named() {
        let error = output(Command::new("no-such-program-here").arg("x")).unwrap_err();
        assert!(
            error.to_string().contains("no-such-program-here"),
            "{error}"
        );
    }
}
