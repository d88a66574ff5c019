//! `issue`: a signed receipt becomes a document for the customer.

use std::collections::BTreeMap;

use pos_system_api::client::{Issued, IssuedItem};
use pos_system_api::types::{IssueRequest, ReceiptRequest, ReceiptResponse};
use pos_system_api::{Client, Error, Outcome};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::arguments::Issue;
use crate::exit::{Exit, Stop};
use crate::input::{Input, is_standard_input};
use crate::json_line::{Failure, tell_line, word};
use crate::message::notice;
use crate::operation_log::{InLog, Next};

/// The line of `sign`, as far as it is needed.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    #[serde(default)]
    operation_id: Option<Uuid>,
    response: ReceiptResponse,
}

pub(crate) async fn run(options: Issue) -> Result<Exit, Stop> {
    let (file, request) = (&options.signed, &options.request);
    if is_standard_input(file) && request.as_ref().is_some_and(|file| is_standard_input(file)) {
        return Err(Stop::usage("Standard input can be read once only"));
    }
    let input = Input::read(file)?;
    let line = line(&input)?;
    if !line.response.ft_state.is_signed() {
        return Err(input.refused("the receipt is not signed, so it cannot be issued"));
    }
    let request: Option<ReceiptRequest> = match request {
        Some(file) => Some(Input::read(file)?.json()?),
        None if line.operation_id.is_none() => {
            return Err(Stop::usage(
                "An answer alone does not say what was signed: give the request with --request FILE",
            ));
        }
        None => None,
    };
    let times = options.connection.times();
    let log = options.connection.client()?;
    log.tell_of_earlier_runs(Next::InOrder).await?;
    let client = &log.client;
    let request = match (request, line.operation_id) {
        (Some(request), _) => request,
        (None, id) => recorded(client, id.unwrap_or_default()).await?,
    };
    let body: IssueRequest = IssueRequest::builder()
        .receipt_request(Some(request))
        .receipt_response(Some(line.response))
        .try_into()
        .map_err(|error| Stop::new(Exit::Refused, format!("Nothing was issued: {error}")))?;
    let mut call = client.issue(body);
    if let Some(id) = options.operation_id {
        call = call.with_operation_id(id);
    }
    let id = call.operation_id();
    let result = times.of_call(call).await;
    let says = log.says_after(id, &result).await;
    let report = Report::of(id, result).with_log(says);
    if let Some(sentence) = report.sentence() {
        notice(&sentence);
    }
    tell_line(&report)?;
    let exit = report.outcome.exit();
    log.told(id, exit).await;
    Ok(exit)
}

/// The line of `sign`, or an answer alone.
fn line(input: &Input) -> Result<Line, Stop> {
    let members: BTreeMap<String, IgnoredAny> = input.json()?;
    if members.contains_key("response") {
        input.json()
    } else if members.contains_key("ftState") {
        Ok(Line {
            operation_id: None,
            response: input.json()?,
        })
    } else {
        Err(input.refused("neither a line of sign with a response nor the answer to a receipt"))
    }
}

/// The request that was signed, by the server's record.
async fn recorded(client: &Client, id: Uuid) -> Result<ReceiptRequest, Stop> {
    let without = |why: &str| {
        Stop::new(
            Exit::Refused,
            format!("Nothing was issued, because {why}: give the request with --request FILE"),
        )
    };
    let item = client.operation(id).await?;
    let item =
        item.ok_or_else(|| without(&format!("the server has no record of operation {id}")))?;
    let request = item
        .request
        .ok_or_else(|| without(&format!("the record of operation {id} holds no request")))?;
    serde_json::from_str(&request).map_err(|error| {
        without(&format!(
            "the request of operation {id} is no receipt: {error}"
        ))
    })
}

/// The line of the output.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    operation_id: Option<Uuid>,
    execution: Option<&'static str>,
    outcome: Fate,
    #[serde(skip_serializing_if = "Option::is_none")]
    queue_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    queue_item_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    document_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Failure>,
    /// What the operation log can do about it.
    #[serde(skip)]
    way_on: Option<String>,
}

/// What became of it, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Fate {
    Issued,
    Rejected,
    Pending,
    /// Set aside: the server failed each time, or it failed and stays open in the operation log.
    Parked,
    Unknown,
}

impl Fate {
    fn exit(self) -> Exit {
        match self {
            Self::Issued => Exit::Good,
            Self::Rejected => Exit::Refused,
            Self::Pending | Self::Parked | Self::Unknown => Exit::Open,
        }
    }
}

impl Report {
    fn of(operation_id: Option<Uuid>, result: Result<Outcome<Issued>, Error>) -> Self {
        let (outcome, failure) = match result {
            Ok(Outcome::Done(issued)) => return Self::issued(&issued),
            Ok(Outcome::Pending(handle)) => (Fate::Pending, Failure::open(&handle)),
            Ok(Outcome::Parked(handle)) => (Fate::Parked, Failure::open(&handle)),
            Err(error) if Exit::of(&error) == Exit::Open => (Fate::Unknown, Failure::of(&error)),
            Err(error) => (Fate::Rejected, Failure::of(&error)),
        };
        Self {
            operation_id,
            execution: None,
            outcome,
            queue_id: None,
            queue_item_id: None,
            document_url: None,
            error: Some(failure),
            way_on: None,
        }
    }

    fn issued(issued: &Issued) -> Self {
        let item = IssuedItem::from(issued);
        Self {
            operation_id: Some(issued.completion.operation_id),
            execution: Some(word(issued.completion.execution)),
            outcome: Fate::Issued,
            queue_id: item.queue_id(),
            queue_item_id: item.queue_item_id(),
            document_url: issued.document_url().map(str::to_owned),
            error: None,
            way_on: None,
        }
    }

    /// With what the operation log has to say about it. What is set aside there is not over, whatever the
    /// server said.
    fn with_log(mut self, says: Option<InLog>) -> Self {
        if let Some(says) = says {
            if says.is_parked {
                self.outcome = Fate::Parked;
            }
            self.way_on = Some(says.way_on);
        }
        self
    }

    /// For a person; nothing for a document that is issued.
    fn sentence(&self) -> Option<String> {
        let failure = self.error.as_ref()?;
        let advice = match (&self.way_on, self.outcome.exit(), self.operation_id) {
            (Some(way_on), ..) => format!(" ({way_on})"),
            (None, Exit::Open, Some(id)) => {
                format!(" (to settle it, issue the same with --operation-id {id})")
            }
            _ => String::new(),
        };
        Some(format!("Not issued{advice}: {}", failure.message))
    }
}
