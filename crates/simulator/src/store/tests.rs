//! Files that were cut or changed.

use std::fs;

use bytes::Bytes;
use tempfile::TempDir;
use uuid::Uuid;

use super::*;
use crate::fault::FiscalScript;
use crate::input::{Command, StoredRequest};
use crate::item_id::ItemId;
use crate::wire::call::Call;
use crate::wire::route::Action;

fn configuration() -> Configuration {
    Configuration::new([("profile", "cloud21".to_owned()), ("seed", "7".to_owned())])
}

fn inputs() -> Vec<Input> {
    let moment = "2026-06-01T10:15:30.123456789Z".parse().unwrap();
    let item = ItemId {
        queue_id: Uuid::from_u128(1),
        queue_item_id: Uuid::from_u128(2),
    };
    let operation = Input::Operation {
        command: Box::new(Command {
            call: Call {
                operation_id: Uuid::from_u128(3),
                cash_box_id: Uuid::from_u128(4),
                pos_system_id: None,
                terminal_id: Some("till \"7\"\n".to_owned()),
                any_cash_box: false,
            },
            action: Action::UpdateIssue(item),
            request: StoredRequest {
                method: "PUT".to_owned(),
                path: "/v2/issue".to_owned(),
                headers: vec![("accept".to_owned(), "*/*".to_owned())],
                body: Bytes::from_static(b"{\"a\":1}\r\n\xff\x00"),
                moment,
            },
            arrival: 0,
            script: FiscalScript::ByRequest,
            base_url: "http://127.0.0.1:8080".to_owned(),
        }),
        moment,
    };
    vec![
        operation,
        Input::Viewed(item),
        Input::SigningUnit {
            in_service: false,
            moment,
        },
        Input::OperationsForgotten,
    ]
}

fn open(path: &Path) -> Result<(Store, Vec<Input>), StoreError> {
    let mut replayed = Vec::new();
    let store = Store::open(path, &configuration(), |input| replayed.push(input))?;
    Ok((store, replayed))
}

/// A file with all inputs, and the bytes in it.
fn filled(folder: &TempDir) -> (PathBuf, Vec<u8>) {
    let path = folder.path().join("store");
    let (mut store, replayed) = open(&path).unwrap();
    assert_eq!(replayed, []);
    for input in inputs() {
        store.append(&input).unwrap();
    }
    drop(store);
    let bytes = fs::read(&path).unwrap();
    (path, bytes)
}

#[test]
fn inputs_come_back_as_they_were() {
    let folder = TempDir::new().unwrap();
    let (path, bytes) = filled(&folder);
    let (_store, replayed) = open(&path).unwrap();
    assert_eq!(replayed, inputs());
    assert_eq!(fs::read(&path).unwrap(), bytes);
}

#[test]
fn a_file_cut_anywhere_gives_a_prefix_and_takes_more() {
    let folder = TempDir::new().unwrap();
    let (path, bytes) = filled(&folder);
    let more = Input::Viewed(ItemId {
        queue_id: Uuid::from_u128(8),
        queue_item_id: Uuid::from_u128(9),
    });
    let mut prefixes = Vec::new();
    for length in 0..=bytes.len() {
        fs::write(&path, &bytes[..length]).unwrap();
        let (mut store, replayed) = open(&path).unwrap();
        let whole = bytes[..length]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count();
        let expected = &inputs()[..whole.saturating_sub(1)];
        assert_eq!(replayed, expected, "cut at {length}");
        prefixes.push(replayed.len());
        store.append(&more).unwrap();
        drop(store);
        let (_store, replayed) = open(&path).unwrap();
        assert_eq!(
            replayed.split_last().unwrap(),
            (&more, expected),
            "cut at {length}"
        );
    }
    prefixes.dedup();
    assert_eq!(prefixes, [0, 1, 2, 3, 4]);
}

#[test]
fn a_changed_byte_never_changes_an_input() {
    let folder = TempDir::new().unwrap();
    let (path, bytes) = filled(&folder);
    let last_line = bytes.len() - 1;
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        // Another digit or letter, the other case, no text any more.
        changed[place] ^= [0x01, 0x20, 0x80][place % 3];
        fs::write(&path, &changed).unwrap();
        match open(&path) {
            // Without its end the last line counts as not written.
            Ok((_, replayed)) => {
                assert_eq!(place, last_line);
                assert_eq!(replayed, inputs()[..3]);
            }
            Err(error) => assert_eq!(fs::read(&path).unwrap(), changed, "{error}"),
        }
    }
}

#[test]
fn an_input_that_cannot_be_written_is_an_error() {
    let folder = TempDir::new().unwrap();
    let (path, bytes) = filled(&folder);
    let (mut store, _) = open(&path).unwrap();
    store.file = File::open(&path).unwrap();
    for _ in 0..2 {
        let error = store.append(&Input::OperationsForgotten).unwrap_err();
        assert!(matches!(error, StoreError::File { .. }), "{error}");
    }
    assert!(store.clear().is_err());
    drop(store);
    assert_eq!(fs::read(&path).unwrap(), bytes);
}

#[test]
fn a_cleared_store_is_as_new() {
    let folder = TempDir::new().unwrap();
    let (path, _) = filled(&folder);
    let (mut store, _) = open(&path).unwrap();
    store.clear().unwrap();
    store.append(&Input::OperationsForgotten).unwrap();
    drop(store);
    assert_eq!(open(&path).unwrap().1, [Input::OperationsForgotten]);
}
