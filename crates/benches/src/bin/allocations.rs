//! Counts what the facade and the other candidates allocate, and prints tables in Markdown.
//!
//! A program of its own: counting makes every allocation slow.

use clap::Parser;
use dhat::{HeapStats, Profiler};
use pos_system_api::types::ReceiptRequest;
use pos_system_api_benches::candidate::Candidate;
use pos_system_api_benches::effort::Effort;
use pos_system_api_benches::receipts::dinner;
use pos_system_api_benches::responder::Responder;
use pos_system_api_benches::table::{Section, grouped};
use pos_system_api_benches::{Result, one_thread};
use tempfile::TempDir;
use tokio::runtime::Runtime;

#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;

/// At most this many allocations more than bare reqwest for each receipt.
const BAR_ALLOCATIONS: f64 = 25.0;
/// At most this much memory more than the bare stream for a journal of any length, in MiB.
const BAR_MEBIBYTES: f64 = 8.0;
/// How many calls warm up connections and buffers.
const WARM_UP: u32 = 20;

#[derive(Debug, Parser)]
struct Arguments {
    #[command(flatten)]
    effort: Effort,
    /// Prints no tables, but writes what the calls of this candidate allocate, and where, into
    /// dhat-heap.json, for DHAT's viewer.
    #[arg(long, value_name = "CANDIDATE")]
    profile: Option<String>,
}

fn main() -> Result<()> {
    let Arguments { effort, profile } = Arguments::parse();
    if let Some(name) = profile {
        return profiled(effort, &name);
    }
    println!("{}", signs(effort)?);
    println!("{}", journal(effort)?);
    Ok(())
}

/// Writes the profile of one candidate's calls.
fn profiled(effort: Effort, name: &str) -> Result<()> {
    let responder = Responder::start(0)?;
    let log = tempfile::tempdir()?;
    let candidates = those_that_sign(&responder, &log)?;
    let candidate = candidates
        .iter()
        .find(|candidate| candidate.name() == name)
        .ok_or_else(|| {
            format!(
                "the candidates are {:?}",
                candidates.each_ref().map(Candidate::name)
            )
        })?;
    let runtime = one_thread()?;
    sign(&runtime, candidate, receipts(WARM_UP)?)?;
    let receipts = receipts(effort.counted_calls())?;
    // Deep enough to reach from the allocator to the call through all futures.
    let profiler = Profiler::builder().trim_backtraces(Some(64)).build();
    sign(&runtime, candidate, receipts)?;
    drop(profiler);
    Ok(())
}

/// The facade first, then bare reqwest, the generated client, and the facade with a log in this directory.
fn those_that_sign(responder: &Responder, log: &TempDir) -> Result<[Candidate; 4]> {
    let base_url = responder.base_url();
    let durable = Candidate::durable(&base_url, log.path())?;
    let [ours, bare, generated] = Candidate::all(&base_url)?;
    Ok([ours, bare, generated, durable])
}

fn receipts(count: u32) -> Result<Vec<ReceiptRequest>> {
    Ok(vec![dinner()?; count as usize])
}

/// Signs these receipts, one after the other.
fn sign(runtime: &Runtime, candidate: &Candidate, receipts: Vec<ReceiptRequest>) -> Result<()> {
    runtime.block_on(async {
        for receipt in receipts {
            candidate.sign(receipt).await?;
        }
        Ok(())
    })
}

/// What one call allocates.
struct PerCall {
    allocations: f64,
    bytes: f64,
}

fn signs(effort: Effort) -> Result<Section> {
    let responder = Responder::start(0)?;
    let log = tempfile::tempdir()?;
    let candidates = those_that_sign(&responder, &log)?;
    let runtime = one_thread()?;
    let mut counted = Vec::new();
    for candidate in &candidates {
        counted.push(per_call(&runtime, candidate, effort.counted_calls())?);
    }
    let bare = counted[1].allocations;
    let rows = candidates.iter().zip(&counted).map(|(candidate, own)| {
        [
            candidate.name().to_owned(),
            format!("{:.1}", own.allocations),
            format!("{:+.1}", own.allocations - bare),
            format!("{:.0}", own.bytes),
        ]
    });
    let more = counted[0].allocations - bare;
    let done = format!(
        "The same calls as above. Averages of {} calls, after {WARM_UP} to warm up; a buffer that grows \
         counts again. What SQLite allocates by itself is not counted.",
        effort.counted_calls()
    );
    Ok(Section::new("One sign: allocations", &done)
        .table(["", "allocations", "- bare", "bytes"], rows)
        .bar(
            "at most 25 allocations more than bare reqwest",
            &format!("{more:+.1}"),
            more <= BAR_ALLOCATIONS,
        ))
}

fn per_call(runtime: &Runtime, candidate: &Candidate, calls: u32) -> Result<PerCall> {
    sign(runtime, candidate, receipts(WARM_UP)?)?;
    let receipts = receipts(calls)?;
    let _profiler = Profiler::builder().testing().build();
    sign(runtime, candidate, receipts)?;
    let stats = HeapStats::get();
    #[expect(clippy::cast_precision_loss, reason = "thousands of allocations")]
    let each = |total: u64| total as f64 / f64::from(calls);
    Ok(PerCall {
        allocations: each(stats.total_blocks),
        bytes: each(stats.total_bytes),
    })
}

fn journal(effort: Effort) -> Result<Section> {
    let bytes = effort.journal_bytes();
    let responder = Responder::start(bytes)?;
    let candidates = Candidate::all(&responder.base_url())?;
    let runtime = one_thread()?;
    let mut peaks = Vec::new();
    for candidate in &candidates {
        // On a connection that stands.
        runtime.block_on(candidate.sign(dinner()?))?;
        let _profiler = Profiler::builder().testing().build();
        let came = runtime.block_on(candidate.export_journal())?;
        if came != bytes {
            return Err(format!("{came} bytes of {bytes} came").into());
        }
        #[expect(clippy::cast_precision_loss, reason = "mebibytes, not bytes")]
        peaks.push(HeapStats::get().max_bytes as f64 / f64::from(1 << 20));
    }
    let bare = peaks[1];
    let rows = candidates.iter().zip(&peaks).map(|(candidate, peak)| {
        [
            candidate.name().to_owned(),
            format!("{peak:.3}"),
            format!("{:+.3}", peak - bare),
        ]
    });
    let done = format!(
        "The most memory that was allocated at one time during an export of {} bytes, in MiB.",
        grouped(bytes)
    );
    let more = peaks[0] - bare;
    Ok(Section::new("A journal: memory", &done)
        .table(["", "peak", "- bare"], rows)
        .bar(
            "at most 8 MiB more than the bare stream",
            &format!("{more:+.3} MiB"),
            more <= BAR_MEBIBYTES,
        ))
}
