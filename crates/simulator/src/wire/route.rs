//! From a method and a path to the endpoint behind them.

use hyper::Method;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::item_id::ItemId;

/// An endpoint the simulator serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Operation(Action),
    Question(Question),
}

/// What an operation does. It is run once per operation id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Action {
    Echo,
    Sign,
    Pay,
    Issue,
    UpdateIssue(ItemId),
    Pair,
}

/// What may be asked any number of times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Question {
    /// The result of a payment, by the operation id in the header.
    PayResponse,
    /// The rendered document of a receipt.
    Document(ItemId),
    Delivered(ItemId),
    /// The same as [`Question::Delivered`], answered when it is so.
    WhileDelivered(ItemId),
    QrCode(ItemId),
    Journal,
    OperationItem(Uuid),
    OperationItems {
        queue_id: Uuid,
    },
    PeekJournalItem {
        queue_id: Uuid,
        storage_type: String,
        id: Uuid,
    },
}

impl Question {
    /// The document whose delivery is asked for.
    pub(crate) fn asks_for_delivery(&self) -> Option<ItemId> {
        match self {
            Self::Delivered(item) | Self::WhileDelivered(item) => Some(*item),
            _ => None,
        }
    }
}

/// What a path leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Route {
    Endpoint(Endpoint),
    /// The path is served for these methods only.
    NotAllowed {
        allowed: &'static str,
    },
    /// A part of the path that has to be a uuid is none.
    NotUuid,
    /// A major version that is no longer served.
    RetiredVersion,
    /// A path of the API whose behaviour is published nowhere.
    NotSimulated,
    Unknown,
}

/// Paths are compared without regard to case; `/v2` may be left out.
pub(crate) fn route(method: &Method, path: &str) -> Route {
    let path = path.to_ascii_lowercase();
    let mut segments: Vec<&str> = path.strip_prefix('/').unwrap_or(&path).split('/').collect();
    match segments.first() {
        Some(&"v0" | &"v1") => return Route::RetiredVersion,
        Some(&"v2") => {
            segments.remove(0);
        }
        _ => {}
    }
    let (get, post, put) = (Method::GET, Method::POST, Method::PUT);
    let by_method = |served: &[(Method, Endpoint)], allowed| {
        let endpoint = served.iter().find(|(served, _)| served == method);
        endpoint.map_or(Route::NotAllowed { allowed }, |(_, endpoint)| {
            Route::Endpoint(endpoint.clone())
        })
    };
    let action = |action| by_method(&[(post.clone(), Endpoint::Operation(action))], "POST");
    let ask = |question| by_method(&[(get.clone(), Endpoint::Question(question))], "GET");
    match segments.as_slice() {
        ["echo"] => action(Action::Echo),
        ["sign"] => action(Action::Sign),
        ["pay"] => action(Action::Pay),
        ["payresponse"] => by_method(
            &[(post.clone(), Endpoint::Question(Question::PayResponse))],
            "POST",
        ),
        ["issue"] => action(Action::Issue),
        ["pair"] => action(Action::Pair),
        ["journal"] => by_method(
            &[(post.clone(), Endpoint::Question(Question::Journal))],
            "POST",
        ),
        ["issue", queue, item] => with_item(queue, item, |item| {
            by_method(
                &[
                    (get.clone(), Endpoint::Question(Question::Document(item))),
                    (put.clone(), Endpoint::Operation(Action::UpdateIssue(item))),
                ],
                "GET, PUT",
            )
        }),
        ["issue", queue, item, "delivered"] => {
            with_item(queue, item, |item| ask(Question::Delivered(item)))
        }
        ["issue", queue, item, "link", "qrcode"] => {
            with_item(queue, item, |item| ask(Question::QrCode(item)))
        }
        ["blockissuerequest", queue, item, "whiledelivered"] => {
            with_item(queue, item, |item| ask(Question::WhileDelivered(item)))
        }
        ["journal", "operationitem", id] => with_uuid(id, |id| ask(Question::OperationItem(id))),
        ["peekjournalitem", queue, "operationitem"] => {
            with_uuid(queue, |queue_id| ask(Question::OperationItems { queue_id }))
        }
        ["peekjournalitem", queue, storage_type, id] => with_uuid(queue, |queue_id| {
            with_uuid(id, |id| {
                let storage_type = (*storage_type).to_owned();
                ask(Question::PeekJournalItem {
                    queue_id,
                    storage_type,
                    id,
                })
            })
        }),
        ["order"] | ["cart", ..] => Route::NotSimulated,
        _ => Route::Unknown,
    }
}

fn with_uuid(text: &str, then: impl FnOnce(Uuid) -> Route) -> Route {
    Uuid::try_parse(text).map_or(Route::NotUuid, then)
}

fn with_item(queue: &str, item: &str, then: impl FnOnce(ItemId) -> Route) -> Route {
    with_uuid(queue, |queue_id| {
        with_uuid(item, |queue_item_id| {
            then(ItemId {
                queue_id,
                queue_item_id,
            })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_read_with_or_without_version_and_in_any_case() {
        for path in ["/sign", "/v2/sign", "/V2/SIGN", "/Sign"] {
            assert_eq!(
                route(&Method::POST, path),
                Route::Endpoint(Endpoint::Operation(Action::Sign)),
                "{path}"
            );
        }
    }

    #[test]
    fn one_path_serves_several_methods() {
        let item = ItemId {
            queue_id: Uuid::from_u128(1),
            queue_item_id: Uuid::from_u128(2),
        };
        let path = format!("/v2/issue/{}/{}", item.queue_id, item.queue_item_id);
        assert_eq!(
            route(&Method::GET, &path),
            Route::Endpoint(Endpoint::Question(Question::Document(item)))
        );
        assert_eq!(
            route(&Method::PUT, &path),
            Route::Endpoint(Endpoint::Operation(Action::UpdateIssue(item)))
        );
        assert_eq!(
            route(&Method::POST, &path),
            Route::NotAllowed {
                allowed: "GET, PUT"
            }
        );
    }

    #[test]
    fn other_paths_lead_nowhere() {
        for path in [
            "/",
            "",
            "/v2",
            "/v2/sign/",
            "/v3/sign",
            "/v2/v2/sign",
            "/sign/x",
        ] {
            assert_eq!(route(&Method::POST, path), Route::Unknown, "{path}");
        }
        for path in ["/v0/sign", "/v1", "/V1/echo"] {
            assert_eq!(route(&Method::POST, path), Route::RetiredVersion, "{path}");
        }
        assert_eq!(
            route(&Method::GET, "/v2/journal/OperationItem/7"),
            Route::NotUuid
        );
        assert_eq!(route(&Method::PUT, "/v2/cart/7/x"), Route::NotSimulated);
    }
}
