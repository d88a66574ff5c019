//! A JSON text of any length.

use bytes::Bytes;

use crate::wire::reply::Pieces;

/// A quote, so many `x`, a quote.
pub(super) struct Filler {
    /// With both quotes.
    pub(super) bytes: u64,
}

const PIECE: usize = 64 * 1024;

impl Pieces for Filler {
    fn pieces(&self) -> Box<dyn Iterator<Item = Bytes> + Send> {
        let filling = Bytes::from(vec![b'x'; PIECE]);
        let quote = Bytes::from_static(b"\"");
        let mut left = self.bytes.saturating_sub(2);
        let middle = std::iter::from_fn(move || {
            let length = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
            left -= length as u64;
            Some(filling.slice(..length)).filter(|piece| !piece.is_empty())
        });
        let (before, after) = (self.bytes.min(1), self.bytes.saturating_sub(1).min(1));
        let before = (0..before).map({
            let quote = quote.clone();
            move |_| quote.clone()
        });
        Box::new(
            before
                .chain(middle)
                .chain((0..after).map(move |_| quote.clone())),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_is_exact_and_the_text_is_json() {
        for bytes in [0, 1, 2, 3, 1000, 2 * PIECE as u64 + 2, 3 * PIECE as u64 + 7] {
            let text: Vec<u8> = Filler { bytes }.pieces().flatten().collect();
            assert_eq!(text.len() as u64, bytes);
            let json = serde_json::from_slice::<String>(&text);
            assert_eq!(json.is_ok(), bytes >= 2, "{bytes}");
        }
    }

    #[test]
    fn a_length_without_end_begins_at_once() {
        let pieces = Filler { bytes: u64::MAX }.pieces();
        assert_eq!(
            pieces.take(3).map(|piece| piece.len()).sum::<usize>(),
            1 + 2 * PIECE
        );
    }
}
