//! The operation log: a SQLite file in which operations are kept, so that none is lost or made twice
//! when the program or the power ends.

mod earlier_runs;
mod file;
mod in_log;

use std::path::{Path, PathBuf};

use clap::Args;
use pos_system_api::Client;
use pos_system_api::durable::{LogOptions, Record};
use pos_system_api::store::{Stage, StoreErrorKind};
use pos_system_api_store_sqlite::SqliteStore;
use uuid::Uuid;

use crate::connection::{Connection, Times};
use crate::exit::{Exit, Stop};
use crate::message::{notice, with_causes};
pub(crate) use earlier_runs::Next;
pub(crate) use file::{LogFile, not_in_the_log};
pub(crate) use in_log::{InLog, is_refused_by_the_log, way_on};

/// The variable that names the operation log.
const OPERATION_LOG: &str = "FISKALTRUST_OPERATION_LOG";

/// An operation log that need not be there.
#[derive(Debug, Clone, Args)]
pub(crate) struct Durable {
    /// Keeps operations in this SQLite file, made when it does not exist, instead of the one
    /// FISKALTRUST_OPERATION_LOG names: nothing is lost and nothing is done twice when the program or
    /// the power ends; see recover
    #[arg(long, value_name = "PATH")]
    durable: Option<PathBuf>,
}

/// How calls are sent that change something at the server.
#[derive(Debug, Clone, Args)]
pub(crate) struct DurableConnection {
    #[command(flatten)]
    connection: Connection,
    #[command(flatten)]
    durable: Durable,
}

/// A client, with or without an operation log.
#[derive(Debug)]
pub(crate) struct DurableClient {
    pub(crate) client: Client,
    /// Whether it has one.
    is_durable: bool,
}

impl Durable {
    /// Option first, environment second.
    fn path(self) -> Option<PathBuf> {
        // Whatever bytes a path has: a log that was asked for is never left out.
        let variable = || std::env::var_os(OPERATION_LOG).filter(|path| !path.is_empty());
        self.durable.or_else(|| variable().map(PathBuf::from))
    }

    /// The log that a command reads. It has to be there.
    pub(crate) fn file(self) -> Result<LogFile, Stop> {
        LogFile::open(&self.required()?)
    }

    /// A client for what changes an operation in the log and needs no server, and what is in the log of
    /// that operation. `undone` says what is not done if the log cannot be opened.
    pub(crate) fn offline_client(
        self,
        operation_id: Uuid,
        undone: &str,
    ) -> Result<(Client, Record), Stop> {
        let path = self.required()?;
        let record = LogFile::open(&path)?.record(operation_id)?;
        let cashbox_id = record.queue().parse().unwrap_or_default();
        // Nothing is sent: an address at which nobody listens will do.
        let client = Client::builder()
            .base_url("http://127.0.0.1:9")
            .cashbox_id(cashbox_id)
            .access_token("none")
            .pos_system_id(Uuid::nil())
            .durable(open(&path, undone)?)
            .build()?;
        Ok((client, record))
    }

    fn required(self) -> Result<PathBuf, Stop> {
        self.path().ok_or_else(|| {
            Stop::usage(format!(
                "No operation log is named: set {OPERATION_LOG} (or --durable)"
            ))
        })
    }
}

impl DurableConnection {
    pub(crate) fn times(&self) -> Times {
        self.connection.times
    }

    /// The client they name together.
    pub(crate) fn client(self) -> Result<DurableClient, Stop> {
        let Some(path) = self.durable.path() else {
            return Ok(DurableClient {
                client: self.connection.client()?,
                is_durable: false,
            });
        };
        // Before the log: a wrong server makes no file.
        let builder = self.connection.builder()?;
        let client = builder
            .durable(open(&path, "Nothing was sent")?)
            .with_log_options(log_options())
            .build()
            .map_err(|error| Stop::usage(with_causes(&error)))?;
        Ok(DurableClient {
            client,
            is_durable: true,
        })
    }

    /// The same for a command that cannot do without a log, which has to be there.
    pub(crate) fn logged_client(self) -> Result<DurableClient, Stop> {
        let path = self.durable.clone().required()?;
        is_there(&path)?;
        self.client()
    }
}

/// An answer counts as taken once its line is written, and not before.
fn log_options() -> LogOptions {
    LogOptions::default().with_explicit_acknowledgement(true)
}

impl DurableClient {
    /// Whether receipts are signed in their order, whatever becomes of one: those behind an open one wait in
    /// the log.
    pub(crate) fn keeps_order(&self) -> bool {
        self.is_durable
    }

    /// Notes that the line about an operation, which ended with `exit`, is written. If that fails, recover
    /// prints it once more.
    pub(crate) async fn told(&self, operation_id: Option<Uuid>, exit: Exit) {
        let (true, Some(id)) = (self.is_durable, operation_id) else {
            return;
        };
        if exit == Exit::Open {
            // Its end is still to be told.
            return;
        }
        match self.client.recorded(id).await {
            Ok(Some(_)) => {}
            // Refused before it was written down.
            Ok(None) => return,
            // Most likely the same, for want of room.
            Err(_) if exit != Exit::Good => return,
            Err(_) => {}
        }
        if let Err(error) = self.client.acknowledge(id).await {
            notice(&format!(
                "Operation {id} is told, but that is not noted in the operation log, so recover tells it \
                 again: {}",
                with_causes(&error)
            ));
        }
    }
}

/// Opens a log, and makes it if it does not exist. `undone` says what is not done without it.
fn open(path: &Path, undone: &str) -> Result<SqliteStore, Stop> {
    SqliteStore::open(path).map_err(|error| {
        let way_on = match error.kind() {
            StoreErrorKind::Damaged => "; log export prints what is left of it",
            _ => "",
        };
        Stop::usage(format!("{undone}: {error}{way_on}"))
    })
}

fn is_there(path: &Path) -> Result<(), Stop> {
    if path.is_file() {
        return Ok(());
    }
    let path = path.display();
    let missing = format!("There is no operation log {path}");
    // The store counts its commits beside itself.
    let count = format!("{path}-commits");
    Err(Stop::usage(if Path::new(&count).exists() {
        format!("{missing}, and there was one: {count} is still there")
    } else {
        missing
    }))
}

/// Whether an operation is settled, so that it has an answer.
pub(crate) fn is_settled(record: &Record) -> bool {
    matches!(record.stage(), Stage::Final | Stage::Acknowledged)
}
