//! Several receipts in flight on one thread.

use std::time::Instant;

use futures_util::future::try_join_all;
use pos_system_api::types::ReceiptRequest;
use pos_system_api_benches::candidate::Candidate;
use pos_system_api_benches::effort::Effort;
use pos_system_api_benches::one_processor::OneProcessor;
use pos_system_api_benches::receipts::dinner;
use pos_system_api_benches::responder::Responder;
use pos_system_api_benches::statistics::{median, median_of_rounds};
use pos_system_api_benches::table::{Section, grouped};
use pos_system_api_benches::{Result, one_thread};

pub(crate) const IN_FLIGHT: [usize; 3] = [1, 8, 64];

pub(crate) fn measure(effort: Effort) -> Result<Section> {
    let processor = OneProcessor::begin();
    let responder = Responder::start(0)?;
    let candidates = Candidate::all(&responder.base_url())?;
    let receipt = dinner()?;
    let runtime = one_thread()?;
    let mut rows = Vec::new();
    for in_flight in IN_FLIGHT {
        let mut rates: [Vec<f64>; 3] = Default::default();
        for round in 0..=effort.rounds_in_flight() {
            for turn in 0..candidates.len() {
                let place = (turn + round) % candidates.len();
                let signs = effort.signs_in_flight();
                let run = rate(&candidates[place], &receipt, in_flight, signs);
                let receipts_per_second = runtime.block_on(run)?;
                if round > 0 {
                    rates[place].push(receipts_per_second);
                }
            }
        }
        let [ours, bare, generated] = &rates;
        rows.push([
            in_flight.to_string(),
            format!("{:.0}", median(ours)),
            format!("{:.0}", median(bare)),
            format!("{:.0}", median(generated)),
            format!(
                "{:.3}",
                median_of_rounds(ours, bare, |ours, bare| ours / bare)
            ),
        ]);
    }
    let done = format!(
        "The same receipt and answer, several at a time on one client thread, each over a connection of its \
         own. Receipts signed in a second: medians over {} rounds of {} receipts for each candidate. {}",
        effort.rounds_in_flight(),
        grouped(effort.signs_in_flight() as u64),
        processor.in_words(),
    );
    let head = [
        "in flight",
        "ours",
        "bare reqwest",
        "generated alone",
        "ours / bare",
    ];
    Ok(Section::new("Throughput", &done).table(head, rows))
}

/// Receipts signed in a second.
pub(crate) async fn rate(
    candidate: &Candidate,
    receipt: &ReceiptRequest,
    in_flight: usize,
    signs: usize,
) -> Result<f64> {
    let each = signs / in_flight;
    let begin = Instant::now();
    try_join_all((0..in_flight).map(|_| async move {
        for _ in 0..each {
            candidate.sign(receipt.clone()).await?;
        }
        Ok::<_, pos_system_api_benches::Error>(())
    }))
    .await?;
    #[expect(clippy::cast_precision_loss, reason = "a few thousand receipts")]
    let signed = (each * in_flight) as f64;
    Ok(signed / begin.elapsed().as_secs_f64())
}
