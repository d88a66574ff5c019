//! Exports as readers: whole, or said not to be.

use std::io::{self, BufRead, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use pos_system_api::blocking::{Client, Export};
use pos_system_api::codes::JournalType;
use pos_system_api::runtime::{Clock, Sleep};
use pos_system_api::{Error, ErrorKind};
use pos_system_api_simulator::{Fault, Simulator};
use tokio::runtime::Runtime;

use crate::builder_of;
use crate::support::chance::operation;
use crate::support::client::{ACCESS_TOKEN, CASHBOX_ID, POS_SYSTEM_ID};

/// A queue with this many receipts of the past, and a client.
fn shop(receipts: u64) -> (Runtime, Simulator, Client) {
    let runtime = Runtime::new().unwrap();
    let starting = Simulator::builder().started(true).past_receipts(receipts);
    let simulator = runtime.block_on(starting.start()).unwrap();
    let client = builder_of(&simulator).build_blocking().unwrap();
    (runtime, simulator, client)
}

fn begun(client: &Client) -> Export {
    client.journal(JournalType::QUEUE_ITEM).send().unwrap()
}

/// The whole export.
fn whole(client: &Client) -> Vec<u8> {
    let mut bytes = Vec::new();
    begun(client).copy_to(&mut bytes).unwrap();
    bytes
}

#[test]
fn an_export_is_the_journal_however_it_is_taken() {
    let (_runtime, simulator, client) = shop(100);
    let mut copied = Vec::new();
    let exported = begun(&client).copy_to(&mut copied).unwrap();
    assert_eq!(exported.bytes, copied.len() as u64);
    assert_eq!(exported.content_type.as_deref(), Some("application/json"));
    assert!(exported.has_certain_end);
    let entries: Vec<serde_json::Value> = serde_json::from_slice(&copied).unwrap();
    assert!(entries.len() >= 100);

    let mut export = begun(&client);
    assert_eq!(export.content_type(), Some("application/json"));
    assert!(export.has_certain_end());
    let mut read = Vec::new();
    export.read_to_end(&mut read).unwrap();
    assert!(read == copied);
    assert_eq!(export.received_bytes(), copied.len() as u64);
    assert_eq!(export.content_encoding(), None);
    simulator.faults().script([Fault::GzipBody]);
    let mut compressed = begun(&client);
    assert_eq!(compressed.content_encoding(), Some("gzip"));
    let told = compressed.copy_to(&mut Vec::new()).unwrap();
    assert_eq!(told.content_encoding.as_deref(), Some("gzip"));
    // The end stays the end.
    assert_eq!(export.read(&mut [0; 8]).unwrap(), 0);
    assert_eq!(export.chunk().unwrap(), None);

    // A little by each of its ways: nothing is lost or doubled in between.
    let mut export = begun(&client);
    let mut parts = vec![0; 7];
    export.read_exact(&mut parts).unwrap();
    assert_eq!(export.read(&mut []).unwrap(), 0);
    let buffered = export.fill_buf().unwrap()[0];
    parts.push(buffered);
    export.consume(1);
    parts.extend_from_slice(&export.chunk().unwrap().unwrap());
    let rest = export.copy_to(&mut parts).unwrap();
    assert!(parts == copied);
    assert!(rest.bytes < exported.bytes);
    assert_eq!(simulator.ledger().requests().len(), 4);
}

#[test]
fn options_are_sent_with_it() {
    let (_runtime, simulator, client) = shop(1);
    let call = client
        .journal(JournalType::QUEUE_ITEM)
        .with_operation_id(operation(77))
        .with_terminal("7")
        .with_lifetime(Duration::from_secs(15))
        .with_deadline(Duration::from_secs(60))
        .with_attempt_timeout(Duration::from_secs(30));
    assert_eq!(call.operation_id(), Some(operation(77)));
    let _ = call.send().unwrap();
    let ledger = simulator.ledger();
    let request = &ledger.requests()[0];
    assert_eq!(request.operation_id, Some(operation(77)));
    assert_eq!(request.header("x-terminal-id"), Some("7"));
    assert_eq!(request.header("x-operation-lifetime"), Some("15000"));
}

#[test]
fn a_cut_export_is_never_a_whole_one() {
    let (_runtime, simulator, client) = shop(100);
    let journal = whole(&client);
    for at in [0, 1, 5000, 70_000] {
        let cut = Fault::CutBodyAfterCommit { bytes: at };
        simulator.faults().script([cut]);
        let mut export = begun(&client);
        let mut bytes = Vec::new();
        // A kind that readers take for "try again" would never end.
        let error = export.read_to_end(&mut bytes).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof, "{at}");
        let inner = error.get_ref().unwrap().downcast_ref::<Error>().unwrap();
        assert_eq!(inner.kind(), ErrorKind::Interrupted, "{at}");
        assert!(journal.starts_with(&bytes) && bytes.len() <= at, "{at}");
        // It does not become whole by asking again.
        let again = export.copy_to(&mut bytes).unwrap_err();
        assert_eq!(again.kind(), ErrorKind::Interrupted, "{at}");
        let again = io::copy(&mut export, &mut bytes).unwrap_err();
        assert_eq!(again.kind(), io::ErrorKind::UnexpectedEof, "{at}");
    }
}

#[test]
fn nobody_reads_faster_than_it_is_taken() {
    // 180 MB, of which one is taken.
    let (_runtime, _simulator, client) = shop(100_000);
    let mut export = begun(&client);
    let mut bytes = vec![0; 1_000_000];
    export.read_exact(&mut bytes).unwrap();
    // What is on its way is a chunk of the connection, not the journal.
    let ahead = export.received_bytes() - 1_000_000;
    assert!(ahead < 1_000_000, "{ahead}");
}

/// A writer with room for some bytes, which is interrupted once.
struct Disk {
    bytes: Vec<u8>,
    room: usize,
    is_interrupted: bool,
}

impl Write for Disk {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if std::mem::take(&mut self.is_interrupted) {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let taken = bytes.len().min(self.room - self.bytes.len());
        if taken == 0 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.bytes.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_full_disk_is_no_break_of_the_export() {
    let (_runtime, _simulator, client) = shop(100);
    let journal = whole(&client);
    let mut export = begun(&client);
    let mut disk = Disk {
        bytes: Vec::new(),
        room: 12_345,
        is_interrupted: true,
    };
    let error = export.copy_to(&mut disk).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotWritten);
    assert!(error.to_string().contains("12345 bytes"), "{error}");
    // One that takes nothing is as good as full.
    let error = export.copy_to(&mut &mut [][..]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotWritten);
    // Room was made.
    disk.room = usize::MAX;
    let exported = export.copy_to(&mut disk).unwrap();
    assert_eq!(exported.bytes, journal.len() as u64);
    assert!(disk.bytes == journal);
}

#[test]
fn inside_an_async_runtime_it_pauses_and_goes_on_elsewhere() {
    let (runtime, simulator, client) = shop(100);
    let journal = whole(&client);
    let refused = runtime.block_on(async {
        let call = client.journal(JournalType::QUEUE_ITEM);
        call.send().unwrap_err()
    });
    assert_eq!(refused.kind(), ErrorKind::Configuration);
    assert_eq!(simulator.ledger().requests().len(), 1);

    let mut export = begun(&client);
    // It does not need the client any more.
    drop(client);
    runtime.block_on(async {
        let error = export.read(&mut [0; 8]).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::Other);
        assert!(error.to_string().contains("async"), "{error}");
        let error = export.chunk().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
    });
    let mut bytes = Vec::new();
    export.copy_to(&mut bytes).unwrap();
    assert!(bytes == journal);
}

/// A server of one answer: this head, and then what `serve` makes of the socket.
fn raw_server<T: Send + 'static>(
    serve: impl FnOnce(TcpStream) -> T + Send + 'static,
) -> (String, JoinHandle<T>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let serving = std::thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        let mut byte = [0];
        while !request.ends_with(br#""To":0}"#) {
            socket.read_exact(&mut byte).unwrap();
            request.push(byte[0]);
        }
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\
                    content-length: 1000000000000\r\n\r\n";
        socket.write_all(head.as_bytes()).unwrap();
        serve(socket)
    });
    (url, serving)
}

/// A clock on which nothing ever runs out but this wait, which is over at once.
#[derive(Debug)]
struct Over(Duration);

impl Clock for Over {
    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    fn sleep(&self, duration: Duration) -> Sleep<'_> {
        match duration == self.0 {
            true => Box::pin(std::future::ready(())),
            false => Box::pin(std::future::pending()),
        }
    }
}

fn client_at(url: &str, over: Duration) -> Client {
    Client::builder()
        .base_url(url)
        .cashbox_id(CASHBOX_ID)
        .access_token(ACCESS_TOKEN)
        .pos_system_id(POS_SYSTEM_ID)
        .with_clock(Arc::new(Over(over)))
        .build_blocking()
        .unwrap()
}

#[test]
fn dropping_it_stops_the_download() {
    let (url, serving) = raw_server(|mut socket| {
        // Ends when the other side has closed the connection.
        while socket.write_all(&[b' '; 65_536]).is_ok() {}
    });
    // The client stays: its thread is not what ends the download.
    let client = client_at(&url, Duration::MAX);
    let mut export = begun(&client);
    export.read_exact(&mut [0; 100_000]).unwrap();
    assert!(!serving.is_finished());
    drop(export);
    serving.join().unwrap();
}

#[test]
fn an_export_that_stands_still_is_broken() {
    let (url, serving) = raw_server(|mut socket| {
        // Sends nothing; ends when the other side has closed the connection.
        let _ = socket.read_to_end(&mut Vec::new());
    });
    let stall = Duration::from_secs(77);
    let client = client_at(&url, stall);
    let mut export = client
        .journal(JournalType::QUEUE_ITEM)
        .with_stall_timeout(stall)
        .send()
        .unwrap();
    let error = export.read(&mut [0; 8]).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    assert!(
        error.to_string().contains("nothing came for 77s"),
        "{error}"
    );
    serving.join().unwrap();
}
