//! How much resending a server is asked to bear.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What resends cost, and what successes give back.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BudgetRates {
    /// How many tokens a budget holds, and begins with. Default 100.
    pub capacity: u32,
    /// What a resend after a failure costs: a lost connection, a 5xx, a 429. Default 5.
    pub failure_cost: u32,
    /// What a resend after an attempt without an answer costs. Default 10.
    pub timeout_cost: u32,
    /// What an operation that the server settles gives back. Default 1.
    pub success_gain: u32,
    /// How long a resend waits at least that cannot be paid for, less a jitter of up to one half.
    /// Default 10 s.
    pub wait_when_empty: Duration,
}

impl Default for BudgetRates {
    fn default() -> Self {
        Self {
            capacity: 100,
            failure_cost: 5,
            timeout_cost: 10,
            success_gain: 1,
            wait_when_empty: Duration::from_secs(10),
        }
    }
}

/// A budget of resends for each server, shared by everything that holds it.
///
/// Clones of a client share theirs. Tills of one shop that run in one program share it by
/// [`ClientBuilder::with_retry_budget`](crate::client::ClientBuilder::with_retry_budget): when their
/// server is in trouble, all of them together resend less often.
///
/// An empty budget makes resends slower, never fewer: no operation is given up because of it. Polling
/// an operation in progress costs nothing.
///
/// ```
/// use pos_system_api::runtime::{BudgetRates, RetryBudget};
///
/// let mut rates = BudgetRates::default();
/// rates.capacity = 500;
/// let budget = RetryBudget::new(rates);
/// assert_eq!(budget.left("https://host.example"), 500);
/// ```
#[derive(Clone)]
pub struct RetryBudget(Arc<Shared>);

struct Shared {
    rates: BudgetRates,
    servers: Mutex<HashMap<String, Arc<Bucket>>>,
}

impl Default for RetryBudget {
    fn default() -> Self {
        Self::new(BudgetRates::default())
    }
}

impl fmt::Debug for RetryBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryBudget")
            .field("rates", &self.0.rates)
            .finish_non_exhaustive()
    }
}

impl RetryBudget {
    /// A full budget.
    #[must_use]
    pub fn new(rates: BudgetRates) -> Self {
        Self(Arc::new(Shared {
            rates,
            servers: Mutex::default(),
        }))
    }

    /// How many tokens are left for a server, given as scheme, host and port, such as
    /// `https://host.example` or `http://127.0.0.1:8080`.
    #[must_use]
    pub fn left(&self, server: &str) -> u32 {
        let servers = self.servers();
        servers
            .get(server)
            .map_or(self.0.rates.capacity, |bucket| *bucket.tokens())
    }

    /// The bucket of one server.
    pub(crate) fn of(&self, server: &str) -> Arc<Bucket> {
        let rates = &self.0.rates;
        let mut servers = self.servers();
        let bucket = servers.entry(server.to_owned()).or_insert_with(|| {
            Arc::new(Bucket {
                rates: rates.clone(),
                tokens: Mutex::new(rates.capacity),
            })
        });
        Arc::clone(bucket)
    }

    fn servers(&self) -> MutexGuard<'_, HashMap<String, Arc<Bucket>>> {
        // Buckets are added whole: a panic elsewhere leaves nothing half done.
        self.0
            .servers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// The tokens for one server.
pub(crate) struct Bucket {
    rates: BudgetRates,
    tokens: Mutex<u32>,
}

/// What is to be paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cost {
    Failure,
    Timeout,
}

impl Bucket {
    /// Pays for a resend. The least time to wait for it is nothing if there was enough.
    pub(crate) fn pay(&self, cost: Cost, fraction: f64) -> Duration {
        let price = match cost {
            Cost::Failure => self.rates.failure_cost,
            Cost::Timeout => self.rates.timeout_cost,
        };
        let mut tokens = self.tokens();
        match tokens.checked_sub(price) {
            Some(left) => {
                *tokens = left;
                Duration::ZERO
            }
            None => super::policy::spread(self.rates.wait_when_empty, fraction),
        }
    }

    /// Notes that the server has settled an operation.
    pub(crate) fn earn(&self) {
        let mut tokens = self.tokens();
        *tokens = tokens
            .saturating_add(self.rates.success_gain)
            .min(self.rates.capacity);
    }

    fn tokens(&self) -> MutexGuard<'_, u32> {
        // A number is never half written.
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rates() -> BudgetRates {
        BudgetRates {
            capacity: 20,
            ..BudgetRates::default()
        }
    }

    #[test]
    fn the_defaults_are_the_documented_ones() {
        let rates = BudgetRates::default();
        assert_eq!(
            (
                rates.capacity,
                rates.failure_cost,
                rates.timeout_cost,
                rates.success_gain,
                rates.wait_when_empty
            ),
            (100, 5, 10, 1, Duration::from_secs(10))
        );
    }

    #[test]
    fn resends_are_free_of_waiting_until_the_tokens_are_gone() {
        let budget = RetryBudget::new(rates());
        let bucket = budget.of("a");
        let waits = |cost| bucket.pay(cost, 1.0).as_secs();
        assert_eq!(waits(Cost::Failure), 0);
        assert_eq!(budget.left("a"), 15);
        assert_eq!(waits(Cost::Timeout), 0);
        assert_eq!(budget.left("a"), 5);
        // Too few for a timeout, exactly enough for a failure.
        assert_eq!(waits(Cost::Timeout), 10);
        assert_eq!(budget.left("a"), 5);
        assert_eq!(waits(Cost::Failure), 0);
        assert_eq!(budget.left("a"), 0);
        assert_eq!(waits(Cost::Failure), 10);
        assert_eq!(bucket.pay(Cost::Failure, 0.0), Duration::from_secs(5));
    }

    #[test]
    fn successes_fill_it_up_to_its_capacity() {
        let budget = RetryBudget::new(rates());
        let bucket = budget.of("a");
        bucket.pay(Cost::Failure, 0.0);
        for expected in [16, 17, 18, 19, 20, 20] {
            bucket.earn();
            assert_eq!(budget.left("a"), expected);
        }
    }

    #[test]
    fn each_server_has_its_own_and_clones_share_it() {
        let budget = RetryBudget::new(rates());
        budget.of("a").pay(Cost::Failure, 0.0);
        assert_eq!((budget.left("a"), budget.left("b")), (15, 20));
        budget.clone().of("a").pay(Cost::Failure, 0.0);
        assert_eq!((budget.left("a"), budget.left("b")), (10, 20));
        assert!(format!("{budget:?}").contains("capacity: 20"));
    }

    proptest! {
        #[test]
        fn no_rates_and_no_fraction_panic(
            capacity in any::<u32>(), price in any::<u32>(), gain in any::<u32>(),
            wait in any::<Duration>(), fraction in any::<f64>(),
        ) {
            let budget = RetryBudget::new(BudgetRates {
                capacity,
                failure_cost: price,
                timeout_cost: price,
                success_gain: gain,
                wait_when_empty: wait,
            });
            let bucket = budget.of("a");
            for _ in 0..3 {
                prop_assert!(bucket.pay(Cost::Timeout, fraction) <= wait);
                bucket.earn();
                prop_assert!(budget.left("a") <= capacity);
            }
        }
    }
}
