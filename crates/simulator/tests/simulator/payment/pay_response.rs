//! A payment that goes on: asked for, and sent again.

use chrono::TimeDelta;
use pos_system_api_simulator::Profile;
use tokio::task::JoinSet;

use super::{PATH, pay_response, payment_of, received, sending, simulator};
use crate::till::{Answer, operation};

#[tokio::test]
async fn a_payment_whose_client_went_away_is_finished_and_told_later() {
    let (sim, till, clock) = simulator(Profile::Cloud21).await;
    let mut sent = sending(&till, operation(1), &payment_of("30000.80"));
    sim.arrivals_while(1, &mut sent).await.unwrap();
    sent.abort();
    assert!(sent.await.unwrap_err().is_cancelled());

    let mut asked = tokio::spawn(till.post("/v2/PayResponse", operation(1), "").send());
    sim.arrivals_while(2, &mut asked).await.unwrap();
    sim.ledger().payments().none();
    clock.advance(TimeDelta::minutes(6));
    let told = received(asked).await;
    assert_eq!(told.status, 200);
    assert_eq!(told.json()["ftPayItems"][0]["Amount"], 30000.80);
    assert_eq!(told.body, pay_response(&till, operation(1)).await.body);
    sim.ledger().payments().exactly_once_for([operation(1)]);
}

#[tokio::test]
async fn asking_for_a_running_payment_waits_where_a_resend_is_refused() {
    for profile in [Profile::Spec20, Profile::Draft] {
        let (sim, till, clock) = simulator(profile).await;
        let body = payment_of("30000.60");
        let mut sent = sending(&till, operation(1), &body);
        sim.arrivals_while(1, &mut sent).await.unwrap();
        assert_eq!(
            till.send(PATH, operation(1), body.as_str()).await.status,
            422
        );
        let mut asked = tokio::spawn(till.post("/v2/PayResponse", operation(1), "").send());
        sim.arrivals_while(3, &mut asked).await.unwrap();
        clock.advance(TimeDelta::minutes(1));
        let (first, told) = (received(sent).await, received(asked).await);
        assert_eq!((first.status.as_u16(), told.status.as_u16()), (201, 200));
        assert_eq!(first.body, told.body);
    }
}

#[tokio::test]
async fn who_asks_waits_no_longer_than_the_lifetime_of_the_question() {
    let (sim, till, clock) = simulator(Profile::Cloud21).await;
    let mut sent = sending(&till, operation(1), &payment_of("30000.60"));
    sim.arrivals_while(1, &mut sent).await.unwrap();
    let ask = till.post("/v2/PayResponse", operation(1), "");
    let mut asked = tokio::spawn(ask.header("x-operation-lifetime", "5000").send());
    sim.arrivals_while(2, &mut asked).await.unwrap();
    clock.advance(TimeDelta::seconds(5));
    assert_eq!(received(asked).await.status, 422);
    clock.advance(TimeDelta::seconds(55));
    assert_eq!(received(sent).await.status, 201);
}

#[tokio::test]
async fn only_payments_have_a_pay_response() {
    let (sim, till, _) = simulator(Profile::Cloud21).await;
    till.send("/v2/echo", operation(1), "{}").await;
    assert_eq!(pay_response(&till, operation(1)).await.status, 409);
    assert_eq!(pay_response(&till, operation(2)).await.status, 404);
    let bare = till.bare_post("/v2/PayResponse").send().await.unwrap();
    assert_eq!(bare.status(), 400);
    let no_operation = till
        .bare_post("/v2/PayResponse")
        .header("x-cashbox-id", sim.cashbox_id().to_string())
        .header("x-cashbox-accesstoken", sim.access_token());
    assert_eq!(no_operation.send().await.unwrap().status(), 400);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_resend_never_pays_twice() {
    let (sim, till, clock) = simulator(Profile::Cloud21).await;
    let mut sends = JoinSet::new();
    for _ in 0..32 {
        let request = till.post(PATH, operation(1), payment_of("30000.80"));
        sends.spawn(async move { Answer::of(request.send().await.unwrap()).await });
    }
    sim.arrivals_while(32, sends.join_next()).await.unwrap();
    clock.advance(TimeDelta::minutes(6));
    let answers = sends.join_all().await;
    let new = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(new, 1);
    assert!(answers.iter().all(|answer| answer.body == answers[0].body));
    sim.ledger().payments().exactly_once_for([operation(1)]);
}
