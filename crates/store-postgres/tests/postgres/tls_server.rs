//! A way to the server with TLS, which begins as that of PostgreSQL does: the client asks for it first.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_postgres_rustls::MakeRustlsConnect;
use tokio_rustls::TlsAcceptor;

use crate::proxy::server;

/// What a client begins with that wants TLS: the length, and a code in the place of the version.
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f];

/// Who signs certificates.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    roots: RootCertStore,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let mut roots = RootCertStore::empty();
        let certificate = params.self_signed(&key).unwrap();
        roots.add(certificate.der().clone()).unwrap();
        let issuer = Issuer::new(params, key);
        Self { issuer, roots }
    }

    /// What trusts this authority and no other.
    pub(crate) fn connector(&self) -> MakeRustlsConnect {
        let config = ClientConfig::builder()
            .with_root_certificates(self.roots.clone())
            .with_no_client_auth();
        MakeRustlsConnect::new(config)
    }

    /// A server with a certificate for a name.
    fn acceptor(&self, name: &str) -> TlsAcceptor {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new([name.to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        TlsAcceptor::from(Arc::new(config))
    }
}

/// Passes connections on to the server, and takes TLS off them.
pub(crate) struct TlsServer {
    pub(crate) port: u16,
    seen: Arc<Seen>,
}

#[derive(Default)]
struct Seen {
    speaks_no_tls: AtomicBool,
    handshakes: AtomicUsize,
    plain: AtomicUsize,
}

impl TlsServer {
    /// One whose certificate is for that name.
    pub(crate) async fn start(authority: &Authority, name: &str) -> Self {
        let acceptor = authority.acceptor(name);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::<Seen>::default();
        let noted = Arc::clone(&seen);
        tokio::spawn(async move {
            loop {
                let (client, _) = listener.accept().await.unwrap();
                tokio::spawn(pass(client, acceptor.clone(), Arc::clone(&noted)));
            }
        });
        Self { port, seen }
    }

    /// Says from now on that it has no TLS.
    pub(crate) fn stop_speaking_tls(&self) {
        self.seen.speaks_no_tls.store(true, Ordering::SeqCst);
    }

    /// How many connections were encrypted.
    pub(crate) fn handshakes(&self) -> usize {
        self.seen.handshakes.load(Ordering::SeqCst)
    }

    /// How many connections went on in plain text.
    pub(crate) fn plain(&self) -> usize {
        self.seen.plain.load(Ordering::SeqCst)
    }
}

async fn pass(mut client: TcpStream, acceptor: TlsAcceptor, seen: Arc<Seen>) {
    let mut first = [0; 8];
    if client.read_exact(&mut first).await.is_err() {
        return;
    }
    if first != SSL_REQUEST {
        seen.plain.fetch_add(1, Ordering::SeqCst);
        return to_server(client, &first).await;
    }
    if !seen.speaks_no_tls.load(Ordering::SeqCst) {
        client.write_all(b"S").await.unwrap();
        if let Ok(encrypted) = acceptor.accept(client).await {
            seen.handshakes.fetch_add(1, Ordering::SeqCst);
            to_server(encrypted, &[]).await;
        }
        return;
    }
    client.write_all(b"N").await.unwrap();
    if client.read_exact(&mut first).await.is_ok() {
        seen.plain.fetch_add(1, Ordering::SeqCst);
        to_server(client, &first).await;
    }
}

/// Passes a connection on, of which something was read already.
async fn to_server(mut client: impl AsyncRead + AsyncWrite + Unpin, read: &[u8]) {
    let (from_server, mut to_server) = server().await;
    if to_server.write_all(read).await.is_ok() {
        let mut server = tokio::io::join(from_server, to_server);
        // However it ends, the client notices.
        let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
    }
}
