//! Running a scenario against a server.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::time::Duration;

use chrono::{SecondsFormat, Utc};
use futures_util::future::join_all;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, InvalidHeaderValue};
use reqwest::{Client, Method};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use thiserror::Error;
use uuid::Uuid;

use crate::exchange::Exchange;
use crate::expectation::Seen;
use crate::report::{Difference, Report, Verdict};
use crate::scenario::{Effect, Scenario, Step};
use crate::variables::Variables;

/// The most of an answer that a report shows, in bytes.
const SHOWN: usize = 8 * 1024;

/// How long an answer may take: a payment waits for a guest.
const PATIENCE: Duration = Duration::from_secs(10 * 60);

/// How long a connection may take.
const CONNECT_PATIENCE: Duration = Duration::from_secs(15);

/// Why a suite cannot run at all.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RunError {
    /// The access token cannot stand in a header.
    #[error("the access token cannot stand in an HTTP header")]
    AccessToken(#[source] InvalidHeaderValue),
    /// The HTTP client does not start.
    #[error("the HTTP client does not start")]
    Client(#[source] reqwest::Error),
}

/// The server that is held against the scenarios.
#[derive(Clone)]
pub struct Target {
    /// Where the paths begin, with or without `/v2`.
    pub base_url: String,
    /// The cash box.
    pub cashbox_id: Uuid,
    /// Its access token.
    pub access_token: SecretString,
    /// The registered POS product; the all-zero uuid is good enough in a sandbox.
    pub pos_system_id: Uuid,
    /// Which kind of server this is, such as `cloud21`: scenarios of other kinds are skipped.
    pub profile: String,
    /// The most a scenario may leave behind; others are skipped.
    pub effect: Effect,
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Target")
            .field("base_url", &self.base_url)
            .field("cashbox_id", &self.cashbox_id)
            .field("profile", &self.profile)
            .finish_non_exhaustive()
    }
}

/// Runs one scenario.
///
/// # Errors
/// [`RunError`] if nothing can be sent at all. A server that cannot be reached is a
/// [`Verdict::Differs`].
pub async fn run(scenario: &Scenario, target: &Target) -> Result<Report, RunError> {
    let report = |verdict| Report {
        scenario: scenario.name.clone(),
        about: scenario.about.clone(),
        facts: scenario.facts.clone(),
        verdict,
    };
    let skipped = |reason: &str| {
        Ok(report(Verdict::Skipped {
            reason: reason.to_owned(),
        }))
    };
    if !scenario.profiles.is_empty() && !scenario.profiles.contains(&target.profile) {
        return skipped("it is for other profiles");
    }
    if scenario.effect > target.effect {
        return skipped(match scenario.effect {
            Effect::None | Effect::Signs => "it signs receipts",
            Effect::Irreversible => "it cannot be taken back",
        });
    }
    let mut run = Run::new(target)?;
    for step in &scenario.steps {
        let reasons = run.step(step).await;
        if !reasons.is_empty() {
            return Ok(report(Verdict::Differs(Difference {
                step: step.name.clone(),
                reasons,
                exchanges: run.exchanges,
            })));
        }
    }
    Ok(report(Verdict::AsExpected))
}

struct Run<'a> {
    target: &'a Target,
    client: Client,
    credentials: HeaderMap,
    variables: Variables,
    operations: BTreeMap<String, Uuid>,
    bodies: BTreeMap<String, Vec<u8>>,
    exchanges: Vec<Exchange>,
}

struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl<'a> Run<'a> {
    fn new(target: &'a Target) -> Result<Self, RunError> {
        let mut token = HeaderValue::from_str(target.access_token.expose_secret())
            .map_err(RunError::AccessToken)?;
        token.set_sensitive(true);
        let id = |id: Uuid| HeaderValue::try_from(id.to_string()).map_err(RunError::AccessToken);
        let credentials = HeaderMap::from_iter([
            (
                HeaderName::from_static("x-cashbox-id"),
                id(target.cashbox_id)?,
            ),
            (HeaderName::from_static("x-cashbox-accesstoken"), token),
            (
                HeaderName::from_static("x-possystem-id"),
                id(target.pos_system_id)?,
            ),
        ]);
        let mut variables = Variables::default();
        variables.set("cashbox", target.cashbox_id.to_string());
        variables.set("unique", Uuid::new_v4().simple().to_string());
        let now = Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true);
        variables.set("moment", now);
        Ok(Self {
            target,
            client: Client::builder()
                .no_proxy()
                .redirect(reqwest::redirect::Policy::none())
                .timeout(PATIENCE)
                .connect_timeout(CONNECT_PATIENCE)
                .build()
                .map_err(RunError::Client)?,
            credentials,
            variables,
            operations: BTreeMap::new(),
            bodies: BTreeMap::new(),
            exchanges: Vec::new(),
        })
    }

    /// What differs.
    async fn step(&mut self, step: &Step) -> Vec<String> {
        let request = match self.request(step) {
            Ok(request) => request,
            Err(name) => return vec![format!("the scenario has no value for {name:?}")],
        };
        let sent = (0..step.at_once.max(1)).map(|_| request.send(&self.client));
        let mut reasons = Vec::new();
        let mut kept = None;
        for answer in join_all(sent).await {
            match answer {
                Err(error) => reasons.push(format!("no answer: {}", with_causes(&error))),
                Ok(answer) => {
                    let token = self.target.access_token.expose_secret();
                    self.exchanges.push(request.exchange(&answer, token));
                    reasons.extend(self.differences(step, &answer));
                    kept = Some(answer);
                }
            }
        }
        if reasons.is_empty()
            && let Some(answer) = kept
        {
            reasons.extend(self.keep(step, answer));
        }
        reasons
    }

    fn request(&mut self, step: &Step) -> Result<Request, String> {
        let mut headers = self.credentials.clone();
        let operation_id = step.operation.as_ref().map(|label| {
            *self
                .operations
                .entry(label.clone())
                .or_insert_with(Uuid::new_v4)
        });
        if let Some(id) = operation_id {
            self.variables.set("operation", id.to_string());
            if let Ok(id) = HeaderValue::try_from(id.to_string()) {
                headers.insert("x-operation-id", id);
            }
        }
        if step.body.is_some() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        for (name, value) in &step.headers {
            let value = self.variables.fill(value)?;
            let name = HeaderName::try_from(name).map_err(|error| error.to_string())?;
            let value = HeaderValue::try_from(value).map_err(|error| error.to_string())?;
            headers.insert(name, value);
        }
        for name in &step.without {
            headers.remove(name);
        }
        let path = self.variables.fill(&step.path)?;
        let body = step.body.as_deref().map(|body| self.variables.fill(body));
        Ok(Request {
            method: Method::try_from(step.method.as_str()).map_err(|error| error.to_string())?,
            url: format!("{}{path}", self.target.base_url.trim_end_matches('/')),
            path,
            operation_id,
            headers,
            body: body.transpose()?,
        })
    }

    fn differences(&self, step: &Step, answer: &Answer) -> Vec<String> {
        let mut reasons = Vec::new();
        if !step.status.contains(&answer.status) {
            let expected: Vec<String> = step.status.iter().map(u16::to_string).collect();
            reasons.push(format!(
                "expected status {}, got {}",
                expected.join(" or "),
                answer.status
            ));
        }
        let body = serde_json::from_slice::<Value>(&answer.body).ok();
        let header = |name: &str| {
            let value = answer.headers.get(name)?;
            Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        let seen = Seen {
            body: body.as_ref(),
            header: &header,
        };
        reasons.extend(
            step.expect
                .iter()
                .filter_map(|check| check.difference(&seen, &self.variables)),
        );
        if let Some(earlier) = &step.same_body_as
            && self.bodies.get(earlier) != Some(&answer.body)
        {
            reasons.push(format!("expected the same body as in step {earlier:?}"));
        }
        reasons
    }

    /// Keeps what later steps need; the names of what is not there.
    fn keep(&mut self, step: &Step, answer: Answer) -> Vec<String> {
        let mut reasons = Vec::new();
        if !step.keep.is_empty() {
            let body = serde_json::from_slice::<Value>(&answer.body).unwrap_or_default();
            for (name, pointer) in &step.keep {
                match body.pointer(pointer) {
                    Some(Value::String(text)) => self.variables.set(name, text),
                    Some(value) => self.variables.set(name, value.to_string()),
                    None => reasons.push(format!("{pointer}: expected a value, got nothing")),
                }
            }
        }
        // The exact text: a response that goes into `/issue` has to keep every digit.
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        self.variables.set(&format!("body.{}", step.name), text);
        self.bodies.insert(step.name.clone(), answer.body);
        reasons
    }
}

/// What the client says, with what lies behind it.
fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text += &format!(": {error}");
        cause = error.source();
    }
    text
}

struct Request {
    method: Method,
    url: String,
    path: String,
    operation_id: Option<Uuid>,
    headers: HeaderMap,
    body: Option<String>,
}

impl Request {
    async fn send(&self, client: &Client) -> Result<Answer, reqwest::Error> {
        let mut request = client
            .request(self.method.clone(), &self.url)
            .headers(self.headers.clone());
        if let Some(body) = &self.body {
            request = request.body(body.clone());
        }
        let response = request.send().await.map_err(reqwest::Error::without_url)?;
        Ok(Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response
                .bytes()
                .await
                .map_err(reqwest::Error::without_url)?
                .into(),
        })
    }

    /// `token` is taken out, should the server repeat it.
    fn exchange(&self, answer: &Answer, token: &str) -> Exchange {
        let text = String::from_utf8_lossy(&answer.body);
        let text = match token.is_empty() {
            true => text.into_owned(),
            false => text.replace(token, "(the access token)"),
        };
        let shown = &text.as_bytes()[..text.len().min(SHOWN)];
        Exchange {
            method: self.method.to_string(),
            path: self.path.clone(),
            operation_id: self.operation_id.map(|id| id.to_string()),
            request: self.body.clone(),
            status: answer.status,
            content_type: answer
                .headers
                .get(CONTENT_TYPE)
                .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()),
            response: String::from_utf8_lossy(shown).into_owned(),
        }
    }
}
