//! Many tills at once.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use pos_system_api_simulator::{Simulator, Uuid, parse_qr};
use serde_json::Value;
use tokio::task::JoinSet;

use crate::till::{Answer, SALE, Till, operation};

const CONCURRENCY: u64 = 64;

/// Sends as many sales as `signs`, [`CONCURRENCY`] at a time; `id` gives the operation of each.
async fn sign_at_once(
    sim: &Simulator,
    signs: u64,
    id: impl Fn(u64) -> Uuid + Copy + Send + 'static,
) -> Vec<(Uuid, Answer)> {
    let till = Arc::new(Till::new(sim));
    let next = Arc::new(AtomicU64::new(0));
    let mut tills = JoinSet::new();
    for _ in 0..CONCURRENCY {
        let (till, next) = (Arc::clone(&till), Arc::clone(&next));
        tills.spawn(async move {
            let mut answers = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= signs {
                    return answers;
                }
                answers.push((id(number), till.sign(id(number), SALE).await));
            }
        });
    }
    tills.join_all().await.into_iter().flatten().collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ten_thousand_signs_give_ten_thousand_consecutive_numbers() {
    const SIGNS: u64 = 10_000;
    let sim = Simulator::builder().started(true).start().await.unwrap();
    let answers = sign_at_once(&sim, SIGNS, |number| operation(number.into())).await;
    assert!(answers.iter().all(|(_, answer)| answer.status == 201));
    let named: BTreeSet<String> = answers
        .iter()
        .map(|(_, answer)| answer.json()["ftReceiptIdentification"].to_string())
        .collect();
    assert_eq!(named.len() as u64, SIGNS);

    let ledger = sim.ledger();
    let numbers = ledger
        .receipts()
        .iter()
        .map(|receipt| receipt.receipt_number);
    assert!(numbers.eq(1..=SIGNS));
    let hashed = ledger.receipts().iter().map(|receipt| {
        let response: Value = serde_json::from_slice(&receipt.response).unwrap();
        parse_qr(response["ftSignatures"][0]["Data"].as_str().unwrap()).unwrap()
    });
    let chain: Vec<_> = hashed.collect();
    assert!(chain[0].is_first_of(sim.queue_id()));
    assert!(chain.windows(2).all(|pair| pair[1].follows(&pair[0])));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_repeated_id_is_carried_out_once() {
    const OPERATIONS: u64 = 50;
    const REPEATS: u64 = 8;
    let sim = Simulator::builder().started(true).start().await.unwrap();
    // All repeats of one id are under way at the same time.
    let id = |number: u64| operation((number / REPEATS).into());
    let answers = sign_at_once(&sim, OPERATIONS * REPEATS, id).await;
    let bodies: BTreeSet<_> = answers
        .iter()
        .map(|(id, answer)| (*id, &answer.body))
        .collect();
    assert_eq!(bodies.len() as u64, OPERATIONS);
    let ledger = sim.ledger();
    for number in 0..OPERATIONS {
        let operation = operation(number.into());
        assert_eq!(ledger.receipts_of(operation).len(), 1);
        let firsts = answers
            .iter()
            .filter(|(id, answer)| *id == operation && answer.status == 201);
        // Repeats that waited for the run are told as repeats.
        assert_eq!(firsts.count(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn queue_items_are_named_by_their_operation_and_not_by_their_order() {
    let mut named = Vec::new();
    for order in [[1, 2, 3], [3, 1, 2]] {
        let sim = Simulator::builder()
            .seed(7)
            .started(true)
            .start()
            .await
            .unwrap();
        let till = Till::new(&sim);
        for number in order {
            till.sign(operation(number), SALE).await;
        }
        let mut items: Vec<_> = sim
            .ledger()
            .receipts()
            .iter()
            .map(|receipt| (receipt.operation_id, receipt.queue_item_id))
            .collect();
        items.sort_unstable();
        named.push(items);
    }
    assert_eq!(named[0], named[1]);
}

#[tokio::test]
async fn an_operation_that_was_forgotten_makes_a_queue_item_of_its_own() {
    let sim = Simulator::builder().started(true).start().await.unwrap();
    let till = Till::new(&sim);
    till.sign(operation(1), SALE).await;
    sim.forget_operations().unwrap();
    till.sign(operation(1), SALE).await;
    let ledger = sim.ledger();
    let items: BTreeSet<_> = ledger.receipts().iter().map(|r| r.queue_item_id).collect();
    assert_eq!(items.len(), 2);
}
