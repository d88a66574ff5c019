//! How much of an answer is read.

/// Sizes in bytes beyond which an answer is not read further. Streams have none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The body of a successful answer. Default 8 MiB; a larger one counts as unreadable.
    pub answer: usize,
    /// The body of an error. Default 64 KiB; the rest of a larger one is left unread.
    pub error: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            answer: 8 * 1024 * 1024,
            error: 64 * 1024,
        }
    }
}
