//! How an answer gets to its client, whole or not.

use std::future::pending;

use hyper::Response;
use hyper::header::RETRY_AFTER;

use crate::clock;
use crate::engine::Engine;
use crate::fault::{Delivery, RetryAfter};
use crate::wire::connection::ConnectionFault;
use crate::wire::problem::Failure;
use crate::wire::reply::{Content, Reply, ReplyBody, http_date};

/// Makes the HTTP answer, `None` for a connection that ends without one. `reply` is `None` when
/// the request was not handled.
pub(super) async fn deliver(
    engine: &Engine,
    fault: &ConnectionFault,
    reply: Option<Reply>,
    delivery: Delivery,
) -> Option<Response<ReplyBody>> {
    let whole = |reply: Reply| reply.into_response(engine.clock.now());
    match delivery {
        Delivery::Whole => reply.map(whole),
        Delivery::Replaced(replacement) => Some(whole(replacement)),
        Delivery::Changed(change) => reply.map(|reply| whole(change.apply(reply))),
        Delivery::Status {
            status,
            retry_after,
        } => {
            let failure = Failure::new(status, "Simulated fault", "This status was scripted.");
            let refusal = failure.reply(engine.profile);
            let now = engine.clock.now();
            let refusal = match retry_after {
                None => refusal,
                Some(RetryAfter::Seconds(seconds)) => {
                    refusal.with_header(RETRY_AFTER, seconds.to_string())
                }
                Some(RetryAfter::Date(seconds)) => {
                    let span = std::time::Duration::from_secs(seconds.into());
                    refusal.with_header(RETRY_AFTER, http_date(clock::after(now, span)))
                }
            };
            // The same moment: the dates of the answer are exactly so far apart.
            Some(refusal.into_response(now))
        }
        Delivery::Hang => pending().await,
        Delivery::Reset => {
            fault.reset();
            None
        }
        Delivery::Cut { bytes } => {
            let reply = reply?;
            match &reply.content {
                Content::Whole(body) => fault.cut(bytes.min(body.len().saturating_sub(1))),
                Content::Streamed(_) => fault.cut_chunked(bytes),
            }
            Some(whole(reply))
        }
        Delivery::Dripping { bytes, interval } => reply.map(|reply| {
            let clock = engine.clock.clone();
            whole(reply).map(|body| body.dripping(bytes, interval, clock))
        }),
    }
}
