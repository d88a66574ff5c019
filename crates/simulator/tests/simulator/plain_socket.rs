//! A till that reads and writes the bytes itself, to see what HTTP clients hide.

use pos_system_api_simulator::{Simulator, Uuid};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The bytes of a request. They are the same for every port, and the connection ends after it.
pub(crate) fn request(
    sim: &Simulator,
    method: &str,
    path: &str,
    operation_id: Option<Uuid>,
    body: &str,
) -> String {
    let operation_id = match operation_id {
        Some(id) => format!("x-operation-id: {id}\r\n"),
        None => String::new(),
    };
    format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nx-cashbox-id: {}\r\nx-cashbox-accesstoken: {}\r\n{operation_id}content-length: {}\r\n\r\n{body}",
        sim.cashbox_id(),
        sim.access_token(),
        body.len(),
    )
}

/// What arrived before the connection ended.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Received {
    pub(crate) bytes: Vec<u8>,
    /// The end was a reset.
    pub(crate) reset: bool,
}

impl Received {
    /// 0 when there was no answer.
    pub(crate) fn status(&self) -> u16 {
        let head = String::from_utf8_lossy(&self.bytes);
        let status = head.split(' ').nth(1).unwrap_or_default();
        status.parse().unwrap_or_default()
    }

    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let text = String::from_utf8_lossy(&self.bytes);
        let head = text.split("\r\n\r\n").next().unwrap();
        let line = head
            .lines()
            .skip(1)
            .find(|line| line.to_ascii_lowercase().starts_with(&format!("{name}: ")))?;
        Some(line[name.len() + 2..].to_owned())
    }

    /// As it came, in chunks or not.
    pub(crate) fn body(&self) -> &[u8] {
        let end = b"\r\n\r\n";
        let at = self.bytes.windows(4).position(|window| window == end);
        &self.bytes[at.unwrap() + 4..]
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(self.body()).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(self.body()).unwrap()
    }

    /// The body without the frame of its chunks; the last one may have been cut.
    pub(crate) fn unchunked(&self) -> Vec<u8> {
        let mut rest = self.body();
        let mut body = Vec::new();
        while let Some(at) = rest.windows(2).position(|window| window == b"\r\n") {
            let size = std::str::from_utf8(&rest[..at]).unwrap();
            let size = usize::from_str_radix(size, 16).unwrap();
            let data = &rest[at + 2..];
            body.extend_from_slice(&data[..size.min(data.len())]);
            rest = data.get(size + 2..).unwrap_or_default();
        }
        body
    }
}

pub(crate) async fn connect(sim: &Simulator) -> TcpStream {
    let address = sim.base_url().trim_start_matches("http://");
    TcpStream::connect(address).await.unwrap()
}

pub(crate) async fn read(mut socket: TcpStream) -> Received {
    let mut bytes = Vec::new();
    let reset = socket.read_to_end(&mut bytes).await.is_err();
    Received { bytes, reset }
}

/// Sends a request on a connection of its own and reads to the end.
pub(crate) async fn exchange(
    sim: &Simulator,
    method: &str,
    path: &str,
    operation_id: Option<Uuid>,
    body: &str,
) -> Received {
    let mut socket = connect(sim).await;
    let request = request(sim, method, path, operation_id, body);
    socket.write_all(request.as_bytes()).await.unwrap();
    read(socket).await
}

/// The ledger as its text, without the requests for it.
pub(crate) async fn ledger(sim: &Simulator) -> String {
    let answer = exchange(sim, "GET", "/_sim/ledger", None, "").await;
    assert_eq!(answer.status(), 200);
    answer.text().to_owned()
}
