//! `sign`: receipts from files or standard input, one JSON line each.

mod documents;
mod progress;
mod receipt_text;
mod report;

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use uuid::Uuid;

use crate::arguments::Sign;
use crate::exit::{Exit, Stop};
use crate::input::STANDARD_INPUT;
use crate::interrupt::Interrupt;
use crate::message::{notice, say};
use crate::operation_log::{DurableClient, Next};
use documents::Documents;
use progress::Progress;
use receipt_text::{LONGEST_RECEIPT, ReceiptText};
use report::Report;

/// Where receipts come from.
enum Source {
    /// A file, read in whole.
    File(ReceiptText),
    StandardInput,
}

pub(crate) async fn run(options: Sign) -> Result<Exit, Stop> {
    let sources = sources(&options.files, options.operation_id)?;
    let interrupt = Interrupt::new()
        .map_err(|error| Stop::usage(format!("Signals cannot be listened to: {error}")))?;
    let client = options.connection.client()?;
    client.tell_of_earlier_runs(Next::InOrder).await?;
    let progress = progress(&sources, options.operation_id);
    let mut signing = Signing {
        stops_at_open: !options.keep_going && !client.keeps_order(),
        is_stopped: false,
        client,
        operation_id: options.operation_id,
        interrupt,
        exit: Exit::Good,
        begun: false,
        progress,
    };
    for source in sources {
        match source {
            Source::File(text) => signing.sign(text).await?,
            Source::StandardInput if options.operation_id.is_some() => {
                signing.sign_only_one().await?;
            }
            Source::StandardInput => signing.sign_all_of_standard_input().await?,
        }
    }
    Ok(signing.exit)
}

/// The sources, every file read: a batch with a wrong name is not begun.
fn sources(files: &[PathBuf], operation_id: Option<Uuid>) -> Result<Vec<Source>, Stop> {
    if operation_id.is_some() && files.len() > 1 {
        return Err(not_for_several());
    }
    let is_input = |file: &&PathBuf| file.as_os_str() == STANDARD_INPUT;
    if files.iter().filter(is_input).count() > 1 {
        return Err(Stop::usage("Standard input can be read once only"));
    }
    if files.is_empty() {
        return Ok(vec![Source::StandardInput]);
    }
    let mut unreadable = Vec::new();
    let mut sources = Vec::with_capacity(files.len());
    for file in files {
        if is_input(&file) {
            sources.push(Source::StandardInput);
            continue;
        }
        match read(file) {
            Ok(text) => sources.push(Source::File(ReceiptText::of_file(file, text))),
            Err(error) => unreadable.push(format!("{}: {error}", file.display())),
        }
    }
    if unreadable.is_empty() {
        Ok(sources)
    } else {
        Err(Stop::usage(format!(
            "Nothing was sent, because not every file can be read: {}",
            unreadable.join("; ")
        )))
    }
}

/// How many receipts there will be: one a file, and nobody knows how many on standard input.
fn progress(sources: &[Source], operation_id: Option<Uuid>) -> Progress {
    let has_input = sources
        .iter()
        .any(|source| matches!(source, Source::StandardInput));
    match (sources.len(), has_input) {
        _ if operation_id.is_some() || (has_input && io::stdin().is_terminal()) => {
            Progress::hidden()
        }
        (_, true) => Progress::of(None),
        (1, false) => Progress::hidden(),
        (files, false) => Progress::of(u64::try_from(files).ok()),
    }
}

fn not_for_several() -> Stop {
    Stop::usage("--operation-id is for a single receipt; nothing was sent")
}

/// A file's text. One byte too many is enough to see that it is too long.
fn read(file: &Path) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    File::open(file)?
        .take(LONGEST_RECEIPT as u64 + 1)
        .read_to_end(&mut text)?;
    Ok(text)
}

/// A batch on its way.
struct Signing {
    client: DurableClient,
    operation_id: Option<Uuid>,
    interrupt: Interrupt,
    /// Whether nothing is sent after a receipt that stays open: the next one would be signed before it.
    stops_at_open: bool,
    /// Whether there was one.
    is_stopped: bool,
    /// The worst so far.
    exit: Exit,
    /// Whether there was a receipt at all.
    begun: bool,
    progress: Progress,
}

impl Signing {
    /// Signs one receipt and reports it, unless one before it is open.
    async fn sign(&mut self, text: ReceiptText) -> Result<(), Stop> {
        let place = text.place.clone();
        let (report, id) = match text.receipt() {
            Ok(_) if self.is_stopped => (Report::unsent(place), None),
            Ok(receipt) => {
                let mut call = self.client.client.sign(receipt);
                if let Some(id) = self.operation_id {
                    call = call.with_operation_id(id);
                }
                let id = call.operation_id();
                let report = tokio::select! {
                    biased;
                    result = call => {
                        let says = self.client.says_after(id, &result).await;
                        Report::of(place, id, result).with_log(says)
                    }
                    () = self.interrupt.wait() => {
                        let says = self.client.says(id).await;
                        self.tell(&Report::interrupted(place, id).with_log(says))?;
                        return Err(stopped(Exit::Open));
                    }
                };
                (report, id)
            }
            Err(reason) => (Report::unreadable(place, &reason), None),
        };
        self.is_stopped |= self.stops_at_open && report.may_be_signed_later();
        self.tell(&report)?;
        self.client.told(id, report.exit()).await;
        Ok(())
    }

    /// One line on standard output, and a sentence on standard error unless it is signed.
    fn tell(&mut self, report: &Report) -> Result<(), Stop> {
        self.begun = true;
        self.exit = self.exit.worst(report.exit());
        self.progress.advance(report.exit());
        let written = self.progress.aside(|| {
            if let Some(sentence) = report.sentence() {
                notice(&sentence);
            }
            report.to_json().and_then(|line| say(&line))
        });
        written.map_err(|error| {
            Stop::new(
                Exit::Open,
                format!(
                    "Standard output cannot be written, so no more receipts are sent; the last one: \
                     {}{}: {error}",
                    report.in_short(),
                    report.under_its_id()
                ),
            )
        })
    }

    /// Signs each receipt as soon as it is complete.
    async fn sign_all_of_standard_input(&mut self) -> Result<(), Stop> {
        let mut documents = Documents::default();
        let mut input = Input::new();
        let mut count = 0_usize;
        while let Some(line) = self.next_line(&mut input).await? {
            for text in documents.add_line(&line) {
                count += 1;
                self.sign(text).await?;
            }
        }
        for text in documents.end() {
            count += 1;
            self.sign(text).await?;
        }
        if count == 0 {
            return Err(self.nothing_to_sign());
        }
        Ok(())
    }

    /// Signs the receipt on standard input if it is the only one.
    async fn sign_only_one(&mut self) -> Result<(), Stop> {
        let mut documents = Documents::default();
        let mut input = Input::new();
        let mut texts = Vec::new();
        while let Some(line) = self.next_line(&mut input).await? {
            texts.extend(documents.add_line(&line));
            if texts.len() > 1 {
                return Err(not_for_several());
            }
        }
        texts.extend(documents.end());
        match (texts.pop(), texts.is_empty()) {
            (Some(text), true) => self.sign(text).await,
            (Some(_), false) => Err(not_for_several()),
            (None, _) => Err(self.nothing_to_sign()),
        }
    }

    /// An empty input is more likely a broken pipeline than a day without sales.
    fn nothing_to_sign(&self) -> Stop {
        let exit = if self.begun {
            self.exit.worst(Exit::Refused)
        } else {
            Exit::Usage
        };
        Stop::new(exit, "Standard input holds no receipt")
    }

    async fn next_line(&mut self, input: &mut Input) -> Result<Option<Vec<u8>>, Stop> {
        tokio::select! {
            biased;
            line = input.next_line() => line.map_err(|error| {
                Stop::new(
                    self.exit.worst(Exit::Refused),
                    format!("Standard input cannot be read: {error}"),
                )
            }),
            () = self.interrupt.wait() => Err(stopped(self.exit.worst(Exit::Refused))),
        }
    }
}

fn stopped(exit: Exit) -> Stop {
    Stop::new(exit, "Stopped by a signal; no more receipts are sent")
}

/// Standard input by lines.
struct Input(BufReader<tokio::io::Stdin>);

impl Input {
    fn new() -> Self {
        if io::stdin().is_terminal() {
            notice("Reading receipts from standard input, one a line");
        }
        Self(BufReader::new(tokio::io::stdin()))
    }

    /// The next line with its end, in pieces if it is very long; `None` at the end.
    async fn next_line(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        (&mut self.0)
            .take(LONGEST_RECEIPT as u64)
            .read_until(b'\n', &mut line)
            .await?;
        Ok((!line.is_empty()).then_some(line))
    }
}
