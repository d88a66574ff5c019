//! What processing a receipt does to the queue.

use std::sync::Arc;

use bytes::Bytes;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::ids::OperationIds;
use crate::ledger::{Ledger, ReceiptRecord};
use crate::queue::action_journal::ActionJournalEntry;
use crate::queue::case_table::{Category, receipt_case, receipt_flag};
use crate::queue::closing::Period;
use crate::queue::modes::SigningUnit;
use crate::queue::national_number::Numbered;
use crate::queue::receipt::market_signature::{Processed, market_signatures};
use crate::queue::receipt::signature::{QrPayload, Signature};
use crate::queue::receipt_journal::ReceiptJournalEntry;
use crate::queue::rules::Reversal;
use crate::queue::verdict::Accepted;
use crate::queue::{Activity, Queue, SignedReceipt, Signing};

impl Queue {
    /// Signs a receipt that keeps all rules.
    pub(crate) fn process(
        &mut self,
        signing: &Signing<'_>,
        accepted: &Accepted,
        ids: OperationIds,
        ledger: &mut Ledger,
    ) -> Result<Bytes, serde_json::Error> {
        let queue_item_id = ids.of("queue item");
        let (code, category) = (signing.request.code, accepted.reading.category);
        let country = signing.origin.market.country();
        let receipt_number = self.next_receipt_number();

        let closed = self.close_or_count(signing, category);
        let unit = self.modes.use_signing_unit();
        let late = code.has(receipt_flag::LATE_SIGNING | receipt_flag::HANDWRITTEN)
            && matches!(
                category,
                Category::Receipt | Category::Invoice | Category::Log
            );
        let late_begins = late && self.modes.sign_late();
        let messages = match code.case() {
            receipt_case::ZERO => self.modes.end_by_zero_receipt(),
            _ => Vec::new(),
        };
        self.change_activity(code.case());
        let national_number = self.numbers.next(&Numbered {
            country,
            code,
            category,
            receipt_number,
            days_closed: self.closings.days_closed(),
            queue_id: self.id,
        });

        let mut response = self.response(signing, queue_item_id);
        response.receipt_identification += &national_number;
        response.state |= self.modes.state_bits(country, signing.now)
            | self.closings.due_bits(country, signing.now);
        let qr = QrPayload::chained(
            signing.origin.market,
            &self.cash_box_identification,
            &response.receipt_identification,
            signing.now,
            signing.request.charge_total,
            &self.last_hash,
        );
        response
            .signatures
            .insert(0, Signature::qr(signing.origin.market, &qr));
        response.signatures.extend(market_signatures(&Processed {
            market: signing.origin.market,
            code,
            category,
            receipt_number,
            national_number: &national_number,
            now: signing.now,
            qr: &qr,
            days_closed: self.closings.days_closed(),
            closed: closed.map(|closed| (closed, self.closings.perpetual())),
            original: accepted.original.as_ref(),
            has_unit: unit == SigningUnit::InService,
        }));
        let alert = match unit {
            SigningUnit::InService => None,
            SigningUnit::OutOfService => {
                Some("The simulated signing unit is out of service: signed without it.")
            }
            SigningUnit::Switching => {
                Some("The simulated signing unit is being switched: signed without it.")
            }
        };
        let alert = alert.map(|message| Signature::alert(signing.origin.market, message));
        let messages = messages.into_iter();
        let messages = messages.map(|message| Signature::message(signing.origin.market, message));
        response
            .signatures
            .extend(alert.into_iter().chain(messages));
        let bytes = response.to_bytes()?;

        if let Some(original) = &accepted.original
            && accepted.reading.reversal != Some(Reversal::PartialRefund)
        {
            self.earlier.reverse(original);
        }
        self.record_actions(signing, ids, category, closed, late_begins);
        let row = self.next_row();
        let processed = Some((receipt_number, response.receipt_identification));
        self.keep(signing, queue_item_id, &bytes, processed);
        self.receipts.push(Arc::new(ReceiptJournalEntry {
            id: ids.of("receipt journal"),
            queue_item_id,
            moment: signing.now,
            number: receipt_number,
            total: qr.total,
            hash: qr.hash,
        }));
        self.last_hash = qr.hash;
        self.hand_out(signing, queue_item_id, row, receipt_number, &bytes, ledger);
        Ok(bytes)
    }

    /// Keeps the receipt for `/issue` and tells the ledger.
    fn hand_out(
        &mut self,
        signing: &Signing<'_>,
        queue_item_id: Uuid,
        queue_row: u64,
        receipt_number: u64,
        response: &Bytes,
        ledger: &mut Ledger,
    ) {
        let receipt = SignedReceipt {
            queue_row,
            request: signing.body.clone(),
            response: response.clone(),
        };
        ledger.record_receipt(ReceiptRecord {
            operation_id: signing.operation_id,
            receipt_number,
            queue_row,
            queue_item_id,
            request: receipt.request.clone(),
            response: receipt.response.clone(),
        });
        self.signed.insert(queue_item_id, receipt);
    }

    fn change_activity(&mut self, case: u16) {
        match case {
            receipt_case::INITIAL_OPERATION => self.activity = Activity::Started,
            receipt_case::OUT_OF_OPERATION => self.activity = Activity::Stopped,
            receipt_case::BEGIN_SWITCH => self.modes.begin_switch(),
            receipt_case::FINISH_SWITCH => self.modes.finish_switch(),
            _ => {}
        }
    }

    /// What a closing closes; any other receipt counts for the next one.
    fn close_or_count(&mut self, signing: &Signing<'_>, category: Category) -> Option<Period> {
        let code = signing.request.code;
        let closed = self.closings.close(code.case());
        if closed.is_none() {
            // Payment transfers and papers that are no receipts sell nothing.
            let sells = match category {
                Category::Receipt => matches!(code.case(), 0x0000 | 0x0001 | 0x0003 | 0x0004),
                Category::Invoice => true,
                Category::Daily | Category::Log | Category::Lifecycle => false,
            };
            let counts = sells && !code.has(receipt_flag::TRAINING);
            let turnover: Option<Decimal> = counts.then_some(signing.request.charge_total);
            self.closings.add(signing.now, turnover);
        }
        closed
    }

    fn record_actions(
        &mut self,
        signing: &Signing<'_>,
        ids: OperationIds,
        category: Category,
        closed: Option<Period>,
        late_begins: bool,
    ) {
        let case = signing.request.code.case();
        let mut messages = Vec::new();
        if matches!(category, Category::Daily | Category::Lifecycle) {
            let name = action_name(case);
            messages.push(match closed {
                Some(period) => format!(
                    "{name}: receipts {}, turnover {}.",
                    period.receipts, period.turnover
                ),
                None => format!("{name}."),
            });
        }
        if late_begins {
            messages.push("Late signing begins.".to_owned());
        }
        for (index, message) in messages.into_iter().enumerate() {
            self.actions.push(Arc::new(ActionJournalEntry {
                id: ids.of(&format!("action {index}")),
                queue_item_id: Some(ids.of("queue item")),
                moment: signing.now,
                priority: 0,
                kind: format!("{:X}", signing.origin.market.code_base() | u64::from(case)),
                message,
            }));
        }
    }
}

/// Receipts of daily work and of the life of a queue, by their cases.
fn action_name(case: u16) -> &'static str {
    match case {
        receipt_case::ZERO => "Zero receipt",
        0x2010 => "Shift closing",
        0x2011 => "Daily closing",
        0x2012 => "Monthly closing",
        0x2013 => "Yearly closing",
        receipt_case::INITIAL_OPERATION => "Initial operation",
        receipt_case::OUT_OF_OPERATION => "Out of operation",
        receipt_case::BEGIN_SWITCH => "Switch of the signing unit begins",
        receipt_case::FINISH_SWITCH => "Switch of the signing unit ends",
        0x4021 => "Migration begins",
        _ => "Migration ends",
    }
}
