//! The payment that is to be taken back.

use std::collections::BTreeMap;
use std::path::Path;

use pos_system_api::client::Reversal;
use pos_system_api::codes::PayItemCase;
use pos_system_api::types::PayItem;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::arguments::Movement;
use crate::exit::Stop;
use crate::input::Input;

/// The line of `recover` or `resume`.
#[derive(Deserialize)]
struct Recovered {
    response: Line,
}

/// The line of `pay`, or the answer of the server.
#[derive(Deserialize)]
struct Line {
    #[serde(rename = "payItems", alias = "ftPayItems")]
    items: Vec<PayItem>,
    #[serde(default, alias = "Protocol")]
    protocol: Option<String>,
}

/// Reads what is to be taken back, and where. The protocol of `movement` stands above the payment's own.
pub(crate) fn reversal(file: &Path, movement: &Movement) -> Result<Reversal, Stop> {
    let input = Input::read(file)?;
    let members: BTreeMap<String, IgnoredAny> = input.json()?;
    let has = |name: &str| members.contains_key(name);
    let (item, own) = if has("payItems") || has("ftPayItems") {
        let line: Line = input.json()?;
        (paid_with(&input, line.items)?, line.protocol)
    } else if has("response") {
        let line = input.json::<Recovered>()?.response;
        (paid_with(&input, line.items)?, line.protocol)
    } else if has("Amount") {
        (input.json()?, None)
    } else {
        return Err(input.refused("neither a payment that was made nor a pay item"));
    };
    let mut reversal = Reversal::from(&item);
    if let Some(protocol) = movement.protocol.as_ref().or(own.as_ref()) {
        reversal = reversal.protocol(protocol);
    }
    if let Some(terminal) = &movement.terminal {
        reversal = reversal.terminal(terminal);
    }
    Ok(reversal)
}

/// The item with the whole charge. A tip beside it goes back with it.
fn paid_with(input: &Input, items: Vec<PayItem>) -> Result<PayItem, Stop> {
    let is_tip = |item: &PayItem| item.ft_pay_item_case.is_some_and(PayItemCase::is_tip);
    let mut charged = items.into_iter().filter(|item| !is_tip(item));
    match (charged.next(), charged.next()) {
        (Some(item), None) => Ok(item),
        (None, _) => Err(input.refused("it holds no pay item that could go back")),
        (Some(_), Some(_)) => {
            Err(input.refused("it holds several payments; give the pay item of one"))
        }
    }
}
