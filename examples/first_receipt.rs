//! Signs a sale against the simulator.

use pos_system_api::codes::VatRate;
use pos_system_api::receipt::{ChargeItem, PayItem, Receipt};
use pos_system_api::types::{Amount, Moment};
use pos_system_api::{Client, Outcome};
use pos_system_api_simulator::Simulator;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let simulator = Simulator::start().await?;
    let client = Client::builder()
        .base_url(simulator.base_url())
        .cashbox_id(simulator.cashbox_id())
        .access_token(simulator.access_token())
        .pos_system_id(uuid::Uuid::nil())
        .build()?;
    let _ = client
        .sign(Receipt::start("START-1", Moment::now()))
        .await?;
    let sale = Receipt::sale("S-1", Moment::now())
        .charge(ChargeItem::goods(
            "Espresso",
            Amount::from_cents(580),
            20,
            VatRate::Normal,
        ))
        .pay(PayItem::cash("Cash", Amount::from_cents(580)));
    match client.sign(sale).await? {
        Outcome::Done(signed) => println!("{:?}", signed.response.ft_receipt_identification),
        Outcome::Pending(handle) | Outcome::Parked(handle) => println!("{handle}"),
    }
    Ok(())
}
