//! What callers that write at once share.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a failure here fails the test"
)]

mod support;

use std::sync::Arc;
use std::time::{Duration, Instant};

use pos_system_api::store::{Durability, OperationStore, Row, Write};
use pos_system_api_store_suite::rows::row;
use support::open;

const OPERATIONS: usize = 1920;

/// Writes all operations, so many at a time; how long each took, and all of them.
fn measure(callers: usize) -> (Vec<Duration>, Duration) {
    let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let store = Arc::new(open(directory.path()));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .build()
        .unwrap();
    runtime.block_on(async {
        let begin = Instant::now();
        let mut tasks = Vec::new();
        for _ in 0..callers {
            let store = Arc::clone(&store);
            tasks.push(tokio::spawn(async move {
                let mut each = Vec::new();
                for _ in 0..OPERATIONS / callers {
                    let row = Row {
                        body: Some(vec![b'{'; 2200].into()),
                        ..row()
                    };
                    let begin = Instant::now();
                    let writes = vec![Write::Insert(row)];
                    store.commit(writes, Durability::Synced).await.unwrap();
                    each.push(begin.elapsed());
                }
                each
            }));
        }
        let mut each = Vec::new();
        for task in tasks {
            each.extend(task.await.unwrap());
        }
        each.sort();
        (each, begin.elapsed())
    })
}

/// Prints, and claims nothing: how fast a disk is, and what else the machine does, is not ours.
#[test]
#[ignore = "measures"]
fn commits_at_once() {
    for callers in [1, 4, 16, 64] {
        let (each, all) = measure(callers);
        println!(
            "{callers} at a time: {:.0} commits/s, each {:.2} ms (median), {:.2} ms (99th)",
            each.len() as f64 / all.as_secs_f64(),
            each[each.len() / 2].as_secs_f64() * 1e3,
            each[each.len() * 99 / 100].as_secs_f64() * 1e3,
        );
    }
}
