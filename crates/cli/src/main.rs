//! The program `pos-system-api`: tries, signs and simulates from the command line.

mod arguments;
mod codes;
mod conformance;
mod connection;
mod demo;
mod echo;
mod exit;
mod interrupt;
mod message;
mod printed_receipt;
mod qr;
mod sign;
mod simulate;

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
        Command::Simulate(options) => simulate::run(options).await,
        Command::Conformance(options) => conformance::run(options).await,
    }
}
