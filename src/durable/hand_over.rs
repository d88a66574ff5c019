//! The customer left with an offline receipt.

use uuid::Uuid;

use super::abandon::not_open;
use super::keep::Kept;
use super::log::{Log, unavailable};
use super::record::Record;
use crate::client::Client;
use crate::error::{Error, ErrorKind, Result};
use crate::handle::Handle;
use crate::json::fault;
use crate::receipt::Receipt;
use crate::runtime::Operation;
use crate::store::{Durability, Stage, StoreError, StoreErrorKind, Write};
use crate::types::ReceiptRequest;

/// What [`Client::handed_over_offline`] did.
#[must_use = "it says under which id the sale goes on"]
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum HandedOver {
    /// The sale was proved never to have been executed: its late signing took its place, under a new id,
    /// with the original moment. It is sent in its turn.
    LateSigning(Handle),
    /// The sale may have been executed: it is sent to its end as it is, under its own id.
    AsItIs(Handle),
    /// The sale may have been executed, and was set aside: nothing but a person sends it to its end, by
    /// [`Client::resume_recorded`].
    SetAside(Handle),
}

impl HandedOver {
    /// The operation that the sale goes on as.
    #[must_use]
    pub fn handle(&self) -> &Handle {
        match self {
            Self::LateSigning(handle) | Self::AsItIs(handle) | Self::SetAside(handle) => handle,
        }
    }
}

/// The proof that an operation was never executed, and will not be while this is held: only its holder
/// could send it. A late signing is made from nothing else.
struct NeverSent {
    kept: Kept,
}

impl NeverSent {
    /// The proof, or the operation back.
    fn proved(kept: Kept) -> std::result::Result<Self, Kept> {
        if kept.record().stage() == Stage::Prepared {
            Ok(Self { kept })
        } else {
            Err(kept)
        }
    }

    /// The receipt, to be signed late.
    fn receipt(&self) -> Result<ReceiptRequest> {
        let receipt = serde_json::from_slice::<ReceiptRequest>(self.kept.record().body()).map_err(
            |error| {
                let reason = fault::reason(&error);
                let message = format!("The receipt in the operation log cannot be read: {reason}");
                Error::new(ErrorKind::Invalid, message)
            },
        )?;
        Ok(Receipt::late_signing_of(receipt)?)
    }

    /// The late signing with the terminal and the lifetime of the operation it replaces.
    fn sent_like_it(&self, late: Handle) -> Result<Handle> {
        let operation = self.kept.record().operation().map_err(|source| {
            let message = "The receipt in the operation log cannot be read";
            Error::new(ErrorKind::Invalid, message).with_source(source)
        })?;
        let mut late = late.into_operation();
        late.options.lifetime = operation.options.lifetime;
        late.options.terminal = operation.options.terminal;
        Ok(Handle::new(late, None))
    }

    /// Replaces the operation by its late signing, both at once.
    async fn replaced_by(self, log: &Log, late: &Operation) -> std::result::Result<(), StoreError> {
        let now = log.now_unix_ms();
        let mut replaced = self.kept.record().changed_to(Stage::Replaced, now);
        replaced.row.parked = false;
        replaced.details.successor = Some(late.id());
        replaced.details.handed_over_unix_ms = Some(now);
        let mut successor = Record::new(late, &log.queue, Stage::Prepared, now)
            .map_err(|error| StoreError::new(StoreErrorKind::Missing, error.to_string()))?;
        successor.details.predecessor = Some(replaced.operation_id());
        successor.details.handed_over_unix_ms = Some(now);
        let writes = vec![
            Write::Update(replaced.to_row()),
            Write::Insert(successor.to_row()),
        ];
        let written = log.store.commit(writes, Durability::Synced).await;
        // The successor, should it be written, waits for its turn like anything that was left behind; the
        // replaced one is let go of with the proof.
        log.store.release(late.id());
        log.left_behind.note();
        written.map(|_| ())
    }
}

impl Client {
    /// Says that the customer left with an offline receipt, printed without a signature as the market's
    /// rules have it, for a sale that is [`Pending`](crate::Outcome::Pending).
    ///
    /// A sale that is proved never to have been executed is replaced, at once and in the log, by its late
    /// signing: a new id, the late signing flag, the original moment (API facts, section 6.5). One that may
    /// have been executed is left as it is: it is sent to its end under its own id, so that it cannot be
    /// signed twice. Either is sent in its turn, by the next call, by [`forward`](Self::forward) or by
    /// [`recover`](Self::recover). One in doubt that was set aside stays so: print the offline receipt, and
    /// tell whoever decides that only [`resume_recorded`](Self::resume_recorded) or [`abandon`](Self::abandon)
    /// moves it.
    ///
    /// The handle of an error that leaves the sale open, such as refused credentials, does as well. If the log
    /// sends the sale by itself just now, this waits for the end of the attempt under way, and then goes on.
    ///
    /// Said twice of the same sale, it gives the same late signing.
    ///
    /// A customer who waits needs none of this: the pending sale stays as it is, and
    /// [`resume`](Self::resume) waits on for it.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`] if the operation is no receipt, cannot be signed late or is not open,
    /// [`ErrorKind::Configuration`] for a client without a log, [`ErrorKind::StorageUnavailable`] if that
    /// cannot be used or a call of the program is sending the operation right now. After any of them it may be
    /// called again.
    pub async fn handed_over_offline(&self, handle: &Handle) -> Result<HandedOver> {
        let log = self.log()?;
        let id = handle.operation_id();
        if handle.operation().name() != crate::raw::operations::SIGN.id {
            let message = "Only a receipt can be handed over, and signed late";
            return Err(Error::new(ErrorKind::Invalid, message));
        }
        if let Some(late) = self.late_signing_of(id).await? {
            return Ok(HandedOver::LateSigning(late));
        }
        match NeverSent::proved(log.claimed(id).await?) {
            Ok(never_sent) => {
                let (late, call) = self.sign(never_sent.receipt()?).checked()?;
                drop(call);
                let late = never_sent.sent_like_it(late)?;
                never_sent
                    .replaced_by(log, late.operation())
                    .await
                    .map_err(unavailable)?;
                Ok(HandedOver::LateSigning(late))
            }
            Err(kept) => {
                let now = log.now_unix_ms();
                let written = kept
                    .write(Durability::Synced, |record| {
                        record.details.handed_over_unix_ms = Some(now);
                    })
                    .await
                    .map_err(unavailable)?;
                let handle = written.handle().ok_or_else(|| not_open(id))?;
                Ok(if written.is_parked() {
                    HandedOver::SetAside(handle)
                } else {
                    HandedOver::AsItIs(handle)
                })
            }
        }
    }

    /// The late signing that took the place of an operation, if one did: who says twice that the customer left,
    /// or was not told whether it was written, gets the same.
    async fn late_signing_of(&self, operation_id: Uuid) -> Result<Option<Handle>> {
        let replaced = self.recorded(operation_id).await?;
        let Some(successor) = replaced.as_ref().and_then(Record::successor) else {
            return Ok(None);
        };
        let successor = self.recorded(successor).await?;
        Ok(successor.as_ref().and_then(Record::handle))
    }
}
