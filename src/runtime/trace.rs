//! Spans and events of the feature `tracing`, with the attribute names of OpenTelemetry's HTTP
//! conventions. Without the feature nothing of it is there.
//!
//! No body, no token and no text of a server goes in: only names, numbers and ids, and of a URL what
//! [`TracedUrl`] shows of it.

use std::future::Future;
use std::time::Duration;

use super::observer::{AttemptResult, Observed, OperationResult};
use super::standing::Standing;
use super::traced_url::TracedUrl;

/// The span of an operation, or of one of its attempts.
#[derive(Clone)]
pub(super) struct Span(#[cfg(feature = "tracing")] tracing::Span);

#[cfg_attr(
    not(feature = "tracing"),
    allow(unused_variables, clippy::unused_self, reason = "nothing is traced")
)]
impl Span {
    /// For one run of an operation.
    pub(super) fn operation(observed: &Observed<'_>, prefix: &str) -> Self {
        Self(
            #[cfg(feature = "tracing")]
            tracing::info_span!(
                "pos_system_api.operation",
                otel.name = observed.operation,
                otel.kind = "internal",
                otel.status_code = tracing::field::Empty,
                http.request.method = observed.method,
                url.template = format_args!("{prefix}{}", observed.path_template),
                server.address = observed.server_address,
                server.port = observed.server_port,
                pos_system_api.operation.id = %observed.operation_id,
                pos_system_api.operation.result = tracing::field::Empty,
                pos_system_api.operation.standing = tracing::field::Empty,
                pos_system_api.operation.attempts = tracing::field::Empty,
            ),
        )
    }

    /// For one attempt, as part of its operation's span.
    pub(super) fn attempt(
        &self,
        observed: &Observed<'_>,
        prefix: &str,
        url: TracedUrl<'_>,
        attempt: u32,
    ) -> Self {
        Self(
            #[cfg(feature = "tracing")]
            {
                let span = tracing::info_span!(
                    parent: &self.0,
                    "pos_system_api.attempt",
                    otel.name = format_args!(
                        "{} {prefix}{}", observed.method, observed.path_template
                    ),
                    otel.kind = "client",
                    otel.status_code = tracing::field::Empty,
                    http.request.method = observed.method,
                    http.request.resend_count = tracing::field::Empty,
                    http.response.status_code = tracing::field::Empty,
                    network.protocol.version = tracing::field::Empty,
                    url.full = %url,
                    url.template = format_args!("{prefix}{}", observed.path_template),
                    server.address = observed.server_address,
                    server.port = observed.server_port,
                    error.type = tracing::field::Empty,
                );
                if attempt > 1 {
                    span.record("http.request.resend_count", attempt - 1);
                }
                span
            },
        )
    }

    /// Runs a future inside this span. No future of its own: that would hold it twice.
    pub(super) fn around<F: Future>(&self, future: F) -> impl Future<Output = F::Output> + use<F> {
        #[cfg(feature = "tracing")]
        {
            tracing::Instrument::instrument(future, self.0.clone())
        }
        #[cfg(not(feature = "tracing"))]
        future
    }

    /// Which version of HTTP the attempt of this span was answered in.
    pub(super) fn answered_in(&self, version: http::Version) {
        #[cfg(feature = "tracing")]
        {
            let version = match version {
                http::Version::HTTP_10 => "1.0",
                http::Version::HTTP_11 => "1.1",
                http::Version::HTTP_2 => "2",
                http::Version::HTTP_3 => "3",
                _ => return,
            };
            self.0.record("network.protocol.version", version);
        }
    }

    /// How the attempt of this span ended.
    pub(super) fn attempt_ended(&self, result: AttemptResult) {
        #[cfg(feature = "tracing")]
        {
            if let AttemptResult::Answered(status) = result {
                self.0.record("http.response.status_code", status.as_u16());
            }
            if let Some(kind) = result.error_type() {
                self.0.record("error.type", kind);
                self.0.record("otel.status_code", "ERROR");
            }
        }
    }

    /// How the run of this span ended.
    pub(super) fn operation_ended(
        &self,
        result: OperationResult,
        standing: Standing,
        attempts: u32,
    ) {
        #[cfg(feature = "tracing")]
        {
            self.0
                .record("pos_system_api.operation.result", result.as_str());
            self.0.record(
                "pos_system_api.operation.standing",
                tracing::field::display(standing),
            );
            self.0.record("pos_system_api.operation.attempts", attempts);
            if !matches!(result, OperationResult::Answered(_)) {
                self.0.record("otel.status_code", "ERROR");
            }
        }
    }

    /// That the operation of this span is sent again, and why.
    pub(super) fn resent(&self, reason: &str, wait: Duration) {
        #[cfg(feature = "tracing")]
        tracing::warn!(
            parent: &self.0,
            reason,
            wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
            "the operation is sent again"
        );
    }

    /// That a token was refused and another one is tried.
    pub(super) fn renewed(&self) {
        #[cfg(feature = "tracing")]
        tracing::warn!(
            parent: &self.0,
            reason = "unauthorized",
            "the access token was refused; the operation is sent again with another one"
        );
    }

    /// What the server has recorded about an operation it failed at.
    pub(super) fn asked(&self, recorded: &str) {
        #[cfg(feature = "tracing")]
        tracing::warn!(
            parent: &self.0,
            recorded,
            "the server failed each time and was asked for its record"
        );
    }
}
