//! The program `pos-system-api`: tries, signs and simulates from the command line.

mod abandon;
mod arguments;
mod cancel;
mod codes;
mod conformance;
mod connection;
mod demo;
mod document;
mod echo;
mod environment_file;
mod exit;
mod input;
mod interrupt;
mod issue;
mod journal;
mod json_line;
mod log;
mod message;
mod operation;
mod operation_log;
mod pair;
mod part_file;
mod pay;
mod payment;
mod pending;
mod printed_receipt;
mod qr;
mod record_line;
mod recover;
mod refund;
mod resume;
mod sign;
mod simulate;
mod tried_again;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};
use exit::{Exit, Stop};

fn main() -> ExitCode {
    match Arguments::try_parse() {
        Ok(arguments) => started(arguments.command).into(),
        Err(error) => {
            // A closed standard output or error is no reason to fail in another way.
            let _ = error.print();
            if error.use_stderr() {
                Exit::Usage.into()
            } else {
                Exit::Good.into()
            }
        }
    }
}

fn started(command: Command) -> Exit {
    let runtime = match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            message::notice(&format!("The program cannot start: {error}"));
            return Exit::Usage;
        }
    };
    let exit = runtime
        .block_on(run(command))
        .unwrap_or_else(|stop: Stop| stop.told());
    // A read of standard input may still be waiting; it is left behind.
    runtime.shutdown_background();
    exit
}

async fn run(command: Command) -> Result<Exit, Stop> {
    match command {
        Command::Codes(command) => codes::run(&command),
        Command::Demo(options) => demo::run(options).await,
        Command::Echo(options) => echo::run(options).await,
        Command::Sign(options) => sign::run(options).await,
        Command::Pay(options) => pay::run(options).await,
        Command::Refund(options) => refund::run(options).await,
        Command::Cancel(options) => cancel::run(options).await,
        Command::Issue(options) => issue::run(options).await,
        Command::Document(options) => document::run(options).await,
        Command::Journal(command) => journal::run(command).await,
        Command::Pair(options) => pair::run(options).await,
        Command::Operation(options) => operation::run(options).await,
        Command::Recover(options) => recover::run(options).await,
        Command::Resume(options) => resume::run(options).await,
        Command::Pending(options) => pending::run(options),
        Command::Abandon(options) => abandon::run(options).await,
        Command::Log(command) => log::run(&command),
        Command::Simulate(options) => simulate::run(options).await,
        Command::Conformance(options) => conformance::run(options).await,
    }
}
