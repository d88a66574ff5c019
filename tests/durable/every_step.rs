//! Every step of what a till does: there the store fails, the process is killed, the power is cut, the call
//! is dropped, or the transport breaks. Whatever it is, the next start sets it right.

use std::pin::Pin;

use pos_system_api::client::Payment;
use pos_system_api::types::Amount;
use pos_system_api::{Outcome, durable::Forwarded};

use super::diary::{Diary, Program, Told};
use super::*;

type Steps = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What a program does: how it comes to be where it is, and what is broken at each step.
struct Flow {
    name: &'static str,
    before: fn(Program) -> Steps,
    steps: fn(Program) -> Steps,
}

/// How it goes on after trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// The same program goes on.
    SameProgram,
    /// The process was killed, and is started again.
    Restart,
    /// The power failed: what was not synced is gone.
    PowerLoss,
}

/// What goes wrong.
#[derive(Debug, Clone)]
enum Wrong {
    Nothing,
    /// At this call of the store.
    Store(usize, Trouble),
    /// With this request to the server.
    Transport(usize, Fault),
    /// When this request has arrived, while the server is at it.
    StoppedAt(usize),
}

impl Flow {
    /// Runs the flow, and checks what is left. Gives the number of calls of the store and of requests.
    async fn run(&self, wrong: Wrong, next: Next) -> (usize, usize) {
        let what = format!("{}: {wrong:?}, {next:?}", self.name);
        let simulator = Arc::new(simulator().await);
        let mut store = Arc::new(WatchedStore::default());
        let mut program = Program {
            client: till(&simulator, &store),
            simulator: Arc::clone(&simulator),
            diary: Arc::new(Diary::default()),
        };
        (self.before)(program.clone()).await;
        let (calls, requests) = (store.seen().len(), simulator.ledger().requests().len());
        let mut hold = None;
        match &wrong {
            Wrong::Nothing => {}
            Wrong::Store(call, trouble) => store.trouble_at(*call, *trouble),
            Wrong::Transport(request, fault) => {
                let harmless = Fault::WrongContentType {
                    content_type: "application/json; charset=utf-8".to_owned(),
                };
                let mut script = vec![harmless; *request];
                script.push(fault.clone());
                simulator.faults().script(script);
            }
            Wrong::StoppedAt(_) => {}
        }
        let stop = async {
            match &wrong {
                Wrong::StoppedAt(request) => {
                    simulator.arrivals(requests + request).await;
                    hold = Some(simulator.hold());
                    simulator.arrivals(requests + request + 1).await;
                }
                _ => store.stopped().await,
            }
        };
        tokio::select! {
            biased;
            () = stop => {}
            () = (self.steps)(program.clone()) => {}
        }
        drop(hold);
        let counts = (
            store.seen().len() - calls,
            simulator.ledger().requests().len() - requests,
        );
        store.heal();
        if next != Next::SameProgram {
            drop(program.client.clone());
            store = match next {
                Next::PowerLoss => store.after_power_loss().await,
                _ => store.after_kill().await,
            };
            program = program.restarted(&store);
        }
        program.drain(&what).await;
        program.assert_sound(&store, &what).await;
        counts
    }

    /// Breaks each step in each way.
    async fn break_each_step(&self) {
        let (calls, requests) = self.run(Wrong::Nothing, Next::Restart).await;
        assert!(calls > 0 && calls < 100, "{}: {calls}", self.name);
        for call in 0..calls {
            for (trouble, nexts) in [
                (Trouble::Full, &[Next::SameProgram][..]),
                (Trouble::FullFromHere, &[Next::Restart][..]),
                (Trouble::Failed { done: false }, &[Next::Restart][..]),
                // Killed before the call took place, and after.
                (
                    Trouble::Stopped { done: false },
                    &[Next::SameProgram, Next::Restart][..],
                ),
                (
                    Trouble::Stopped { done: true },
                    &[Next::SameProgram, Next::PowerLoss][..],
                ),
            ] {
                for next in nexts {
                    self.run(Wrong::Store(call, trouble), *next).await;
                }
            }
        }
        for request in 0..requests {
            for fault in [
                Fault::ResetBeforeCommit,
                Fault::ResetAfterCommit,
                Fault::CutBodyAfterCommit { bytes: 25 },
                is_away(),
                is_in_doubt(),
                Fault::StatusAfterCommit {
                    status: 503,
                    retry_after: Some(30),
                },
                refuses(),
            ] {
                self.run(Wrong::Transport(request, fault), Next::SameProgram)
                    .await;
            }
            for next in [Next::SameProgram, Next::Restart, Next::PowerLoss] {
                self.run(Wrong::StoppedAt(request), next).await;
            }
        }
    }
}

fn nothing(_: Program) -> Steps {
    Box::pin(async {})
}

/// Sales that are open, in each standing an operation can have.
async fn sell_offline(program: &Program, references: &[&str], fault: impl Fn() -> Fault) {
    for reference in references {
        program.simulator.faults().clear();
        // One for the first that was left behind, or for this one.
        program.simulator.faults().script([fault()]);
        let _ = program.sell(reference).await;
    }
    program.simulator.faults().clear();
}

/// The handle of what is open.
async fn open(program: &Program) -> Option<Handle> {
    let open = program.client.pending().await.ok()?;
    open.first()?.handle()
}

macro_rules! flows {
    ($($name:ident: $before:expr, $steps:expr;)*) => {
        $(
            #[tokio::test]
            async fn $name() {
                let flow = Flow {
                    name: stringify!($name),
                    before: $before,
                    steps: $steps,
                };
                flow.break_each_step().await;
            }
        )*
    };
}

flows! {
    two_sales: nothing, |program| Box::pin(async move {
        let _ = program.sell("S-1").await;
        let _ = program.sell("S-2").await;
    });
    a_sale_with_a_reset_before_the_commit: nothing, |program| Box::pin(async move {
        program.simulator.faults().script([Fault::ResetBeforeCommit]);
        let _ = program.sell("S-1").await;
    });
    a_sale_with_a_reset_after_the_commit: nothing, |program| Box::pin(async move {
        program.simulator.faults().script([Fault::ResetAfterCommit]);
        let _ = program.sell("S-1").await;
    });
    sales_made_offline_and_one_after_them: nothing, |program| Box::pin(async move {
        sell_offline(&program, &["S-1", "S-2"], is_away).await;
        let _ = program.sell("S-3").await;
    });
    a_forwarder: |program| Box::pin(async move {
        sell_offline(&program, &["S-1"], is_in_doubt).await;
        sell_offline(&program, &["S-2", "S-3"], is_away).await;
    }), |program| Box::pin(async move {
        let mut forwarder = program.client.forward().unwrap();
        while let Ok(Forwarded::Settled(_) | Forwarded::Parked(_)) = forwarder.next().await {}
    });
    a_recovery: |program| Box::pin(async move {
        sell_offline(&program, &["S-1"], is_in_doubt).await;
        sell_offline(&program, &["S-2"], is_away).await;
    }), |program| Box::pin(async move {
        let _ = program.client.recover().await;
        let _ = program.sell("S-3").await;
    });
    a_sale_handed_over_offline: |program| Box::pin(async move {
        sell_offline(&program, &["S-1"], is_away).await;
    }), |program| Box::pin(async move {
        let Some(handle) = open(&program).await else {
            return;
        };
        let _ = program.client.handed_over_offline(&handle).await;
        let _ = program.sell("S-2").await;
    });
    a_sale_in_doubt_handed_over_offline: |program| Box::pin(async move {
        sell_offline(&program, &["S-1"], is_in_doubt).await;
    }), |program| Box::pin(async move {
        let Some(handle) = open(&program).await else {
            return;
        };
        let _ = program.client.handed_over_offline(&handle).await;
        let _ = program.sell("S-2").await;
    });
    an_abandoned_sale: |program| Box::pin(async move {
        sell_offline(&program, &["S-1"], is_in_doubt).await;
    }), |program| Box::pin(async move {
        let Some(handle) = open(&program).await else {
            return;
        };
        let _ = program.abandon(handle.operation_id()).await;
        let _ = program.sell("S-2").await;
    });
    a_refused_token_and_a_better_one: nothing, |program| Box::pin(async move {
        program.simulator.faults().script([refuses()]);
        let refused = program.sell("S-1").await;
        let _ = program.sell("S-2").await;
        if let Err(error) = refused && let Some(handle) = error.handle() {
            let _ = program.call(program.client.resume::<Signed>(handle)).await;
        }
    });
    a_sale_the_server_rejects: nothing, |program| Box::pin(async move {
        program.simulator.faults().script([Fault::FiscalError]);
        let _ = program.sell("S-1").await;
    });
    a_resumed_sale: |program| Box::pin(async move {
        sell_offline(&program, &["S-1"], is_away).await;
    }), |program| Box::pin(async move {
        let Some(handle) = open(&program).await else {
            return;
        };
        let call = program.client.resume::<Signed>(handle.clone());
        let _ = program.call(call.with_deadline(ATTEMPT_TIMEOUT)).await;
        // Settled, it is not sent again.
        let _ = program.call(program.client.resume::<Signed>(handle)).await;
    });
    a_payment_whose_answer_was_lost: nothing, |program| Box::pin(async move {
        program.simulator.faults().script([Fault::ResetAfterCommit]);
        let payment = Payment::new("Card", Amount::from_cents(800));
        let _ = program.call(program.client.pay(payment)).await;
        let _ = program.sell("S-1").await;
    });
    an_issued_sale: nothing, |program| Box::pin(async move {
        if let Ok(Outcome::Done(signed)) = program.sell("S-1").await {
            let _ = program.call(program.client.issue(&signed)).await;
        }
    });
    a_sale_of_the_generated_client: nothing, |program| Box::pin(async move {
        let request = sale("S-1").build().unwrap();
        let call = program.client.call();
        let answer = program.client.raw_with(&call).sign().body(request).send().await;
        if let Some(handle) = call.handle().filter(|_| answer.is_err()) {
            program.note(handle.operation_id(), Told::Unclear);
        }
        let _ = program.sell("S-2").await;
    });
    a_sale_acknowledged_by_the_program: |program| Box::pin(async move {
        let _ = program.sell("S-1").await;
    }), |program| Box::pin(async move {
        for record in program.client.recover().await.unwrap_or_default().finished {
            let _ = program.client.acknowledge(record.operation_id()).await;
        }
        let _ = program.sell("S-2").await;
    });
}
