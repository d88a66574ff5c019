//! A till that signs one sale after the other until it is killed: recovers what an earlier one left, first
//! of all, and tells what it does, a line each.
//!
//! Arguments: base URL, cash box id, access token, the three of the store, `sell` or `drain`, and a name that
//! its sales begin with.

use std::error::Error as StdError;
use std::io::{self, Write};
use std::time::Duration;

use pos_system_api::codes::VatRate;
use pos_system_api::receipt::{ChargeItem, PayItem, Receipt};
use pos_system_api::runtime::{BudgetRates, RetryBudget, RetryPolicy};
use pos_system_api::types::{Amount, Moment};
use pos_system_api::{Client, Error, ErrorKind, Outcome, Signed, Standing};
use pos_system_api_kill_test::{Event, Place};
use uuid::Uuid;

/// How long a till waits before it tries again what is still open.
const PAUSE: Duration = Duration::from_millis(20);

type Failure = Box<dyn StdError>;

struct Till {
    client: Client,
    name: String,
    sales: u32,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    tell(Event::Started)?;
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, cashbox_id, token, kind, place, schema, job, name] =
        <[String; 8]>::try_from(arguments).map_err(|_| "eight arguments are needed")?;
    let place = Place::from_arguments([kind, place, schema]).ok_or("there is no such store")?;
    let store = place.open().await?;
    tell(Event::Opened)?;
    let client = Client::builder()
        .base_url(url)
        .cashbox_id(cashbox_id.parse()?)
        .access_token(token)
        .pos_system_id(Uuid::nil())
        .with_deadline(Duration::from_millis(400))
        .with_attempt_timeout(Duration::from_millis(200))
        .with_retry_policy(impatient())
        .with_retry_budget(endless())
        .durable_shared(store)
        .build()?;
    let mut till = Till {
        client,
        name,
        sales: 0,
    };
    till.recover().await?;
    if job == "drain" {
        return Ok(tell(Event::Drained)?);
    }
    loop {
        till.sell().await?;
    }
}

/// Tells an event, at once: what was told before a kill was told.
fn tell(event: Event) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{event}")?;
    stdout.flush()
}

/// Waits of milliseconds, so that a thousand restarts take minutes.
fn impatient() -> RetryPolicy {
    let mut policy = RetryPolicy::default();
    policy.first_wait = Duration::from_millis(2);
    policy.longest_wait = Duration::from_millis(20);
    policy.first_poll = Duration::from_millis(2);
    policy.longest_poll = Duration::from_millis(20);
    policy.longest_retry_after = Duration::from_millis(20);
    policy.server_fault_resends = 1;
    policy.unreadable_resends = 1;
    policy
}

/// The faults are many: a budget would only make it slow.
fn endless() -> RetryBudget {
    let mut rates = BudgetRates::default();
    rates.failure_cost = 0;
    rates.timeout_cost = 0;
    RetryBudget::new(rates)
}

impl Till {
    /// Goes on with what is open until nothing is.
    async fn recover(&self) -> Result<(), Failure> {
        loop {
            let recovery = self.client.recover().await?;
            for record in &recovery.finished {
                record.read::<Signed>()?;
                tell(Event::Recovered(record.operation_id()))?;
            }
            for record in &recovery.parked {
                self.settle(record.operation_id()).await?;
            }
            if recovery.open.is_empty() {
                return Ok(());
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn sell(&mut self) -> Result<(), Failure> {
        self.sales += 1;
        let amount = Amount::from_cents(350);
        let reference = format!("{}-{}", self.name, self.sales);
        let sale = Receipt::sale(reference, Moment::now())
            .charge(ChargeItem::goods("Coffee", amount, 20, VatRate::Normal))
            .pay(PayItem::cash("Cash", amount));
        let call = self.client.sign(sale);
        let id = call.operation_id().ok_or("the sale cannot be sent")?;
        tell(Event::Begun(id))?;
        match call.await {
            Ok(Outcome::Done(_)) => tell(Event::Signed(id))?,
            Ok(Outcome::Pending(_)) => tell(Event::Open(id))?,
            Ok(Outcome::Parked(_)) => self.settle(id).await?,
            Err(error) => {
                may_go_on(error)?;
                tell(Event::Failed(id))?;
                self.settle(id).await?;
            }
        }
        Ok(())
    }

    /// Sends an operation that was set aside until it is signed, before anything else: the order of the
    /// sales stays as it is.
    async fn settle(&self, id: Uuid) -> Result<(), Failure> {
        loop {
            match self.client.resume_recorded::<Signed>(id).await {
                Ok(Outcome::Done(_)) => return Ok(tell(Event::Signed(id))?),
                Ok(_) => tokio::time::sleep(PAUSE).await,
                Err(error) => may_go_on(error)?,
            }
        }
    }
}

/// No sale of this till is wrong, and its store works: what says otherwise is what the test looks for.
fn may_go_on(error: Error) -> Result<(), Error> {
    let is_certain = error.outcome() == Standing::Final;
    match error.kind() {
        ErrorKind::StorageUnavailable
        | ErrorKind::Invalid
        | ErrorKind::Conflict
        | ErrorKind::Configuration => Err(error),
        _ if is_certain => Err(error),
        _ => Ok(()),
    }
}
