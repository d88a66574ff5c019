//! How an export is taken: as a stream, by a writer that is slow or full, by another task.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use pos_system_api::client::journal::Export;
use pos_system_api::{Error, ErrorKind};
use pos_system_api_simulator::{Fault, Profile};
use tokio::io::{AsyncReadExt, AsyncWrite, DuplexStream};

use super::{all, begun, whole, with_past};
use crate::started;
use crate::support::client::{client, client_of};
use crate::support::scripted_server::{ScriptedServer, json};

/// Takes all a stream gives.
async fn collected(mut export: Export) -> (Vec<u8>, Option<Error>) {
    use futures_core::Stream;
    let (mut bytes, mut error) = (Vec::new(), None);
    while let Some(next) = poll_fn(|context| Pin::new(&mut export).poll_next(context)).await {
        assert!(error.is_none(), "nothing comes after an error");
        match next {
            Ok(chunk) => bytes.extend_from_slice(&chunk),
            Err(broken) => error = Some(broken),
        }
    }
    (bytes, error)
}

#[tokio::test]
async fn an_export_is_a_stream_too() {
    let simulator = started(with_past(100)).await;
    let (client, _) = client_of(&simulator);
    let whole = whole(&client).await;
    let (bytes, error) = collected(begun(&client, all()).await).await;
    assert_eq!((bytes, error.is_none()), (whole, true));
    simulator
        .faults()
        .script([Fault::CutBodyAfterCommit { bytes: 9000 }]);
    let (_, error) = collected(begun(&client, all()).await).await;
    assert_eq!(error.unwrap().kind(), ErrorKind::Interrupted);
}

/// The seven bytes `[1,2,3]` as gzip has them.
const COMPRESSED: [u8; 27] = [
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x8b, 0x36, 0xd4, 0x31, 0xd2, 0x31,
    0x8e, 0x05, 0x00, 0xe9, 0xb3, 0x6d, 0xfd, 0x07, 0x00, 0x00, 0x00,
];

#[tokio::test]
async fn compressed_bytes_are_passed_on_as_they_came_and_said_to_be_compressed() {
    let answer = || json(200, COMPRESSED);
    let server = ScriptedServer::start([
        answer().with_header("content-encoding", "gzip"),
        answer()
            .with_header("content-encoding", "gzip")
            .with_header("content-encoding", "br"),
        answer(),
    ])
    .await;
    let (client, _) = client(&server.base_url());
    for told in [Some("gzip"), Some("gzip, br"), None] {
        let mut export = begun(&client, all()).await;
        assert_eq!(export.content_encoding(), told);
        let mut bytes = Vec::new();
        let exported = export.copy_to(&mut bytes).await.unwrap();
        assert_eq!(bytes, COMPRESSED, "{told:?}");
        assert_eq!(exported.content_encoding.as_deref(), told);
        assert_eq!(exported.content_type.as_deref(), Some("application/json"));
        assert_eq!(exported.bytes, 27);
    }
    // The client asks for none: a gateway did that on its own.
    for request in server.requests() {
        assert_eq!(request.header("accept-encoding"), [""; 0]);
    }

    let simulator = started(with_past(100)).await;
    let (client, _) = client_of(&simulator);
    let plain = whole(&client).await;
    simulator.faults().script([Fault::GzipBody]);
    let mut export = begun(&client, all()).await;
    assert_eq!(export.content_encoding(), Some("gzip"));
    let mut bytes = Vec::new();
    export.copy_to(&mut bytes).await.unwrap();
    assert!(bytes.starts_with(&COMPRESSED[..3]) && bytes.len() < plain.len());
}

/// Copies until a million bytes have been read at the other end, and gives the copy up in the middle of
/// whatever it does.
async fn first_million(export: &mut Export) -> (DuplexStream, DuplexStream, Vec<u8>) {
    let (mut near, mut far) = tokio::io::duplex(1000);
    let mut bytes = vec![0; 1_000_000];
    tokio::select! {
        biased;
        read = far.read_exact(&mut bytes) => { read.unwrap(); }
        _ = export.copy_to(&mut near) => panic!("the journal is longer"),
    }
    (near, far, bytes)
}

#[tokio::test]
async fn a_dropped_copy_loses_nothing() {
    let simulator = started(with_past(2000)).await;
    let (client, _) = client_of(&simulator);
    let whole = whole(&client).await;
    let mut export = begun(&client, all()).await;
    let (mut near, mut far, mut bytes) = first_million(&mut export).await;
    let rest = async {
        let exported = export.copy_to(&mut near).await.unwrap();
        drop(near);
        exported
    };
    let read = far.read_to_end(&mut bytes);
    let (exported, read) = tokio::join!(rest, read);
    read.unwrap();
    assert_eq!(exported.bytes, whole.len() as u64);
    assert!(bytes == whole);
}

#[tokio::test]
async fn nobody_reads_faster_than_it_is_taken() {
    // 180 MB, of which one is taken.
    let simulator = started(with_past(100_000)).await;
    let (client, _) = client_of(&simulator);
    let mut export = begun(&client, all()).await;
    let _ = first_million(&mut export).await;
    // What is on its way is a chunk of the connection, not the journal.
    let ahead = export.received_bytes() - 1_000_000;
    assert!(ahead < 1_000_000, "{ahead}");
}

/// A writer that fails after some bytes.
struct Full(Vec<u8>, usize);

impl AsyncWrite for Full {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        let room = self.1 - self.0.len();
        if room == 0 {
            return Poll::Ready(Err(std::io::ErrorKind::StorageFull.into()));
        }
        let taken = room.min(bytes.len());
        self.0.extend_from_slice(&bytes[..taken]);
        Poll::Ready(Ok(taken))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[tokio::test]
async fn a_full_disk_is_no_break_of_the_export() {
    let simulator = started(with_past(100)).await;
    let (client, _) = client_of(&simulator);
    let whole = whole(&client).await;
    let mut export = begun(&client, all()).await;
    let mut disk = Full(Vec::new(), 12_345);
    let error = export.copy_to(&mut disk).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotWritten);
    assert!(error.to_string().contains("12345 bytes"), "{error}");
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert_eq!(
        source,
        std::io::Error::from(std::io::ErrorKind::StorageFull).to_string()
    );
    // Whoever knows that the disk has all it took can take the rest.
    while let Some(chunk) = export.chunk().await.unwrap() {
        disk.0.extend_from_slice(&chunk);
    }
    assert!(disk.0 == whole);
}

/// A file as tokio has them: it takes bytes first and writes them afterwards, and those it cannot write are
/// lost. Its disk is full for as long as `is_full` says so.
#[derive(Default)]
struct Behind {
    taken: Vec<u8>,
    written: Vec<u8>,
    is_full: bool,
}

impl Behind {
    fn write_out(&mut self) -> std::io::Result<()> {
        let taken = std::mem::take(&mut self.taken);
        if self.is_full && !taken.is_empty() {
            return Err(std::io::ErrorKind::StorageFull.into());
        }
        self.written.extend(taken);
        Ok(())
    }
}

impl AsyncWrite for Behind {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        self.write_out()?;
        self.taken.extend_from_slice(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(self.write_out())
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        self.poll_flush(context)
    }
}

#[tokio::test]
async fn a_file_with_a_gap_is_never_told_to_be_whole() {
    // On the way, and in the last flush.
    for past in [2000, 1] {
        let simulator = started(with_past(past)).await;
        let (client, _) = client_of(&simulator);
        let whole = whole(&client).await;
        let mut export = begun(&client, all()).await;
        let mut file = Behind {
            is_full: true,
            ..Behind::default()
        };
        let error = export.copy_to(&mut file).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotWritten);
        // Room was made, but what the file had taken by then is gone.
        file.is_full = false;
        let error = export.copy_to(&mut file).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotWritten);
        assert!(file.written.len() < whole.len(), "{past}");
    }
}

#[tokio::test]
async fn an_export_can_be_moved_to_another_task() {
    let simulator = started(with_past(1).profile(Profile::Local)).await;
    let (client, _) = client_of(&simulator);
    let export = begun(&client, all()).await;
    let task = tokio::spawn(async move {
        let mut export = export;
        export.copy_to(&mut tokio::io::sink()).await
    });
    assert!(task.await.unwrap().unwrap().bytes > 0);
}
