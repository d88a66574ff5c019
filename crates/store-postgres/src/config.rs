//! Where the store is, and how it behaves.

use std::error::Error as StdError;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use pos_system_api::store::{StoreError, StoreErrorKind};
use tokio_postgres::Config;

/// The longest name of a schema that PostgreSQL does not cut off, in bytes.
const LONGEST_NAME: usize = 63;

/// Where the store is, and how it behaves.
///
/// ```
/// # use std::time::Duration;
/// # use pos_system_api_store_postgres::PostgresConfig;
/// let config: PostgresConfig = "postgresql://till@localhost/shop".parse()?;
/// let config = config.with_schema("pos_shop_7").with_lease(Duration::from_secs(60));
/// # Ok::<(), pos_system_api::store::StoreError>(())
/// ```
#[derive(Clone)]
pub struct PostgresConfig {
    pub(crate) postgres: Config,
    pub(crate) schema: String,
    pub(crate) lease: Duration,
    pub(crate) timeout: Duration,
    pub(crate) plaintext_allowed: bool,
    pub(crate) unsafe_server_allowed: bool,
    pub(crate) verified_open: bool,
}

impl PostgresConfig {
    /// The schema that is used if none is named.
    pub const DEFAULT_SCHEMA: &str = "pos_system_api";

    /// The lease time that is used if none is named: 30 seconds.
    pub const DEFAULT_LEASE: Duration = Duration::from_secs(30);

    /// The timeout that is used if none is named: 10 seconds.
    pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(10);

    /// A store on that server. For the text form, a URL or `key=value` pairs, there is [`FromStr`].
    #[must_use]
    pub fn new(postgres: Config) -> Self {
        Self {
            postgres,
            schema: Self::DEFAULT_SCHEMA.to_owned(),
            lease: Self::DEFAULT_LEASE,
            timeout: Self::DEFAULT_TIMEOUT,
            plaintext_allowed: false,
            unsafe_server_allowed: false,
            verified_open: true,
        }
    }

    /// The schema its tables are in, created if it is not there. Default: [`Self::DEFAULT_SCHEMA`].
    ///
    /// Lower case letters, digits and underscores, 63 bytes at most, no digit in front.
    #[must_use]
    pub fn with_schema(mut self, name: impl Into<String>) -> Self {
        self.schema = name.into();
        self
    }

    /// For how long a row stays held after its worker was last heard of, by the clock of the database.
    /// Default: [`Self::DEFAULT_LEASE`]. Held rows are renewed at a third of it.
    ///
    /// What a worker that was killed held is taken over by others after this time at the latest.
    #[must_use]
    pub fn with_lease(mut self, lease: Duration) -> Self {
        self.lease = lease;
        self
    }

    /// How long connecting, and one transaction, may take. Default: [`Self::DEFAULT_TIMEOUT`].
    ///
    /// With a server that is silent, a call fails after about twice as long, however many wait: one for what
    /// is under way, one to connect again, and then all that wait are told so.
    ///
    /// Of several hosts, or addresses of a name, each has an equal share of it to answer, and one share is
    /// left for what follows; less if the `connect_timeout` of the connection text is less. So a silent one
    /// does not keep the next from being tried.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Whether to connect without TLS to a server that is not on this machine. Default: no.
    ///
    /// Requests and answers, and so customer data, are then readable on the way.
    #[must_use]
    pub fn with_plaintext_allowed(mut self, allowed: bool) -> Self {
        self.plaintext_allowed = allowed;
        self
    }

    /// Whether to use a server that runs with `fsync` or `full_page_writes` off. Default: no.
    ///
    /// Such a server loses operations, or all of them, with the power: for tests alone.
    #[must_use]
    pub fn with_unsafe_server_allowed(mut self, allowed: bool) -> Self {
        self.unsafe_server_allowed = allowed;
        self
    }

    /// Whether every row is looked at when the store is opened, as
    /// [`verify`](pos_system_api::store::OperationStore::verify) does. Default: yes.
    ///
    /// A row whose stage was damaged is not among the open ones any more, so that nothing else would ever
    /// look at it. It takes some 20 milliseconds for 1,000 rows, and reads all that they hold. For a store
    /// that is too large for that, leave it to `verify`, and call that regularly.
    #[must_use]
    pub fn with_verified_open(mut self, verified: bool) -> Self {
        self.verified_open = verified;
        self
    }

    /// Whether all of this can be used.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        let is_plain =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        let name = self.schema.as_bytes();
        let is_name = name.first().is_some_and(|first| !first.is_ascii_digit())
            && name.len() <= LONGEST_NAME
            && name.iter().copied().all(is_plain)
            && !self.schema.starts_with("pg_");
        if !is_name {
            return Err(unusable(format!(
                "{:?} is no name of a schema",
                self.schema
            )));
        }
        // The database counts in microseconds.
        if self.lease < Duration::from_millis(1) || self.timeout < Duration::from_millis(1) {
            return Err(unusable("Lease and timeout are a millisecond at least"));
        }
        Ok(())
    }
}

fn unusable(message: impl Into<String>) -> StoreError {
    StoreError::new(StoreErrorKind::Failed, message)
}

impl FromStr for PostgresConfig {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        text.parse()
            .map(Self::new)
            .map_err(|error: tokio_postgres::Error| {
                let of_sslmode = |cause: &dyn StdError| cause.to_string().contains("`sslmode`");
                // The error of the parser may quote what it was given, and so a password.
                unusable(if error.source().is_some_and(of_sslmode) {
                    "The sslmode is disable, prefer or require: what is verified is up to the connector \
                     for TLS, and that of rustls always verifies certificate and host name"
                } else {
                    "The connection text is neither a URL of PostgreSQL nor pairs of key=value"
                })
            })
    }
}

impl fmt::Debug for PostgresConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresConfig")
            .field("hosts", &self.postgres.get_hosts())
            .field("database", &self.postgres.get_dbname())
            .field("schema", &self.schema)
            .field("lease", &self.lease)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local() -> PostgresConfig {
        "host=localhost user=till password=canary-31"
            .parse()
            .expect("a connection text")
    }

    #[test]
    fn names_that_would_need_quotes_are_refused() {
        for name in [
            "",
            "Shop",
            "a-b",
            "a\"; DROP",
            "1a",
            "pg_shop",
            &"a".repeat(64),
        ] {
            assert!(local().with_schema(name).check().is_err(), "{name}");
        }
        for name in ["shop", "_7", &"a".repeat(63)] {
            assert!(local().with_schema(name).check().is_ok(), "{name}");
        }
    }

    #[test]
    fn no_time_at_all_is_refused() {
        assert!(local().with_lease(Duration::ZERO).check().is_err());
        assert!(local().with_timeout(Duration::ZERO).check().is_err());
    }

    #[test]
    fn a_mode_of_tls_that_is_not_known_is_named() {
        for mode in ["verify-ca", "verify-full", "allow"] {
            for text in [
                format!("host=localhost sslmode={mode}"),
                format!("postgresql://till@localhost/shop?sslmode={mode}"),
            ] {
                let refused = text.parse::<PostgresConfig>().expect_err(mode);
                assert!(refused.to_string().contains("sslmode"), "{refused}");
            }
        }
    }

    #[test]
    fn the_password_is_in_no_output() {
        assert!(!format!("{:?}", local()).contains("canary-31"));
        let broken = "host=localhost password='canary-31".parse::<PostgresConfig>();
        assert!(!format!("{broken:?}").contains("canary-31"));
    }
}
