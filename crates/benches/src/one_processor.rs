//! Client and server on one processor.
//!
//! Where the system puts their threads makes more difference than what is measured: on one processor a call
//! takes half of what it takes on two that wake each other up, and on a virtual machine less than that.

/// This thread, and those that it starts meanwhile, on one processor until it is dropped. Where that cannot be
/// had, as outside Linux, they run where the system puts them.
#[derive(Debug)]
pub struct OneProcessor {
    #[cfg(target_os = "linux")]
    before: Option<rustix::thread::CpuSet>,
}

#[cfg(target_os = "linux")]
impl OneProcessor {
    /// Takes the last processor of those that there are.
    #[must_use]
    pub fn begin() -> Self {
        use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
        let Ok(before) = sched_getaffinity(None) else {
            return Self { before: None };
        };
        let mut one = CpuSet::new();
        let last = (0..CpuSet::MAX_CPU).rfind(|&processor| before.is_set(processor));
        if let Some(processor) = last {
            one.set(processor);
        }
        let is_set = sched_setaffinity(None, &one).is_ok();
        Self {
            before: is_set.then_some(before),
        }
    }

    /// Whether it is so.
    #[must_use]
    pub fn is_so(&self) -> bool {
        self.before.is_some()
    }
}

#[cfg(target_os = "linux")]
impl Drop for OneProcessor {
    fn drop(&mut self) {
        if let Some(before) = &self.before {
            // Should it fail, what follows has one processor.
            let _ = rustix::thread::sched_setaffinity(None, before);
        }
    }
}

#[cfg(not(target_os = "linux"))]
impl OneProcessor {
    /// Takes none.
    #[must_use]
    pub fn begin() -> Self {
        Self {}
    }

    /// Whether it is so.
    #[must_use]
    pub fn is_so(&self) -> bool {
        false
    }
}

impl OneProcessor {
    /// Where client and server ran, for the words above a table.
    #[must_use]
    pub fn in_words(&self) -> &'static str {
        if self.is_so() {
            "Client and server share one processor."
        } else {
            "Client and server run where the system puts them."
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use rustix::thread::sched_getaffinity;

    use super::*;

    #[test]
    fn threads_stay_on_it_until_it_is_dropped() {
        let count = || sched_getaffinity(None).unwrap().count();
        let before = count();
        let one = OneProcessor::begin();
        assert!(one.is_so());
        assert_eq!(count(), 1);
        assert_eq!(std::thread::spawn(count).join().unwrap(), 1);
        drop(one);
        assert_eq!(count(), before);
    }
}
