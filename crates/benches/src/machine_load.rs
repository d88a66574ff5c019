//! What other programs did meanwhile.

use std::fs;

/// The processor time used so far, in the kernel's ticks.
#[derive(Debug, Clone, Copy)]
struct Ticks {
    /// Of all processors together, idle time included.
    total: u64,
    /// Of all programs, and of other guests of the same host.
    busy: u64,
    /// Of this process.
    own: u64,
}

impl Ticks {
    /// `None` where there is no `/proc`.
    fn now() -> Option<Self> {
        let machine = fs::read_to_string("/proc/stat").ok()?;
        let own = fs::read_to_string("/proc/self/stat").ok()?;
        Self::parse(&machine, &own)
    }

    fn parse(machine: &str, own: &str) -> Option<Self> {
        let line = machine.lines().next()?.strip_prefix("cpu ")?;
        // user nice system idle iowait irq softirq steal; guest time is part of user.
        let ticks: Vec<u64> = line
            .split_whitespace()
            .take(8)
            .map_while(|ticks| ticks.parse().ok())
            .collect();
        let total = ticks.iter().sum();
        let idle = ticks.get(3)? + ticks.get(4)?;
        // The name in parentheses may hold anything; utime and stime are the 12th and 13th after it.
        let (_, fields) = own.rsplit_once(')')?;
        let mut times = fields.split_whitespace().skip(11);
        let own = times.next()?.parse::<u64>().ok()? + times.next()?.parse::<u64>().ok()?;
        Some(Self {
            total,
            busy: total - idle,
            own,
        })
    }
}

/// Watches how much of the machine others use.
#[derive(Debug)]
pub struct MachineLoad(Option<Ticks>);

impl MachineLoad {
    /// Begins to watch.
    #[must_use]
    pub fn begin() -> Self {
        Self(Ticks::now())
    }

    /// The share of all processors that other programs have used since, 0 to 1. `None` if the operating
    /// system does not say.
    #[must_use]
    pub fn of_others(&self) -> Option<f64> {
        share_of_others(self.0?, Ticks::now()?)
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share, not a count")]
fn share_of_others(before: Ticks, after: Ticks) -> Option<f64> {
    let total = after.total.checked_sub(before.total)?;
    let busy = after.busy.saturating_sub(before.busy);
    let own = after.own.saturating_sub(before.own);
    (total > 0).then(|| busy.saturating_sub(own) as f64 / total as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_are_what_is_neither_idle_nor_own() {
        let at = |machine: &str, own: &str| Ticks::parse(machine, own).unwrap();
        let before = at(
            "cpu  100 0 50 800 50 0 0 0 9 9\ncpu0 1",
            "1 (a ) b) S 0 0 0 0 0 0 0 0 0 0 10 5 0",
        );
        let after = at(
            "cpu  130 0 60 850 50 0 0 10 9 9\ncpu0 1",
            "1 (a ) b) S 0 0 0 0 0 0 0 0 0 0 30 10 0",
        );
        // Of 100 ticks 50 were idle and 25 its own.
        assert_eq!(share_of_others(before, after), Some(0.25));
        assert_eq!(share_of_others(before, before), None);
    }
}
