//! Plans: which requests meet a fault, and that a seed always means the same.

use std::sync::Arc;
use std::time::Duration;

use pos_system_api_simulator::{
    EndpointName, Fault, FaultPlan, Latency, ManualClock, Rule, ScaledClock, Simulator,
};
use tokio::task::JoinSet;

use crate::leaping_clock::LeapingClock;
use crate::plain_socket::{exchange, ledger};
use crate::till::{SALE, operation};

fn unavailable() -> Rule {
    Rule::new(Fault::StatusBeforeCommit {
        status: 503,
        retry_after: None,
    })
}

async fn simulator(plan: FaultPlan) -> Simulator {
    let moment = "2026-06-01T08:00:00Z".parse().unwrap();
    Simulator::builder()
        .started(true)
        .clock(Arc::new(ManualClock::new(moment)))
        .fault_plan(plan)
        .start()
        .await
        .unwrap()
}

async fn statuses(sim: &Simulator, path: &str, number: u128, attempts: usize) -> Vec<u16> {
    let mut statuses = Vec::new();
    for _ in 0..attempts {
        let answer = exchange(sim, "POST", path, Some(operation(number)), SALE).await;
        statuses.push(answer.status());
    }
    statuses
}

#[tokio::test]
async fn attempts_are_counted_for_each_operation() {
    let sim = simulator(FaultPlan::new(0).rule(unavailable().attempts(2..=3).attempts(5..))).await;
    for number in [1, 2] {
        let expected = [201, 503, 503, 200, 503, 503];
        assert_eq!(statuses(&sim, "/v2/sign", number, 6).await, expected);
    }
    let sim = simulator(FaultPlan::new(0).rule(unavailable().every(3))).await;
    let expected = [201, 200, 503, 200, 200, 503, 200];
    assert_eq!(statuses(&sim, "/v2/sign", 1, 7).await, expected);
    // A new plan counts anew.
    sim.faults()
        .plan(FaultPlan::new(9).rule(unavailable().attempts(1..2)));
    assert_eq!(sim.faults().seed(), 9);
    assert_eq!(statuses(&sim, "/v2/sign", 1, 2).await, [503, 200]);
    sim.faults().plan(FaultPlan::new(9).rule(unavailable()));
    sim.faults().clear();
    assert_eq!(statuses(&sim, "/v2/sign", 1, 1).await, [200]);
}

#[tokio::test]
async fn rules_name_paths_endpoints_and_methods() {
    let sign = unavailable().endpoint(EndpointName::Sign);
    let everywhere = unavailable().path("/issue/*/link/*").method("GET");
    let sim = simulator(FaultPlan::new(0).rule(sign).rule(everywhere)).await;
    assert_eq!(statuses(&sim, "/SIGN", 1, 1).await, [503]);
    assert_eq!(statuses(&sim, "/v2/echo", 2, 1).await, [201]);
    for (method, path, expected) in [
        ("GET", "/v2/issue/a/b/link/qrcode", 503),
        ("PUT", "/v2/issue/a/b/link/qrcode", 400),
        ("GET", "/v2/issue/a/b/delivered", 400),
        ("GET", "/v2/sign", 405),
    ] {
        let answer = exchange(&sim, method, path, None, "").await;
        assert_eq!(answer.status(), expected, "{method} {path}");
    }
}

#[tokio::test]
async fn requests_without_an_operation_are_counted_by_path() {
    let sim = simulator(FaultPlan::new(0).rule(unavailable().attempts(1..=1))).await;
    for path in ["/v2/issue/a/b", "/v2/issue/c/d"] {
        for expected in [503, 400] {
            let answer = exchange(&sim, "GET", path, None, "").await;
            assert_eq!(answer.status(), expected);
        }
    }
}

#[tokio::test]
async fn the_script_goes_first_and_its_requests_count() {
    let sim = simulator(FaultPlan::new(0).rule(unavailable().attempts(1..=2))).await;
    sim.faults().script([Fault::NullBody]);
    assert_eq!(statuses(&sim, "/v2/sign", 1, 3).await, [201, 503, 200]);
}

#[tokio::test]
async fn a_probability_is_met_about_as_often_as_it_says() {
    let sim = simulator(FaultPlan::new(11).rule(unavailable().probability(0.25))).await;
    let mut met = 0;
    for number in 0..400 {
        met += usize::from(statuses(&sim, "/v2/echo", number, 1).await == [503]);
    }
    // 100 are expected, with a standard deviation of 9.
    assert!((65..135).contains(&met), "{met}");
}

/// Faults that need no client with patience, each likely.
fn mixture(seed: u64) -> FaultPlan {
    let faults = [
        Fault::ResetBeforeCommit,
        Fault::ResetAfterCommit,
        Fault::CutBodyAfterCommit { bytes: 30 },
        Fault::GzipBody,
        Fault::NullBody,
        Fault::FiscalError,
    ];
    let plan = FaultPlan::new(seed).rule(unavailable().probability(0.2));
    faults.into_iter().fold(plan, |plan, fault| {
        plan.rule(Rule::new(fault).attempts(1..=3).probability(0.2))
    })
}

#[tokio::test]
async fn the_same_seed_gives_the_same_ledger_byte_for_byte() {
    let mut ledgers = Vec::new();
    for seed in [1, 1, 2] {
        let sim = simulator(mixture(seed)).await;
        for number in 1..=20 {
            statuses(&sim, "/v2/sign", number, 4).await;
            exchange(&sim, "GET", "/v2/journal/OperationItem/x", None, "").await;
        }
        ledgers.push(ledger(&sim).await);
    }
    assert!(ledgers[0].len() > 40_000);
    assert_eq!(ledgers[0], ledgers[1]);
    assert_ne!(ledgers[0], ledgers[2]);
}

#[tokio::test]
async fn concurrent_runs_give_the_same_ledger_after_sorting() {
    let mut ledgers = Vec::new();
    for _ in 0..2 {
        let sim = Arc::new(simulator(mixture(3)).await);
        let mut tills = JoinSet::new();
        for number in 1..=24 {
            let sim = Arc::clone(&sim);
            tills.spawn(async move { (number, statuses(&sim, "/v2/sign", number, 4).await) });
        }
        let mut answers = tills.join_all().await;
        answers.sort();
        ledgers.push((answers, sim.ledger().sorted()));
    }
    assert_eq!(ledgers[0], ledgers[1]);
}

#[tokio::test]
async fn the_fourth_attempt_of_a_random_plan_gets_through() {
    // Delays must not wait for a clock that stands still.
    let start = "2026-06-01T08:00:00Z".parse().unwrap();
    let clock = ScaledClock::new(start, 1e6);
    for seed in 0..5 {
        let sim = Simulator::builder()
            .started(true)
            .clock(Arc::new(clock))
            .fault_plan(FaultPlan::random(seed))
            .start()
            .await
            .unwrap();
        for number in 1..=10 {
            let last = statuses(&sim, "/v2/sign", number, 4).await[3];
            assert!([200, 201].contains(&last), "{last} with seed {seed}");
            assert_eq!(sim.ledger().receipts_of(operation(number)).len(), 1);
        }
    }
}

#[tokio::test]
async fn the_example_plan_runs() {
    let plan = FaultPlan::from_toml(include_str!("../../plans/bad_network.toml")).unwrap();
    let start = "2026-06-01T08:02:00Z".parse().unwrap();
    let sim = Simulator::builder()
        .started(true)
        .clock(Arc::new(ScaledClock::new(start, 1e6)))
        .fault_plan(plan)
        .start()
        .await
        .unwrap();
    assert_eq!(sim.faults().seed(), 2026);
    for number in 1..=10 {
        let found = statuses(&sim, "/v2/sign", number, 4).await;
        assert_eq!((found[0], found[3]), (0, 200), "{found:?}");
    }
    sim.ledger().receipts().exactly_once();
}

#[tokio::test]
async fn a_latency_drawn_from_a_seed_is_always_the_same() {
    let plan = FaultPlan::new(5).rule(Rule::new(Fault::DelayBeforeAnswer(Latency::Uniform {
        from: Duration::from_secs(0),
        to: Duration::from_secs(86_400),
    })));
    let mut dates = Vec::new();
    for _ in 0..2 {
        let start = "2026-06-01T08:00:00Z".parse().unwrap();
        let builder = Simulator::builder().clock(Arc::new(LeapingClock::new(start)));
        let sim = builder.fault_plan(plan.clone()).start().await.unwrap();
        let answer = exchange(&sim, "POST", "/v2/echo", Some(operation(1)), "{}").await;
        dates.push(answer.header("date").unwrap());
    }
    assert_eq!(dates[0], dates[1]);
    assert_ne!(dates[0], "Mon, 01 Jun 2026 08:00:00 GMT");
}
