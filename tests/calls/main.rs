//! The calls of the facade beyond `sign`, over real sockets against the simulator in every profile, one
//! file a call. What the client believes is compared with the ledger.

#![cfg(feature = "client")]
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

#[path = "../support/mod.rs"]
mod support;

mod delivered;
mod document;
mod echo;
mod journal;
mod operation_item;
mod pair;
mod pay;
mod peek;
mod qr_code;
mod query;
mod reversal;
mod update_issue;
mod wait_delivered;

use std::sync::Arc;

use pos_system_api::client::{Issued, IssuedItem};
use pos_system_api::types::{IssueRequest, ReceiptRequest, ReceiptResponse};
use pos_system_api::{Client, Signed};
use pos_system_api_simulator::{
    EndpointName, Fault, FaultPlan, Profile, Rule, Simulator, SimulatorBuilder, Uuid,
};

use support::client::{client_of, done};
use support::clock::ManualClock;

const PROFILES: [Profile; 4] = Profile::ALL;

/// A cash sale of 8.00.
fn sale(reference: &str) -> ReceiptRequest {
    serde_json::from_value(serde_json::json!({
        "cbReceiptReference": reference,
        "cbReceiptMoment": "2026-06-01T10:15:30Z",
        "cbChargeItems": [
            {"Quantity": 2, "Description": "Espresso", "Amount": 8, "VATRate": 20,
             "ftChargeItemCase": 35184372088851_u64},
        ],
        "cbPayItems": [
            {"Description": "Cash", "Amount": 8, "ftPayItemCase": 35184372088833_u64},
        ],
        "ftReceiptCase": 35184372088833_u64,
    }))
    .unwrap()
}

/// A started queue that behaves like `profile`.
async fn simulator(profile: Profile) -> Simulator {
    started(Simulator::builder().profile(profile)).await
}

async fn started(builder: SimulatorBuilder) -> Simulator {
    builder.started(true).start().await.unwrap()
}

/// A simulator whose queue has one receipt, signed and issued.
struct Shop {
    simulator: Simulator,
    client: Client,
    clock: Arc<ManualClock>,
    signed: Signed,
    issued: Issued,
}

impl Shop {
    async fn at(profile: Profile) -> Self {
        Self::with(Simulator::builder().profile(profile)).await
    }

    async fn with(builder: SimulatorBuilder) -> Self {
        let simulator = started(builder).await;
        let (client, clock) = client_of(&simulator);
        let signed = done(client.sign(sale("S-1")).await);
        let issued = done(client.issue(&signed).await);
        Self {
            simulator,
            client,
            clock,
            signed,
            issued,
        }
    }

    /// How many requests arrived after the receipt was issued.
    fn asked(&self) -> usize {
        self.paths().len()
    }

    /// What arrived after the receipt was issued, by the last part of its path.
    fn paths(&self) -> Vec<String> {
        let ledger = self.simulator.ledger();
        let last = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
        ledger.requests()[2..]
            .iter()
            .map(|request| last(&request.path))
            .collect()
    }
}

/// These faults for the first requests of an operation to this endpoint, one after the other. A script
/// would do the same for POST alone.
fn meets(simulator: &Simulator, endpoint: EndpointName, faults: impl IntoIterator<Item = Fault>) {
    let rules = faults.into_iter().zip(1..).map(|(fault, attempt)| {
        Rule::new(fault)
            .endpoint(endpoint)
            .attempts(attempt..=attempt)
    });
    let plan = rules.fold(FaultPlan::new(0), |plan, rule| plan.rule(rule));
    simulator.faults().plan(plan);
}

/// This fault for every request to this endpoint.
fn always_meets(simulator: &Simulator, endpoint: EndpointName, fault: Fault) {
    let rule = Rule::new(fault).endpoint(endpoint);
    simulator.faults().plan(FaultPlan::new(0).rule(rule));
}

/// A document that was never issued.
fn nowhere(simulator: &Simulator) -> IssuedItem {
    IssuedItem::new(simulator.queue_id(), Uuid::from_u128(404))
}

#[tokio::test]
async fn a_document_is_named_by_what_is_at_hand() {
    let shop = Shop::at(Profile::Cloud21).await;
    let by_issued = IssuedItem::from(&shop.issued);
    assert_eq!(by_issued, IssuedItem::from(&shop.signed));
    assert_eq!(by_issued.queue_id(), Some(shop.simulator.queue_id()));
    let ids = (
        by_issued.queue_id().unwrap(),
        by_issued.queue_item_id().unwrap(),
    );
    assert_eq!(by_issued, ids.into());
    // Both documents of a signed receipt can be put together by the caller as well.
    let request = IssueRequest::builder()
        .receipt_request(Some(sale("S-1")))
        .receipt_response(Some(
            serde_json::from_slice::<ReceiptResponse>(&shop.signed.completion.body).unwrap(),
        ));
    let request: IssueRequest = request.try_into().unwrap();
    let again = done(shop.client.issue(request).await);
    assert_eq!(IssuedItem::from(&again), by_issued);
}
