//! The amounts that stand for the ends of a payment.

use chrono::TimeDelta;
use pos_system_api_simulator::{Decimal, Profile, Uuid};

use super::{PATH, decimal, pay_response, payment_of, received, sending, simulator};
use crate::till::operation;

#[tokio::test]
async fn special_amounts_have_their_ends_in_every_profile() {
    // Amount, minutes, title of the failure, amounts of the pay items.
    let cases: [(&str, i64, Option<&str>, &[&str]); 10] = [
        ("30.00", 0, None, &["30.00"]),
        ("30000.10", 0, Some("Payment declined"), &[]),
        ("30000.20", 0, Some("Payment timed out"), &[]),
        ("30000.30", 0, None, &["30000.30"]),
        ("30000.40", 0, Some("Payment cancelled"), &[]),
        ("30000.50", 0, None, &["30005.50", "-5.00"]),
        ("30000.60", 1, None, &["30000.60"]),
        ("30000.70", 3, None, &["30000.70"]),
        ("30000.80", 6, None, &["30000.80"]),
        ("30000.90", 0, None, &["15000.50"]),
    ];
    for profile in Profile::ALL {
        for (amount, minutes, failure, items) in cases {
            let (sim, till, clock) = simulator(profile).await;
            let context = format!("{profile} {amount}");
            let body = payment_of(amount);
            let mut sent = sending(&till, operation(1), &body);
            sim.arrivals_while(1, &mut sent).await.unwrap();
            if minutes > 0 {
                clock.advance(TimeDelta::minutes(minutes) - TimeDelta::seconds(1));
                till.send("/v2/echo", operation(2), r#"{"Message":"ping"}"#)
                    .await;
                assert_eq!(sim.ledger().requests()[0].status, None, "{context}");
                sim.ledger().payments().none();
                clock.advance(TimeDelta::seconds(1));
            }
            let first = received(sent).await;
            let again = till.send(PATH, operation(1), body.as_str()).await;
            let told = pay_response(&till, operation(1)).await;
            assert_eq!((&again.body, &told.body), (&first.body, &first.body));
            if let Some(title) = failure {
                let statuses = [first.status, again.status, told.status];
                assert!(statuses.iter().all(|status| *status == 400), "{context}");
                let problem = first.json();
                match profile {
                    Profile::Draft => {
                        let error = title.to_lowercase().replace(' ', "_");
                        assert_eq!(problem["error"], error, "{context}");
                    }
                    _ => assert_eq!(problem["title"], title, "{context}"),
                }
                sim.ledger().payments().none();
                continue;
            }
            let statuses = [first.status, again.status, told.status].map(|s| s.as_u16());
            assert_eq!(statuses, [201, 200, 200], "{context}");
            let answer = first.json();
            assert_eq!(answer["Protocol"], "use_auto", "{context}");
            assert_eq!(answer["ftQueueID"], sim.queue_id().to_string());
            let paid = answer["ftPayItems"].as_array().unwrap();
            assert_eq!(paid.len(), items.len(), "{context}");
            for amount in items {
                assert!(
                    first.body.contains(&format!("\"Amount\":{amount},")),
                    "{context}"
                );
            }
            let provider = &paid[0]["ftPayItemCaseData"]["Provider"];
            assert_eq!(provider["Protocol"], "test", "{context}");
            assert_eq!(provider["Action"], "payment", "{context}");
            assert_eq!(
                paid[0]["Moment"],
                format!("2026-06-01T11:0{minutes}:00.0000000Z"),
                "{context}"
            );

            let ledger = sim.ledger();
            let [record] = ledger.payments_of(operation(1))[..] else {
                panic!("{context}: {:?}", ledger.payments())
            };
            let sum: Decimal = items.iter().map(|amount| decimal(amount)).sum();
            assert_eq!(record.requested, decimal(amount), "{context}");
            assert_eq!(record.approved, sum, "{context}");
            assert_eq!(record.amount, decimal(items[0]), "{context}");
            let ids: Vec<_> = record.pay_item_ids.iter().map(Uuid::to_string).collect();
            let told: Vec<_> = paid
                .iter()
                .map(|item| item["ftPayItemId"].clone())
                .collect();
            assert_eq!(ids, told, "{context}");
        }
    }
}
