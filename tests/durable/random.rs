//! Random days of a till: whatever breaks, in whatever order, every receipt is signed once.

use pos_system_api::durable::Forwarded;
use pos_system_api::uuid::Uuid;
use proptest::prelude::*;

use super::diary::{Diary, Program};
use super::*;

/// What happens next.
#[derive(Debug, Clone)]
enum Event {
    /// A sale, at which this goes wrong.
    Sale(Option<Fault>),
    /// The program goes on with one of the operations it knows of.
    Resume(usize),
    Abandon(usize),
    HandOver(usize),
    Recover,
    Forward,
    /// A call of the store from here fails or never returns.
    Trouble(usize, Trouble),
    /// The program is started again, after it was killed or after the power failed.
    Restart {
        power_failed: bool,
    },
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        Just(Fault::ResetBeforeCommit),
        Just(Fault::ResetAfterCommit),
        Just(Fault::CutBodyAfterCommit { bytes: 30 }),
        Just(is_away()),
        Just(is_in_doubt()),
        Just(Fault::StatusAfterCommit {
            status: 503,
            retry_after: Some(30),
        }),
        Just(refuses()),
        Just(Fault::FiscalError),
        Just(Fault::NullBody),
    ]
}

fn trouble() -> impl Strategy<Value = Trouble> {
    prop_oneof![
        Just(Trouble::Full),
        Just(Trouble::FullFromHere),
        any::<bool>().prop_map(|done| Trouble::Failed { done }),
        any::<bool>().prop_map(|done| Trouble::Stopped { done }),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        5 => proptest::option::of(fault()).prop_map(Event::Sale),
        2 => any::<usize>().prop_map(Event::Resume),
        1 => any::<usize>().prop_map(Event::Abandon),
        2 => any::<usize>().prop_map(Event::HandOver),
        1 => Just(Event::Recover),
        1 => Just(Event::Forward),
        2 => (0..8_usize, trouble()).prop_map(|(call, trouble)| Event::Trouble(call, trouble)),
        1 => any::<bool>().prop_map(|power_failed| Event::Restart { power_failed }),
    ]
}

/// What is open, as the program can learn it.
async fn open(program: &Program, which: usize) -> Option<(Uuid, Handle)> {
    let open = program.client.pending().await.ok()?;
    let record = open.get(which.checked_rem(open.len())?)?;
    Some((record.operation_id(), record.handle()?))
}

async fn happen(program: Program, event: Event, number: usize) {
    match event {
        Event::Sale(fault) => {
            program.simulator.faults().script(fault);
            let _ = program.sell(&format!("S-{number}")).await;
        }
        Event::Resume(which) => {
            if let Some((_, handle)) = open(&program, which).await {
                let call = program.client.resume::<Signed>(handle);
                let _ = program.call(call.with_deadline(ATTEMPT_TIMEOUT)).await;
            }
        }
        Event::Abandon(which) => {
            if let Some((id, _)) = open(&program, which).await {
                let _ = program.abandon(id).await;
            }
        }
        Event::HandOver(which) => {
            if let Some((_, handle)) = open(&program, which).await {
                let _ = program.client.handed_over_offline(&handle).await;
            }
        }
        Event::Recover => {
            let _ = program.client.recover().await;
        }
        Event::Forward => {
            let mut forwarder = program.client.forward().unwrap();
            while let Ok(Forwarded::Settled(_) | Forwarded::Parked(_)) = forwarder.next().await {}
        }
        Event::Trouble(..) | Event::Restart { .. } => {}
    }
}

async fn day(events: Vec<Event>) {
    let what = format!("{events:?}");
    let simulator = Arc::new(simulator().await);
    let mut store = Arc::new(WatchedStore::default());
    let mut program = Program {
        client: till(&simulator, &store),
        simulator: Arc::clone(&simulator),
        diary: Arc::new(Diary::default()),
    };
    for (number, event) in events.into_iter().enumerate() {
        let restart = match &event {
            Event::Trouble(call, trouble) => {
                store.trouble_at(*call, *trouble);
                None
            }
            Event::Restart { power_failed } => Some(*power_failed),
            _ => tokio::select! {
                biased;
                () = store.stopped() => Some(number % 2 == 0),
                () = happen(program.clone(), event, number) => None,
            },
        };
        if let Some(power_failed) = restart {
            store = if power_failed {
                store.after_power_loss().await
            } else {
                store.after_kill().await
            };
            program = program.restarted(&store);
        }
    }
    store = store.after_kill().await;
    program = program.restarted(&store);
    program.drain(&what).await;
    program.assert_sound(&store, &what).await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn whatever_breaks_each_receipt_is_signed_once(
        events in proptest::collection::vec(event(), 1..12)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(day(events));
    }
}
