//! The names of the endpoints in a plan.

use serde::{Deserialize, Serialize};

use crate::wire::route::{Action, Endpoint, Question};

/// An endpoint, whatever ids its path has. In a plan it has its name in snake case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EndpointName {
    /// `POST /echo`
    Echo,
    /// `POST /sign`
    Sign,
    /// `POST /pay`
    Pay,
    /// `POST /PayResponse`
    PayResponse,
    /// `POST /issue`
    Issue,
    /// `PUT /issue/{queue}/{item}`
    UpdateIssue,
    /// `GET /issue/{queue}/{item}`
    Document,
    /// `GET /issue/{queue}/{item}/delivered`
    Delivered,
    /// `GET /BlockIssueRequest/{queue}/{item}/WhileDelivered`
    WhileDelivered,
    /// `GET /issue/{queue}/{item}/link/qrcode`
    QrCode,
    /// `POST /journal`
    Journal,
    /// `GET /journal/OperationItem/{id}`
    OperationItem,
    /// `GET /PeekJournalItem/{queue}/OperationItem`
    OperationItems,
    /// `GET /PeekJournalItem/{queue}/{type}/{id}`
    PeekJournalItem,
    /// `POST /pair`
    Pair,
}

impl EndpointName {
    pub(super) fn of(endpoint: &Endpoint) -> Self {
        match endpoint {
            Endpoint::Operation(action) => match action {
                Action::Echo => Self::Echo,
                Action::Sign => Self::Sign,
                Action::Pay => Self::Pay,
                Action::Issue => Self::Issue,
                Action::UpdateIssue(_) => Self::UpdateIssue,
                Action::Pair => Self::Pair,
            },
            Endpoint::Question(question) => match question {
                Question::PayResponse => Self::PayResponse,
                Question::Document(_) => Self::Document,
                Question::Delivered(_) => Self::Delivered,
                Question::WhileDelivered(_) => Self::WhileDelivered,
                Question::QrCode(_) => Self::QrCode,
                Question::Journal => Self::Journal,
                Question::OperationItem(_) => Self::OperationItem,
                Question::OperationItems { .. } => Self::OperationItems,
                Question::PeekJournalItem { .. } => Self::PeekJournalItem,
            },
        }
    }
}
