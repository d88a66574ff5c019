use pos_system_api::client::{ClientBuilder, Payment};
use pos_system_api::codes::VatRate;
use pos_system_api::receipt::{ChargeItem, Receipt};
use pos_system_api::types::{Amount, Moment};
use pos_system_api_store_sqlite::SqliteStore;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let store = SqliteStore::open("till.db")?;
    let client = ClientBuilder::from_env()?.durable(store).build()?;
    for record in client.recover().await?.finished {
        // From before the power failed: print it. Of a `pay` here, the receipt was not begun: sign the sale,
        // or the refund, where `charged()` is negative. `refund` and `cancel` are named `pay` too.
        println!("go on from here: {record}");
    }
    let amount = Amount::from_cents(1840);
    let Some(paid) = client.pay(Payment::new("Card", amount)).await?.done() else {
        return Ok(()); // Open, here and below: `recover` goes on with it, or lists it as set aside.
    };
    let menu = ChargeItem::goods("Menu", amount, 20, VatRate::Normal);
    let sale = Receipt::sale("S-2026-000101", Moment::now()).charge(menu);
    if let Some(signed) = client.sign(sale.pay_items(paid.pay_items())).await?.done()
        && let Some(issued) = client.issue(signed).await?.done()
    {
        println!("for the customer: {:?}", issued.document_url());
    }
    Ok(())
}
