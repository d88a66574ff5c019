//! The budget of resends that tills share.

use std::time::Duration;

use pos_system_api::runtime::{BudgetRates, RetryBudget, RetryPolicy};
use pos_system_api::{Client, Execution};

use super::*;
use crate::support::arrival::{UnderWay, meanwhile};

/// 20 tokens: four failures, or two timeouts.
fn small() -> RetryBudget {
    let mut rates = BudgetRates::default();
    rates.capacity = 20;
    RetryBudget::new(rates)
}

fn client(server: &ScriptedServer, budget: &RetryBudget) -> (Client, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::default());
    let client = builder(&server.base_url(), &clock)
        .with_retry_budget(budget.clone())
        .build()
        .unwrap();
    (client, clock)
}

/// Half of the default: tests have the least jitter.
const SLOW: Duration = Duration::from_secs(5);

#[tokio::test]
async fn an_empty_budget_delays_resends_and_gives_none_up() {
    let mut script = vec![page(503); 8];
    script.push(json(201, SIGNED));
    let server = ScriptedServer::start(script).await;
    let budget = small();
    let mut policy = RetryPolicy::default();
    policy.longest_wait = Duration::from_secs(1);
    let clock = Arc::new(ManualClock::default());
    let client = builder(&server.base_url(), &clock)
        .with_retry_budget(budget.clone())
        .with_retry_policy(policy)
        .build()
        .unwrap();
    let signed = done(client.sign(sale("S-1")).await);
    assert_eq!(signed.completion.attempts, 9);
    let waits = clock.waits();
    assert!(waits[..4].iter().all(|wait| *wait < SLOW), "{waits:?}");
    assert_eq!(waits[4..], [SLOW; 4]);
    // The success gives one token back.
    assert_eq!(budget.left(&server.base_url()), 1);
}

#[tokio::test]
async fn a_timeout_costs_more_than_a_failure() {
    let simulator = pos_system_api_simulator::Simulator::builder()
        .started(true)
        .start()
        .await
        .unwrap();
    simulator
        .faults()
        .script([pos_system_api_simulator::Fault::HangAfterCommit]);
    let budget = small();
    let clock = Arc::new(ManualClock::default());
    let client = builder_of(&simulator, &clock)
        .with_retry_budget(budget.clone())
        .build()
        .unwrap();
    let call = std::future::IntoFuture::into_future(client.sign(sale("S-1")));
    let run_out = async |call: UnderWay| {
        call.arrivals(&simulator, 1).await;
        clock.run_out_attempt();
    };
    let signed = done(meanwhile(call, run_out).await.0);
    assert_eq!(signed.execution(), Execution::Replayed);
    let origin = simulator.base_url().trim_end_matches("/v2");
    assert_eq!(budget.left(origin), 11);
}

#[tokio::test]
async fn polling_costs_nothing() {
    let busy = problem(422, r#"{"title":"Unprocessable Content"}"#);
    let mut script = vec![busy; 30];
    script.push(json(200, SIGNED));
    let server = ScriptedServer::start(script).await;
    let budget = small();
    let (client, clock) = client(&server, &budget);
    let _ = done(client.sign(sale("S-1")).await);
    assert_eq!(budget.left(&server.base_url()), 20);
    assert!(clock.waits().iter().all(|wait| *wait < SLOW));
}

#[tokio::test]
async fn a_refusal_of_the_server_shows_that_it_is_well() {
    let refused = problem(400, r#"{"title":"No"}"#);
    let server = ScriptedServer::start([page(503), refused.clone(), refused]).await;
    let budget = small();
    let (client, _) = client(&server, &budget);
    for left in [16, 17] {
        assert!(client.sign(sale("S-1")).await.is_err());
        assert_eq!(budget.left(&server.base_url()), left);
    }
}

#[tokio::test]
async fn what_says_nothing_of_the_server_earns_nothing() {
    let server = ScriptedServer::start([page(503), problem(404, r#"{"title":"No"}"#)]).await;
    let budget = small();
    let (client, _) = client(&server, &budget);
    assert!(client.sign(sale("S-1")).await.is_err());
    assert_eq!(budget.left(&server.base_url()), 15);
}

#[tokio::test]
async fn clients_with_one_budget_slow_each_other_down_at_the_same_server_only() {
    let down = || {
        vec![
            page(503),
            page(503),
            page(503),
            page(503),
            json(201, SIGNED),
        ]
    };
    let server = ScriptedServer::start(down()).await;
    let budget = small();
    let (first, _) = client(&server, &budget);
    let _ = done(first.sign(sale("S-1")).await);
    assert_eq!(budget.left(&server.base_url()), 1);

    // Another till of the shop: the server is in trouble, it knows.
    let other = ScriptedServer::start([page(503), json(201, SIGNED)]).await;
    let again = |base_url: &str| {
        let clock = Arc::new(ManualClock::default());
        let client = builder(base_url, &clock)
            .with_retry_budget(budget.clone())
            .build()
            .unwrap();
        (client, clock)
    };
    let (second, clock) = again(&other.base_url());
    let _ = done(second.sign(sale("S-2")).await);
    assert!(clock.waits()[0] < SLOW, "another server, another bucket");

    budget_is_shared_with(&server, &budget).await;
}

/// A clone and a new client of the same server wait for what the first one spent.
async fn budget_is_shared_with(server: &ScriptedServer, budget: &RetryBudget) {
    let (client, clock) = client(server, budget);
    let _ = done(client.clone().sign(sale("S-3")).await);
    assert!(clock.waits().is_empty(), "the server is well by now");
    assert_eq!(budget.left(&server.base_url()), 2);
}

#[tokio::test]
async fn a_second_client_waits_for_what_the_first_one_spent() {
    let mut script = vec![page(503); 4];
    script.extend([json(201, SIGNED), page(503), json(201, SIGNED)]);
    let server = ScriptedServer::start(script).await;
    let budget = small();
    let (first, _) = client(&server, &budget);
    let _ = done(first.sign(sale("S-1")).await);
    let (second, clock) = client(&server, &budget);
    let _ = done(second.clone().sign(sale("S-2")).await);
    assert_eq!(clock.waits(), [SLOW]);

    // Without a budget in common it would not.
    let server = ScriptedServer::start([page(503), json(201, SIGNED)]).await;
    let clock = Arc::new(ManualClock::default());
    let alone = builder(&server.base_url(), &clock).build().unwrap();
    let _ = done(alone.sign(sale("S-3")).await);
    assert!(clock.waits()[0] < SLOW);
}

#[tokio::test]
async fn a_longer_wish_of_the_server_counts() {
    let mut script = vec![page(503); 4];
    script.push(page(503).with_header("retry-after", "30"));
    script.push(json(201, SIGNED));
    let server = ScriptedServer::start(script).await;
    let (client, clock) = client(&server, &small());
    let _ = done(client.sign(sale("S-1")).await);
    assert_eq!(clock.waits()[4], Duration::from_secs(30));
}
