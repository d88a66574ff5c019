//! Chores of this repository: `cargo xtask --help`.

use std::fmt;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::bench::Bench;
use xtask::check::{Cargo, Compiler, NoCompiler, check};
use xtask::diff::{Rules, diff};
use xtask::document::Document;
use xtask::repository::{Repository, read};
use xtask::update::{Curl, Source, Update, Updated};
use xtask::{Error, api};

/// Chores of this repository.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// The OpenAPI document.
    #[command(subcommand)]
    Spec(Spec),
    /// Writes api/client.txt, the listing of the generated public surface.
    Api {
        /// Only compares; exits with 1 if the listing is stale.
        #[arg(long)]
        check: bool,
    },
    /// Runs the benchmarks and writes their tables into docs/performance.md. Exits with 0 however slow
    /// anything is.
    Bench {
        /// Few rounds: shows that the benchmarks work, not how fast anything is.
        #[arg(long)]
        quick: bool,
    },
}

#[derive(Debug, Subcommand)]
enum Spec {
    /// Tells whether a document can become a client. Exits with 0 or 1.
    Check {
        /// The document.
        file: PathBuf,
        /// Refuses overlay targets that match nothing.
        #[arg(long)]
        strict: bool,
        /// Lists every change that the pipeline makes.
        #[arg(long)]
        verbose: bool,
        /// Runs the pipeline only.
        #[arg(long)]
        no_compile: bool,
    },
    /// Shows what differs for callers. Exits with 0 whatever the verdict, with 1 if a document
    /// cannot be read.
    Diff {
        /// The document before.
        old: PathBuf,
        /// The document after.
        new: PathBuf,
        /// Writes sections for a changelog.
        #[arg(long)]
        markdown: bool,
    },
    /// Replaces the document and everything that follows from it; after a failure nothing is
    /// changed and the exit code is 1.
    Update {
        /// A file, or an http or https address.
        source: Option<String>,
        /// Refuses overlay targets that match nothing.
        #[arg(long)]
        strict: bool,
        /// Shows what would be done.
        #[arg(long)]
        dry_run: bool,
        /// Does not compile the new client.
        #[arg(long)]
        no_compile: bool,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().chore) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// A line on standard output. Whoever closed it does not want to read on.
fn say(line: fmt::Arguments<'_>) {
    let _ = writeln!(io::stdout().lock(), "{line}");
}

fn run(chore: Chore) -> Result<(), Error> {
    let repository = Repository::here();
    match chore {
        Chore::Api { check: true } => {
            api::verify(&repository)?;
            say(format_args!("{} is fresh", repository.snapshot().display()));
        }
        Chore::Api { check: false } => {
            let state = if api::refresh(&repository)? {
                "written"
            } else {
                "fresh already"
            };
            say(format_args!("{}: {state}", repository.snapshot().display()));
        }
        Chore::Bench { quick } => {
            let bench = Bench {
                repository: &repository,
                quick,
                today: chrono::Utc::now().date_naive(),
            };
            bench.run()?;
            say(format_args!(
                "{}: written",
                repository.performance().display()
            ));
        }
        Chore::Spec(Spec::Check {
            file,
            strict,
            verbose,
            no_compile,
        }) => {
            let checked = check(
                &repository,
                &read(&file)?,
                &file.display().to_string(),
                strict,
            )?;
            if verbose {
                for note in &checked.generated.notes {
                    say(format_args!("{note}"));
                }
            }
            say(format_args!("{}", checked.to_string().trim_end()));
            if !no_compile {
                let warnings = Cargo::of(&repository).compile(&file)?;
                if !warnings.is_empty() {
                    eprintln!("{warnings}");
                }
            }
            say(format_args!("accepted"));
        }
        Chore::Spec(Spec::Diff { old, new, markdown }) => {
            let rules = Rules::read(&repository.names())?;
            let changes = diff(&Document::read(&old)?, &Document::read(&new)?, &rules);
            if markdown {
                say(format_args!("{}", changes.to_markdown()));
            } else {
                say(format_args!("{changes}"));
            }
        }
        Chore::Spec(Spec::Update {
            source,
            strict,
            dry_run,
            no_compile,
        }) => {
            let source = source.filter(|source| !source.is_empty()).ok_or_else(|| {
                Error::Fetch {
                    address: "the document".into(),
                    reason: "no address is known; give the file or the address of the published document".into(),
                }
            })?;
            let cargo = Cargo::of(&repository);
            let update = Update {
                repository: &repository,
                compiler: if no_compile { &NoCompiler } else { &cargo },
                curl: &Curl::default(),
                today: chrono::Utc::now().date_naive(),
                strict,
                dry_run,
            };
            match update.run(&Source::of(&source))? {
                Updated::Replaced(replaced) => say(format_args!("{replaced}")),
                Updated::Unchanged { reminders } => {
                    for reminder in reminders {
                        say(format_args!("reminder: {reminder}"));
                    }
                    say(format_args!("unchanged: the document is the one in place"));
                }
                // Any case that comes later.
                _ => {}
            }
        }
    }
    Ok(())
}
