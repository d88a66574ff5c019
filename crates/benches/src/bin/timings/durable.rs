//! A receipt that is on the disk before it is sent, and its answer before it is given.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

use pos_system_api::types::ReceiptRequest;
use pos_system_api_benches::candidate::Candidate;
use pos_system_api_benches::effort::Effort;
use pos_system_api_benches::receipts::dinner;
use pos_system_api_benches::responder::Responder;
use pos_system_api_benches::statistics::{median, median_of_rounds, microseconds, quantile};
use pos_system_api_benches::table::{Section, grouped};
use pos_system_api_benches::{Result, one_thread};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::throughput::{IN_FLIGHT, rate};

/// With the most in flight, at least this many times the receipts of one after the other.
const BAR_TIMES: f64 = 10.0;

/// What is written between two syncs where nothing but the disk is measured: a page and its frame.
const WRITTEN: [u8; 4120] = [0; 4120];

/// What takes turns: the candidates, then the disk alone.
const CANDIDATES: usize = 3;

/// What one of them took in its rounds, in microseconds.
#[derive(Default)]
struct Rounds {
    p50: Vec<f64>,
    p99: Vec<f64>,
}

impl Rounds {
    fn take(&mut self, times: &[f64]) {
        self.p50.push(median(times));
        self.p99.push(quantile(times, 0.99));
    }
}

pub(crate) fn measure(effort: Effort) -> Result<Section> {
    let responder = Responder::start(0)?;
    let directory = on_this_disk()?;
    let durable = Candidate::durable(&responder.base_url(), directory.path())?;
    let [ours, bare, _] = Candidate::all(&responder.base_url())?;
    let candidates = [durable, ours, bare];
    let receipt = dinner()?;
    let runtime = one_thread()?;
    let one = one_after_the_other(&candidates, &receipt, &runtime, effort, directory.path())?;
    let several = several_in_flight(&candidates, &receipt, &runtime, effort)?;

    let names = candidates.each_ref().map(Candidate::name);
    let bare = &one[CANDIDATES - 1];
    let names_of_rows = names.into_iter().chain(["the disk alone"]);
    let latency = names_of_rows.zip(&one).map(|(name, own)| {
        let more = median_of_rounds(&own.p50, &bare.p50, |own, bare| own - bare);
        [
            name.to_owned(),
            format!("{:.0}", median(&own.p50)),
            format!("{:.0}", median(&own.p99)),
            format!("{more:+.0}"),
        ]
    });
    let throughput = IN_FLIGHT.iter().zip(&several).map(|(in_flight, rates)| {
        let [durable, ours, bare] = rates
            .each_ref()
            .map(|rates| format!("{:.0}", median(rates)));
        [in_flight.to_string(), durable, ours, bare]
    });
    let of_durable = |place: Option<&[Vec<f64>; CANDIDATES]>| {
        place.map(|rates| median(&rates[0])).unwrap_or_default()
    };
    let times = of_durable(several.last()) / of_durable(several.first());
    let done = format!(
        "The same receipt and answer with an operation log in SQLite, on the disk that this program was built \
         on: the intent is synced before the first byte leaves, the answer before it is given, two syncs in \
         all. \"The disk alone\" appends {} bytes to a file and syncs it, twice: what the \
         syncs take whoever asks for them. First one after the other, {} rounds of {} receipts for each, in \
         microseconds; then several in flight on one client thread, {} rounds of {} receipts, in receipts \
         signed in a second. All figures are medians over the rounds.",
        grouped(WRITTEN.len() as u64),
        effort.rounds_on_disk(),
        effort.signs_on_disk(),
        effort.rounds_on_disk(),
        effort.signs_on_disk_in_flight(),
    );
    let [durable, ours, bare] = names;
    Ok(Section::new("A durable sign", &done)
        .table(["", "p50", "p99", "p50 - bare"], latency)
        .table(["in flight", durable, ours, bare], throughput)
        .bar(
            "with 64 in flight at least 10 times the durable receipts of one after the other",
            &format!("{times:.1} times"),
            times >= BAR_TIMES,
        ))
}

/// A directory beside this program: that of temporary files may be in memory.
fn on_this_disk() -> Result<TempDir> {
    let program = std::env::current_exe()?;
    let beside = program.parent().ok_or("a program is in a directory")?;
    Ok(tempfile::tempdir_in(beside)?)
}

fn one_after_the_other(
    candidates: &[Candidate; CANDIDATES],
    receipt: &ReceiptRequest,
    runtime: &Runtime,
    effort: Effort,
    directory: &Path,
) -> Result<[Rounds; CANDIDATES + 1]> {
    let mut rounds: [Rounds; CANDIDATES + 1] = Default::default();
    let mut file = File::create(directory.join("alone"))?;
    // The first round warms up connections, caches and the log.
    for round in 0..=effort.rounds_on_disk() {
        for turn in 0..rounds.len() {
            // Nobody always comes after the same one.
            let place = (turn + round) % rounds.len();
            let mut times = Vec::with_capacity(effort.signs_on_disk());
            for _ in 0..effort.signs_on_disk() {
                let receipt = receipt.clone();
                let begin = Instant::now();
                match candidates.get(place) {
                    Some(candidate) => drop(runtime.block_on(candidate.sign(receipt))?),
                    None => write_and_sync_twice(&mut file)?,
                }
                times.push(microseconds(begin.elapsed()));
            }
            if round > 0 {
                rounds[place].take(&times);
            }
        }
    }
    Ok(rounds)
}

fn write_and_sync_twice(file: &mut File) -> std::io::Result<()> {
    for _ in 0..2 {
        file.write_all(&WRITTEN)?;
        file.sync_data()?;
    }
    Ok(())
}

/// Receipts signed in a second, for each number in flight, of each candidate in each round.
fn several_in_flight(
    candidates: &[Candidate; CANDIDATES],
    receipt: &ReceiptRequest,
    runtime: &Runtime,
    effort: Effort,
) -> Result<Vec<[Vec<f64>; CANDIDATES]>> {
    let mut several = Vec::with_capacity(IN_FLIGHT.len());
    for in_flight in IN_FLIGHT {
        let mut rates: [Vec<f64>; CANDIDATES] = Default::default();
        for round in 0..=effort.rounds_on_disk() {
            for turn in 0..CANDIDATES {
                let place = (turn + round) % CANDIDATES;
                let signs = effort.signs_on_disk_in_flight();
                let run = rate(&candidates[place], receipt, in_flight, signs);
                let receipts_per_second = runtime.block_on(run)?;
                if round > 0 {
                    rates[place].push(receipts_per_second);
                }
            }
        }
        several.push(rates);
    }
    Ok(several)
}
