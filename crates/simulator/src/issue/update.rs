//! `PUT /issue/{queue}/{item}`: what is done with a document.

use bytes::Bytes;
use serde_json::json;

use super::document::rendered;
use super::issues::{Issues, document_url, issued};
use crate::body_check::members_of;
use crate::document::{Choice, Rendered};
use crate::input::Command;
use crate::item_id::ItemId;
use crate::ledger::{IssueAction, IssueUpdateRecord, Ledger};
use crate::members::{Members, text};
use crate::operation::{Content, Outcome};
use crate::queue::Queue;
use crate::wire::problem::{Failure, FieldError};

/// The channels a document can be sent by.
const SCHEMES: [&str; 4] = ["email", "sms", "whatsapp", "peppol"];

/// A valid body.
#[derive(Debug)]
enum Update {
    Download {
        format: Option<String>,
        choice: Choice,
    },
    Send(Target),
    Print,
    Link,
    Accept,
    Upload,
}

#[derive(Debug)]
struct Target {
    scheme: String,
    address: String,
    attach: Option<String>,
    send: bool,
}

pub(crate) fn update(
    command: &Command,
    item: ItemId,
    queue: &Queue,
    issues: &mut Issues,
    ledger: &mut Ledger,
) -> Outcome {
    try_update(command, item, queue, issues, ledger).unwrap_or_else(Outcome::Failed)
}

fn try_update(
    command: &Command,
    item: ItemId,
    queue: &Queue,
    issues: &mut Issues,
    ledger: &mut Ledger,
) -> Result<Outcome, Failure> {
    let signed = issued(item, queue, issues)?;
    let body = &command.request.body;
    let members = members_of(body)?;
    let update = Update::read(&members).map_err(Failure::validation)?;
    let content = match &update {
        Update::Download { choice, .. } => downloaded(rendered(signed, *choice)?),
        _ => update.answer(&document_url(&command.base_url, item)),
    };
    if update.delivers() {
        issues.deliver(item);
    }
    let record = update.record(command, item, body.clone());
    ledger.record_issue_update(record);
    Ok(Outcome::Done(content))
}

impl Update {
    fn read(members: &Members<'_>) -> Result<Self, Vec<FieldError>> {
        let action = members.get("Action").and_then(text);
        match action.as_deref() {
            Some("download") => Self::read_download(members),
            Some("send") => Target::read(members).map(Self::Send),
            Some("print") => Ok(Self::Print),
            Some("link") => Ok(Self::Link),
            Some("accept") => Ok(Self::Accept),
            Some("upload") => Ok(Self::Upload),
            _ => {
                let message = "must be download, send, print, link, accept or upload";
                Err(vec![FieldError::new("Action", message)])
            }
        }
    }

    fn read_download(members: &Members<'_>) -> Result<Self, Vec<FieldError>> {
        let format = optional_text(members, "Format", "Format")?;
        match Choice::of_download(format.as_deref()) {
            Some(choice) => Ok(Self::Download { format, choice }),
            None => Err(vec![FieldError::new("Format", NO_FORMAT)]),
        }
    }

    /// Whether the customer has the document then.
    fn delivers(&self) -> bool {
        match self {
            Self::Download { .. } | Self::Print => true,
            Self::Send(target) => target.send,
            Self::Link | Self::Accept | Self::Upload => false,
        }
    }

    fn action(&self) -> IssueAction {
        match self {
            Self::Download { .. } => IssueAction::Download,
            Self::Send(_) => IssueAction::Send,
            Self::Print => IssueAction::Print,
            Self::Link => IssueAction::Link,
            Self::Accept => IssueAction::Accept,
            Self::Upload => IssueAction::Upload,
        }
    }

    /// No source says what these answers hold: free JSON with what there is to say.
    fn answer(&self, document_url: &str) -> Content {
        let message = match self {
            Self::Download { .. } => "The document was downloaded.",
            Self::Send(Target { send: true, .. }) => "The document was sent, in simulation.",
            Self::Send(_) => "The document was not sent, because Send is not true.",
            Self::Print => "The document was printed, in simulation.",
            Self::Link => "The document can be opened by its address.",
            Self::Accept => "The document was accepted, in simulation.",
            Self::Upload => "The document was uploaded, in simulation.",
        };
        let mut answer = json!({
            "Action": self.action().to_string(),
            "DocumentURL": document_url,
            "message": message,
        });
        if let Self::Send(target) = self {
            answer["Scheme"] = json!(target.scheme);
            answer["Address"] = json!(target.address);
            answer["Sent"] = json!(target.send);
        }
        Content {
            media_type: "application/json".to_owned(),
            bytes: answer.to_string().into(),
        }
    }

    fn record(self, command: &Command, item: ItemId, request: Bytes) -> IssueUpdateRecord {
        let mut record = IssueUpdateRecord {
            operation_id: command.call.operation_id,
            queue_item_id: item.queue_item_id,
            action: self.action(),
            format: None,
            scheme: None,
            address: None,
            attach: None,
            delivered: self.delivers(),
            request,
        };
        match self {
            Self::Download { format, .. } => record.format = format,
            Self::Send(target) => {
                record.scheme = Some(target.scheme);
                record.address = Some(target.address);
                record.attach = target.attach;
            }
            Self::Print | Self::Link | Self::Accept | Self::Upload => {}
        }
        record
    }
}

const NO_FORMAT: &str = "must be a format that can be made: application/pdf, application/json, \
                         application/xml, en16931, image/png or text/vnd.esc-pos";

impl Target {
    fn read(members: &Members<'_>) -> Result<Self, Vec<FieldError>> {
        let target = members.get("Target").and_then(Members::of_value);
        let Some(target) = target else {
            let message = "must be given and be an object";
            return Err(vec![FieldError::new("Target", message)]);
        };
        let mut errors = Vec::new();
        let mut error = |name, message| errors.push(FieldError::new(name, message));
        let scheme = target.get("Scheme").and_then(text).unwrap_or_default();
        if !SCHEMES.contains(&scheme.as_str()) {
            error("Target.Scheme", "must be email, sms, whatsapp or peppol");
        }
        let address = target.get("Address").and_then(text).unwrap_or_default();
        if address.trim().is_empty() {
            error("Target.Address", "must be a text that is not empty");
        }
        // Without it nothing is sent: the default is not documented.
        let send = match target.get("Send").map(|send| send.get()) {
            None | Some("false") => false,
            Some("true") => true,
            Some(_) => {
                error("Target.Send", "must be true or false");
                false
            }
        };
        let attach = match optional_text(&target, "Attach", "Target.Attach") {
            Ok(attach) => attach,
            Err(wrong) => {
                errors.extend(wrong);
                None
            }
        };
        if attach.is_some() && Choice::of_download(attach.as_deref()).is_none() {
            errors.push(FieldError::new("Target.Attach", NO_FORMAT));
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Self {
            scheme,
            address,
            attach,
            send,
        })
    }
}

/// A member that may be left out or null.
fn optional_text(
    members: &Members<'_>,
    name: &str,
    shown: &str,
) -> Result<Option<String>, Vec<FieldError>> {
    match members.get(name) {
        None => Ok(None),
        Some(value) => match text(value) {
            Some(text) => Ok(Some(text)),
            None => Err(vec![FieldError::new(shown, "must be a text")]),
        },
    }
}

/// The published document names JSON, PDF and XML here, and octets for everything else.
fn downloaded(rendered: Rendered) -> Content {
    let media_type = match rendered.content_type.as_str() {
        "application/json" | "application/pdf" | "application/xml" => rendered.content_type,
        _ => "application/octet-stream".to_owned(),
    };
    Content {
        media_type,
        bytes: rendered.bytes,
    }
}
