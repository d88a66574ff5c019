//! What the program was told of its operations, and whether that is the truth.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Mutex;

use pos_system_api::bytes::Bytes;
use pos_system_api::client::{Answered, Completion, Issued, OperationCall, Paid};
use pos_system_api::uuid::Uuid;
use pos_system_api::{Error, Outcome};

use pos_system_api::store::Row;

use super::*;

/// What the program was told of an operation at the end of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Told {
    /// Nothing: it asked for the operation to be sent.
    Asked,
    /// Nothing certain: a generated client has no words for what is pending.
    Unclear,
    /// It is done, with this answer.
    Done(Bytes),
    /// It is open, and goes on by itself.
    Pending,
    /// It is open, and a person has to look at it.
    Parked,
    /// The server refused it for good.
    Refused(ErrorKind),
    /// It failed, and is not sent again by itself. By then, so many requests of it had arrived.
    Failed(ErrorKind, usize),
    /// The program gave it up. By then, so many requests of it had arrived.
    Abandoned(usize),
}

/// What the program was told, in its order.
#[derive(Debug, Default)]
pub(crate) struct Diary {
    entries: Mutex<Vec<(Uuid, Told)>>,
}

/// An answer with what is the same in all.
pub(crate) trait Shown: Answered + Debug {
    fn completion(&self) -> &Completion;
}

macro_rules! shown {
    ($($answer:ty),*) => {
        $(impl Shown for $answer {
            fn completion(&self) -> &Completion {
                &self.completion
            }
        })*
    };
}
shown!(Signed, Paid, Issued);

/// A till and its diary.
#[derive(Clone)]
pub(crate) struct Program {
    pub(crate) simulator: Arc<Simulator>,
    pub(crate) client: Client,
    pub(crate) diary: Arc<Diary>,
}

impl Program {
    /// Makes a call, and notes its end.
    pub(crate) async fn call<T: Shown>(
        &self,
        call: OperationCall<T>,
    ) -> Result<Outcome<T>, Box<Error>> {
        let id = call.operation_id().unwrap();
        self.note(id, Told::Asked);
        let outcome = call.await;
        let told = match &outcome {
            Ok(Outcome::Done(answer)) => Told::Done(answer.completion().body.clone()),
            Ok(Outcome::Pending(_)) => Told::Pending,
            Ok(Outcome::Parked(_)) => Told::Parked,
            Err(error) if error.outcome() == Standing::Final => Told::Refused(error.kind()),
            // It may stand in the log, and be sent from there.
            Err(error)
                if error.kind() == ErrorKind::StorageUnavailable
                    && error.outcome() == Standing::Unknown =>
            {
                Told::Unclear
            }
            Err(error) => Told::Failed(error.kind(), self.requests_of(id)),
        };
        self.note(id, told);
        outcome.map_err(Box::new)
    }

    /// Signs a sale.
    pub(crate) async fn sell(&self, reference: &str) -> Result<Outcome<Signed>, Box<Error>> {
        let call = self.client.sign(sale(reference));
        self.call(call.with_deadline(ATTEMPT_TIMEOUT)).await
    }

    /// Gives an operation up.
    pub(crate) async fn abandon(&self, id: Uuid) -> Result<(), Error> {
        self.client.abandon(id, "the test", "wants it so").await?;
        self.note(id, Told::Abandoned(self.requests_of(id)));
        Ok(())
    }

    pub(crate) fn note(&self, id: Uuid, told: Told) {
        self.diary.entries.lock().unwrap().push((id, told));
    }

    fn requests_of(&self, id: Uuid) -> usize {
        self.simulator.ledger().requests_of(id).len()
    }

    /// The next program, on a store that is opened anew.
    pub(crate) fn restarted(&self, store: &Arc<WatchedStore>) -> Self {
        Self {
            client: till(&self.simulator, store),
            simulator: Arc::clone(&self.simulator),
            diary: Arc::clone(&self.diary),
        }
    }

    /// What was told last of an operation.
    fn last_told(&self, id: Uuid) -> Option<Told> {
        let entries = self.diary.entries.lock().unwrap();
        let mut of_it = entries.iter().rev().filter(|(told, _)| *told == id);
        of_it.next().map(|(_, told)| told.clone())
    }

    /// Recovers until nothing is left but what was set aside, then has a person go on with that. By then
    /// the server has no more troubles.
    pub(crate) async fn drain(&self, what: &str) {
        self.simulator.faults().clear();
        let recovery = self.client.recover().await.unwrap();
        assert!(recovery.open.is_empty(), "{what}: {recovery:?}");
        self.assert_nothing_sent_by_itself(what);
        for parked in recovery.parked {
            let id = parked.operation_id();
            if matches!(self.last_told(id), Some(Told::Abandoned(_))) {
                continue;
            }
            match parked.name() {
                "sign" => self.resume::<Signed>(id).await,
                "pay" => self.resume::<Paid>(id).await,
                "issue" => self.resume::<Issued>(id).await,
                other => panic!("{what}: {other}"),
            }
        }
        let open = self.client.pending().await.unwrap();
        assert!(open.is_empty(), "{what}: {open:?}");
    }

    async fn resume<T: Shown>(&self, id: Uuid) {
        let outcome = self.client.resume_recorded::<T>(id).await.unwrap();
        let completion = match &outcome {
            Outcome::Done(answer) => answer.completion(),
            // A payment the server never heard of: the operator says that no money moved.
            Outcome::Parked(handle) if handle.operation().name() == "pay" => {
                return self.abandon(id).await.unwrap();
            }
            _ => panic!("{outcome:?}"),
        };
        self.note(id, Told::Done(completion.body.clone()));
    }

    /// What the program was told had failed, or had given up, was not sent since.
    fn assert_nothing_sent_by_itself(&self, what: &str) {
        let entries = self.diary.entries.lock().unwrap().clone();
        let last: BTreeMap<Uuid, Told> = entries.into_iter().collect();
        for (id, told) in last {
            if let Told::Failed(_, requests) | Told::Abandoned(requests) = told {
                assert_eq!(self.requests_of(id), requests, "{what}: {id} {told:?}");
            }
        }
    }

    /// The log, the ledger and what the program was told agree, once everything is drained.
    pub(crate) async fn assert_sound(&self, store: &WatchedStore, what: &str) {
        let ledger = self.simulator.ledger();
        let rows = rows(store).await;
        let row_of = |id| rows.iter().find(|row| row.operation_id == id);
        // Nothing was sent whose intent is not in the log, and never other bytes.
        for request in ledger.requests() {
            if request.method != "POST" || request.path == "/v2/PayResponse" {
                continue;
            }
            let id = request.operation_id.unwrap();
            let row = row_of(id).unwrap_or_else(|| panic!("{what}: {id} was sent unwritten"));
            assert_eq!(row.body.as_deref(), Some(&request.body[..]), "{what}: {id}");
        }
        // Whatever was accepted is there once, and in the log.
        if !ledger.receipts().is_empty() {
            ledger.receipts().exactly_once();
            ledger.receipts().each_reference_once();
        }
        if !ledger.payments().is_empty() {
            ledger.payments().exactly_once();
        }
        for receipt in ledger.receipts() {
            let row = row_of(receipt.operation_id).unwrap();
            let is_settled = matches!(
                row.stage,
                Stage::Final | Stage::Acknowledged | Stage::Abandoned
            );
            assert!(is_settled, "{what}: {row:?}");
            if row.stage != Stage::Abandoned {
                assert_eq!(
                    row.answer.as_deref(),
                    Some(&receipt.response[..]),
                    "{what}: {row:?}"
                );
            }
        }
        self.assert_in_order(&rows, what);
        for (from, to) in store.transitions() {
            use Stage::{
                Abandoned, Acknowledged, Final, Prepared, Purged, Replaced, SendStarted, Unknown,
            };
            let allowed: &[Stage] = match from {
                Prepared => &[Prepared, SendStarted, Abandoned, Replaced],
                SendStarted => &[Prepared, SendStarted, Unknown, Final, Abandoned],
                // What is in doubt stays so until it is settled or given up.
                Unknown => &[Unknown, Final, Abandoned],
                Final => &[Acknowledged],
                Acknowledged | Abandoned | Replaced => &[Purged],
                Purged => &[],
            };
            assert!(allowed.contains(&to), "{what}: {from} became {to}");
        }
        // What was told once stays true.
        for (id, told) in self.diary.entries.lock().unwrap().iter() {
            let row = row_of(*id);
            let stage = row.map(|row| row.stage);
            match told {
                Told::Done(body) => {
                    let answer = row.and_then(|row| row.answer.clone());
                    assert_eq!(answer.as_deref(), Some(&body[..]), "{what}: {id}");
                }
                Told::Pending | Told::Parked => {
                    assert!(stage.is_some(), "{what}: {id} {told:?} was forgotten");
                }
                Told::Refused(_) => {
                    let is_settled = matches!(stage, Some(Stage::Final | Stage::Acknowledged));
                    assert!(is_settled, "{what}: {id} {told:?} {stage:?}");
                }
                Told::Asked | Told::Unclear | Told::Failed(..) => {}
                Told::Abandoned(_) => assert_eq!(stage, Some(Stage::Abandoned), "{what}: {id}"),
            }
        }
        store.verify().await.unwrap();
    }

    /// What nobody had to look at was signed in the order in which it was begun.
    fn assert_in_order(&self, rows: &[Row], what: &str) {
        let is_put_off = |told: &Told| {
            matches!(
                told,
                Told::Unclear | Told::Failed(..) | Told::Parked | Told::Abandoned(_)
            )
        };
        let entries = self.diary.entries.lock().unwrap();
        let put_off = |id| {
            let mut of_it = entries.iter().filter(|(told, _)| *told == id);
            of_it.any(|(_, told)| is_put_off(told))
        };
        let ledger = self.simulator.ledger();
        let sequences: Vec<u64> = ledger
            .receipts()
            .iter()
            .filter(|receipt| !put_off(receipt.operation_id))
            .filter_map(|receipt| {
                rows.iter()
                    .find(|row| row.operation_id == receipt.operation_id)
            })
            .map(|row| row.sequence)
            .collect();
        assert!(sequences.is_sorted(), "{what}: {sequences:?}");
    }
}
