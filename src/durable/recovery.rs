//! Going on after a start: what was open is found, finished or listed.

use std::sync::Arc;

use uuid::Uuid;

use super::log::{Log, is_outdated, unavailable};
use super::order::Step;
use super::record::Record;
use crate::client::{Answered, Client};
use crate::error::{Error, ErrorKind, Result};
use crate::outcome::Outcome;
use crate::runtime::{Engine, Pace};
use crate::store::{Durability, Row, Selection, Stage, StoreError};

/// How many rows are read at a time.
const PAGE: u32 = 500;

/// What [`Client::recover`] found and did.
#[must_use = "what was finished may not have been printed, and what is open needs attention"]
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Recovery {
    /// Operations that are settled, now or before the program ended, and whose answers nobody took note
    /// of: print what was not printed. [`Record::read`] gives the answer. Of a `pay` here, the receipt was most
    /// likely not begun: the sale, or, where [`Paid::charged`](crate::client::Paid::charged) is negative, that of
    /// the refund or the cancellation.
    ///
    /// They are those of the cash box: where several workers share one, the answer that another has just been
    /// given stands here as well.
    pub finished: Vec<Record>,
    /// Operations that are still open: the network is down, or the server works on them. Receipts are sent
    /// before any other; payments are asked for.
    pub open: Vec<Record>,
    /// Operations that were set aside, for a person to look at: [`Client::resume_recorded`] or
    /// [`Client::abandon`].
    pub parked: Vec<Record>,
    /// Why the first of those that are open is so, in words.
    pub cause: Option<String>,
    /// Whether receipts were signed late, and no zero receipt since: the rules want one (API facts, section
    /// 6.5). It is read from the log, whoever sent them. It is proposed here and never sent by itself:
    /// [`Receipt::zero`](crate::receipt::Receipt::zero).
    pub zero_receipt_due: bool,
}

impl Recovery {
    /// Whether nothing is left to be done, and nothing to be printed.
    #[must_use]
    pub fn is_clear(&self) -> bool {
        self.finished.is_empty() && self.open.is_empty() && self.parked.is_empty()
    }
}

impl Log {
    /// The payments that are open and not set aside, behind a number, by sequence.
    pub(super) async fn open_payments(&self, after: u64) -> Result<Vec<Row>, StoreError> {
        let queue = Some(self.payments.clone());
        let selection = Selection::Open { queue };
        let (mut open, mut after) = (Vec::new(), after);
        loop {
            let rows = self.store.page(selection.clone(), after, PAGE).await?;
            let Some(last) = rows.last() else {
                return Ok(open);
            };
            after = last.sequence;
            open.extend(rows.into_iter().filter(|row| !row.parked));
        }
    }

    /// All records of a selection of the cash box, its payments included, by sequence.
    async fn all_of_both(
        &self,
        selection: impl Fn(Option<String>) -> Selection,
    ) -> Result<Vec<Record>, StoreError> {
        let mut records = self.all(selection(Some(self.queue.clone()))).await?;
        records.extend(self.all(selection(Some(self.payments.clone()))).await?);
        records.sort_by_key(Record::sequence);
        Ok(records)
    }

    /// All records of a selection, by sequence.
    async fn all(&self, selection: Selection) -> Result<Vec<Record>, StoreError> {
        let (mut records, mut after) = (Vec::new(), 0);
        loop {
            let rows = self.store.page(selection.clone(), after, PAGE).await?;
            let Some(last) = rows.last() else {
                return Ok(records);
            };
            after = last.sequence;
            for row in rows {
                records.push(Record::from_row(row)?);
            }
        }
    }
}

impl Client {
    /// The operation log, or that there is none.
    pub(super) fn log(&self) -> Result<&Arc<Log>> {
        self.engine().log.as_ref().ok_or_else(|| {
            Error::new(
                ErrorKind::Configuration,
                "The client keeps no operation log; ClientBuilder::durable gives it one",
            )
        })
    }

    /// Goes on with what was open when the program ended, in its order, until nothing is open or an
    /// operation stays so. Call it once at the start, before the first sale.
    ///
    /// Each operation is sent under its id with its exact bytes; what was executed before comes back as
    /// its stored answer. Each may take the client's deadline: with the network down, this ends after one. An
    /// operation in doubt for longer than [`LogOptions::id_retention`](super::LogOptions::id_retention) is set
    /// aside instead.
    ///
    /// After the receipts, unless one stays open, each payment that is open is asked for. One that was never sent
    /// is set aside: it is not begun without the customer.
    ///
    /// At the end, what ended longer ago than
    /// [`LogOptions::content_retention`](super::LogOptions::content_retention) is removed from the log.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] for a client without a log, [`ErrorKind::StorageUnavailable`] if it
    /// cannot be used. That an operation is still open is no error: it stands in [`Recovery::open`].
    pub async fn recover(&self) -> Result<Recovery> {
        let log = self.log()?;
        Box::pin(recover(self, log)).await.map_err(unavailable)
    }

    /// The operations of this cash box that are open, set aside or not, in their order; those that a call
    /// is working on right now included.
    ///
    /// # Errors
    /// As [`recover`](Self::recover).
    pub async fn pending(&self) -> Result<Vec<Record>> {
        let open = self.log()?.all_of_both(|queue| Selection::Open { queue });
        open.await.map_err(unavailable)
    }

    /// What the log has of an operation; `None` if it is not in it.
    ///
    /// # Errors
    /// As [`recover`](Self::recover).
    pub async fn recorded(&self, operation_id: Uuid) -> Result<Option<Record>> {
        let row = self.log()?.store.row(operation_id).await;
        let row = row.map_err(unavailable)?;
        row.map(Record::from_row).transpose().map_err(unavailable)
    }

    /// Goes on with an operation of the log, one that was set aside included, whatever its age. One that is
    /// settled gives its answer without being sent; that answer counts as given.
    ///
    /// A payment that may have reached the server is asked for. One that the log proves was never sent is
    /// *begun*: the terminal asks for money. If the guest has gone or has paid otherwise,
    /// [`abandon`](Self::abandon) it.
    ///
    /// `T` is what the call answers with, such as [`Signed`](crate::client::Signed). With a handle, use
    /// [`resume`](Self::resume): it does the same. For options such as a deadline too:
    ///
    /// ```no_run
    /// # use pos_system_api::{Client, Result, Signed};
    /// # async fn example(client: Client, id: uuid::Uuid) -> Result<()> {
    /// use std::time::Duration;
    ///
    /// if let Some(handle) = client.recorded(id).await?.and_then(|record| record.handle()) {
    ///     let call = client.resume::<Signed>(handle).with_deadline(Duration::from_secs(5));
    ///     println!("signed: {}", call.await?.done().is_some());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`recover`](Self::recover), [`ErrorKind::Invalid`] for an id that is not in the log or was a call
    /// of another kind, and what the call itself gives.
    pub async fn resume_recorded<T: Answered>(&self, operation_id: Uuid) -> Result<Outcome<T>> {
        let record = self.recorded(operation_id).await?;
        let handle = record.as_ref().and_then(Record::handle);
        match handle {
            // Whoever names it has decided that it is sent.
            Some(handle) => self.resume::<T>(handle.decided()).await,
            None => Err(not_in_the_log(operation_id)),
        }
    }

    /// Notes that the answer of an operation was taken: printed, booked, whatever the program does with it.
    /// [`recover`](Self::recover) does not give it again.
    ///
    /// Not needed unless
    /// [`LogOptions::explicit_acknowledgement`](super::LogOptions::explicit_acknowledgement) says so: the
    /// next operation acknowledges the answers before it. An operation that is not settled stays as it is.
    ///
    /// It lasts, unless the power fails before the next operation is begun: then the answer is given again. So
    /// mark as a copy what is printed from [`Recovery::finished`].
    ///
    /// # Errors
    /// As [`recover`](Self::recover), and [`ErrorKind::Invalid`] for an id that is not in the log.
    pub async fn acknowledge(&self, operation_id: Uuid) -> Result<()> {
        let log = self.log()?;
        loop {
            let record = self
                .recorded(operation_id)
                .await?
                .ok_or_else(|| not_in_the_log(operation_id))?;
            if record.stage() != Stage::Final {
                return Ok(());
            }
            let acknowledged = record.changed_to(Stage::Acknowledged, log.now_unix_ms());
            match log.update(&acknowledged, Durability::Lazy).await {
                Ok(_) => return Ok(()),
                // Somebody else did meanwhile.
                Err(error) if is_outdated(&error) => {}
                Err(error) => return Err(unavailable(error)),
            }
        }
    }
}

pub(super) fn not_in_the_log(operation_id: Uuid) -> Error {
    Error::new(
        ErrorKind::Invalid,
        format!("Operation {operation_id} is not in the operation log, or its content was removed"),
    )
}

/// Where sending the receipts that were left behind came to a stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Receipts {
    /// Nothing is left, or not for this worker.
    Done,
    /// At one that stays open.
    Open,
}

impl Log {
    /// Sends the receipts that were left behind, in their order, until one stays open.
    async fn recover_receipts(
        self: &Arc<Self>,
        engine: &Engine,
        recovery: &mut Recovery,
    ) -> Result<Receipts, StoreError> {
        let _turn = self.turn.lock().await;
        let start = engine.clock.elapsed();
        let mut held = 0_u32;
        loop {
            match self.go_on(engine, None, engine.deadline).await? {
                Step::Clear => return Ok(Receipts::Done),
                Step::Settled(record) => {
                    held = 0;
                    recovery.finished.push(record);
                }
                Step::Parked(_) => held = 0,
                Step::Open(record) => {
                    recovery.cause = Some(record.to_string());
                    return Ok(Receipts::Open);
                }
                // Whoever works on it is most likely done in a moment.
                Step::Held(reason) => {
                    let passed = engine.clock.elapsed().saturating_sub(start);
                    let left = engine.deadline.saturating_sub(passed);
                    if left.is_zero() {
                        recovery.cause = Some(reason);
                        return Ok(Receipts::Done);
                    }
                    held = held.saturating_add(1);
                    let fraction = engine.chance.fraction();
                    let wait = engine.policy.wait(Pace::Poll, held, fraction, None);
                    engine.clock.sleep(wait.min(left)).await;
                }
                Step::Blocked(reason) => {
                    recovery.cause = Some(reason);
                    return Ok(Receipts::Done);
                }
            }
        }
    }

    /// Asks for the payments that are open, until one stays so. Those that a call is taking are left to it.
    async fn recover_payments(
        self: &Arc<Self>,
        engine: &Engine,
        recovery: &mut Recovery,
    ) -> Result<(), StoreError> {
        for payment in self.open_payments(0).await? {
            let id = payment.operation_id;
            match self.go_on_with_payment(engine, id, engine.deadline).await? {
                Step::Settled(record) => recovery.finished.push(record),
                Step::Open(record) => {
                    recovery.cause.get_or_insert(record.to_string());
                    break;
                }
                Step::Clear | Step::Held(_) | Step::Parked(_) | Step::Blocked(_) => {}
            }
        }
        Ok(())
    }
}

async fn recover(client: &Client, log: &Arc<Log>) -> Result<Recovery, StoreError> {
    let engine = client.engine();
    let mut recovery = Recovery {
        finished: log
            .all_of_both(|queue| Selection::Untaken { queue })
            .await?,
        ..Recovery::default()
    };
    for record in &recovery.finished {
        log.note_settled(record);
    }
    let receipts = log.recover_receipts(engine, &mut recovery).await?;
    // The server is most likely away for payments too, where it is for a receipt.
    if receipts != Receipts::Open {
        log.recover_payments(engine, &mut recovery).await?;
    }
    let open = log.all_of_both(|queue| Selection::Open { queue }).await?;
    (recovery.parked, recovery.open) = open.into_iter().partition(Record::is_parked);
    recovery.zero_receipt_due = log.is_zero_receipt_due().await;
    // What cannot be removed now is removed another time: nobody is kept from working by it.
    let _ = log.purge().await;
    // Given with the return, and not before.
    for record in &recovery.finished {
        log.give(record.clone());
    }
    Ok(recovery)
}
