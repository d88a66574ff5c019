//! What really happened at the server, for a test to compare with what the client believes.

mod audit;
mod entries;
mod form;
mod issue;
mod issue_update;
mod json_text;
mod operation;
mod payment;
mod receipt;
mod request;
mod sorted;

use uuid::Uuid;

pub use entries::{Entries, IssueUpdates, Issues, Payments, Receipts, Record};
pub(crate) use form::{Head, Kind, Selection, Summary};
pub use issue::IssueRecord;
pub use issue_update::{IssueAction, IssueUpdateRecord};
pub use operation::{ArrivedRequest, OperationRecord};
pub use payment::{PaymentAction, PaymentRecord};
pub use receipt::ReceiptRecord;
pub use request::RequestRecord;

use operation::Operations;
use request::Requests;

/// Everything that arrived and everything that was done, at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    requests: Requests,
    operations: Operations,
    receipts: Vec<ReceiptRecord>,
    payments: Vec<PaymentRecord>,
    issues: Vec<IssueRecord>,
    issue_updates: Vec<IssueUpdateRecord>,
    restarts: u64,
}

impl Ledger {
    /// With a bound on the requests that are kept, `None` for all of them.
    pub(crate) fn keeping(requests: Option<usize>) -> Self {
        Self {
            requests: Requests::keeping(requests),
            ..Self::default()
        }
    }

    /// An empty ledger. Requests of this one that are still open are unknown to it.
    pub(crate) fn successor(&self) -> Self {
        Self {
            requests: self.requests.successor(),
            ..Self::default()
        }
    }

    /// The kept requests in order of arrival, except those to `/_sim`: all of them, unless
    /// [`kept_requests`](crate::SimulatorBuilder::kept_requests) says otherwise.
    pub fn requests(&self) -> &[RequestRecord] {
        self.requests.kept()
    }

    /// How many requests arrived before the first one that is kept.
    pub fn dropped_requests(&self) -> usize {
        self.requests.dropped()
    }

    /// What arrived under each operation id and how often it was carried out, in the order in
    /// which the ids were first seen: of all requests, also those that are no longer kept.
    pub fn operations(&self) -> &[OperationRecord] {
        self.operations.records()
    }

    /// The signed receipts in order of their numbers.
    pub fn receipts(&self) -> Receipts<'_> {
        Entries::new(&self.receipts)
    }

    /// The payments that went through, in order.
    pub fn payments(&self) -> Payments<'_> {
        Entries::new(&self.payments)
    }

    /// The accepted calls of `/issue` in order.
    pub fn issues(&self) -> Issues<'_> {
        Entries::new(&self.issues)
    }

    /// How often an echo without a message restarted the middleware of [`Profile::Local`].
    ///
    /// [`Profile::Local`]: crate::Profile::Local
    pub fn restarts(&self) -> u64 {
        self.restarts
    }

    /// What was done with issued documents by `PUT /issue/{QueueId}/{QueueItemId}`, in order.
    pub fn issue_updates(&self) -> IssueUpdates<'_> {
        Entries::new(&self.issue_updates)
    }

    /// The receipts one operation signed: one at most, unless it was forgotten in between.
    pub fn receipts_of(&self, operation_id: Uuid) -> Vec<&ReceiptRecord> {
        self.receipts().of(operation_id)
    }

    /// What one operation did at a payment terminal: once at most, unless it was forgotten in
    /// between.
    pub fn payments_of(&self, operation_id: Uuid) -> Vec<&PaymentRecord> {
        self.payments().of(operation_id)
    }

    /// The kept requests that carried one operation id, in order of arrival.
    pub fn requests_of(&self, operation_id: Uuid) -> Vec<&RequestRecord> {
        self.requests()
            .iter()
            .filter(|request| request.operation_id == Some(operation_id))
            .collect()
    }

    /// What was done, as indented JSON, without what depends on the order in which concurrent
    /// requests came in: by operation id, and without receipt numbers, rows, hashes, moments
    /// and the requests themselves. Equal runs give equal texts.
    ///
    /// # Examples
    ///
    /// ```
    /// use pos_system_api_simulator::Simulator;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let (one, other) = (Simulator::start().await?, Simulator::start().await?);
    /// // The same requests to both, in any order.
    /// assert_eq!(one.ledger().sorted(), other.ledger().sorted());
    /// # Ok(())
    /// # }
    /// ```
    pub fn sorted(&self) -> String {
        // Texts and truth values can always be written.
        sorted::text(self).unwrap_or_else(|error| error.to_string())
    }

    pub(crate) fn record_request(&mut self, request: RequestRecord) -> usize {
        self.operations.record_request(&request);
        self.requests.push(request)
    }

    /// The operation was carried out.
    pub(crate) fn record_run(&mut self, operation_id: Uuid) {
        self.operations.record_run(operation_id);
    }

    pub(crate) fn record_execution(&mut self, request: usize, executed: bool) {
        if let Some(request) = self.requests.get_mut(request) {
            request.executed = executed;
        }
    }

    pub(crate) fn record_status(&mut self, request: usize, status: u16) {
        if let Some(request) = self.requests.get_mut(request) {
            request.status = Some(status);
        }
    }

    pub(crate) fn record_receipt(&mut self, receipt: ReceiptRecord) {
        self.receipts.push(receipt);
    }

    pub(crate) fn record_payment(&mut self, payment: PaymentRecord) {
        self.payments.push(payment);
    }

    pub(crate) fn record_restart(&mut self) {
        self.restarts += 1;
    }

    pub(crate) fn record_issue(&mut self, issue: IssueRecord) {
        self.issues.push(issue);
    }

    pub(crate) fn record_issue_update(&mut self, update: IssueUpdateRecord) {
        self.issue_updates.push(update);
    }
}
