//! A long text made of one record after the other.

use std::sync::Arc;

use bytes::Bytes;

use crate::wire::reply::Pieces;

/// How much of a text is made at once, in bytes.
pub(crate) const PIECE: usize = 64 * 1024;

/// A record, or why it could not be written: the text then ends in front of it, without its tail,
/// so that nobody takes it for complete.
pub(crate) type Record = serde_json::Result<Vec<u8>>;

type Records = Box<dyn Iterator<Item = Record> + Send>;

pub(crate) struct Listing {
    head: Bytes,
    separator: &'static [u8],
    tail: &'static [u8],
    records: Arc<dyn Fn() -> Records + Send + Sync>,
}

impl Listing {
    pub(crate) fn new<I>(
        head: impl Into<Bytes>,
        separator: &'static str,
        tail: &'static str,
        records: impl Fn() -> I + Send + Sync + 'static,
    ) -> Self
    where
        I: Iterator<Item = Record> + Send + 'static,
    {
        Self {
            head: head.into(),
            separator: separator.as_bytes(),
            tail: tail.as_bytes(),
            records: Arc::new(move || Box::new(records())),
        }
    }

    pub(crate) fn json_array<I>(records: impl Fn() -> I + Send + Sync + 'static) -> Self
    where
        I: Iterator<Item = Record> + Send + 'static,
    {
        Self::new("[", ",", "]", records)
    }

    /// A text without records.
    pub(crate) fn whole(text: impl Into<Bytes>) -> Self {
        Self::new(text, "", "", std::iter::empty)
    }
}

impl Pieces for Listing {
    fn pieces(&self) -> Box<dyn Iterator<Item = Bytes> + Send> {
        Box::new(Batches {
            begun: Vec::from(&*self.head),
            separator: self.separator,
            tail: self.tail,
            records: Some((self.records)()),
            first: true,
        })
    }
}

struct Batches {
    begun: Vec<u8>,
    separator: &'static [u8],
    tail: &'static [u8],
    /// `None` behind the last record.
    records: Option<Records>,
    first: bool,
}

impl Iterator for Batches {
    type Item = Bytes;

    fn next(&mut self) -> Option<Bytes> {
        let mut batch = std::mem::take(&mut self.begun);
        while batch.len() < PIECE
            && let Some(records) = &mut self.records
        {
            match records.next() {
                Some(Ok(record)) => {
                    if !std::mem::take(&mut self.first) {
                        batch.extend_from_slice(self.separator);
                    }
                    batch.extend_from_slice(&record);
                }
                Some(Err(_)) => self.records = None,
                None => {
                    batch.extend_from_slice(self.tail);
                    self.records = None;
                }
            }
        }
        (!batch.is_empty()).then(|| Bytes::from(batch))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(listing: &Listing) -> String {
        let pieces: Vec<Bytes> = listing.pieces().collect();
        String::from_utf8(pieces.concat()).unwrap()
    }

    fn record(text: &str) -> Record {
        Ok(text.as_bytes().to_vec())
    }

    #[test]
    fn records_stand_between_head_and_tail() {
        for (count, expected) in [(0, "[]"), (1, "[x]"), (3, "[x,x,x]")] {
            let listing = Listing::json_array(move || (0..count).map(|_| record("x")));
            assert_eq!(text(&listing), expected);
            assert_eq!(text(&listing), expected, "read again");
        }
        assert_eq!(text(&Listing::whole("all")), "all");
        assert_eq!(text(&Listing::whole("")), "");
    }

    #[test]
    fn a_long_text_comes_in_pieces_of_about_the_same_size() {
        let long = "x".repeat(1000);
        let listing = Listing::json_array(move || {
            let long = long.clone();
            (0..1000).map(move |_| record(&long))
        });
        let pieces: Vec<Bytes> = listing.pieces().collect();
        assert_eq!(pieces.len(), 16);
        assert!(pieces.iter().all(|piece| piece.len() < PIECE + 1002));
        assert_eq!(pieces.concat().len(), 1_001_001);
    }

    #[test]
    fn a_text_ends_without_tail_in_front_of_a_record_that_cannot_be_written() {
        let listing = Listing::json_array(|| {
            let broken = serde_json::from_str::<u8>("").map(|_| Vec::new());
            [record("1"), broken, record("3")].into_iter()
        });
        assert_eq!(text(&listing), "[1");
    }
}
