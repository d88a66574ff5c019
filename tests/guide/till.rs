// Where the examples of src/guide run: a till with a simulator of its own. Each of them includes this file.

type Shown = Result<(), Box<dyn std::error::Error>>;

/// Runs an example at a till whose queue is started.
fn at_a_till(
    example: impl AsyncFnOnce(pos_system_api::Client, pos_system_api_simulator::Simulator) -> Shown,
) -> Shown {
    let simulator = pos_system_api_simulator::Simulator::builder().started(true);
    at_a_till_of(simulator, example)
}

/// Runs an example against this simulator.
fn at_a_till_of(
    simulator: pos_system_api_simulator::SimulatorBuilder,
    example: impl AsyncFnOnce(pos_system_api::Client, pos_system_api_simulator::Simulator) -> Shown,
) -> Shown {
    let runtime = tokio::runtime::Builder::new_current_thread();
    runtime_of(runtime)?.block_on(async {
        let simulator = simulator.start().await?;
        let client = client_of(&simulator)?;
        example(client, simulator).await
    })
}

fn runtime_of(mut builder: tokio::runtime::Builder) -> std::io::Result<tokio::runtime::Runtime> {
    builder.enable_all().build()
}

fn client_of(
    simulator: &pos_system_api_simulator::Simulator,
) -> pos_system_api::Result<pos_system_api::Client> {
    builder_of(simulator).build()
}

fn builder_of(
    simulator: &pos_system_api_simulator::Simulator,
) -> pos_system_api::client::ClientBuilder {
    pos_system_api::Client::builder()
        .base_url(simulator.base_url())
        .cashbox_id(simulator.cashbox_id())
        .access_token(simulator.access_token())
        .pos_system_id(pos_system_api::uuid::Uuid::nil())
}

/// The server is too busy, for longer than any till waits: nothing is executed.
fn busy() -> pos_system_api_simulator::Fault {
    pos_system_api_simulator::Fault::StatusBeforeCommit {
        status: 429,
        retry_after: Some(600),
    }
}

/// A coffee for 3.50 in cash.
fn coffee(reference: &str) -> pos_system_api::receipt::Receipt {
    use pos_system_api::receipt::{ChargeItem, PayItem, Receipt};
    use pos_system_api::{
        codes::VatRate,
        types::{Amount, Moment},
    };
    let price = Amount::from_cents(350);
    Receipt::sale(reference, Moment::now())
        .charge(ChargeItem::goods("Coffee", price, 20, VatRate::Normal))
        .pay(PayItem::cash("Cash", price))
}

/// Sells one.
async fn sold(
    client: &pos_system_api::Client,
    reference: &str,
) -> Result<pos_system_api::Signed, Box<dyn std::error::Error>> {
    let outcome = client.sign(coffee(reference)).await?;
    outcome.done().ok_or_else(|| "the sale is open".into())
}

// What a till has of its own. Nothing stays open here but where an example says so itself.

fn keep(open: &pos_system_api::Handle) -> std::io::Result<()> {
    panic!("{open}");
}

fn print<T: ?Sized>(_: &T) {}
