//! A simulator that comes back with what it had committed.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use pos_system_api_simulator::{
    Profile, Simulator, SimulatorBuilder, StartError, StoreError, Uuid,
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::till::{Answer, SALE, Till, operation};

struct Folder {
    folder: TempDir,
}

impl Folder {
    fn new() -> Self {
        Self {
            folder: TempDir::new().unwrap(),
        }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("simulator.store")
    }

    fn builder(&self) -> SimulatorBuilder {
        Simulator::builder().started(true).store(self.path())
    }

    async fn start(&self) -> (Simulator, Till) {
        let sim = self.builder().start().await.unwrap();
        let till = Till::new(&sim);
        (sim, till)
    }
}

fn refused(error: StartError) -> StoreError {
    match error {
        StartError::Store(error) => error,
        other => panic!("{other}"),
    }
}

async fn operation_item(till: &Till, id: Uuid) -> Answer {
    let path = format!("/v2/journal/OperationItem/{id}");
    let request = till.ask(&path);
    Answer::of(request.send().await.unwrap()).await
}

#[tokio::test]
async fn what_was_answered_is_there_after_a_restart() {
    let folder = Folder::new();
    let (sim, till) = folder.start().await;
    let signed = till.sign(operation(1), SALE).await;
    let invalid = till.sign(operation(2), "{}").await;
    let request: Value = serde_json::from_str(SALE).unwrap();
    let issue = json!({"ReceiptRequest": request, "ReceiptResponse": signed.json()}).to_string();
    let issued = till.send("/v2/issue", operation(3), issue.clone()).await;
    let pay = r#"{"Action":"payment","Protocol":"use_auto","cbPayItem":{"Description":"Card","Amount":8.00}}"#;
    let paid = till.send("/v2/pay", operation(4), pay).await;
    assert_eq!(
        (signed.status, invalid.status),
        (201.try_into().unwrap(), 400.try_into().unwrap())
    );
    assert_eq!((issued.status.as_u16(), paid.status.as_u16()), (201, 201));
    let item = operation_item(&till, operation(1)).await;
    let before = sim.ledger();
    sim.shutdown().await;

    let (sim, till) = folder.start().await;
    let after = sim.ledger();
    assert_eq!(after.receipts(), before.receipts());
    assert_eq!(after.payments(), before.payments());
    assert_eq!(after.issues(), before.issues());
    assert_eq!(after.requests(), []);
    assert_eq!(after.receipts().len(), 1);
    for (number, path, body, first) in [
        (1, "/v2/sign", SALE, &signed),
        (3, "/v2/issue", issue.as_str(), &issued),
        (4, "/v2/pay", pay, &paid),
    ] {
        let again = till.send(path, operation(number), body).await;
        assert_eq!(
            (again.status.as_u16(), &again.body),
            (200, &first.body),
            "{path}"
        );
    }
    assert_eq!(till.sign(operation(2), "{}").await, invalid);
    assert_eq!(till.sign(operation(1), "{}").await.status, 409);
    assert_eq!(operation_item(&till, operation(1)).await.body, item.body);
    till.sign(operation(5), SALE).await;
    let ledger = sim.ledger();
    assert_eq!(ledger.receipts().of(operation(5))[0].receipt_number, 2);
    ledger.payments().exactly_once();
    ledger.issues().exactly_once();
}

#[tokio::test]
async fn what_was_in_progress_never_happened() {
    let folder = Folder::new();
    let (sim, till) = folder.start().await;
    let _hold = sim.hold();
    let mut open = tokio::spawn(till.post("/v2/sign", operation(1), SALE).send());
    sim.arrivals_while(1, &mut open).await.unwrap();
    drop(sim);
    assert!(open.await.unwrap().is_err());

    let (sim, till) = folder.start().await;
    sim.ledger().receipts().none();
    assert_eq!(till.sign(operation(1), SALE).await.status, 201);
}

#[tokio::test]
async fn looking_at_a_document_pins_and_forgetting_are_kept() {
    let folder = Folder::new();
    let (sim, till) = folder.start().await;
    let signed = till.sign(operation(1), SALE).await.json();
    let request: Value = serde_json::from_str(SALE).unwrap();
    let issue = json!({"ReceiptRequest": request, "ReceiptResponse": signed}).to_string();
    let issued = till.send("/v2/issue", operation(2), issue).await.json();
    let url = issued["DocumentURL"].as_str().unwrap();
    let path = url.strip_prefix(sim.base_url()).unwrap();
    assert_eq!(till.get(path).send().await.unwrap().status(), 200);
    sim.forget_operations().unwrap();
    drop(sim);

    let (sim, till) = folder.start().await;
    let delivered = format!(
        "/v2/issue/{}/{}/delivered",
        sim.queue_id(),
        issued["ftQueueItemID"].as_str().unwrap()
    );
    let delivered = till.ask(&delivered).send().await.unwrap();
    assert_eq!(delivered.status(), 200);
    assert_eq!(till.sign(operation(1), SALE).await.status, 201);
}

#[tokio::test]
async fn another_configuration_is_refused_by_name() {
    let folder = Folder::new();
    drop(folder.builder().start().await.unwrap());
    let before = fs::read(folder.path()).unwrap();
    let builder = || folder.builder();
    for (builder, member, stored, wanted) in [
        (
            builder().profile(Profile::Local),
            "profile",
            "cloud21",
            "local",
        ),
        (builder().market("DE"), "market", "AT", "DE"),
        (builder().started(false), "started", "true", "false"),
        (
            builder().cashbox_id(operation(7)),
            "cash_box_id",
            "",
            "6f1c2d5e-0000-4000-8000-000000000007",
        ),
        (
            builder().past_receipts(5),
            "past_receipts",
            "none",
            "5 until",
        ),
    ] {
        let error = refused(builder.start().await.unwrap_err());
        let message = error.to_string();
        assert!(message.contains(&format!("{member} {stored}")), "{message}");
        let StoreError::Configuration {
            member: named,
            wanted: asked,
            ..
        } = error
        else {
            panic!("{message}");
        };
        assert_eq!(named, member);
        assert!(asked.starts_with(wanted), "{asked}");
    }
    let error = refused(builder().seed(7).start().await.unwrap_err());
    assert!(matches!(error, StoreError::Configuration { .. }), "{error}");
    assert_eq!(fs::read(folder.path()).unwrap(), before);
    // The token is no part of it.
    assert!(builder().access_token("another").start().await.is_ok());
}

#[tokio::test]
async fn the_access_token_is_not_in_the_file() {
    let folder = Folder::new();
    let builder = folder.builder().access_token("canary-token-77");
    let sim = builder.pin("123456").start().await.unwrap();
    let till = Till::new(&sim);
    till.sign(operation(1), SALE).await;
    let paired = till
        .bare_post("/v2/pair")
        .header("x-operation-id", operation(2).to_string())
        .body(r#"{"pin":"123456"}"#);
    let paired = paired.send().await.unwrap().text().await.unwrap();
    assert!(paired.contains("canary-token-77"), "{paired}");
    let text = fs::read_to_string(folder.path()).unwrap();
    assert!(text.lines().count() > 2);
    assert!(!text.contains("canary"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(folder.path()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[tokio::test]
async fn one_file_serves_one_simulator() {
    let folder = Folder::new();
    let (first, _) = folder.start().await;
    let error = refused(folder.builder().start().await.unwrap_err());
    assert!(matches!(error, StoreError::InUse { .. }), "{error}");
    drop(first);
    folder.start().await;
}

#[tokio::test]
async fn a_file_that_is_no_store_is_left_alone() {
    let folder = Folder::new();
    for text in [
        "receipts of 2025\n",
        "{}",
        "\n",
        "{\"digest\":\"\",\"header\":{}}\n",
    ] {
        fs::write(folder.path(), text).unwrap();
        let error = refused(folder.builder().start().await.unwrap_err());
        assert!(
            matches!(error, StoreError::NotAStore { .. }),
            "{text}: {error}"
        );
        assert_eq!(fs::read_to_string(folder.path()).unwrap(), text);
    }
    let error = Simulator::builder()
        .store(folder.folder.path())
        .start()
        .await
        .unwrap_err();
    assert!(matches!(refused(error), StoreError::File { .. }));
}

#[tokio::test]
async fn a_newer_format_is_refused() {
    let folder = Folder::new();
    drop(folder.builder().start().await.unwrap());
    let text = fs::read_to_string(folder.path()).unwrap();
    let newer = text.replace("\"format\":1", "\"format\":2");
    assert_ne!(text, newer);
    fs::write(folder.path(), &newer).unwrap();
    let error = refused(folder.builder().start().await.unwrap_err());
    assert!(
        matches!(
            error,
            StoreError::Format {
                found: 2,
                known: 1,
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(fs::read_to_string(folder.path()).unwrap(), newer);
}

#[tokio::test]
async fn a_damaged_line_is_refused_with_its_number() {
    let folder = Folder::new();
    let (sim, till) = folder.start().await;
    for number in 1..=3 {
        till.sign(operation(number), SALE).await;
    }
    drop(sim);
    let text = fs::read_to_string(folder.path()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 4);
    let changed = lines[2].replace(&operation(2).to_string(), &operation(9).to_string());
    let damaged = [
        (3, vec![lines[0], lines[1], &changed, lines[3]]),
        (3, vec![lines[0], lines[1], lines[3]]),
        (3, vec![lines[0], lines[1], lines[1], lines[2], lines[3]]),
        (2, vec![lines[0], lines[2], lines[1], lines[3]]),
        (4, vec![lines[0], lines[1], lines[2], "", lines[3]]),
    ];
    for (number, lines) in damaged {
        fs::write(folder.path(), lines.join("\n") + "\n").unwrap();
        let error = refused(folder.builder().start().await.unwrap_err());
        let StoreError::Damaged { line, .. } = error else {
            panic!("{error}");
        };
        assert_eq!(line, number);
    }
    fs::write(folder.path(), lines.join("\n")).unwrap();
    let (sim, till) = folder.start().await;
    assert_eq!(sim.ledger().receipts().count(), 2);
    assert_eq!(till.sign(operation(3), SALE).await.status, 201);
}

/// A copy of the file at any moment is what a killed process leaves behind.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_answer_is_in_the_file_at_any_moment() {
    const SALES: u128 = 200;
    let folder = Folder::new();
    let (sim, till) = folder.start().await;
    let till = Arc::new(till);
    let mut sends = JoinSet::new();
    for number in 1..=SALES {
        let till = Arc::clone(&till);
        sends.spawn(async move {
            let signed = till.sign(operation(number), SALE).await;
            assert_eq!(signed.status, 201);
            (operation(number), signed.body)
        });
    }
    let mut answered = Vec::new();
    let mut copies = Vec::new();
    while let Some(signed) = sends.join_next().await {
        answered.push(signed.unwrap());
        if answered.len() % 20 == 0 {
            copies.push((answered.clone(), fs::read(folder.path()).unwrap()));
        }
    }
    drop(sim);
    assert_eq!(copies.len(), 10);
    for (answered, copy) in copies {
        fs::write(folder.path(), copy).unwrap();
        let (sim, _) = folder.start().await;
        let ledger = sim.ledger();
        ledger.receipts().exactly_once();
        let numbers = ledger
            .receipts()
            .iter()
            .map(|receipt| receipt.receipt_number);
        assert!(numbers.eq(1..=ledger.receipts().len() as u64));
        for (id, body) in answered {
            let receipts = ledger.receipts().of(id);
            assert_eq!(receipts.len(), 1);
            assert_eq!(receipts[0].response, body);
        }
    }
}

#[tokio::test]
async fn a_reset_empties_the_store() {
    let folder = Folder::new();
    let (sim, till) = folder.start().await;
    till.sign(operation(1), SALE).await;
    sim.reset().unwrap();
    sim.ledger().receipts().none();
    till.sign(operation(2), SALE).await;
    drop(sim);
    let (sim, _) = folder.start().await;
    sim.ledger().receipts().exactly_once_for([operation(2)]);
}

#[tokio::test]
async fn operations_stay_in_order_of_arrival_whatever_was_finished_first() {
    let folder = Folder::new();
    let start = "2026-06-01T10:00:00Z".parse().unwrap();
    let builder = || folder.builder().virtual_time(start);
    let shown = async |sim: &Simulator| {
        let path = format!("/v2/PeekJournalItem/{}/OperationItem", sim.queue_id());
        let items = Till::new(sim).ask(&path).send().await.unwrap();
        let items = Answer::of(items).await.json();
        let id = |item: &Value| item["cbOperationItemID"].as_str().unwrap().to_owned();
        items.as_array().unwrap().iter().map(id).collect::<Vec<_>>()
    };
    let sim = builder().start().await.unwrap();
    let till = Till::new(&sim);
    let payment = r#"{"Action":"payment","Protocol":"use_auto","cbPayItem":{"Description":"Card","Amount":30000.60}}"#;
    let mut paying = tokio::spawn(till.post("/v2/pay", operation(9), payment).send());
    sim.arrivals_while(1, &mut paying).await.unwrap();
    till.sign(operation(1), SALE).await;
    sim.advance(Duration::from_secs(60)).unwrap();
    assert_eq!(paying.await.unwrap().unwrap().status(), 201);
    till.sign(operation(5), SALE).await;
    let order = [9, 1, 5].map(|number| operation(number).to_string());
    assert_eq!(shown(&sim).await, order);
    sim.shutdown().await;
    let sim = builder().start().await.unwrap();
    assert_eq!(shown(&sim).await, order);
    Till::new(&sim).sign(operation(2), SALE).await;
    assert_eq!(shown(&sim).await[3], operation(2).to_string());
}
