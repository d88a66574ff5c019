//! `demo`: the main job, with nothing configured.

use pos_system_api::codes::VatRate;
use pos_system_api::receipt::{ChargeItem, PayItem, Receipt};
use pos_system_api::types::{Amount, Moment, ReceiptRequest};
use pos_system_api::{Client, Error, Signed};
use pos_system_api_simulator::Simulator;
use uuid::Uuid;

use crate::arguments::Demo;
use crate::connection::{URL, variable};
use crate::exit::{Exit, Stop, answered};
use crate::message::{notice, printable, say_to_who_listens};
use crate::printed_receipt::PrintedReceipt;
use crate::simulate;

/// The host whose receipts are real (API facts, section 1).
const PRODUCTION_HOST: &str = "//possystem-api.fiskaltrust.eu";

pub(crate) async fn run(options: Demo) -> Result<Exit, Stop> {
    if variable(URL).is_some() {
        let client = Client::from_env()?;
        if client.base_url().contains(PRODUCTION_HOST) {
            return Err(Stop::usage(
                "The demo signs receipts that nobody bought: it does not run against production",
            ));
        }
        notice(&format!("Talking to {}", client.base_url()));
        return demonstrate(&client, false).await;
    }
    let simulator = Simulator::builder()
        .port(options.port)
        .start()
        .await
        .map_err(|error| simulate::refused(&error))?;
    let client = Client::builder()
        .base_url(simulator.base_url())
        .cashbox_id(simulator.cashbox_id())
        .access_token(simulator.access_token())
        .pos_system_id(Uuid::nil())
        .build()?;
    notice(&format!(
        "{URL} is not set: talking to a simulator at {}",
        client.base_url()
    ));
    let exit = demonstrate(&client, true).await;
    simulator.shutdown().await;
    exit
}

async fn demonstrate(client: &Client, simulated: bool) -> Result<Exit, Stop> {
    answered(client.echo("hello").await)?;
    let now = Moment::now();
    start_queue(client, &now).await?;

    let sale: ReceiptRequest = sale(&now).build().map_err(Error::from)?;
    let signed = answered(client.sign(sale.clone()).await)?;
    let printed = PrintedReceipt {
        request: &sale,
        response: &signed.response,
        simulated,
    };
    say_to_who_listens(&printed.to_string())?;

    issue(client, signed).await
}

/// Starts the queue, unless it runs already.
async fn start_queue(client: &Client, now: &Moment) -> Result<(), Stop> {
    let start = Receipt::start(reference("START", now), now.clone());
    match client.sign(start).await {
        Err(error) if error.is_fiscal() => {
            notice(&format!(
                "The queue does not take a start receipt, so it may run already; going on: {error}"
            ));
            Ok(())
        }
        result => answered(result).map(drop),
    }
}

/// The document for the customer. The receipt is signed by now, with or without it.
async fn issue(client: &Client, signed: Signed) -> Result<Exit, Stop> {
    let issued = answered(client.issue(signed).await)?;
    let url = issued.document_url().unwrap_or("(the server names none)");
    say_to_who_listens(&format!("Digital receipt\n{}", printable(url)))?;
    Ok(Exit::Good)
}

fn sale(now: &Moment) -> Receipt {
    Receipt::sale(reference("SALE", now), now.clone())
        .terminal("T1")
        .user("Mira")
        .charge(
            ChargeItem::goods("Espresso", Amount::from_cents(580), 20, VatRate::Normal).quantity(2),
        )
        .charge(ChargeItem::goods(
            "Apple strudel",
            Amount::from_cents(450),
            10,
            VatRate::Discounted1,
        ))
        .charge(ChargeItem::goods(
            "Newspaper",
            Amount::from_cents(220),
            10,
            VatRate::Discounted1,
        ))
        .pay(PayItem::cash("Cash", Amount::from_cents(1250)))
}

/// A reference that no earlier run has used.
fn reference(kind: &str, now: &Moment) -> String {
    let milliseconds = now.utc().map(|utc| utc.timestamp_millis());
    format!("DEMO-{kind}-{}", milliseconds.unwrap_or_default())
}
