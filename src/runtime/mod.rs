//! What a generated client runs on: an operation is sent until its outcome is known.
//!
//! The life of one call: the generated code writes its request, [`Call::pre`] freezes it into an
//! [`Operation`] (one id, one body), and the engine sends that same operation, attempt after attempt,
//! until an answer settles it or its deadline is reached.
//!
//! # Tracing
//!
//! With the feature `tracing`, each run of an operation or of a query is a span, and each attempt at it a span
//! within, both of level INFO. Their fields have the names of OpenTelemetry's HTTP conventions:
//!
//! | Span | Fields |
//! |---|---|
//! | `pos_system_api.operation` | `otel.name`, which is the call, such as `sign`; `http.request.method`, `url.template`, `server.address`, `server.port`, `pos_system_api.operation.id`; at its end `pos_system_api.operation.result` (`answered`, `refused`, `pending`, `parked` or `dropped`), `.standing` and `.attempts` |
//! | `pos_system_api.attempt` | `otel.name`, method, template and server as above; `url.full`; from the second on `http.request.resend_count`; at its end `http.response.status_code`, `network.protocol.version`, and `error.type` if it failed |
//!
//! Events of level WARN say that an operation is sent again (`reason`, `wait_ms`), that its token was refused and
//! another one is tried, and what the server has recorded of an operation it failed at (`recorded`).
//!
//! No body, no token and no text of a server goes in. `url.full` shows of the path's parameters those that are
//! UUIDs, and of a query the names alone.

mod spec;

#[cfg(feature = "client")]
mod attempt;
#[cfg(feature = "client")]
mod budget;
#[cfg(feature = "client")]
mod call;
#[cfg(feature = "client")]
mod chance;
#[cfg(feature = "client")]
mod clock;
#[cfg(feature = "client")]
mod engine;
#[cfg(feature = "client")]
mod failures;
#[cfg(feature = "client")]
mod limits;
#[cfg(feature = "client")]
mod observer;
#[cfg(feature = "client")]
mod operation;
#[cfg(feature = "client")]
mod policy;
#[cfg(feature = "client")]
mod recorded;
#[cfg(feature = "client")]
mod run;
#[cfg(feature = "client")]
mod settled;
#[cfg(feature = "client")]
mod standing;
#[cfg(feature = "client")]
mod stored_request;
#[cfg(feature = "client")]
mod trace;
#[cfg(feature = "client")]
mod traced_url;
#[cfg(feature = "client")]
mod unread;
#[cfg(feature = "client")]
mod verdict;
#[cfg(feature = "client")]
mod watch;

pub use spec::{AnswerKind, Class, OperationSpec};

#[cfg(feature = "client")]
pub use {
    budget::{BudgetRates, RetryBudget},
    call::{Call, Report},
    chance::{Chance, SystemChance},
    clock::{Clock, Sleep, SystemClock},
    limits::Limits,
    observer::{
        AttemptEnded, AttemptResult, AttemptStarted, Observed, Observer, OperationEnded,
        OperationResult,
    },
    operation::Operation,
    policy::RetryPolicy,
    standing::{Execution, Standing},
};

#[cfg(feature = "client")]
pub(crate) use {
    attempt::{Answer, Attempt, token, within},
    engine::{Engine, Server},
    operation::{CallOptions, Ends},
    policy::Pace,
    recorded::{Recorded, ask},
    run::Ending,
    settled::settled,
    standing::Progress,
    stored_request::{NotStorable, StoredRequest},
    unread::Unread,
    verdict::{Reading, Refusal},
};
