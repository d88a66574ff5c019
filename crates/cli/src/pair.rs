//! `pair`: the credentials of a cash box for a PIN.

use std::io::Read;

use pos_system_api::Outcome;
use pos_system_api::client::Paired;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use uuid::Uuid;

use crate::arguments::Pair;
use crate::connection::{ACCESS_TOKEN, CASHBOX_ID, POS_SYSTEM_ID, URL};
use crate::environment_file::EnvironmentFile;
use crate::exit::{Exit, Stop};
use crate::input::STANDARD_INPUT;
use crate::json_line::{say_line, word};
use crate::message::notice;

/// The longest PIN in bytes that is read.
const LONGEST_PIN: u64 = 1024;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'a> {
    operation_id: Uuid,
    execution: &'static str,
    cashbox_id: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    env_file: Option<String>,
}

pub(crate) async fn run(options: Pair) -> Result<Exit, Stop> {
    let pin = pin(options.pin)?;
    let server = options.server.configured()?;
    let mut call = server.builder.pair(pin.expose_secret().to_owned())?;
    if let Some(id) = options.operation_id {
        call = call.with_operation_id(id);
    }
    let file = options.env_file.as_deref().map(EnvironmentFile::new);
    let file = file.transpose()?;
    if let (Some(id), None) = (call.operation_id(), options.operation_id) {
        // The PIN is used up even if nobody hears the answer.
        notice(&format!("The pairing goes out as operation {id}"));
    }
    let paired: Paired = match call.await? {
        Outcome::Done(paired) => paired,
        Outcome::Pending(handle) | Outcome::Parked(handle) => {
            let advice = how_to_ask(handle.operation_id());
            let message = format!("No answer in time: {handle}; {advice}");
            return Err(Stop::new(Exit::Open, message));
        }
    };
    let id = paired.operation_id;
    if let Some(file) = file {
        let written = file.write(&[
            (URL, &server.base_url),
            (CASHBOX_ID, &paired.cashbox_id.to_string()),
            (ACCESS_TOKEN, paired.access_token.expose()),
            (POS_SYSTEM_ID, &server.pos_system_id.to_string()),
        ]);
        written.map_err(|error| {
            Stop::new(
                Exit::Open,
                format!(
                    "Paired, but the token is kept nowhere, because the file cannot be written: {error}; \
                     {}",
                    how_to_ask(id)
                ),
            )
        })?;
    } else if !options.show_token {
        notice(&format!(
            "The token is kept nowhere, for want of --env-file or --show-token; {}",
            how_to_ask(id)
        ));
    }
    let shown = options.show_token.then(|| paired.access_token.expose());
    say_line(&Line {
        operation_id: id,
        execution: word(paired.execution),
        cashbox_id: paired.cashbox_id,
        access_token: shown,
        env_file: options.env_file.map(|file| file.display().to_string()),
    })?;
    Ok(Exit::Good)
}

fn how_to_ask(id: Uuid) -> String {
    format!("to ask for it again, give the same PIN with --operation-id {id}")
}

fn pin(argument: SecretString) -> Result<SecretString, Stop> {
    let mut pin = argument;
    if pin.expose_secret() == STANDARD_INPUT {
        let mut text = String::new();
        let read = std::io::stdin()
            .lock()
            .take(LONGEST_PIN)
            .read_to_string(&mut text);
        read.map_err(|error| Stop::usage(format!("The PIN cannot be read: {error}")))?;
        pin = SecretString::from(text.trim().to_owned());
    }
    match pin.expose_secret().is_empty() {
        true => Err(Stop::usage("The PIN is empty; nothing was sent")),
        false => Ok(pin),
    }
}
