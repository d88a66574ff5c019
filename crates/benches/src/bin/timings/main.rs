//! Times the facade beside the other candidates and prints tables in Markdown.

mod durable;
mod journal;
mod long_receipt;
mod sign;
mod throughput;

use clap::{Parser, ValueEnum};
use pos_system_api_benches::Result;
use pos_system_api_benches::effort::Effort;
use pos_system_api_benches::machine_load::MachineLoad;
use pos_system_api_benches::table::Section;

/// What is timed.
#[derive(Debug, Parser)]
struct Arguments {
    /// Only these, in this order; all of them if none is named.
    parts: Vec<Part>,
    #[command(flatten)]
    effort: Effort,
}

/// One section of the report.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Part {
    Sign,
    Throughput,
    Durable,
    LongReceipt,
    Journal,
}

impl Part {
    fn measure(self, effort: Effort) -> Result<Section> {
        match self {
            Self::Sign => sign::measure(effort),
            Self::Throughput => throughput::measure(effort),
            Self::Durable => durable::measure(effort),
            Self::LongReceipt => long_receipt::measure(effort),
            Self::Journal => journal::measure(effort),
        }
    }
}

fn main() -> Result<()> {
    let Arguments { mut parts, effort } = Arguments::parse();
    if parts.is_empty() {
        parts.extend(Part::value_variants());
    }
    let load = MachineLoad::begin();
    for part in parts {
        println!("{}", part.measure(effort)?);
    }
    if let Some(share) = load.of_others() {
        println!(
            "While the times were taken, other programs used {:.0} % of the machine's processors.",
            share * 100.0
        );
    }
    Ok(())
}
