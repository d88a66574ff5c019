//! A way to the server that can be cut.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use pos_system_api_store_postgres::PostgresConfig;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;
use tokio_postgres::config::{Config, Host};

use crate::database::{Database, url};

/// Passes connections on to the server.
pub(crate) struct Proxy {
    address: SocketAddr,
    is_away: watch::Sender<bool>,
    faults: Arc<Faults>,
    connections: Arc<AtomicUsize>,
}

/// What it does to answers.
#[derive(Default)]
struct Faults {
    cuts_commits: AtomicBool,
    mutes_commits: AtomicBool,
    is_silent: AtomicBool,
}

impl Proxy {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (is_away, away) = watch::channel(false);
        let faults = Arc::new(Faults::default());
        let done = Arc::clone(&faults);
        let connections = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&connections);
        tokio::spawn(async move {
            loop {
                let (client, _) = listener.accept().await.unwrap();
                counted.fetch_add(1, Ordering::SeqCst);
                if !*away.borrow() {
                    let mut away = away.clone();
                    let faults = Arc::clone(&done);
                    tokio::spawn(async move {
                        tokio::select! {
                            () = pass(client, faults) => {}
                            _ = away.wait_for(|is_away| *is_away) => {}
                        }
                    });
                }
            }
        });
        Self {
            address,
            is_away,
            faults,
            connections,
        }
    }

    /// The store of a database, by way of this.
    pub(crate) fn config(&self, database: &Database) -> PostgresConfig {
        PostgresConfig::new(self.postgres(&[])).with_schema(&database.schema)
    }

    /// The server by way of this, as the last of several hosts.
    pub(crate) fn postgres(&self, before: &[SocketAddr]) -> Config {
        let mut hosts = before.iter().chain([&self.address]);
        let first = hosts.next().unwrap();
        let mut config = by_way_of(&first.ip().to_string(), first.port());
        for next in hosts {
            config.host(next.ip().to_string());
            config.port(next.port());
        }
        config
    }

    /// How often somebody has connected.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// Cuts all connections, and takes none from now on.
    pub(crate) fn go_away(&self) {
        self.is_away.send_replace(true);
    }

    /// Passes no answers on, and leaves connections as they are.
    pub(crate) fn be_silent(&self, is_silent: bool) {
        self.faults.is_silent.store(is_silent, Ordering::SeqCst);
    }

    pub(crate) fn come_back(&self) {
        self.is_away.send_replace(false);
    }

    /// Cuts the next connection that commits when the server has done so, before its answer arrives.
    pub(crate) fn cut_after_the_next_commit(&self) {
        self.faults.cuts_commits.store(true, Ordering::SeqCst);
    }

    /// Passes no answers on from the next commit on, and leaves connections as they are.
    pub(crate) fn be_silent_from_the_next_commit(&self) {
        self.faults.mutes_commits.store(true, Ordering::SeqCst);
    }
}

/// How the server is reached by way of something else that listens.
pub(crate) fn by_way_of(host: &str, port: u16) -> Config {
    let direct: Config = url().unwrap().parse().unwrap();
    let mut config = Config::new();
    config.host(host);
    config.port(port);
    config.user(direct.get_user().unwrap_or("postgres"));
    if let Some(password) = direct.get_password() {
        config.password(password);
    }
    if let Some(name) = direct.get_dbname() {
        config.dbname(name);
    }
    config
}

/// A connection to the server, whichever way it listens.
pub(crate) async fn server() -> (
    Box<dyn AsyncRead + Send + Unpin>,
    Box<dyn AsyncWrite + Send + Unpin>,
) {
    let direct: Config = url().unwrap().parse().unwrap();
    let port = direct.get_ports().first().copied().unwrap_or(5432);
    match direct.get_hosts().first().unwrap() {
        Host::Tcp(name) => {
            let (read, write) = TcpStream::connect((name.as_str(), port))
                .await
                .unwrap()
                .into_split();
            (Box::new(read), Box::new(write))
        }
        Host::Unix(directory) => {
            let path = directory.join(format!(".s.PGSQL.{port}"));
            let (read, write) = UnixStream::connect(path).await.unwrap().into_split();
            (Box::new(read), Box::new(write))
        }
    }
}

async fn pass(client: TcpStream, faults: Arc<Faults>) {
    let (mut from_server, mut to_server) = server().await;
    let (mut from_client, mut to_client) = client.into_split();
    let mut said = vec![0; 64 * 1024];
    let mut answered = vec![0; 64 * 1024];
    let mut is_cut = false;
    loop {
        tokio::select! {
            read = from_client.read(&mut said) => {
                let Ok(length @ 1..) = read else { return };
                let commits = said[..length].windows(6).any(|word| word == b"COMMIT");
                is_cut |= commits && faults.cuts_commits.swap(false, Ordering::SeqCst);
                if commits && faults.mutes_commits.swap(false, Ordering::SeqCst) {
                    faults.is_silent.store(true, Ordering::SeqCst);
                }
                if to_server.write_all(&said[..length]).await.is_err() { return }
            }
            read = from_server.read(&mut answered) => {
                let Ok(length @ 1..) = read else { return };
                if faults.is_silent.load(Ordering::SeqCst) { continue }
                if is_cut || to_client.write_all(&answered[..length]).await.is_err() { return }
            }
        }
    }
}
