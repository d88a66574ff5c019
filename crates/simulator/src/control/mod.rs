//! Looking into and steering a running simulator over HTTP, below `/_sim`.
//!
//! Nothing here is part of the simulated API: it takes no credentials, and its calls are not in
//! the ledger.

mod document;
mod guard;
mod overview;
mod page;
mod query;
mod refusal;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use hyper::{Method, Request};
use serde::{Deserialize, Serialize};
use serde_json::json;

pub(crate) use guard::Guard;

use crate::clock::format_moment;
use crate::engine::Engine;
use crate::fault::{FaultPlan, Faults};
use crate::input::Input;
use crate::ledger::{Head, Kind, Selection};
use crate::wire::reply::Reply;
use overview::Overview;
use query::Query;
use refusal::Refusal;

/// Largest body that is taken, in bytes.
const BODY_LIMIT: usize = 1024 * 1024;

/// Whether a path leads here and not to the simulated API.
pub(crate) fn is_control(path: &str) -> bool {
    path == "/_sim" || path.starts_with("/_sim/")
}

pub(crate) async fn answer(engine: &Arc<Engine>, request: Request<Incoming>) -> Reply {
    let answered = match engine.guard.admit(request.headers()) {
        Ok(()) => carry_out(engine, request).await,
        Err(refusal) => Err(refusal),
    };
    let reply = answered.unwrap_or_else(Refusal::reply);
    reply.with_header(CACHE_CONTROL, "no-store")
}

async fn carry_out(engine: &Arc<Engine>, request: Request<Incoming>) -> Result<Reply, Refusal> {
    let (head, body) = request.into_parts();
    let path: Vec<&str> = head.uri.path().split('/').skip(2).collect();
    let query = |known: &[&str]| Query::read(head.uri.query(), known);
    let body = Limited::new(body, BODY_LIMIT).collect().await;
    let body = body.map_err(|_| Refusal::new(413, "A control call has at most 1 MiB."))?;
    let body = body.to_bytes();
    match (path.as_slice(), &head.method) {
        ([] | [""], &Method::GET) => {
            query(&[])?;
            Ok(overview_page(engine))
        }
        (["ledger"], &Method::GET) => {
            let query = query(&["operation", "kind", "last", "sorted"])?;
            ledger(engine, &query)
        }
        (["requests"], &Method::GET) => {
            let selection = query(&["operation", "last"])?.selection()?;
            list(
                engine,
                Selection {
                    kind: Some(Kind::Requests),
                    ..selection
                },
            )
        }
        (["operations"], &Method::GET) => {
            let selection = query(&["operation"])?.selection()?;
            // A copy, as for the lists.
            let ledger = engine.ledger();
            Ok(Reply::json(200, ledger.audit(selection.operation)?))
        }
        (["summary"], &Method::GET) => {
            query(&[])?;
            json_of(&Overview::of(engine))
        }
        (["clock"], &Method::GET) => Ok(clock(engine)),
        (["clock"], &Method::POST) => advance(engine, &body),
        (["signing-unit"], &Method::POST) => signing_unit(engine, &body),
        (["faults"], &Method::GET) => faults(engine),
        (["faults"], &Method::POST) => plan(engine, &body),
        (["faults"], &Method::DELETE) => {
            Faults::new(Arc::clone(engine)).clear();
            faults(engine)
        }
        (["pins"], &Method::POST) => {
            let pin = engine.issue_pin(None)?;
            Ok(Reply::json(200, json!({"pin": pin}).to_string()))
        }
        (["forget"], &Method::POST) => {
            engine.apply(&Input::OperationsForgotten)?;
            json_of(&Overview::of(engine))
        }
        (["reset"], &Method::POST) => {
            engine.reset()?;
            json_of(&Overview::of(engine))
        }
        (["receipts", queue, item], &Method::GET) => {
            let query = query(&["format", "copy"])?;
            document::show(
                engine,
                queue,
                item,
                query.get("format"),
                query.flag("copy")?,
            )
        }
        (["faults"], _) => Err(Refusal::not_allowed("GET, POST, DELETE")),
        (["clock"], _) => Err(Refusal::not_allowed("GET, POST")),
        (["signing-unit" | "pins" | "forget" | "reset"], _) => Err(Refusal::not_allowed("POST")),
        (
            [] | [""] | ["ledger" | "requests" | "operations" | "summary"] | ["receipts", _, _],
            _,
        ) => Err(Refusal::not_allowed("GET")),
        _ => Err(Refusal::new(404, "No such path.")),
    }
}

fn overview_page(engine: &Arc<Engine>) -> Reply {
    let page = page::html(&Overview::of(engine), &engine.state().world.ledger);
    // Nothing in it may run or load, whatever a till sent.
    let policy =
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
    Reply::new(200, "text/html; charset=utf-8", page).with_header(CONTENT_SECURITY_POLICY, policy)
}

fn ledger(engine: &Arc<Engine>, query: &Query<'_>) -> Result<Reply, Refusal> {
    let selection = query.selection()?;
    if !query.flag("sorted")? {
        return list(engine, selection);
    }
    if selection != Selection::default() {
        return Err(Refusal::new(400, "sorted is of the whole ledger."));
    }
    Ok(Reply::json(200, engine.ledger().sorted()))
}

fn list(engine: &Arc<Engine>, selection: Selection) -> Result<Reply, Refusal> {
    // A copy, so that a long ledger is written without holding anybody up.
    let (ledger, head) = {
        let state = engine.state();
        let fault_seed = state.faults.plan().seed_if_any();
        (state.world.ledger.clone(), Head { fault_seed })
    };
    Ok(Reply::json(200, ledger.to_json(head, &selection)?))
}

fn clock(engine: &Arc<Engine>) -> Reply {
    let form = json!({
        "now": format_moment(engine.clock.now()),
        "virtual_time": engine.blueprint.virtual_time.is_some(),
    });
    Reply::json(200, form.to_string())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_seconds: f64,
}

fn advance(engine: &Arc<Engine>, body: &Bytes) -> Result<Reply, Refusal> {
    let Advance { advance_seconds } = read(body)?;
    let by = Duration::try_from_secs_f64(advance_seconds)
        .map_err(|error| Refusal::new(400, format!("advance_seconds: {error}")))?;
    engine.advance(by)?;
    Ok(clock(engine))
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct SigningUnit {
    in_service: bool,
}

fn signing_unit(engine: &Arc<Engine>, body: &Bytes) -> Result<Reply, Refusal> {
    let order: SigningUnit = read(body)?;
    engine.apply(&Input::SigningUnit {
        in_service: order.in_service,
        moment: engine.clock.now(),
    })?;
    json_of(&order)
}

fn plan(engine: &Arc<Engine>, body: &Bytes) -> Result<Reply, Refusal> {
    let text =
        std::str::from_utf8(body).map_err(|_| Refusal::new(400, "The body is not UTF-8."))?;
    let plan =
        FaultPlan::from_json(text).map_err(|error| Refusal::new(400, format!("{error}.")))?;
    Faults::new(Arc::clone(engine)).plan(plan);
    faults(engine)
}

fn faults(engine: &Arc<Engine>) -> Result<Reply, Refusal> {
    let scripted = Faults::new(Arc::clone(engine)).remaining();
    let plan = engine.state().faults.plan().clone();
    json_of(&json!({"scripted": scripted, "plan": plan}))
}

fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| Refusal::new(400, format!("The body: {error}.")))
}

fn json_of(form: &impl Serialize) -> Result<Reply, Refusal> {
    Ok(Reply::json(200, serde_json::to_string(form)?))
}
