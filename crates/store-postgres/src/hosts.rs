//! Which of several servers is connected to: the first that answers, and writes.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{BoxFuture, join_all};
use pos_system_api::store::{StoreError, StoreErrorKind};
use tokio::time::{Instant, timeout};
use tokio_postgres::config::{Host, LoadBalanceHosts};
use tokio_postgres::{Client, Config, Error};
use uuid::Uuid;

use crate::fault::{Cause, Fault, unreachable};
use crate::warnings::Warnings;

/// A connection, what has to run for it, and what the server warns of.
pub(crate) type Opened = (Client, BoxFuture<'static, ()>, Arc<Warnings>);
/// Connects to the one server of a configuration.
pub(crate) type Open = dyn Fn(Config) -> BoxFuture<'static, Result<Opened, Error>> + Send + Sync;

/// The port of a server whose configuration has none.
const DEFAULT_PORT: u16 = 5432;

/// Connects to the first server that answers. Each address has an equal share of the time, or the connect
/// timeout of the configuration if that is shorter; one share is left for what follows.
pub(crate) async fn connect(
    postgres: &Config,
    time: Duration,
    open: &Open,
) -> Result<Opened, StoreError> {
    let begun = Instant::now();
    // A system that does not look names up must not take all of the time either.
    let targets = targets(postgres, time / 2).await?;
    let shares = u32::try_from(targets.len()).unwrap_or(u32::MAX);
    let mut share = time.saturating_sub(begun.elapsed()) / shares.saturating_add(1);
    if let Some(own) = postgres.get_connect_timeout().filter(|own| !own.is_zero()) {
        share = share.min(*own);
    }
    let mut said = None;
    for target in targets {
        match timeout(share, open(target)).await {
            Ok(Ok(opened)) => return Ok(opened),
            Ok(Err(error)) => said = Some(unreachable(error)),
            Err(_) => {}
        }
    }
    // What one of them said is of more use than that another was silent.
    Err(said.unwrap_or_else(|| Fault::Untouched(Cause::TimedOut).to_store_error()))
}

/// A configuration for each address, in the order in which they are to be tried.
async fn targets(postgres: &Config, patience: Duration) -> Result<Vec<Config>, StoreError> {
    let (hosts, addresses) = (postgres.get_hosts(), postgres.get_hostaddrs());
    let ports = postgres.get_ports();
    let count = hosts.len().max(addresses.len());
    let fits = |given: usize, least: usize| given <= least || given == count;
    if count == 0 || !fits(hosts.len(), 0) || !fits(addresses.len(), 0) || !fits(ports.len(), 1) {
        // That it cannot be understood is said by whoever connects with it.
        return Ok(vec![postgres.clone()]);
    }
    let found = join_all((0..count).map(|index| async move {
        let host = hosts.get(index);
        let port = ports.get(index).or(ports.first()).copied();
        let port = port.unwrap_or(DEFAULT_PORT);
        let addresses = match (host, addresses.get(index)) {
            (_, Some(address)) => vec![Some(*address)],
            (Some(Host::Tcp(name)), None) => addresses_of(name, port, patience).await?,
            (_, None) => vec![None],
        };
        let at = |address| only(postgres, host, address, port);
        Ok::<_, io::Error>(addresses.into_iter().map(at).collect::<Vec<_>>())
    }))
    .await;
    let mut targets = Vec::new();
    let mut unknown = None;
    for found in found {
        match found {
            Ok(found) => targets.extend(found),
            Err(error) => unknown = Some(error),
        }
    }
    if targets.is_empty() {
        let message = "The address of the database is not known";
        let error = StoreError::new(StoreErrorKind::Unavailable, message);
        return Err(match unknown {
            Some(unknown) => error.with_source(unknown),
            None => error,
        });
    }
    if postgres.get_load_balance_hosts() == LoadBalanceHosts::Random {
        targets.sort_by_cached_key(|_| Uuid::new_v4());
    }
    Ok(targets)
}

/// The addresses that a name has.
async fn addresses_of(
    name: &str,
    port: u16,
    patience: Duration,
) -> io::Result<Vec<Option<IpAddr>>> {
    let found = timeout(patience, tokio::net::lookup_host((name, port))).await??;
    Ok(found.map(|address| Some(address.ip())).collect())
}

/// The same for one server alone. Its name stays, for TLS to compare.
fn only(all: &Config, host: Option<&Host>, address: Option<IpAddr>, port: u16) -> Config {
    let mut one = Config::new();
    one.port(port)
        .ssl_mode(all.get_ssl_mode())
        .ssl_negotiation(all.get_ssl_negotiation())
        .keepalives(all.get_keepalives())
        .keepalives_idle(all.get_keepalives_idle())
        .target_session_attrs(all.get_target_session_attrs())
        .channel_binding(all.get_channel_binding())
        .load_balance_hosts(all.get_load_balance_hosts());
    match host {
        Some(Host::Tcp(name)) => {
            one.host(name);
        }
        #[cfg(unix)]
        Some(Host::Unix(path)) => {
            one.host_path(path);
        }
        None => {}
    }
    if let Some(address) = address {
        one.hostaddr(address);
    }
    if let Some(user) = all.get_user() {
        one.user(user);
    }
    if let Some(password) = all.get_password() {
        one.password(password);
    }
    if let Some(name) = all.get_dbname() {
        one.dbname(name);
    }
    if let Some(options) = all.get_options() {
        one.options(options);
    }
    if let Some(name) = all.get_application_name() {
        one.application_name(name);
    }
    if let Some(time) = all.get_connect_timeout() {
        one.connect_timeout(*time);
    }
    if let Some(time) = all.get_tcp_user_timeout() {
        one.tcp_user_timeout(*time);
    }
    if let Some(time) = all.get_keepalives_interval() {
        one.keepalives_interval(time);
    }
    if let Some(count) = all.get_keepalives_retries() {
        one.keepalives_retries(count);
    }
    one
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    async fn targets_of(text: &str) -> Vec<Config> {
        let config = text.parse().expect("a connection text");
        let targets = targets(&config, Duration::from_secs(60)).await;
        targets.expect("targets")
    }

    #[tokio::test]
    async fn each_address_is_a_target_with_all_that_is_set() {
        let rest = "user=till password=canary-31 dbname=shop options=-cgeqo=off sslmode=require \
             sslnegotiation=direct connect_timeout=7 tcp_user_timeout=8 keepalives=0 \
             keepalives_idle=9 keepalives_interval=10 keepalives_retries=11 \
             target_session_attrs=read-write channel_binding=require application_name=a";
        let text =
            format!("host=db.example,/run/sockets hostaddr=10.0.0.1,10.0.0.2 port=1,2 {rest}");
        let expected = [
            format!("host=db.example hostaddr=10.0.0.1 port=1 {rest}"),
            format!("host=/run/sockets hostaddr=10.0.0.2 port=2 {rest}"),
        ];
        let expected = expected.map(|text| text.parse().expect("a connection text"));
        assert_eq!(targets_of(&text).await, expected);
    }

    #[tokio::test]
    async fn a_name_is_tried_at_the_addresses_it_has() {
        let targets = targets_of("host=localhost,/run/sockets,127.0.0.2 port=7 user=till").await;
        let (socket, named): (Vec<_>, Vec<_>) = targets
            .iter()
            .partition(|target| target.get_hostaddrs().is_empty());
        assert_eq!(socket.len(), 1);
        assert!(named.len() >= 2);
        for target in &targets {
            assert_eq!(
                (target.get_hosts().len(), target.get_ports()),
                (1, &[7][..])
            );
        }
        let last = targets.last().expect("a target");
        assert_eq!(last.get_hostaddrs(), [Ipv4Addr::new(127, 0, 0, 2)]);
    }

    #[tokio::test]
    async fn what_cannot_be_understood_is_left_to_whoever_connects() {
        for text in [
            "host=a,b port=1,2,3 user=till",
            "host=a,b hostaddr=10.0.0.1 user=till",
        ] {
            let config: Config = text.parse().expect("a connection text");
            assert_eq!(targets_of(text).await, [config], "{text}");
        }
    }
}
