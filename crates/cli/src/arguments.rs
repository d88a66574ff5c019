//! What can be asked of the program.

mod documents;
mod journal;
mod operation_log;
mod pairing;
mod payments;

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use pos_system_api_simulator::Profile;
use secrecy::SecretString;
use uuid::Uuid;

use crate::codes::Codes;
use crate::connection::{Connection, Server};
use crate::operation_log::DurableConnection;
pub(crate) use documents::{Document, Form, Issue};
pub(crate) use journal::{Bound, Export, Journal, Operation};
pub(crate) use operation_log::{Abandon, ExportLog, Log, Pending, Recover, Resume, VerifyLog};
pub(crate) use pairing::Pair;
pub(crate) use payments::{Cancel, Movement, Pay, Refund};

/// The exit codes, as they stand on every help page.
macro_rules! exit_codes {
    () => {
        "\
Exit codes:
  0   all done; every receipt is signed
  2   something was refused: the receipt, its content or the credentials
  3   an outcome is open: no answer in time, none that can be read, or it is still open in the
      operation log; wins over 2
  64  wrong usage or configuration; nothing was sent"
    };
}

/// Below the pages of commands that read no variables.
const EXIT_CODES: &str = exit_codes!();

/// Below the pages of commands that do.
const ENVIRONMENT: &str = concat!(
    "\
Environment:
  FISKALTRUST_POS_SYSTEM_API_URL    the server, with or without /v2
  FISKALTRUST_CASHBOX_ID            the cash box, a UUID
  FISKALTRUST_CASHBOX_ACCESS_TOKEN  its access token
  FISKALTRUST_POS_SYSTEM_ID         the registered POS product, a UUID

",
    exit_codes!()
);

/// Below the pages of commands that change something, and can keep what they do.
const DURABLE: &str = concat!(
    "\
Environment:
  FISKALTRUST_POS_SYSTEM_API_URL    the server, with or without /v2
  FISKALTRUST_CASHBOX_ID            the cash box, a UUID
  FISKALTRUST_CASHBOX_ACCESS_TOKEN  its access token
  FISKALTRUST_POS_SYSTEM_ID         the registered POS product, a UUID
  FISKALTRUST_OPERATION_LOG         the operation log, a SQLite file; none is kept without it

",
    exit_codes!()
);

/// Below the pages of commands that need the operation log alone.
const LOG_ALONE: &str = concat!(
    "\
Environment:
  FISKALTRUST_OPERATION_LOG         the operation log, a SQLite file

",
    exit_codes!()
);

/// Below the page of the command that comes before there are credentials.
const PAIRING: &str = concat!(
    "\
Environment:
  FISKALTRUST_POS_SYSTEM_API_URL    the server, with or without /v2
  FISKALTRUST_POS_SYSTEM_ID         the registered POS product, a UUID

",
    exit_codes!()
);

/// Signs receipts with the fiskaltrust POS System API, and simulates that API.
#[derive(Debug, Parser)]
#[command(name = "pos-system-api", version, after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Starts a queue, signs a cash sale, issues it and prints the receipt
    ///
    /// Runs against a simulator inside the program, or, when FISKALTRUST_POS_SYSTEM_API_URL is set,
    /// against that server: receipts signed there are real.
    #[command(after_help = ENVIRONMENT)]
    Demo(Demo),
    /// Sends a message and prints what comes back: checks the way and the credentials
    #[command(after_help = ENVIRONMENT)]
    Echo(Echo),
    /// Signs receipts and prints one JSON line for each
    ///
    /// Each FILE holds one receipt request as JSON. Standard input holds any number of them, one a
    /// line or one after the other, and each is signed as soon as it is complete. All files are
    /// read before anything is sent.
    ///
    /// A line holds: file, line (standard input only), operationId, execution (new, replayed or
    /// null), outcome (signed, rejected, fiscal-error, pending, parked, unknown or unsent), response (the
    /// exact answer, when a queue gave one) and error (kind, message, status) unless it is signed.
    ///
    /// Receipts are signed in their order: after one that is pending or unknown, the rest is not sent
    /// (unsent), unless --keep-going asks for it. With --durable the rest waits in the log behind it.
    ///
    /// To settle a pending, parked or unknown receipt, sign the same content again with its
    /// --operation-id. With --durable: recover, or resume ID. Parked is what the server failed at each
    /// time; with --durable also what failed and is still open in the log, as with a wrong token: recover
    /// leaves it alone, resume sends it again, abandon gives it up.
    #[command(after_help = DURABLE)]
    Sign(Sign),
    /// Takes a payment at a terminal and prints one JSON line
    ///
    /// The line holds: operationId, execution (new, replayed or null), outcome (paid, declined,
    /// rejected, pending, parked or unknown), requested, approved, tip, charged, protocol, payItems
    /// (exactly as they came: the cbPayItems of the receipt) and error (kind, message, status) unless
    /// it is paid.
    ///
    /// The operation id is said on standard error before anything is sent. After an open outcome, the
    /// same command with --operation-id asks for the result; with --durable: recover, or resume ID. No
    /// payment that may have been sent is sent again. One that the operation log proves was never sent is
    /// begun by resume ID or --operation-id, and by nothing else: abandon it before the guest pays
    /// otherwise.
    ///
    /// A payment waits for no receipt of the log, and no receipt for a payment.
    #[command(after_help = DURABLE)]
    Pay(Pay),
    /// Gives the money of an earlier payment back, or a part of it
    ///
    /// Prints a line as pay does, with the outcome refunded and negative amounts. An open outcome is
    /// asked for as there, and one that was never sent is begun as there.
    #[command(after_help = DURABLE)]
    Refund(Refund),
    /// Takes a whole earlier payment back
    ///
    /// Prints a line as pay does, with the outcome cancelled and negative amounts. An open outcome is
    /// asked for as there, and one that was never sent is begun as there.
    #[command(after_help = DURABLE)]
    Cancel(Cancel),
    /// Issues a signed receipt as a digital document and prints one JSON line
    ///
    /// A document needs the request and the answer of the receipt. The answer is in the line that
    /// sign prints; the request comes from --request or, without it, from the server's record of the
    /// operation that signed it.
    ///
    /// The line holds: operationId, execution, outcome (issued, rejected, pending, parked or unknown),
    /// queueId, queueItemId, documentUrl and error unless it is issued. To settle a pending, parked or
    /// unknown document, issue the same again with its --operation-id; with --durable: recover, or
    /// resume ID.
    #[command(after_help = DURABLE)]
    Issue(Issue),
    /// Fetches the document of an issued receipt
    ///
    /// Writes it to standard output, or with --output to a file; then one JSON line tells file,
    /// bytes, contentType and widthMm, the width that was really applied.
    #[command(after_help = ENVIRONMENT)]
    Document(Document),
    /// Exports journals
    #[command(subcommand)]
    Journal(Journal),
    /// Exchanges a pairing PIN for the credentials of a cash box
    ///
    /// Only the server and the POS product have to be configured. A PIN can be used once and for a
    /// few minutes. Prints one JSON line: operationId, execution, cashboxId, and accessToken with
    /// --show-token only. If the answer or the token is lost, the same command with --operation-id
    /// asks for it again as long as the server remembers.
    #[command(after_help = PAIRING)]
    Pair(Pair),
    /// Prints what the server has recorded about an operation, as one JSON line
    ///
    /// An unknown id ends with 2. It is no proof that nothing was sent: a request may still be on its
    /// way. Request and answer of a pairing are left out, because they hold its secrets.
    #[command(after_help = ENVIRONMENT)]
    Operation(Operation),
    /// Goes on with what the operation log holds, and prints what came of it
    ///
    /// To be run at the start, after a crash or a power cut. What was open is sent again under its id
    /// with its exact bytes, in its order, until nothing is open or an operation stays so; what was
    /// executed before comes back as its stored answer. Then open payments are asked for, which keep no
    /// order. A payment that was never sent is not begun: it is set aside, resume begins it and abandon
    /// gives it up. What is set aside (parked) stays so, and is printed at each start.
    ///
    /// The till must not have the log open: a running till does this itself.
    ///
    /// Prints one JSON line for each operation that is settled and whose line was not printed yet, and
    /// for each that is open: what pending prints, outcome (done, refused, open or parked), response
    /// (the exact answer) and error (kind, message, status) unless it is done. A line is printed again
    /// if the program ends while it is written.
    #[command(after_help = DURABLE)]
    Recover(Recover),
    /// Goes on with one operation of the log, one that is set aside or very old included
    ///
    /// Prints a line as recover does. One that is settled gives its answer without being sent. A
    /// payment that may have been sent is asked for; one that never was is begun now, and the terminal
    /// asks for money. What may have been executed more than 24 hours ago is set aside first: look it up
    /// with operation, and resume it once more to send it.
    ///
    /// The till must not have the log open: a running till does this itself.
    #[command(after_help = DURABLE)]
    Resume(Resume),
    /// Prints the open operations of the log, one JSON line each; sends nothing
    ///
    /// A line holds: sequence, operationId, call (such as sign), cashboxId, stage (prepared: never
    /// executed; send-started or unknown: perhaps), parked (set aside: only resume sends it), created,
    /// changed, attempts and cause. Ends with 3 if there is one. Also works beside a running till.
    #[command(after_help = LOG_ALONE)]
    Pending(Pending),
    /// Gives an open operation of the log up, so that nothing sends it any more
    ///
    /// Changes nothing at the server: one whose stage is not prepared may be signed or paid there all the
    /// same, so look it up with operation first. Who gave it up and why stays in the log. Prints one JSON
    /// line as pending does, with abandoned (who, why).
    ///
    /// The till must not have the log open: a running till calls Client::abandon.
    #[command(after_help = LOG_ALONE)]
    Abandon(Abandon),
    /// Checks and exports the operation log
    #[command(subcommand)]
    Log(Log),
    /// Runs the simulator until Ctrl-C
    ///
    /// Listens on 127.0.0.1 and, once it does, prints one JSON line: base_url, cashbox_id, queue_id,
    /// profile, market, started, fault_seed (null without faults), and access_token, which is null
    /// unless it is the built-in one.
    /// Below base_url, the page /_sim shows what happened: the last 10000 requests, and everything
    /// that was signed, paid and issued.
    #[command(after_help = EXIT_CODES)]
    Simulate(Simulate),
    /// Holds a server against HTTP scenarios, and prints how each one ended
    ///
    /// The scenarios say what this project believes of the servers, and the simulator fulfils them
    /// all. A difference at another server ends the program with 2; with --json it can be sent to
    /// the maintainers: one line for each scenario, with the requests and answers of those that
    /// differ, without credentials. Without --sign only harmless scenarios run.
    #[command(after_help = ENVIRONMENT)]
    Conformance(Conformance),
    /// Explains the 64-bit codes of receipts, lines, payments, states, signatures and journals
    #[command(subcommand, after_help = EXIT_CODES)]
    Codes(Codes),
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// The port of the embedded simulator, 0 for a free one; unused with a server
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) port: u16,
}

#[derive(Debug, Args)]
pub(crate) struct Echo {
    /// What to send
    #[arg(default_value = "hello")]
    pub(crate) message: String,
    #[command(flatten)]
    pub(crate) connection: Connection,
}

#[derive(Debug, Args)]
pub(crate) struct Sign {
    /// Files with one receipt request each; - or none for standard input
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Signs under this id instead of a fresh one; for a single receipt
    #[arg(long, value_name = "UUID")]
    pub(crate) operation_id: Option<Uuid>,
    /// Sends the receipts behind one that stays open, too, so that they may be signed before it; with
    /// --durable the log keeps their order all the same
    #[arg(long)]
    pub(crate) keep_going: bool,
    #[command(flatten)]
    pub(crate) connection: DurableConnection,
}

#[derive(Debug, Args)]
pub(crate) struct Conformance {
    /// Only scenarios with one of these names
    #[arg(value_name = "SCENARIO")]
    pub(crate) scenarios: Vec<String>,
    /// Prints the names and what they stand for, and sends nothing
    #[arg(long)]
    pub(crate) list: bool,
    /// Which kind of server it is: cloud21, spec20, local or draft
    #[arg(long, default_value_t = Profile::Cloud21)]
    pub(crate) profile: Profile,
    /// Runs scenarios that sign receipts and take test payments, too: never with a real cash box
    #[arg(long)]
    pub(crate) sign: bool,
    /// Runs scenarios whose effect cannot be taken back, such as the start of a queue, too
    #[arg(long, requires = "sign")]
    pub(crate) irreversible: bool,
    /// Prints one JSON line for each scenario
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) server: Server,
}

#[derive(Debug, Args)]
pub(crate) struct Simulate {
    /// The port to listen on, 0 for a free one
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) port: u16,
    /// The cash box [default: follows from the seed]
    #[arg(long, value_name = "UUID")]
    pub(crate) cashbox_id: Option<Uuid>,
    /// The access token [default: simulated-access-token]; visible in process lists, never printed
    #[arg(long, value_name = "TOKEN")]
    pub(crate) access_token: Option<SecretString>,
    /// The server to behave like: cloud21, spec20, local or draft
    #[arg(long, default_value_t = Profile::Cloud21)]
    pub(crate) profile: Profile,
    /// The queue waits for a start receipt; without this it takes sales at once
    #[arg(long, conflicts_with = "past_receipts")]
    pub(crate) not_started: bool,
    /// Refuses receipts whose body names another cash box, POS system or country, as servers do;
    /// without this they are taken, so that stored requests can be replayed
    #[arg(long)]
    pub(crate) own_cash_box_only: bool,
    /// The market of the queue, two letters
    #[arg(long, default_value = "AT")]
    pub(crate) market: String,
    /// The seed of all ids
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,
    /// A file for what was signed, paid and issued, so that a killed simulator comes back with it;
    /// made when it does not exist [default: in memory only]
    #[arg(long, value_name = "PATH")]
    pub(crate) store: Option<PathBuf>,
    /// A plan of faults in TOML or JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) faults: Option<PathBuf>,
    /// A random plan of faults from this seed, the same for the same seed
    #[arg(long, value_name = "SEED", conflicts_with = "faults")]
    pub(crate) chaos: Option<u64>,
    /// How many seconds pass in the simulator in one second: a payment of six minutes takes 360 ms
    /// at 1000
    #[arg(long, value_name = "N", default_value_t = 1.0, value_parser = time_scale)]
    pub(crate) time_scale: f64,
    /// Receipts that seem to have been signed before the start, for journals of any size
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) past_receipts: u64,
    /// The address to listen on
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    pub(crate) host: IpAddr,
    /// Allows an address that others can reach, as in a container; it has no fiscal value there
    /// either
    #[arg(long)]
    pub(crate) allow_remote: bool,
    /// The URL by which clients reach the simulator, for the links in its answers: needed behind a
    /// mapped port or a proxy [default: what is printed as base_url]
    #[arg(long, value_name = "URL")]
    pub(crate) public_url: Option<String>,
}

fn time_scale(text: &str) -> Result<f64, String> {
    let scale = text.parse().ok();
    scale
        .filter(|scale: &f64| scale.is_finite() && (0.001..=1_000_000.0).contains(scale))
        .ok_or_else(|| "a number from 0.001 to 1000000 is needed".to_owned())
}
