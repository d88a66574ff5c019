//! Times the facade beside the other candidates and prints tables in Markdown.

mod durable;
mod journal;
mod long_receipt;
mod sign;
mod throughput;

use clap::Parser;
use pos_system_api_benches::Result;
use pos_system_api_benches::effort::Effort;
use pos_system_api_benches::machine_load::MachineLoad;

fn main() -> Result<()> {
    let effort = Effort::parse();
    let load = MachineLoad::begin();
    for measure in [
        sign::measure,
        throughput::measure,
        durable::measure,
        long_receipt::measure,
        journal::measure,
    ] {
        println!("{}", measure(effort)?);
    }
    if let Some(share) = load.of_others() {
        println!(
            "While the times were taken, other programs used {:.0} % of the machine's processors.",
            share * 100.0
        );
    }
    Ok(())
}
