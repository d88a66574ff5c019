//! The candidates do the same work.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;

use pos_system_api_benches::candidate::Candidate;
use pos_system_api_benches::one_thread;
use pos_system_api_benches::receipts::{ANSWER, dinner};
use pos_system_api_benches::responder::Responder;

/// The headers but those that name the program or the operation, and the body.
fn parts(request: &[u8]) -> (BTreeMap<String, String>, String) {
    let text = std::str::from_utf8(request).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let mut headers: BTreeMap<_, _> = head
        .lines()
        .skip(1)
        .map(|line| line.split_once(": ").unwrap())
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    for individual in ["user-agent", "x-operation-id"] {
        headers.insert(
            individual.to_owned(),
            headers[individual].is_empty().to_string(),
        );
    }
    (headers, body.to_owned())
}

#[test]
fn the_candidates_send_the_same_and_read_the_same() {
    let responder = Responder::recording().unwrap();
    let receipt = dinner().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let base_url = responder.base_url();
    let durable = Candidate::durable(&base_url, directory.path()).unwrap();
    let mut candidates = Vec::from(Candidate::all(&base_url).unwrap());
    candidates.push(durable);
    let sent = one_thread().unwrap().block_on(async {
        let mut sent = Vec::new();
        for candidate in candidates {
            let response = candidate.sign(receipt.clone()).await.unwrap();
            assert_eq!(response, serde_json::from_str(ANSWER).unwrap());
            sent.push(parts(&responder.seen()));
        }
        sent
    });
    assert_eq!(sent[0].1, serde_json::to_string(&receipt).unwrap());
    assert_eq!(sent[0], sent[1]);
    assert_eq!(sent[0], sent[2]);
    assert_eq!(sent[0], sent[3]);
}

#[test]
fn the_candidates_read_a_journal_to_its_end() {
    let bytes = 3 << 16;
    let responder = Responder::start(bytes).unwrap();
    one_thread().unwrap().block_on(async {
        for candidate in Candidate::all(&responder.base_url()).unwrap() {
            let name = candidate.name();
            assert_eq!(candidate.export_journal().await.unwrap(), bytes, "{name}");
        }
    });
}

#[test]
fn receipt_and_answer_have_the_size_that_is_common() {
    let request = serde_json::to_vec(&dinner().unwrap()).unwrap().len();
    assert!((2_000..2_400).contains(&request), "{request}");
    assert!((800..1_000).contains(&ANSWER.len()), "{}", ANSWER.len());
}
