//! A request, as it arrived.

use bytes::Bytes;
use serde::Serialize;
use uuid::Uuid;

use super::json_text::text_of;

/// A request that arrived completely.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RequestRecord {
    /// The header `x-operation-id`, when it is a uuid.
    pub operation_id: Option<Uuid>,
    /// The HTTP method in capitals.
    pub method: String,
    /// The path as received, without the query.
    pub path: String,
    /// The headers in order, names in lower case. The access token is left out.
    pub headers: Vec<(String, String)>,
    /// The raw body; of a body over the size limit, the part within the limit.
    #[serde(serialize_with = "text_of")]
    pub body: Bytes,
    /// The SHA-256 of `body`, in 64 hexadecimal digits.
    pub body_sha256: String,
    /// The HTTP status that was sent. `None` while it is open, and for resets and hangs.
    pub status: Option<u16>,
    /// Whether this request started the run of its operation. `false` for repeats, for requests
    /// refused by their headers, and for faults before commit; `true` also for a run that ends
    /// in a stored failure.
    pub executed: bool,
}

impl RequestRecord {
    /// The first value of a header; the name is compared without regard to case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// The last requests, and how many there were before them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Requests {
    /// At most twice as many as are kept, so that dropping costs little.
    records: Vec<RequestRecord>,
    dropped: usize,
    /// The number of the first request.
    first: usize,
    /// How many are kept, `None` for all.
    limit: Option<usize>,
}

impl Requests {
    pub(crate) fn keeping(limit: Option<usize>) -> Self {
        Self {
            limit,
            ..Self::default()
        }
    }

    /// No requests; the next one gets the number it would have got here.
    pub(crate) fn successor(&self) -> Self {
        Self {
            first: self.first + self.dropped + self.records.len(),
            ..Self::keeping(self.limit)
        }
    }

    /// How many arrived before the kept ones.
    pub(crate) fn dropped(&self) -> usize {
        self.dropped + self.hidden()
    }

    pub(crate) fn kept(&self) -> &[RequestRecord] {
        &self.records[self.hidden()..]
    }

    /// Records that are over the limit but not dropped yet.
    fn hidden(&self) -> usize {
        self.limit
            .map_or(0, |limit| self.records.len().saturating_sub(limit))
    }

    /// Gives the number of the request, which finds it again for as long as it is kept.
    pub(crate) fn push(&mut self, request: RequestRecord) -> usize {
        self.records.push(request);
        let hidden = self.hidden();
        if self.limit.is_some_and(|limit| hidden > limit) {
            self.records.drain(..hidden);
            self.dropped += hidden;
        }
        self.first + self.dropped + self.records.len() - 1
    }

    pub(crate) fn get_mut(&mut self, number: usize) -> Option<&mut RequestRecord> {
        let place = number.checked_sub(self.first + self.dropped)?;
        self.records.get_mut(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(path: usize) -> RequestRecord {
        RequestRecord {
            operation_id: None,
            method: "GET".to_owned(),
            path: path.to_string(),
            headers: Vec::new(),
            body: Bytes::new(),
            body_sha256: String::new(),
            status: None,
            executed: false,
        }
    }

    #[test]
    fn a_successor_does_not_know_the_requests_before_it() {
        let mut requests = Requests::keeping(Some(2));
        let numbers: Vec<usize> = (0..7).map(|path| requests.push(request(path))).collect();
        let mut successor = requests.successor();
        assert_eq!(successor.push(request(7)), 7);
        assert!(
            numbers
                .iter()
                .all(|number| successor.get_mut(*number).is_none())
        );
        assert_eq!((successor.dropped(), successor.kept().len()), (0, 1));
    }

    #[test]
    fn the_last_requests_are_kept_and_found_by_their_number() {
        for limit in 0..5 {
            let mut requests = Requests::keeping(Some(limit));
            for number in 0..20 {
                assert_eq!(requests.push(request(number)), number);
                if let Some(found) = requests.get_mut(number) {
                    assert_eq!(found.path, number.to_string());
                } else {
                    assert_eq!(limit, 0);
                }
                let kept = requests.kept();
                assert_eq!(kept.len(), limit.min(number + 1));
                assert_eq!(requests.dropped() + kept.len(), number + 1);
                for (place, record) in kept.iter().enumerate() {
                    assert_eq!(record.path, (requests.dropped() + place).to_string());
                }
            }
        }
    }
}
