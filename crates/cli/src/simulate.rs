//! `simulate`: the simulator as a process of its own.

use pos_system_api_simulator::{Simulator, StartError};
use secrecy::ExposeSecret;
use serde_json::json;

use crate::arguments::Simulate;
use crate::exit::{Exit, Stop};
use crate::interrupt::Interrupt;
use crate::message::{say, with_causes};

pub(crate) async fn run(options: Simulate) -> Result<Exit, Stop> {
    let cannot = |error: std::io::Error| Stop::usage(format!("The simulator cannot run: {error}"));
    let mut interrupt = Interrupt::new().map_err(cannot)?;
    let mut builder = Simulator::builder()
        .port(options.port)
        .profile(options.profile)
        .market(options.market.as_str())
        .started(!options.not_started)
        .any_cash_box(!options.own_cash_box_only)
        .seed(options.seed);
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
        "access_token": built_in_token,
    });
    say(&line.to_string()).map_err(cannot)?;
    interrupt.wait().await;
    simulator.shutdown().await;
    Ok(Exit::Good)
}

/// Why the simulator did not start, with what the system says.
pub(crate) fn refused(error: &StartError) -> Stop {
    Stop::usage(format!(
        "The simulator does not start: {}",
        with_causes(error)
    ))
}
