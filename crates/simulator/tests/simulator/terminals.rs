//! Which payment terminal takes a call.

use std::sync::Arc;

use chrono::TimeDelta;
use pos_system_api_simulator::{ManualClock, Simulator, Terminal};
use serde_json::{Value, json};

use crate::till::{Answer, Till, operation};

const PATH: &str = "/v2/pay";

fn call(terminal: Option<&str>, protocol: &str) -> String {
    let mut call = json!({
        "Action": "payment",
        "Protocol": protocol,
        "cbPayItem": {"Description": "Card", "Amount": 30},
    });
    if let Some(terminal) = terminal {
        call["cbTerminalID"] = json!(terminal);
    }
    call.to_string()
}

async fn simulator(terminals: Vec<Terminal>) -> (Simulator, Till, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::new("2026-06-01T11:00:00Z".parse().unwrap()));
    let builder = Simulator::builder().clock(clock.clone());
    let builder = terminals.into_iter().fold(builder, |b, t| b.terminal(t));
    let sim = builder.start().await.unwrap();
    let till = Till::new(&sim);
    (sim, till, clock)
}

fn spoken(answer: &Answer) -> Value {
    answer.json()["ftPayItems"][0]["ftPayItemCaseData"]["Provider"]["Protocol"].clone()
}

#[tokio::test]
async fn without_any_terminal_declared_every_call_is_served() {
    let (_sim, till, _) = simulator(Vec::new()).await;
    let protocols = [
        ("use_auto", "test"),
        ("use_first", "test"),
        ("test", "test"),
        ("viva_eft_pos_instore", "viva_eft_pos_instore"),
        ("hobexecr", "hobexecr"),
    ];
    let mut number = 0;
    for terminal in [None, Some(""), Some("T1")] {
        for (asked, really) in protocols {
            number += 1;
            let answer = till
                .send(PATH, operation(number), call(terminal, asked))
                .await;
            assert_eq!(answer.status, 201, "{terminal:?} {asked}");
            assert_eq!(answer.json()["Protocol"], asked);
            assert_eq!(spoken(&answer), really);
        }
    }
}

#[tokio::test]
async fn a_call_is_served_by_the_first_terminal_that_is_reached_and_takes_the_protocol() {
    let viva = || Terminal::new().with_protocols(["viva_eft_pos_instore", "viva_eft_pos"]);
    let hobex = || Terminal::new().with_protocols(["hobexecr"]);
    let bar = || hobex().with_id("bar");
    let cases = [
        (vec![bar()], Some("bar"), "use_auto", Some("hobexecr")),
        (vec![bar()], Some("bar"), "use_first", Some("hobexecr")),
        (vec![bar()], Some("Bar"), "use_auto", None),
        (vec![bar()], None, "use_auto", None),
        (vec![bar()], Some("bar"), "test", None),
        (vec![bar().with_id("")], None, "use_auto", Some("hobexecr")),
        (
            vec![bar(), viva()],
            None,
            "use_auto",
            Some("viva_eft_pos_instore"),
        ),
        (vec![bar(), viva()], None, "hobexecr", None),
        (
            vec![bar(), viva()],
            None,
            "viva_eft_pos",
            Some("viva_eft_pos"),
        ),
        (
            vec![bar(), viva()],
            Some("bar"),
            "use_auto",
            Some("hobexecr"),
        ),
        (
            vec![bar(), viva()],
            Some("bar"),
            "viva_eft_pos",
            Some("viva_eft_pos"),
        ),
        (
            vec![viva(), bar()],
            Some("bar"),
            "use_auto",
            Some("viva_eft_pos_instore"),
        ),
        (
            vec![hobex().with_protocols([""; 0])],
            None,
            "use_auto",
            None,
        ),
    ];
    for (terminals, terminal, asked, really) in cases {
        let context = format!("{terminals:?} {terminal:?} {asked}");
        let (sim, till, clock) = simulator(terminals).await;
        let sent = till.post(PATH, operation(1), call(terminal, asked)).send();
        let mut sent = tokio::spawn(sent);
        sim.arrivals_while(1, &mut sent).await.unwrap();
        if really.is_none() {
            clock.advance(TimeDelta::milliseconds(9_999));
            till.send("/v2/echo", operation(2), r#"{"Message":"ping"}"#)
                .await;
            assert_eq!(sim.ledger().requests()[0].status, None, "{context}");
            clock.advance(TimeDelta::milliseconds(1));
        }
        let answer = Answer::of(sent.await.unwrap().unwrap()).await;
        match really {
            Some(really) => {
                assert_eq!(answer.status, 201, "{context}");
                assert_eq!(spoken(&answer), really, "{context}");
                sim.ledger().payments().exactly_once_for([operation(1)]);
            }
            None => {
                assert_eq!(answer.status, 400, "{context}");
                assert_eq!(answer.json()["title"], "Payment not accepted", "{context}");
                let again = till.send(PATH, operation(1), call(terminal, asked)).await;
                assert_eq!(again, answer, "{context}");
                sim.ledger().payments().none();
            }
        }
    }
}

#[tokio::test]
async fn a_terminal_can_bring_a_protocol_of_its_own() {
    let terminal = Terminal::new().with_protocols(["brand_new"]);
    let (_sim, till, _) = simulator(vec![terminal]).await;
    let answer = till.send(PATH, operation(1), call(None, "brand_new")).await;
    assert_eq!(spoken(&answer), "brand_new");
    let unknown = till
        .send(PATH, operation(2), call(None, "brand_newer"))
        .await;
    assert_eq!(unknown.json()["errors"][0]["field"], "Protocol");
}

#[tokio::test]
async fn the_header_names_the_terminal_when_the_body_does_not() {
    let (_sim, till, _) = simulator(vec![Terminal::new().with_id("T1")]).await;
    let headed = |number, terminal| {
        till.post(PATH, operation(number), call(terminal, "use_auto"))
            .header("x-terminal-id", "T1")
            .send()
    };
    for (number, terminal) in [(1, None), (2, Some("")), (3, Some("T1"))] {
        assert_eq!(headed(number, terminal).await.unwrap().status(), 201);
    }
    let mismatch = Answer::of(headed(4, Some("T2")).await.unwrap()).await;
    assert_eq!(mismatch.status, 400);
    assert_eq!(mismatch.json()["errors"][0]["field"], "cbTerminalID");
}
