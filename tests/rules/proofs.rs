//! One proof for each row.

mod answers;
mod connection;
mod credentials;

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use pos_system_api::client::ClientBuilder;
use pos_system_api::runtime::RetryPolicy;

use crate::seen::Seen;
use crate::support::scripted_server::{json, page, problem};
use crate::table::Row;
use answers::{
    bodies, conflict_of_an_old_id, each_status, failed, faults, open_records, parked,
    parked_open_records, queries, recorded, refusal, sent_request, states, statuses, too_large,
};
use connection::{broken, cut, not_connected, silent, untrusted};
use credentials::{no_token, token_rotated};

/// What each case of a row led to.
type Cases = Pin<Box<dyn Future<Output = Vec<(String, Seen)>>>>;

/// What proves a row.
type Proof = fn(Row) -> Cases;

/// A signed receipt as short as it gets.
const SIGNED: &str = r#"{"ftState":4707387510509010944}"#;

/// The signals of all rows, each with its proof.
pub(crate) fn all() -> Vec<(&'static str, Proof)> {
    vec![
        ("connection refused, no such host, connect timeout", |_| {
            Box::pin(not_connected())
        }),
        ("certificate refused, TLS that does not fit", |_| {
            Box::pin(untrusted())
        }),
        ("the credentials provider gives no token", |_| {
            Box::pin(no_token())
        }),
        ("reset, end of stream", |_| Box::pin(broken())),
        ("a success whose body is cut", |_| Box::pin(cut())),
        (
            "no answer within the attempt timeout, or a slow drip",
            |_| Box::pin(silent()),
        ),
        ("201 with the expected document", |row| {
            Box::pin(each_status(row, |status| json(status, SIGNED)))
        }),
        ("200 with the expected document", |row| {
            Box::pin(each_status(row, |status| json(status, SIGNED)))
        }),
        ("2xx whose `ftState` is the error state", |_| {
            Box::pin(states(&[0xEEEE_EEEE, 0xEEEE_EEEF, 0x4154_2000_EEEE_EEEE]))
        }),
        ("2xx whose `ftState` is the fail state", |_| {
            Box::pin(states(&[0xFFFF_FFFF, 0x4154_2000_FFFF_FFFF]))
        }),
        ("2xx whose `ftState` is of no active queue", |_| {
            Box::pin(states(&[1, 0x4154_2000_0000_0001, 9]))
        }),
        ("2xx with a readable `ftState` in an odd document", |_| {
            Box::pin(bodies(
                &[200, 201],
                &[
                    r#"{"ftState":0,"ftQueueID":7}"#,
                    r#"{"ftState":1,"ftSignatures":7}"#,
                ],
            ))
        }),
        ("2xx with another document, or none", |_| {
            Box::pin(bodies(
                &[200, 201, 202],
                &["null", "{}", "", "<html></html>", "[]", r#"{"ftState":"#],
            ))
        }),
        ("2xx larger than the limit", |_| Box::pin(too_large())),
        ("422 without `errors`", |row| {
            Box::pin(each_status(row, |status| {
                problem(status, r#"{"title":"No"}"#)
            }))
        }),
        ("422 with `errors`", |row| {
            let body = r#"{"title":"No","errors":{"cbUser":["unknown"]}}"#;
            Box::pin(each_status(row, move |status| problem(status, body)))
        }),
        ("409 under a fresh id", |row| {
            Box::pin(each_status(row, refusal))
        }),
        ("409 under an id that was given or resumed", |row| {
            Box::pin(conflict_of_an_old_id(row))
        }),
        ("400", |row| Box::pin(each_status(row, refusal))),
        ("401", |row| Box::pin(each_status(row, refusal))),
        (
            "401, and the credentials provider has another token",
            |_| Box::pin(token_rotated()),
        ),
        ("403", |row| Box::pin(each_status(row, refusal))),
        ("404, 405, 413 and other 4xx", |row| {
            Box::pin(each_status(row, refusal))
        }),
        ("4xx without an error document of the API", |_| {
            Box::pin(async {
                let mut seen = statuses(&[400, 403, 404, 407, 413], page).await;
                let not_ours = |status| json(status, r#"{"message":"a gateway's"}"#);
                seen.extend(statuses(&[400, 403, 404], not_ours).await);
                seen
            })
        }),
        ("408, 425", |row| Box::pin(each_status(row, refusal))),
        ("429", |row| Box::pin(each_status(row, page))),
        (
            "502, 503, 504, and a content network's 520 to 527, 530",
            |row| Box::pin(each_status(row, page)),
        ),
        ("511", |row| Box::pin(each_status(row, page))),
        ("500 and other 5xx; the server's record: failed", |row| {
            let bare = || recorded(r#""LastState":"failed","ResponseCode":400,"Response":"x""#);
            Box::pin(async move {
                let mut seen = faults(row.clone(), move || vec![bare()]).await;
                let sent = sent_request();
                seen.extend(faults(row, move || vec![failed(&sent)]).await);
                seen
            })
        }),
        (
            "500 and other 5xx; the server's record: failed, of another request",
            |row| {
                Box::pin(faults(row, || {
                    vec![failed(r#"{"cbReceiptReference":"?"}"#)]
                }))
            },
        ),
        ("500 and other 5xx; the server's record: done", |row| {
            let then = || vec![recorded(r#""LastState":"done""#), json(200, SIGNED)];
            Box::pin(faults(row, then))
        }),
        (
            "500 and other 5xx; the server's record: done, and yet 500 again",
            |row| {
                let then = || vec![recorded(r#""LastState":"done""#), refusal(500)];
                Box::pin(faults(row, then))
            },
        ),
        (
            "500 and other 5xx; no such record, or in progress, or unreadable",
            |row| Box::pin(open_records(row)),
        ),
        (
            "500 and other 5xx to an operation that was parked; the record: failed",
            |row| {
                let sent = sent_request();
                Box::pin(parked(row, move || vec![failed(&sent)]))
            },
        ),
        (
            "500 and other 5xx to an operation that was parked; the record: failed, of another request",
            |row| {
                Box::pin(parked(row, || {
                    vec![failed(r#"{"cbReceiptReference":"?"}"#)]
                }))
            },
        ),
        (
            "500 and other 5xx to an operation that was parked; the record: done",
            |row| {
                let then = || vec![recorded(r#""LastState":"done""#), json(200, SIGNED)];
                Box::pin(parked(row, then))
            },
        ),
        (
            "500 and other 5xx to an operation that was parked; the record: done, and yet 500 again",
            |row| {
                let then = || vec![recorded(r#""LastState":"done""#), refusal(500)];
                Box::pin(parked(row, then))
            },
        ),
        (
            "500 and other 5xx to an operation that was parked; no such record, or in progress, or \
             unreadable",
            |row| Box::pin(parked_open_records(row)),
        ),
        ("500 and other 5xx to a query", |row| Box::pin(queries(row))),
        ("301, 307, 308", |row| Box::pin(each_status(row, page))),
        ("other 3xx", |row| Box::pin(each_status(row, page))),
    ]
}

/// Waits of half a minute, each; a deadline that leaves each attempt its whole timeout.
fn patient(builder: ClientBuilder) -> ClientBuilder {
    let mut policy = RetryPolicy::default();
    policy.first_wait = Duration::from_secs(60);
    policy.longest_wait = Duration::from_secs(60);
    policy.first_poll = Duration::from_millis(37_500);
    policy.longest_poll = Duration::from_millis(37_500);
    builder
        .with_retry_policy(policy)
        .with_deadline(Duration::from_secs(120))
}

/// The same with a deadline far away, for what ends by itself.
fn unhurried(builder: ClientBuilder) -> ClientBuilder {
    patient(builder).with_deadline(Duration::from_secs(24 * 60 * 60))
}
