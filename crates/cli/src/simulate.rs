//! `simulate`: the simulator as a process of its own.

use std::path::Path;
use std::sync::Arc;

use pos_system_api_simulator::{FaultPlan, ScaledClock, Simulator, StartError, Utc};
use secrecy::ExposeSecret;
use serde_json::json;

use crate::arguments::Simulate;
use crate::exit::{Exit, Stop};
use crate::interrupt::Interrupt;
use crate::message::{say, with_causes};

/// How many requests the ledger keeps: the program may run for days.
const KEPT_REQUESTS: usize = 10_000;

pub(crate) async fn run(options: Simulate) -> Result<Exit, Stop> {
    let cannot = |error: std::io::Error| Stop::usage(format!("The simulator cannot run: {error}"));
    let mut interrupt = Interrupt::new().map_err(cannot)?;
    let mut builder = Simulator::builder()
        .port(options.port)
        .profile(options.profile)
        .market(options.market.as_str())
        .started(!options.not_started)
        .any_cash_box(!options.own_cash_box_only)
        .seed(options.seed)
        .address(options.host)
        .allow_remote(options.allow_remote)
        .past_receipts(options.past_receipts)
        .kept_requests(KEPT_REQUESTS);
    let plan = fault_plan(options.faults.as_deref(), options.chaos)?;
    let fault_seed = plan.as_ref().map(FaultPlan::seed);
    if let Some(plan) = plan {
        builder = builder.fault_plan(plan);
    }
    // The machine's clock, unless the simulator's time runs otherwise.
    if options.time_scale.total_cmp(&1.0).is_ne() {
        builder = builder.clock(Arc::new(ScaledClock::new(Utc::now(), options.time_scale)));
    }
    if let Some(url) = options.public_url {
        builder = builder.public_url(url);
    }
    if let Some(path) = options.store {
        builder = builder.store(path);
    }
    if let Some(id) = options.cashbox_id {
        builder = builder.cashbox_id(id);
    }
    if let Some(token) = &options.access_token {
        builder = builder.access_token(token.expose_secret());
    }
    let simulator = builder.start().await.map_err(|error| refused(&error))?;
    // A token of the caller's may be one that is used elsewhere: only the built-in one is shown.
    let built_in_token = options
        .access_token
        .is_none()
        .then(|| simulator.access_token());
    let line = json!({
        "base_url": simulator.base_url(),
        "cashbox_id": simulator.cashbox_id().to_string(),
        "queue_id": simulator.queue_id().to_string(),
        "profile": simulator.profile().to_string(),
        "market": options.market.to_ascii_uppercase(),
        "started": !options.not_started,
        "fault_seed": fault_seed,
        "access_token": built_in_token,
    });
    say(&line.to_string()).map_err(cannot)?;
    interrupt.wait().await;
    simulator.shutdown().await;
    Ok(Exit::Good)
}

/// The faults that were asked for.
fn fault_plan(file: Option<&Path>, chaos: Option<u64>) -> Result<Option<FaultPlan>, Stop> {
    let Some(file) = file else {
        return Ok(chaos.map(FaultPlan::random));
    };
    let name = file.display();
    let text = std::fs::read_to_string(file)
        .map_err(|error| Stop::usage(format!("{name} cannot be read: {error}")))?;
    let plan = if file
        .extension()
        .is_some_and(|extension| extension == "json")
    {
        FaultPlan::from_json(&text)
    } else {
        FaultPlan::from_toml(&text)
    };
    plan.map(Some)
        .map_err(|error| Stop::usage(format!("{name}: {}", with_causes(&error))))
}

/// Why the simulator did not start, with what the system says.
pub(crate) fn refused(error: &StartError) -> Stop {
    let way_out = match error {
        StartError::NotLoopback { .. } => ", unless --allow-remote is given",
        _ => "",
    };
    Stop::usage(format!(
        "The simulator does not start: {}{way_out}",
        with_causes(error)
    ))
}
