//! Receipts from before the start. Each follows from the seed and its number alone, so that a
//! journal of any size needs no memory.

use std::ops::RangeInclusive;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::clock::format_moment;
use crate::ids::Ids;
use crate::journal::ticks;
use crate::queue::item::QueueItem;
use crate::queue::market::Market;
use crate::queue::receipt::signature::{QrPayload, Signature, first_hash};
use crate::queue::receipt_journal::ReceiptJournalEntry;

/// 2026-01-01T00:00:00Z. Fixed, so that the same seed gives the same receipts whenever it starts.
const LATEST_END_TICKS: i64 = 639_028_224_000_000_000;

/// One minute, the time between two receipts if the years since 1 are enough for that.
const LONGEST_INTERVAL_TICKS: i64 = 600_000_000;

/// What an id of the past stands for.
#[derive(Debug, Clone, Copy)]
enum Named {
    QueueItem,
    Receipt,
    Operation,
}

/// The register all receipts of the past were signed with.
#[derive(Debug, Clone)]
pub(crate) struct Register {
    pub(crate) queue_id: Uuid,
    pub(crate) cash_box_id: Uuid,
    pub(crate) cash_box_identification: String,
    pub(crate) market: Market,
}

/// The receipts signed before the start, numbered from 1.
///
/// Their hashes are chained to the start of the queue at number 1 and to the first receipt after
/// the start at the last number, but not to each other: that would take all of them to make one.
#[derive(Debug, Clone)]
pub(crate) struct Past {
    register: Register,
    seed: u64,
    count: u64,
    end: i64,
    interval: i64,
    /// The upper halves of the ids, by [`Named`].
    id_prefixes: [u64; 3],
}

impl Past {
    /// No receipts.
    pub(crate) fn none(register: Register, seed: u64) -> Self {
        let prefix = |purpose| Ids::fixed(seed, purpose).as_u64_pair().0;
        Self {
            register,
            seed,
            count: 0,
            end: 1,
            interval: 1,
            id_prefixes: [
                prefix("past queue item"),
                prefix("past receipt journal"),
                prefix("past operation"),
            ],
        }
    }

    /// With `count` receipts before `start`; at most as many as there are ticks between the year 1
    /// and their end.
    pub(crate) fn with_receipts(mut self, count: u64, start: DateTime<Utc>) -> Self {
        self.end = ticks::ticks(start).clamp(1, LATEST_END_TICKS);
        self.count = count.min(self.end.unsigned_abs() - 1);
        let spread = self.end / i64::try_from(self.count + 1).unwrap_or(i64::MAX);
        self.interval = spread.clamp(1, LONGEST_INTERVAL_TICKS);
        self
    }

    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    pub(crate) fn moment(&self, number: u64) -> DateTime<Utc> {
        let after = i128::from(self.count) + 1 - i128::from(number);
        let ticks = i128::from(self.end) - after * i128::from(self.interval);
        ticks::moment(i64::try_from(ticks).unwrap_or(self.end))
    }

    /// The numbers of the receipts whose ticks lie between two bounds, both inclusive.
    pub(crate) fn numbers_between(&self, from: i64, until: i64) -> RangeInclusive<u64> {
        let (count, interval) = (i128::from(self.count), i128::from(self.interval));
        let zero = i128::from(self.end) - (count + 1) * interval;
        let first = -(zero - i128::from(from)).div_euclid(interval);
        let last = (i128::from(until) - zero).div_euclid(interval);
        // Both lie between 0 and `count + 1`, which fits.
        first.clamp(1, count + 1) as u64..=last.clamp(0, count) as u64
    }

    pub(crate) fn receipt(&self, number: u64) -> ReceiptJournalEntry {
        let qr = self.qr(number);
        ReceiptJournalEntry {
            id: self.id(Named::Receipt, number),
            queue_item_id: self.id(Named::QueueItem, number),
            moment: qr.moment,
            number,
            total: qr.total,
            hash: qr.hash,
        }
    }

    pub(crate) fn queue_item(&self, number: u64) -> QueueItem {
        let qr = self.qr(number);
        let id = self.id(Named::QueueItem, number);
        let shown_moment = format_moment(qr.moment);
        let request = request(number, &shown_moment, qr.total);
        let response = self.response(&qr, id, number, &shown_moment);
        QueueItem {
            id,
            row: number,
            operation_id: self.id(Named::Operation, number),
            queue_moment: qr.moment,
            work_moment: qr.moment,
            done_moment: qr.moment,
            receipt_moment: qr.moment,
            terminal_id: None,
            receipt_reference: reference(number),
            country: qr.market,
            request: Bytes::from(request),
            response: Bytes::from(response),
            receipt_number: Some(number),
        }
    }

    /// The receipt journal entry of an id.
    pub(crate) fn receipt_of(&self, id: Uuid) -> Option<ReceiptJournalEntry> {
        self.number(Named::Receipt, id)
            .map(|number| self.receipt(number))
    }

    /// The queue item of an id.
    pub(crate) fn queue_item_of(&self, id: Uuid) -> Option<QueueItem> {
        self.number(Named::QueueItem, id)
            .map(|number| self.queue_item(number))
    }

    /// What the first receipt after the start is chained to.
    pub(crate) fn last_hash(&self) -> [u8; 32] {
        match self.count {
            0 => first_hash(self.register.queue_id),
            last => self.qr(last).hash,
        }
    }

    fn qr(&self, number: u64) -> QrPayload {
        let previous = match number {
            1 => first_hash(self.register.queue_id),
            _ => {
                let mut hash = [0; 32];
                for (lane, part) in (0..).zip(hash.chunks_exact_mut(8)) {
                    part.copy_from_slice(&mixed(self.seed, number, lane).to_be_bytes());
                }
                hash
            }
        };
        let cents = mixed(self.seed, number, 4) % 20_000 + 1;
        QrPayload::chained(
            self.register.market,
            &self.register.cash_box_identification,
            &format!("ft{number:X}#IT{number}"),
            self.moment(number),
            Decimal::new(cents as i64, 2),
            &previous,
        )
    }

    fn response(&self, qr: &QrPayload, id: Uuid, number: u64, moment: &str) -> String {
        let market = self.register.market;
        let signatures = [
            Signature::qr(market, qr),
            Signature::simulated(market, self.register.queue_id),
        ];
        let signatures = serde_json::to_string(&signatures).unwrap_or_else(|_| "[]".to_owned());
        format!(
            concat!(
                r#"{{"ftQueueID":"{}","ftQueueItemID":"{}","ftQueueRow":{},"#,
                r#""ftCashBoxIdentification":"{}","ftCashBoxID":"{}","cbReceiptReference":"{}","#,
                r#""ftReceiptIdentification":"{}","ftReceiptMoment":"{}","ftSignatures":{},"#,
                r#""ftState":{}}}"#,
            ),
            self.register.queue_id,
            id,
            number,
            self.register.cash_box_identification,
            self.register.cash_box_id,
            reference(number),
            qr.receipt_identification,
            moment,
            signatures,
            market.code_base(),
        )
    }

    /// The lower half is the number, so that an id leads back to its receipt.
    fn id(&self, named: Named, number: u64) -> Uuid {
        let prefix = u128::from(self.id_prefixes[named as usize]);
        Uuid::new_v8((prefix << 64 | u128::from(number)).to_be_bytes())
    }

    fn number(&self, named: Named, id: Uuid) -> Option<u64> {
        // The two highest bits hold the variant.
        let number = id.as_u64_pair().1 & (u64::MAX >> 2);
        let known = (1..=self.count).contains(&number) && self.id(named, number) == id;
        known.then_some(number)
    }
}

fn reference(number: u64) -> String {
    format!("past-{number}")
}

fn request(number: u64, moment: &str, total: Decimal) -> String {
    format!(
        concat!(
            r#"{{"cbReceiptReference":"{}","cbReceiptMoment":"{}","#,
            r#""cbChargeItems":[{{"Quantity":1,"Description":"Simulated article","#,
            r#""Amount":{},"VATRate":20,"ftChargeItemCase":35184372088851}}],"#,
            r#""cbPayItems":[{{"Description":"Cash","Amount":{},"#,
            r#""ftPayItemCase":35184372088833}}],"ftReceiptCase":35184372088833}}"#,
        ),
        reference(number),
        moment,
        total,
        total,
    )
}

/// Spreads a seed, a number and a lane over 64 bits (SplitMix64): fast, and nothing secret.
fn mixed(seed: u64, number: u64, lane: u64) -> u64 {
    let mut bits = seed ^ number.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ lane.rotate_right(8);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}
