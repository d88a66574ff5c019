//! One holder alone behaves as the store in memory does.

use pos_system_api::store::{
    Claim, Durability, MemoryStore, OperationStore, Row, Selection, Stage, StoreError, Write,
};
use uuid::Uuid;

use crate::database::{Database, row};

/// Numbers that look random and are the same in each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// Few ids and queues, so that they meet.
fn any_id(numbers: &mut Numbers) -> Uuid {
    Uuid::from_u128(u128::from(1 + numbers.below(8)))
}

fn any_queue(numbers: &mut Numbers) -> String {
    format!("till {}", numbers.below(2))
}

async fn any_write(numbers: &mut Numbers, memory: &MemoryStore) -> Write {
    let id = any_id(numbers);
    let stage = Stage::ALL[usize::try_from(numbers.below(8)).unwrap()];
    let stored = memory.row(id).await.unwrap();
    let mut written = stored.unwrap_or_else(|| row(id.as_u128()));
    written.stage = stage;
    written.parked = numbers.below(5) == 0;
    written.changed_unix_ms = i64::try_from(numbers.below(20)).unwrap() - 10;
    if numbers.below(2) == 0 {
        written.queue = any_queue(numbers);
        written.answer = Some(vec![0, 255, 7].into());
        return Write::Insert(written);
    }
    if numbers.below(6) > 0 {
        written.revision += 1;
    }
    if stage == Stage::Purged {
        written.body = None;
    } else if numbers.below(3) == 0 {
        written.body = Some(vec![1; usize::try_from(numbers.below(5000)).unwrap()].into());
    }
    Write::Update(written)
}

fn said<T>(result: Result<T, StoreError>) -> Result<T, pos_system_api::store::StoreErrorKind> {
    result.map_err(|error| error.kind())
}

async fn pages(store: &dyn OperationStore, numbers: &mut Numbers) -> Vec<Vec<Row>> {
    let queue = (numbers.below(2) == 0).then(|| any_queue(numbers));
    let selections = [
        Selection::All,
        Selection::Open {
            queue: queue.clone(),
        },
        Selection::Untaken { queue },
        Selection::EndedBefore {
            unix_ms: i64::try_from(numbers.below(20)).unwrap() - 10,
        },
    ];
    let (after, limit) = (numbers.below(5), u32::try_from(numbers.below(9)).unwrap());
    let mut pages = Vec::new();
    for selection in selections {
        pages.push(store.page(selection, after, limit).await.unwrap());
    }
    pages
}

#[tokio::test]
async fn one_holder_behaves_as_the_store_in_memory() {
    let Some(database) = Database::new().await else {
        return;
    };
    for seed in 0..12 {
        database.run("DROP SCHEMA IF EXISTS {s} CASCADE").await;
        let store = database.open().await;
        let memory = MemoryStore::new();
        let mut numbers = Numbers(seed);
        for step in 0..120 {
            let at = format!("seed {seed}, step {step}");
            match numbers.below(10) {
                0..=4 => {
                    let mut writes = Vec::new();
                    for _ in 0..=numbers.below(3) {
                        writes.push(any_write(&mut numbers, &memory).await);
                    }
                    let durability = match numbers.below(2) {
                        0 => Durability::Synced,
                        _ => Durability::Lazy,
                    };
                    assert_eq!(
                        said(store.commit(writes.clone(), durability).await),
                        said(memory.commit(writes.clone(), durability).await),
                        "{at}: {writes:?}"
                    );
                }
                5 | 6 => {
                    let claim = match numbers.below(2) {
                        0 => Claim::Operation(any_id(&mut numbers)),
                        _ => Claim::Next {
                            queue: any_queue(&mut numbers),
                            before: None,
                        },
                    };
                    assert_eq!(
                        said(store.claim(claim.clone()).await),
                        said(memory.claim(claim.clone()).await),
                        "{at}: {claim:?}"
                    );
                }
                7 | 8 => {
                    let id = any_id(&mut numbers);
                    store.release(id);
                    memory.release(id);
                    let id = any_id(&mut numbers);
                    assert_eq!(
                        said(store.row(id).await),
                        said(memory.row(id).await),
                        "{at}: {id}"
                    );
                }
                _ => {
                    assert_eq!(
                        said(store.trim(i64::MAX).await),
                        said(memory.trim(i64::MAX).await),
                        "{at}"
                    );
                    let state = numbers.0;
                    let stored = pages(&store, &mut numbers).await;
                    numbers.0 = state;
                    assert_eq!(stored, pages(&memory, &mut numbers).await, "{at}");
                }
            }
        }
        assert_eq!(
            said(store.verify().await),
            said(memory.verify().await),
            "seed {seed}"
        );
        store.close().await;
    }
}
