//! Records of one kind, with what a test wants to say about them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write};
use std::ops::Deref;

use uuid::Uuid;

use super::issue::IssueRecord;
use super::issue_update::IssueUpdateRecord;
use super::payment::PaymentRecord;
use super::receipt::ReceiptRecord;

/// The signed receipts of a [`Ledger`](super::Ledger).
pub type Receipts<'a> = Entries<'a, ReceiptRecord>;

/// The payments of a [`Ledger`](super::Ledger).
pub type Payments<'a> = Entries<'a, PaymentRecord>;

/// The issued documents of a [`Ledger`](super::Ledger).
pub type Issues<'a> = Entries<'a, IssueRecord>;

/// What was done with the documents of a [`Ledger`](super::Ledger).
pub type IssueUpdates<'a> = Entries<'a, IssueUpdateRecord>;

/// Something an operation left behind. Only the records of the ledger are.
pub trait Record: private::Sealed {
    /// The operation that left it.
    fn operation_id(&self) -> Uuid;
}

mod private {
    /// How a record is called in a message.
    pub trait Sealed {
        /// The plural of its kind.
        const KIND: &'static str;

        /// What tells it from the others of its kind.
        fn described(&self) -> String;
    }
}

impl Record for ReceiptRecord {
    fn operation_id(&self) -> Uuid {
        self.operation_id
    }
}

impl private::Sealed for ReceiptRecord {
    const KIND: &'static str = "receipts";

    fn described(&self) -> String {
        format!("number {} for {:?}", self.receipt_number, self.reference())
    }
}

impl Record for PaymentRecord {
    fn operation_id(&self) -> Uuid {
        self.operation_id
    }
}

impl private::Sealed for PaymentRecord {
    const KIND: &'static str = "payments";

    fn described(&self) -> String {
        format!("{} of {}", self.action, self.amount)
    }
}

impl Record for IssueRecord {
    fn operation_id(&self) -> Uuid {
        self.operation_id
    }
}

impl private::Sealed for IssueRecord {
    const KIND: &'static str = "issues";

    fn described(&self) -> String {
        format!("of queue item {}", self.queue_item_id)
    }
}

impl Record for IssueUpdateRecord {
    fn operation_id(&self) -> Uuid {
        self.operation_id
    }
}

impl private::Sealed for IssueUpdateRecord {
    const KIND: &'static str = "issue updates";

    fn described(&self) -> String {
        format!("{} of queue item {}", self.action, self.queue_item_id)
    }
}

/// Records of one kind in the order they were made. It can be used like a slice.
///
/// # Examples
///
/// ```
/// use pos_system_api_simulator::Simulator;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let sim = Simulator::builder().started(true).start().await?;
/// // The code under test runs here.
/// sim.ledger().receipts().none();
/// assert_eq!(sim.ledger().payments().len(), 0);
/// # Ok(())
/// # }
/// ```
pub struct Entries<'a, R> {
    records: &'a [R],
}

impl<'a, R> Entries<'a, R> {
    pub(super) fn new(records: &'a [R]) -> Self {
        Self { records }
    }

    /// The records as a slice that lives as long as the ledger.
    pub fn as_slice(self) -> &'a [R] {
        self.records
    }

    /// The records in order.
    pub fn iter(self) -> std::slice::Iter<'a, R> {
        self.records.iter()
    }

    /// How many there are.
    pub fn count(self) -> usize {
        self.records.len()
    }
}

impl<'a, R: Record> Entries<'a, R> {
    /// What one operation left behind, in order.
    pub fn of(self, operation_id: Uuid) -> Vec<&'a R> {
        self.iter()
            .filter(|record| record.operation_id() == operation_id)
            .collect()
    }

    /// The operations that left something behind, each once, sorted.
    pub fn operations(self) -> Vec<Uuid> {
        let operations: BTreeSet<Uuid> = self.iter().map(Record::operation_id).collect();
        operations.into_iter().collect()
    }

    /// Nothing was done twice: there is a record, and no operation has more than one.
    ///
    /// # Panics
    ///
    /// When there is no record, or with the operations that have several.
    #[track_caller]
    pub fn exactly_once(self) {
        assert!(!self.records.is_empty(), "there are no {}", R::KIND);
        let doubles = self.lines(|records| records.len() > 1);
        assert!(doubles.is_empty(), "{} more than once:{doubles}", R::KIND);
    }

    /// Nothing was done twice and nothing was lost: these operations have one record each, and
    /// no other operation has any.
    ///
    /// # Panics
    ///
    /// With the operations that have no record, several, or one that was not expected.
    #[track_caller]
    pub fn exactly_once_for(self, operations: impl IntoIterator<Item = Uuid>) {
        let expected: BTreeSet<Uuid> = operations.into_iter().collect();
        let recorded: BTreeSet<Uuid> = self.operations().into_iter().collect();
        let mut faults = self.lines(|records| records.len() > 1);
        for lost in expected.difference(&recorded) {
            // Writing to a text cannot fail.
            let _ = write!(faults, "\n  operation {lost} has none");
        }
        for other in recorded.difference(&expected) {
            let _ = write!(faults, "\n  operation {other} was not expected");
        }
        assert!(faults.is_empty(), "{} not exactly once:{faults}", R::KIND);
    }

    /// Nothing was done.
    ///
    /// # Panics
    ///
    /// When there is a record, with all of them.
    #[track_caller]
    pub fn none(self) {
        let found = self.lines(|_| true);
        assert!(
            found.is_empty(),
            "{} where none were expected:{found}",
            R::KIND
        );
    }

    /// The operations with more than one record.
    pub(crate) fn operations_with_several(self) -> BTreeSet<Uuid> {
        let by_operation = self.by_operation().into_iter();
        let several = by_operation.filter(|(_, records)| records.len() > 1);
        several.map(|(operation, _)| operation).collect()
    }

    fn by_operation(self) -> BTreeMap<Uuid, Vec<&'a R>> {
        let mut by_operation: BTreeMap<Uuid, Vec<&R>> = BTreeMap::new();
        for record in self.iter() {
            let records = by_operation.entry(record.operation_id()).or_default();
            records.push(record);
        }
        by_operation
    }

    /// A line for each operation whose records are such.
    fn lines(self, such: impl Fn(&[&R]) -> bool) -> String {
        let mut lines = String::new();
        for (operation, records) in self.by_operation() {
            if such(&records) {
                let described: Vec<String> =
                    records.iter().map(|record| record.described()).collect();
                let (count, described) = (records.len(), described.join(", "));
                // Writing to a text cannot fail.
                let _ = write!(lines, "\n  operation {operation} has {count}: {described}");
            }
        }
        lines
    }
}

impl Receipts<'_> {
    /// The `cbReceiptReference` of each receipt, in order of the receipt numbers.
    pub fn references(self) -> Vec<String> {
        self.iter().map(ReceiptRecord::reference).collect()
    }

    /// No business transaction was signed twice: there is a receipt, and no two have the same
    /// `cbReceiptReference`. This also finds a client that repeats a sale under a new operation id.
    ///
    /// # Panics
    ///
    /// When there is no receipt, or with the receipts that share a reference.
    #[track_caller]
    pub fn each_reference_once(self) {
        assert!(!self.is_empty(), "there are no receipts");
        let mut receipts: Vec<&ReceiptRecord> = self.iter().collect();
        receipts.sort_by_cached_key(|receipt| receipt.reference());
        let mut doubles = String::new();
        for same in receipts.chunk_by(|one, other| one.reference() == other.reference()) {
            if let [first, _, ..] = same {
                let of: Vec<String> = same
                    .iter()
                    .map(|receipt| {
                        format!("{} by {}", receipt.receipt_number, receipt.operation_id)
                    })
                    .collect();
                let _ = write!(doubles, "\n  {:?}: {}", first.reference(), of.join(", "));
            }
        }
        assert!(
            doubles.is_empty(),
            "references signed more than once:{doubles}"
        );
    }
}

impl<R> Clone for Entries<'_, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Entries<'_, R> {}

impl<R> Deref for Entries<'_, R> {
    type Target = [R];

    fn deref(&self) -> &[R] {
        self.records
    }
}

impl<'a, R> IntoIterator for Entries<'a, R> {
    type Item = &'a R;
    type IntoIter = std::slice::Iter<'a, R>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<R: fmt::Debug> fmt::Debug for Entries<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.records.fmt(f)
    }
}

impl<R: PartialEq> PartialEq for Entries<'_, R> {
    fn eq(&self, other: &Self) -> bool {
        self.records == other.records
    }
}

impl<R: PartialEq> PartialEq<[R]> for Entries<'_, R> {
    fn eq(&self, other: &[R]) -> bool {
        self.records == other
    }
}

impl<R: PartialEq, const N: usize> PartialEq<[R; N]> for Entries<'_, R> {
    fn eq(&self, other: &[R; N]) -> bool {
        self.records == other
    }
}
