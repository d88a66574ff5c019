//! Connections to the database, made anew when one was lost.

use std::future::Future;
use std::net::IpAddr;
use std::sync::Arc;

use futures_util::future::FutureExt;
use pos_system_api::store::{StoreError, StoreErrorKind};
use tokio::task::AbortHandle;
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{Client, Config, Socket};
use uuid::Uuid;

use crate::config::PostgresConfig;
use crate::fault::unreachable;
use crate::hosts::{self, Open};
use crate::schema;
use crate::server::ServerSettings;
use crate::statements::{Reading, Writing};
use crate::warnings::{self, Warnings};

/// Makes connections of one holder.
pub(crate) struct Connector {
    config: PostgresConfig,
    holder: Uuid,
    open: Box<Open>,
}

/// A connection, with what was prepared on it.
pub(crate) struct Session<S> {
    pub(crate) client: Client,
    pub(crate) statements: S,
    pub(crate) warnings: Arc<Warnings>,
    driver: Driver,
}

impl<S> Session<S> {
    /// Cuts a connection that does not answer. One that is dropped instead ends when it has answered.
    pub(crate) fn sever(&self) {
        self.driver.handle.abort();
    }

    /// The same, set up.
    fn with<T>(mut self, statements: T) -> Session<T> {
        self.driver.is_set_up = true;
        Session {
            client: self.client,
            statements,
            warnings: self.warnings,
            driver: self.driver,
        }
    }
}

/// The task that drives a connection. It is cut if the connection is given up before it was set up: a
/// server that is silent would keep it for ever.
struct Driver {
    handle: AbortHandle,
    is_set_up: bool,
}

impl Drop for Driver {
    fn drop(&mut self) {
        if !self.is_set_up {
            self.handle.abort();
        }
    }
}

impl Connector {
    /// A connector without TLS.
    ///
    /// # Errors
    /// If the server is not on this machine, and that is not allowed.
    pub(crate) fn plain(config: PostgresConfig, holder: Uuid) -> Result<Self, StoreError> {
        if !config.plaintext_allowed && !is_local(&config.postgres) {
            return Err(StoreError::new(
                StoreErrorKind::Failed,
                "The database is on another machine: connect with TLS, or allow plain text",
            ));
        }
        Ok(Self::over(config, holder, tokio_postgres::NoTls))
    }

    /// A connector with TLS, which a server on another machine has to have.
    pub(crate) fn encrypted<T>(mut config: PostgresConfig, holder: Uuid, tls: T) -> Self
    where
        T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
        T::Stream: Send,
        T::TlsConnect: Send,
        <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
    {
        if !config.plaintext_allowed && !is_local(&config.postgres) {
            config.postgres.ssl_mode(SslMode::Require);
        }
        Self::over(config, holder, tls)
    }

    fn over<T>(mut config: PostgresConfig, holder: Uuid, tls: T) -> Self
    where
        T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
        T::Stream: Send,
        T::TlsConnect: Send,
        <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
    {
        config
            .postgres
            .application_name(format!("pos-system-api {holder}"))
            .target_session_attrs(TargetSessionAttrs::ReadWrite);
        let open = move |postgres: Config| {
            let tls = tls.clone();
            async move {
                let (client, connection) = postgres.connect(tls).await?;
                let warnings = Arc::new(Warnings::default());
                let driver = warnings::drive(connection, Arc::clone(&warnings));
                Ok((client, driver.boxed(), warnings))
            }
            .boxed()
        };
        Self {
            config,
            holder,
            open: Box::new(open),
        }
    }

    pub(crate) fn config(&self) -> &PostgresConfig {
        &self.config
    }

    pub(crate) fn holder(&self) -> Uuid {
        self.holder
    }

    /// The connection that writes.
    pub(crate) async fn writing(&self) -> Result<Session<Writing>, StoreError> {
        self.in_time(async {
            let session = self.session(true).await?;
            schema::prepare(&session.client, &self.config.schema).await?;
            let statements = Writing::prepare(&session.client, &self.config.schema)
                .await
                .map_err(unreachable)?;
            Ok(session.with(statements))
        })
        .await
    }

    /// The connection that reads and renews: what it loses with the power is not missed.
    pub(crate) async fn reading(&self) -> Result<Session<Reading>, StoreError> {
        self.in_time(async {
            let session = self.session(false).await?;
            let statements = Reading::prepare(&session.client, &self.config.schema)
                .await
                .map_err(unreachable)?;
            Ok(session.with(statements))
        })
        .await
    }

    async fn in_time<T>(
        &self,
        connecting: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        tokio::time::timeout(self.config.timeout, connecting)
            .await
            .unwrap_or_else(|_| {
                let message = "The database did not answer in time";
                Err(StoreError::new(StoreErrorKind::Unavailable, message))
            })
    }

    async fn session(&self, is_synced: bool) -> Result<Session<()>, StoreError> {
        let PostgresConfig {
            postgres, timeout, ..
        } = &self.config;
        let (client, driver, warnings) = hosts::connect(postgres, *timeout, &*self.open).await?;
        let session = Session {
            client,
            statements: (),
            warnings,
            driver: Driver {
                handle: tokio::spawn(driver).abort_handle(),
                is_set_up: false,
            },
        };
        let settings = ServerSettings::read(&session.client)
            .await
            .map_err(unreachable)?;
        settings.check(self.config.unsafe_server_allowed)?;
        let synced = if is_synced { settings.synced() } else { "off" };
        // A worker that stands still must not stop the others: the server ends its transaction. No
        // statement_timeout is set, which would end the wait for a standby. The server warns of that end,
        // and calls it success.
        let wait = self.config.timeout.as_millis().max(2) / 2;
        let set = format!(
            "SET synchronous_commit = {synced}; \
             SET client_min_messages = warning; \
             SET default_transaction_isolation = 'read committed'; \
             SET lock_timeout = {wait}; \
             SET idle_in_transaction_session_timeout = {wait}"
        );
        session
            .client
            .batch_execute(&set)
            .await
            .map_err(unreachable)?;
        Ok(session)
    }
}

/// Whether what is sent to a server stays on this machine.
fn is_local(config: &Config) -> bool {
    let is_loopback = |address: &IpAddr| address.is_loopback();
    if !config.get_hostaddrs().is_empty() {
        return config.get_hostaddrs().iter().all(is_loopback);
    }
    config.get_hosts().iter().all(|host| match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse().is_ok_and(|address| is_loopback(&address))
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    })
}

/// A connector that several tasks use.
pub(crate) type SharedConnector = Arc<Connector>;

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Result<Connector, StoreError> {
        Connector::plain(text.parse().expect("a connection text"), Uuid::nil())
    }

    #[test]
    fn plain_text_stays_on_this_machine() {
        for text in [
            "host=localhost",
            "host=127.0.0.1",
            "host=::1",
            "host=/var/run/postgresql",
            "host=db.example.org hostaddr=127.0.0.1",
        ] {
            assert!(plain(text).is_ok(), "{text}");
        }
        for text in [
            "host=db.example.org",
            "host=10.0.0.1",
            "host=localhost,db.example.org",
            "host=localhost hostaddr=10.0.0.1",
            "host=localhost.example.org",
        ] {
            assert!(plain(text).is_err(), "{text}");
        }
    }

    #[test]
    fn plain_text_is_allowed_by_name() {
        let config: PostgresConfig = "host=10.0.0.1".parse().expect("a connection text");
        assert!(Connector::plain(config.with_plaintext_allowed(true), Uuid::nil()).is_ok());
    }

    #[test]
    fn with_tls_another_machine_has_to_have_it() {
        let mode = |text: &str| {
            let config = text.parse().expect("a connection text");
            let connector = Connector::encrypted(config, Uuid::nil(), tokio_postgres::NoTls);
            connector.config.postgres.get_ssl_mode()
        };
        assert_eq!(
            mode("host=db.example.org sslmode=disable"),
            SslMode::Require
        );
        assert_eq!(mode("host=db.example.org"), SslMode::Require);
        assert_eq!(mode("host=localhost sslmode=disable"), SslMode::Disable);
    }
}
