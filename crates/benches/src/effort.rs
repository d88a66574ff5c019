//! How much is measured.

use clap::Parser;

/// The arguments of both programs.
#[derive(Debug, Clone, Copy, Parser)]
pub struct Effort {
    /// Few rounds of few calls: shows that the programs work, not how fast they are.
    #[arg(long)]
    pub quick: bool,
}

impl Effort {
    fn of<T>(self, full: T, quick: T) -> T {
        if self.quick { quick } else { full }
    }

    /// How often the candidates take turns.
    #[must_use]
    pub fn rounds(self) -> usize {
        self.of(41, 3)
    }

    /// How many receipts a candidate signs in its turn, one after the other.
    #[must_use]
    pub fn signs_per_turn(self) -> usize {
        self.of(400, 10)
    }

    /// How many receipts a candidate signs in its turn with several in flight.
    #[must_use]
    pub fn signs_in_flight(self) -> usize {
        self.of(1_280, 64)
    }

    /// How often the candidates take turns with several receipts in flight.
    #[must_use]
    pub fn rounds_in_flight(self) -> usize {
        self.of(61, 1)
    }

    /// How often the candidates take turns where one of them waits for the disk.
    #[must_use]
    pub fn rounds_on_disk(self) -> usize {
        self.of(21, 2)
    }

    /// How many receipts a candidate signs in such a turn, one after the other.
    #[must_use]
    pub fn signs_on_disk(self) -> usize {
        self.of(100, 5)
    }

    /// How many it signs in such a turn with several in flight.
    #[must_use]
    pub fn signs_on_disk_in_flight(self) -> usize {
        self.of(320, 64)
    }

    /// How often a long receipt is written, and parsed.
    #[must_use]
    pub fn long_receipts(self) -> usize {
        self.of(301, 3)
    }

    /// How many calls have their allocations counted.
    #[must_use]
    pub fn counted_calls(self) -> u32 {
        self.of(500, 10)
    }

    /// The length of the journal, in bytes.
    #[must_use]
    pub fn journal_bytes(self) -> u64 {
        self.of(1 << 30, 4 << 20)
    }

    /// How often each candidate exports the journal.
    #[must_use]
    pub fn journal_exports(self) -> usize {
        self.of(7, 1)
    }
}
