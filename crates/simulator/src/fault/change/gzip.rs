//! A body compressed with gzip.

use std::io::Write;
use std::sync::Arc;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::wire::reply::{Content, Pieces};

pub(super) fn compressed(content: Content) -> Content {
    match content {
        Content::Whole(body) => {
            let pieces = compressed_pieces(std::iter::once(body));
            Content::Whole(pieces.flatten().collect())
        }
        Content::Streamed(plain) => Content::Streamed(Arc::new(Gzipped { plain })),
    }
}

struct Gzipped {
    plain: Arc<dyn Pieces>,
}

impl Pieces for Gzipped {
    fn pieces(&self) -> Box<dyn Iterator<Item = Bytes> + Send> {
        Box::new(compressed_pieces(self.plain.pieces()))
    }
}

/// One piece for each plain one, and one for the end.
fn compressed_pieces(mut plain: impl Iterator<Item = Bytes>) -> impl Iterator<Item = Bytes> {
    let mut encoder = Some(GzEncoder::new(Vec::new(), Compression::default()));
    std::iter::from_fn(move || {
        loop {
            let Some(piece) = plain.next() else {
                // Writing into memory cannot fail.
                return encoder.take()?.finish().ok().map(Bytes::from);
            };
            let encoder = encoder.as_mut()?;
            encoder.write_all(&piece).ok()?;
            let written = std::mem::take(encoder.get_mut());
            if !written.is_empty() {
                return Some(Bytes::from(written));
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;

    use super::*;

    #[test]
    fn what_was_compressed_in_pieces_comes_back_whole() {
        for count in [0, 1, 7, 2000] {
            let plain: Vec<Bytes> = (0..count)
                .map(|n| Bytes::from(format!("{{\"row\":{n}}}\n")))
                .collect();
            let compressed: Vec<u8> = compressed_pieces(plain.clone().into_iter())
                .flatten()
                .collect();
            let mut found = Vec::new();
            GzDecoder::new(&compressed[..])
                .read_to_end(&mut found)
                .unwrap();
            assert_eq!(found, plain.concat());
        }
    }
}
