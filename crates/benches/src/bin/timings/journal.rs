//! A journal as a stream.

use std::time::Instant;

use pos_system_api_benches::candidate::Candidate;
use pos_system_api_benches::effort::Effort;
use pos_system_api_benches::receipts::dinner;
use pos_system_api_benches::responder::Responder;
use pos_system_api_benches::statistics::{median, median_of_rounds};
use pos_system_api_benches::table::{Section, grouped};
use pos_system_api_benches::{Result, one_thread};

/// At least this share of the bare stream's speed.
const BAR_SHARE: f64 = 0.9;

pub(crate) fn measure(effort: Effort) -> Result<Section> {
    let bytes = effort.journal_bytes();
    let responder = Responder::start(bytes)?;
    let candidates = Candidate::all(&responder.base_url())?;
    let runtime = one_thread()?;
    for candidate in &candidates {
        // On a connection that stands.
        runtime.block_on(candidate.sign(dinner()?))?;
    }
    let mut speeds: [Vec<f64>; 3] = Default::default();
    for round in 0..effort.journal_exports() {
        for turn in 0..candidates.len() {
            let place = (turn + round) % candidates.len();
            let begin = Instant::now();
            let came = runtime.block_on(candidates[place].export_journal())?;
            let seconds = begin.elapsed().as_secs_f64();
            if came != bytes {
                return Err(format!("{came} bytes of {bytes} came").into());
            }
            #[expect(clippy::cast_precision_loss, reason = "mebibytes, not bytes")]
            speeds[place].push(bytes as f64 / f64::from(1 << 20) / seconds);
        }
    }
    let [ours, bare, _] = &speeds;
    let share = |own: &[f64]| median_of_rounds(own, bare, |own, bare| own / bare);
    let rows = candidates.iter().zip(&speeds).map(|(candidate, own)| {
        [
            candidate.name().to_owned(),
            format!("{:.0}", median(own)),
            format!("{:.3}", share(own)),
        ]
    });
    let done = format!(
        "{} bytes in chunks of 64 KiB, read to the end and dropped, {} times in turn. Medians. \
         Ours is `Export::copy_to` into a sink; the others drop the chunks of the stream.",
        grouped(bytes),
        effort.journal_exports(),
    );
    Ok(Section::new("A journal: speed", &done)
        .table(["", "MiB/s", "/ bare"], rows)
        .bar(
            "at least 0.9 of the bare stream's speed",
            &format!("{:.3}", share(ours)),
            share(ours) >= BAR_SHARE,
        ))
}
