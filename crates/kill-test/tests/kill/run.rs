//! One run: a simulator, and a till that is killed and started again.

use std::fmt;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use pos_system_api_kill_test::{Event, Place};
use pos_system_api_simulator::{FaultPlan, Simulator};

use crate::chance::Chance;
use crate::judge::{Told, judge};

/// A till that tells nothing for so long hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// A killed till has told between one line and this many.
const MOST_LINES: u64 = 12;

/// How much later than a line a till is killed at most, in microseconds: within the next system call, within
/// the next write, within the next sale.
const DELAYS_US: [u64; 3] = [300, 3_000, 30_000];

/// What a run came to.
pub(crate) struct Figures {
    pub(crate) seed: u64,
    pub(crate) kills: u32,
    pub(crate) duration: Duration,
    pub(crate) receipts: usize,
    pub(crate) sign_requests: usize,
    pub(crate) resent: usize,
    pub(crate) recovered: usize,
    pub(crate) begun_but_not_kept: usize,
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "seed {}, {} kills in {:.0?}: {} receipts, each once; {} requests; {} of them sent more than \
             once, with the same bytes; {} finished after a restart; {} killed before they were kept, and \
             never sent",
            self.seed,
            self.kills,
            self.duration,
            self.receipts,
            self.sign_requests,
            self.resent,
            self.recovered,
            self.begun_but_not_kept,
        )
    }
}

/// Kills a till so many times, lets the last one drain its log, and looks at what came of it.
pub(crate) fn run(place: &Place, kills: u32, seed: u64) -> Figures {
    println!("KILL_TEST_SEED={seed}");
    let start = Instant::now();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let simulator = Simulator::builder()
        .started(true)
        .fault_plan(FaultPlan::random(seed));
    let simulator = runtime.block_on(simulator.start()).unwrap();
    let mut chance = Chance::new(seed);
    let mut told = Told::default();
    for number in 0..kills {
        let mut till = Process::start(&simulator, place, "sell", number);
        for _ in 0..=chance.below(MOST_LINES) {
            told.add(till.next());
        }
        let longest = DELAYS_US[chance.below(3) as usize];
        // What is tested is a kill at any moment, and a moment is a length of time.
        thread::sleep(Duration::from_micros(chance.below(longest)));
        till.kill().into_iter().for_each(|event| told.add(event));
    }
    let mut till = Process::start(&simulator, place, "drain", kills);
    loop {
        let event = till.next();
        told.add(event);
        if event == Event::Drained {
            break;
        }
    }
    assert!(till.child.wait().unwrap().success());
    let ledger = simulator.ledger();
    let figures = runtime.block_on(async {
        let store = place.open().await.unwrap();
        judge(&ledger, &*store, &told).await
    });
    Figures {
        seed,
        kills,
        duration: start.elapsed(),
        ..figures
    }
}

/// A till as a process.
struct Process {
    child: Child,
    events: Receiver<Event>,
}

impl Process {
    fn start(simulator: &Simulator, place: &Place, job: &str, number: u32) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_kill-test-till"))
            .arg(simulator.base_url())
            .arg(simulator.cashbox_id().to_string())
            .arg(simulator.access_token())
            .args(place.to_arguments())
            .args([job, &format!("T{number}")])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (send, events) = mpsc::channel();
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                // A line that a kill cut off tells nothing.
                let Ok(event) = line.parse() else { break };
                if send.send(event).is_err() {
                    break;
                }
            }
        });
        Self { child, events }
    }

    /// What it tells next. A till that ends by itself has failed, and said why on standard error.
    fn next(&mut self) -> Event {
        let event = self.events.recv_timeout(PATIENCE);
        event.unwrap_or_else(|error| panic!("the till tells nothing any more: {error}"))
    }

    /// Kills it, and gives what it told until then.
    fn kill(mut self) -> Vec<Event> {
        self.child.kill().unwrap();
        let ended = self.child.wait().unwrap();
        assert_eq!(ended.code(), None, "the till ended by itself");
        self.events.iter().collect()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Of a run that failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
