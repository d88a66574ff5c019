//! What an attempt means for its operation: one rule for every signal.

use std::time::Duration;

use http::{HeaderMap, header};

use super::attempt::{self, Answer, Attempt};
use super::policy::Pace;
use super::standing::Standing;
use crate::problem::Problem;

/// What a reader made of a successful answer.
#[derive(Debug)]
pub(crate) enum Reading<T> {
    /// It is the expected document.
    Value(T),
    /// It is not.
    Unreadable,
    /// It is not, but what it says for certain settles the operation.
    Odd,
}

/// Why sending an operation again as it is does not help, or not now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The request cannot be put on the wire.
    Request,
    /// The server refused the content, for good.
    Rejected,
    /// The server does not take this request at all: no such path, method, size or type.
    NotTaken,
    /// The server does not accept the credentials.
    Unauthorized,
    /// There are no credentials to send.
    NoCredentials,
    /// The server's certificate is refused, or its TLS does not fit.
    Untrusted,
    /// The id belongs to another body.
    Conflict,
    /// A redirect that says the request was not handled here. None is ever followed.
    Moved,
    /// A redirect that may come after the request was handled.
    Redirected,
    /// What answered is not the API.
    NotTheApi,
    /// The server failed each time.
    ServerFault,
    /// The answer is no document of the expected kind.
    Unreadable,
    /// The answer settles the operation, but its details are not of the expected kind.
    Odd,
    /// The answer is larger than the limit.
    TooLarge,
}

impl Refusal {
    /// What this refusal proves about its own attempt.
    pub(crate) fn proof(self) -> Standing {
        match self {
            Self::Rejected | Self::Odd => Standing::Final,
            Self::Request
            | Self::NotTaken
            | Self::Unauthorized
            | Self::NoCredentials
            | Self::Untrusted
            | Self::Conflict
            | Self::Moved => Standing::NotSent,
            Self::Redirected
            | Self::NotTheApi
            | Self::ServerFault
            | Self::Unreadable
            | Self::TooLarge => Standing::Unknown,
        }
    }
}

/// What follows an attempt.
#[derive(Debug)]
pub(crate) enum Verdict<T> {
    /// The operation is over, with its answer.
    Done { value: T, answer: Answer },
    /// Sending it again as it is cannot help.
    Refused { refusal: Refusal, last: Attempt },
    /// Send it again.
    Again { resend: Resend, last: Attempt },
}

/// On what terms an operation is sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Resend {
    /// What the attempt leaves behind.
    pub(crate) standing: Standing,
    pub(crate) pace: Pace,
    /// What the server asked for.
    pub(crate) retry_after: Option<Duration>,
    /// After a number of such resends the operation is reported as this; `None` leaves it to the
    /// deadline.
    pub(crate) limited: Option<Refusal>,
}

impl Resend {
    const fn new(standing: Standing, pace: Pace) -> Self {
        Self {
            standing,
            pace,
            retry_after: None,
            limited: None,
        }
    }

    /// A number of times, before it is reported as `refusal`.
    const fn limited(refusal: Refusal) -> Self {
        let standing = match refusal {
            Refusal::NoCredentials | Refusal::Untrusted => Standing::NotSent,
            // Something that may or may not have been an answer of the API.
            _ => Standing::Unknown,
        };
        Self {
            limited: Some(refusal),
            ..Self::new(standing, Pace::Backoff)
        }
    }
}

/// Judges an attempt. `read` decides whether a successful answer is the expected document;
/// `is_fresh` says that no attempt of an earlier run can have used the operation's id.
pub(crate) fn judge<T>(
    attempt: Attempt,
    is_fresh: bool,
    read: impl FnOnce(&Answer) -> Reading<T>,
) -> Verdict<T> {
    let attempt = match attempt {
        Attempt::Answered(answer) => return answered(answer, is_fresh, read),
        unanswered => unanswered,
    };
    let resend = match &attempt {
        Attempt::Failed { error, .. } if error.is_builder() => {
            return Verdict::Refused {
                refusal: Refusal::Request,
                last: attempt,
            };
        }
        Attempt::NoToken { .. } => Resend::limited(Refusal::NoCredentials),
        Attempt::Failed {
            standing: Standing::NotSent,
            error,
        } if attempt::is_tls_refusal(error) => Resend::limited(Refusal::Untrusted),
        Attempt::Failed {
            standing: Standing::NotSent,
            ..
        } => Resend::new(Standing::NotSent, Pace::Backoff),
        // After a timeout the server blocks on, or says it is still running: asked for at once too.
        _ => Resend::new(Standing::Unknown, Pace::AtOnceThenBackoff),
    };
    Verdict::Again {
        resend,
        last: attempt,
    }
}

fn answered<T>(
    answer: Answer,
    is_fresh: bool,
    read: impl FnOnce(&Answer) -> Reading<T>,
) -> Verdict<T> {
    if answer.status.is_success() && answer.whole {
        return match read(&answer) {
            Reading::Value(value) => Verdict::Done { value, answer },
            Reading::Odd => Verdict::Refused {
                refusal: Refusal::Odd,
                last: Attempt::Answered(answer),
            },
            // The server acted, or something in between answered in its place.
            Reading::Unreadable => Verdict::Again {
                resend: Resend::limited(Refusal::Unreadable),
                last: Attempt::Answered(answer),
            },
        };
    }
    match unsuccessful(&answer, is_fresh) {
        Err(refusal) => Verdict::Refused {
            refusal,
            last: Attempt::Answered(answer),
        },
        Ok(resend) => Verdict::Again {
            resend: Resend {
                retry_after: retry_after(&answer.headers),
                ..resend
            },
            last: Attempt::Answered(answer),
        },
    }
}

/// The rule for an answer that is no whole success.
fn unsuccessful(answer: &Answer, is_fresh: bool) -> Result<Resend, Refusal> {
    let is_problem = || Problem::is_one(&answer.body);
    match answer.status.as_u16() {
        // The same bytes would come again.
        200..=299 => Err(Refusal::TooLarge),
        301 | 307 | 308 => Err(Refusal::Moved),
        300..=399 => Err(Refusal::Redirected),
        401 => Err(Refusal::Unauthorized),
        403 if is_problem() => Err(Refusal::Unauthorized),
        408 | 425 => Ok(Resend::new(Standing::Unknown, Pace::Backoff)),
        // Limits are checked before anything is executed.
        429 => Ok(Resend::new(Standing::NotSent, Pace::Backoff)),
        // Only one body was ever sent under a fresh id: the server is still busy with it.
        409 if is_fresh => Ok(Resend {
            pace: Pace::Poll,
            ..Resend::limited(Refusal::Conflict)
        }),
        409 => Err(Refusal::Conflict),
        422 if Problem::has_errors(&answer.body) => Err(Refusal::Rejected),
        422 => Ok(Resend::new(Standing::Unknown, Pace::Poll)),
        400 if is_problem() => Err(Refusal::Rejected),
        400..=499 if is_problem() => Err(Refusal::NotTaken),
        400..=499 => Ok(Resend::limited(Refusal::NotTheApi)),
        // From 520 on they come from the gateways of content networks.
        502..=504 | 520..=527 | 530 => Ok(Resend::new(Standing::Unknown, Pace::Backoff)),
        // The network wants a login first: a captive portal.
        511 => Ok(Resend::limited(Refusal::NotTheApi)),
        _ => Ok(Resend::limited(Refusal::ServerFault)),
    }
}

/// `Retry-After` in seconds, or as a date by the server's own clock: a till's may be wrong by years.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name| headers.get(name)?.to_str().ok().map(str::trim);
    let hint = text(header::RETRY_AFTER)?;
    if hint.bytes().all(|digit| digit.is_ascii_digit()) && !hint.is_empty() {
        // More seconds than a number holds are still a wish to wait.
        return Some(Duration::from_secs(hint.parse().unwrap_or(u64::MAX)));
    }
    let now = httpdate::parse_http_date(text(header::DATE)?).ok()?;
    let then = httpdate::parse_http_date(hint).ok()?;
    then.duration_since(now).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use http::StatusCode;

    fn answer(status: u16, body: &'static str) -> Attempt {
        Attempt::Answered(Answer {
            status: StatusCode::from_u16(status).unwrap(),
            headers: HeaderMap::new(),
            body: Bytes::from_static(body.as_bytes()),
            whole: true,
        })
    }

    /// A verdict in one word.
    fn word(attempt: Attempt) -> String {
        let read = |answer: &Answer| match &answer.body[..] {
            b"{}" => Reading::Value(()),
            _ => Reading::Unreadable,
        };
        match judge(attempt, true, read) {
            Verdict::Done { .. } => "done".into(),
            Verdict::Refused { refusal, .. } => format!("{refusal:?}"),
            Verdict::Again { resend, .. } => {
                let then = resend.limited.map(|refusal| format!(" then {refusal:?}"));
                format!(
                    "{:?} {:?}{}",
                    resend.standing,
                    resend.pace,
                    then.unwrap_or_default()
                )
            }
        }
    }

    #[test]
    fn each_status_has_its_rule() {
        let problem = r#"{"title": "no"}"#;
        let with_errors = r#"{"title": "no", "errors": {"a": ["b"]}}"#;
        let page = "<html></html>";
        let table = [
            (200, "{}", "done"),
            (201, "{}", "done"),
            (201, "null", "Unknown Backoff then Unreadable"),
            (200, page, "Unknown Backoff then Unreadable"),
            (302, "", "Redirected"),
            (303, "", "Redirected"),
            (307, "", "Moved"),
            (400, problem, "Rejected"),
            (400, page, "Unknown Backoff then NotTheApi"),
            (401, page, "Unauthorized"),
            (403, problem, "Unauthorized"),
            (403, page, "Unknown Backoff then NotTheApi"),
            (
                400,
                r#"{"message": "a gateway's"}"#,
                "Unknown Backoff then NotTheApi",
            ),
            (404, problem, "NotTaken"),
            (413, problem, "NotTaken"),
            (404, page, "Unknown Backoff then NotTheApi"),
            (408, "", "Unknown Backoff"),
            (409, problem, "Unknown Poll then Conflict"),
            (422, problem, "Unknown Poll"),
            (422, "", "Unknown Poll"),
            (422, with_errors, "Rejected"),
            (429, "", "NotSent Backoff"),
            (500, problem, "Unknown Backoff then ServerFault"),
            (501, "", "Unknown Backoff then ServerFault"),
            (502, page, "Unknown Backoff"),
            (503, problem, "Unknown Backoff"),
            (504, "", "Unknown Backoff"),
            (505, "", "Unknown Backoff then ServerFault"),
            (511, problem, "Unknown Backoff then NotTheApi"),
            (520, page, "Unknown Backoff"),
            (527, page, "Unknown Backoff"),
            (528, page, "Unknown Backoff then ServerFault"),
            (530, page, "Unknown Backoff"),
        ];
        for (status, body, expected) in table {
            assert_eq!(word(answer(status, body)), expected, "{status} {body}");
        }
    }

    #[test]
    fn an_answer_cut_at_the_limit_is_not_read() {
        let Attempt::Answered(mut cut) = answer(200, "{}") else {
            unreachable!("made above");
        };
        cut.whole = false;
        assert_eq!(word(Attempt::Answered(cut)), "TooLarge");
    }

    #[test]
    fn a_timeout_is_unknown_and_asked_for_at_once() {
        let after = Duration::from_secs(1);
        assert_eq!(
            word(Attempt::TimedOut { after }),
            "Unknown AtOnceThenBackoff"
        );
    }

    #[test]
    fn an_attempt_without_a_token_was_not_sent() {
        let error = "none".into();
        assert_eq!(
            word(Attempt::NoToken { error }),
            "NotSent Backoff then NoCredentials"
        );
    }

    #[test]
    fn an_attempt_that_failed_goes_by_what_is_proved() {
        let failed = |standing, error| word(Attempt::Failed { standing, error });
        // No request at all, and an error of another kind.
        let unwritable = || reqwest::Client::new().get("no URL").build().unwrap_err();
        let broken = || {
            let answer = http::Response::builder().status(500).body("").unwrap();
            reqwest::Response::from(answer)
                .error_for_status()
                .unwrap_err()
        };
        assert_eq!(failed(Standing::NotSent, unwritable()), "Request");
        assert_eq!(failed(Standing::NotSent, broken()), "NotSent Backoff");
        assert_eq!(
            failed(Standing::Unknown, broken()),
            "Unknown AtOnceThenBackoff"
        );
    }

    #[test]
    fn a_conflict_is_final_where_the_id_may_be_an_old_one() {
        let conflict = answer(409, r#"{"title": "no"}"#);
        let verdict = judge(conflict, false, |_| Reading::Value(()));
        assert!(matches!(
            verdict,
            Verdict::Refused {
                refusal: Refusal::Conflict,
                ..
            }
        ));
    }

    #[test]
    fn a_resend_knows_what_the_server_asked_for() {
        let Attempt::Answered(mut busy) = answer(503, "") else {
            unreachable!("made above");
        };
        let seven = http::HeaderValue::from_static("7");
        busy.headers.insert(header::RETRY_AFTER, seven);
        let verdict = judge(Attempt::Answered(busy), true, |_| Reading::Value(()));
        let Verdict::Again { resend, .. } = verdict else {
            panic!("{verdict:?}");
        };
        assert_eq!(resend.retry_after, Some(Duration::from_secs(7)));
    }

    #[test]
    fn retry_after_is_read_as_seconds_or_as_a_date() {
        let read = |text: &'static str| {
            let value = http::HeaderValue::from_static;
            retry_after(&HeaderMap::from_iter([
                (header::RETRY_AFTER, value(text)),
                (header::DATE, value("Sun, 06 Nov 1994 08:49:30 GMT")),
            ]))
        };
        assert_eq!(read("7"), Some(Duration::from_secs(7)));
        assert_eq!(
            read("Sun, 06 Nov 1994 08:49:37 GMT"),
            Some(Duration::from_secs(7))
        );
        assert_eq!(read("Sun, 06 Nov 1994 08:49:00 GMT"), None);
        assert_eq!(read("soon"), None);
        assert!(read("99999999999999999999999").is_some());
    }
}
