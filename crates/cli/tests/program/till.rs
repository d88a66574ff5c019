//! The program on one side, a simulator on the other.

use std::path::PathBuf;
use std::process::{Child, Output, Stdio};
use std::{fs, io};

use assert_cmd::Command;
use pos_system_api_simulator::{Simulator, SimulatorBuilder};
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

/// The token all tests use, to be looked for in all output.
pub(crate) const TOKEN: &str = "canary-token-5b1f";

/// The program with nothing configured.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pos-system-api"));
    for name in [
        "CASHBOX_ID",
        "CASHBOX_ACCESS_TOKEN",
        "POS_SYSTEM_API_URL",
        "POS_SYSTEM_ID",
        "OPERATION_LOG",
    ] {
        command.env_remove(format!("FISKALTRUST_{name}"));
    }
    command
}

/// The program with all four variables.
pub(crate) fn configured(base_url: &str, cashbox_id: &str) -> Command {
    let mut command = program();
    command
        .env("FISKALTRUST_POS_SYSTEM_API_URL", base_url)
        .env("FISKALTRUST_CASHBOX_ID", cashbox_id)
        .env("FISKALTRUST_CASHBOX_ACCESS_TOKEN", TOKEN)
        .env(
            "FISKALTRUST_POS_SYSTEM_ID",
            "7a0d9c11-0000-4000-8000-000000000001",
        );
    command
}

/// A simulator with a started queue, and a folder for files.
pub(crate) struct Till {
    pub(crate) simulator: Simulator,
    pub(crate) folder: TempDir,
    runtime: Runtime,
}

impl Till {
    pub(crate) fn new() -> Self {
        Self::with(Simulator::builder().started(true))
    }

    pub(crate) fn with(builder: SimulatorBuilder) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let simulator = runtime
            .block_on(builder.access_token(TOKEN).start())
            .unwrap();
        Self {
            simulator,
            folder: TempDir::new().unwrap(),
            runtime,
        }
    }

    pub(crate) fn program(&self) -> Command {
        configured(
            self.simulator.base_url(),
            &self.simulator.cashbox_id().to_string(),
        )
    }

    /// The program before there are credentials.
    pub(crate) fn unpaired(&self) -> Command {
        let mut command = program();
        command
            .env("FISKALTRUST_POS_SYSTEM_API_URL", self.simulator.base_url())
            .env(
                "FISKALTRUST_POS_SYSTEM_ID",
                "7a0d9c11-0000-4000-8000-000000000001",
            );
        command
    }

    /// What was sent, by the first part of each path.
    pub(crate) fn paths(&self) -> Vec<String> {
        let ledger = self.simulator.ledger();
        let first = |path: &str| {
            let path = path.trim_start_matches("/v2/");
            path.split('/').next().unwrap_or_default().to_owned()
        };
        ledger
            .requests()
            .iter()
            .map(|request| first(&request.path))
            .collect()
    }

    /// Runs what a client of the library does.
    pub(crate) fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// The program as a process that is ended from outside.
    pub(crate) fn process(&self) -> std::process::Command {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_pos-system-api"));
        for (name, value) in self.program().get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command
    }

    /// The program at work: its first request has arrived.
    pub(crate) fn at_work(&self, arguments: &[&str]) -> AtWork<'_> {
        use std::io::Read as _;

        let mut child = self
            .process()
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = child.stdout.take().unwrap();
        // Ends with the program, which may end without sending anything.
        let mut printed = self.runtime.spawn_blocking(move || {
            let mut printed = Vec::new();
            stdout.read_to_end(&mut printed).map(|_| printed)
        });
        let arrived = self.simulator.arrivals_while(1, &mut printed);
        self.runtime.block_on(arrived).expect("nothing was sent");
        AtWork {
            till: self,
            child,
            printed,
        }
    }

    /// The program, told by a signal to end once its first request has arrived.
    #[cfg(unix)]
    pub(crate) fn told_to_end(&self, arguments: &[&str]) -> Output {
        let at_work = self.at_work(arguments);
        tell_to_end(&at_work.child);
        at_work.output()
    }

    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, content).unwrap();
        path
    }
}

/// The program while it waits for an answer.
pub(crate) struct AtWork<'a> {
    till: &'a Till,
    child: Child,
    printed: JoinHandle<io::Result<Vec<u8>>>,
}

impl AtWork<'_> {
    /// Kills it, so that nothing in it learns of its end.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.output();
    }

    fn output(self) -> Output {
        let mut output = self.child.wait_with_output().unwrap();
        output.stdout = self.till.runtime.block_on(self.printed).unwrap().unwrap();
        output
    }
}

/// Sends the signal by which an operating system ends programs.
#[cfg(unix)]
pub(crate) fn tell_to_end(child: &std::process::Child) {
    let id = child.id().to_string();
    let told = std::process::Command::new("kill")
        .args(["-TERM", &id])
        .status();
    assert!(told.unwrap().success());
}

/// What the program did.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    pub(crate) fn of(command: &mut Command) -> Self {
        let run = Self::that_shows_the_token(command);
        for text in [&run.stdout, &run.stderr] {
            assert!(!text.contains(TOKEN), "{text}");
        }
        run
    }

    /// One that was asked to print it.
    pub(crate) fn that_shows_the_token(command: &mut Command) -> Self {
        let output = command.output().unwrap();
        let run = Self {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        };
        assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
        assert!(!run.stderr.contains(TOKEN), "{}", run.stderr);
        run
    }

    /// Each line of standard output as JSON.
    pub(crate) fn lines(&self) -> Vec<Value> {
        self.stdout
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

/// A sale of one line.
pub(crate) fn sale(reference: &str, amount: &str) -> String {
    format!(
        r#"{{"cbReceiptReference":"{reference}","cbReceiptMoment":"2026-06-01T10:15:30Z","ftReceiptCase":"0x4154_2000_0000_0001","cbChargeItems":[{{"Quantity":1,"Description":"Coffee","Amount":{amount},"VATRate":20,"ftChargeItemCase":35184372088851}}],"cbPayItems":[{{"Description":"Cash","Amount":{amount},"ftPayItemCase":35184372088833}}]}}"#
    )
}
