//! One receipt after the other over one connection.

use std::time::Instant;

use pos_system_api_benches::candidate::Candidate;
use pos_system_api_benches::effort::Effort;
use pos_system_api_benches::one_processor::OneProcessor;
use pos_system_api_benches::receipts::{ANSWER, dinner};
use pos_system_api_benches::responder::Responder;
use pos_system_api_benches::statistics::{median, median_of_rounds, microseconds, quantile};
use pos_system_api_benches::table::{Section, grouped};
use pos_system_api_benches::{Result, one_thread};

/// At most this much more than bare reqwest at the median, in microseconds.
const BAR_MICROSECONDS: f64 = 5.0;

/// What a candidate's rounds gave, in microseconds.
#[derive(Default)]
struct Rounds {
    p50: Vec<f64>,
    p99: Vec<f64>,
}

pub(crate) fn measure(effort: Effort) -> Result<Section> {
    let processor = OneProcessor::begin();
    let responder = Responder::start(0)?;
    let candidates = Candidate::all(&responder.base_url())?;
    let receipt = dinner()?;
    let mut rounds: [Rounds; 3] = Default::default();
    one_thread()?.block_on(async {
        // The first round warms up connections and caches.
        for round in 0..=effort.rounds() {
            for turn in 0..candidates.len() {
                // Nobody always comes after the same one.
                let place = (turn + round) % candidates.len();
                let mut times = Vec::with_capacity(effort.signs_per_turn());
                for _ in 0..effort.signs_per_turn() {
                    let receipt = receipt.clone();
                    let begin = Instant::now();
                    let signed = candidates[place].sign(receipt).await?;
                    times.push(microseconds(begin.elapsed()));
                    drop(signed);
                }
                if round > 0 {
                    rounds[place].p50.push(median(&times));
                    rounds[place].p99.push(quantile(&times, 0.99));
                }
            }
        }
        Ok::<_, pos_system_api_benches::Error>(())
    })?;
    let [ours, bare, _] = &rounds;
    let rows = candidates.iter().zip(&rounds).map(|(candidate, own)| {
        let ratio = |own: &[f64], bare: &[f64]| median_of_rounds(own, bare, |own, bare| own / bare);
        [
            candidate.name().to_owned(),
            format!("{:.1}", median(&own.p50)),
            format!("{:.1}", median(&own.p99)),
            format!("{:.3}", ratio(&own.p50, &bare.p50)),
            format!("{:.3}", ratio(&own.p99, &bare.p99)),
            format!(
                "{:+.1}",
                median_of_rounds(&own.p50, &bare.p50, |own, bare| own - bare)
            ),
        ]
    });
    let more = median_of_rounds(&ours.p50, &bare.p50, |ours, bare| ours - bare);
    let done = format!(
        "A typed request of {} bytes is written, sent over a kept-alive connection, and the answer of {} \
         bytes parsed into its type. {} rounds, in each of which every candidate signs {} receipts; the \
         order changes from round to round. All figures are medians over the rounds, in microseconds; \
         ratios and differences are taken within a round. {}",
        grouped(serde_json::to_vec(&receipt)?.len() as u64),
        ANSWER.len(),
        effort.rounds(),
        effort.signs_per_turn(),
        processor.in_words(),
    );
    let head = ["", "p50", "p99", "p50 / bare", "p99 / bare", "p50 - bare"];
    Ok(Section::new("One sign", &done).table(head, rows).bar(
        "at most 5 us more than bare reqwest at p50",
        &format!("{more:+.1} us"),
        more <= BAR_MICROSECONDS,
    ))
}
