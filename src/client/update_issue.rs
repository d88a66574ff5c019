//! `PUT /issue/{queue}/{item}`: what is done with a document.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::StatusCode;
use serde::Serialize;

use super::Client;
use super::answer::Misread;
use super::call::{OperationCall, sealed};
use super::completion::Completion;
use super::issued_item::IssuedItem;
use super::media::{content_type, is_page};
use crate::error::{Error, ErrorKind, Result};
use crate::raw::operations;
use crate::runtime::{Answer, Execution, Operation};
use crate::types::{IssueUpdate, Json};

/// What is to be done with an issued document: one of the actions below, or an [`IssueUpdate`] put together
/// by the caller (API facts, section 3.4).
#[derive(Clone)]
#[must_use]
pub struct IssueAction {
    body: Body,
}

#[derive(Clone, Serialize)]
#[serde(untagged)]
enum Body {
    Action(Action),
    Update(Box<IssueUpdate>),
}

#[derive(Clone, Serialize)]
struct Action {
    #[serde(rename = "Action")]
    action: &'static str,
    #[serde(rename = "Format", skip_serializing_if = "Option::is_none")]
    format: Option<String>,
    #[serde(rename = "Target", skip_serializing_if = "Option::is_none")]
    target: Option<Target>,
}

#[derive(Clone, Serialize)]
struct Target {
    #[serde(rename = "Scheme")]
    scheme: String,
    #[serde(rename = "Address")]
    address: String,
    #[serde(rename = "Attach", skip_serializing_if = "Option::is_none")]
    attach: Option<String>,
    #[serde(rename = "Send")]
    send: bool,
}

impl fmt::Debug for IssueAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Whom it goes to is customer data.
        let action = match &self.body {
            Body::Action(action) => action.action,
            Body::Update(_) => "update",
        };
        f.debug_struct("IssueAction")
            .field("action", &action)
            .finish_non_exhaustive()
    }
}

impl IssueAction {
    fn of(action: &'static str) -> Self {
        let (format, target) = (None, None);
        Self {
            body: Body::Action(Action {
                action,
                format,
                target,
            }),
        }
    }

    /// Sends it by e-mail.
    pub fn email(address: impl Into<String>) -> Self {
        Self::send("email", address)
    }

    /// Sends it as a text message to a phone number, given as the server wants it: the form is not documented.
    pub fn sms(number: impl Into<String>) -> Self {
        Self::send("sms", number)
    }

    /// Sends it by WhatsApp to a phone number.
    pub fn whatsapp(number: impl Into<String>) -> Self {
        Self::send("whatsapp", number)
    }

    /// Sends it through Peppol to a participant.
    pub fn peppol(participant_id: impl Into<String>) -> Self {
        Self::send("peppol", participant_id)
    }

    /// Sends it through a channel by its name; servers know `email`, `sms`, `whatsapp` and `peppol`.
    pub fn send(scheme: impl Into<String>, address: impl Into<String>) -> Self {
        let mut sent = Self::of("send");
        if let Body::Action(action) = &mut sent.body {
            action.target = Some(Target {
                scheme: scheme.into(),
                address: address.into(),
                attach: None,
                send: true,
            });
        }
        sent
    }

    /// Attaches the document in this form to what is sent, such as `application/pdf` or
    /// `application/xml`. Default: nothing is attached. Without effect on other actions.
    pub fn attach(mut self, media_type: impl Into<String>) -> Self {
        if let Body::Action(Action {
            target: Some(target),
            ..
        }) = &mut self.body
        {
            target.attach = Some(media_type.into());
        }
        self
    }

    /// Makes and returns the document: [`Updated::body`] holds it. `format` is a media type such as
    /// `application/xml`, or a short name such as `en16931`. It counts as delivered then, which fetching
    /// it with [`Client::document`] does not.
    pub fn download(format: impl Into<String>) -> Self {
        let mut download = Self::of("download");
        if let Body::Action(action) = &mut download.body {
            action.format = Some(format.into());
        }
        download
    }

    /// Prints it. What printing needs beyond the word is not documented.
    pub fn print() -> Self {
        Self::of("print")
    }

    /// Links to it. What linking needs beyond the word is not documented.
    pub fn link() -> Self {
        Self::of("link")
    }

    /// Accepts it. What accepting needs beyond the word is not documented.
    pub fn accept() -> Self {
        Self::of("accept")
    }
}

impl From<IssueUpdate> for IssueAction {
    fn from(update: IssueUpdate) -> Self {
        Self {
            body: Body::Update(Box::new(update)),
        }
    }
}

/// What came of an action.
#[derive(Clone)]
#[non_exhaustive]
pub struct Updated {
    /// The result: a document after a download, free JSON after others, nothing after status 204. It is
    /// not documented; go by [`content_type`](Self::content_type).
    pub body: Bytes,
    /// What the body is, such as `application/pdf`; `None` if the server did not say.
    pub content_type: Option<String>,
    /// How the operation was answered.
    pub completion: Completion,
}

impl fmt::Debug for Updated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Updated")
            .field("completion", &self.completion)
            .finish_non_exhaustive()
    }
}

impl Updated {
    /// The result as JSON, or `None` if it is something else.
    #[must_use]
    pub fn json(&self) -> Option<Json> {
        serde_json::from_slice(&self.body).ok()
    }

    /// Whether it was done now or had been done before.
    #[must_use]
    pub fn execution(&self) -> Execution {
        self.completion.execution
    }
}

impl sealed::Sealed for Updated {
    type Document = ();
    const OPERATION: &'static str = operations::UPDATE_ISSUE.id;

    fn read(_: &Operation, answer: &Answer) -> std::result::Result<(), Misread> {
        if is_page(&answer.headers) {
            return Err(Misread::new("it is a web page"));
        }
        let has_nothing = answer.body.is_empty() && answer.status != StatusCode::NO_CONTENT;
        if has_nothing {
            return Err(Misread::new("the answer is empty"));
        }
        Ok(())
    }

    fn judged(_: &Operation, (): (), completion: Completion) -> Result<Self> {
        Ok(Self {
            body: completion.body.clone(),
            content_type: content_type(&completion.headers),
            completion,
        })
    }
}

impl Client {
    /// Sends, prints, downloads, links or accepts an issued document. Once: as every operation it is
    /// resent under one id (API facts, section 3.4).
    ///
    /// ```no_run
    /// # async fn example(client: pos_system_api::Client, issued: pos_system_api::client::Issued)
    /// # -> Result<(), Box<dyn std::error::Error>> {
    /// use pos_system_api::client::IssueAction;
    ///
    /// let mail = IssueAction::email("guest@example.org").attach("application/pdf");
    /// client.update_issue(&issued, mail).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When awaited: [`ErrorKind::Rejected`] for an action or an address the server refuses,
    /// [`ErrorKind::NotTaken`] with status 404 if no document was issued under these ids; otherwise what
    /// [`ErrorKind`] lists.
    pub fn update_issue(
        &self,
        item: impl Into<IssuedItem>,
        action: impl Into<IssueAction>,
    ) -> OperationCall<Updated> {
        let body = serde_json::to_vec(&action.into().body).map_err(|source| {
            Error::new(
                ErrorKind::Invalid,
                "The call cannot be written as a request",
            )
            .with_source(source)
        });
        let prepared = item.into().in_path().and_then(|[queue, item]| {
            self.fixed(
                &operations::UPDATE_ISSUE,
                &[&queue, &item],
                "*/*",
                Some(body?.into()),
            )
        });
        OperationCall::new(Arc::clone(&self.engine), prepared)
    }
}
