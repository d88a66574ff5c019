//! What happens at the server while a call is under way.

use std::fmt::Debug;

use pos_system_api_simulator::Simulator;
use tokio::sync::watch;

/// Sees the call that it stands beside.
pub(crate) struct UnderWay {
    /// What the call ended with.
    ended: watch::Receiver<Option<String>>,
}

impl UnderWay {
    /// Completes when so many requests have arrived since the simulator started. Fails the test
    /// when the call has ended and they have not: nobody is left who would send them.
    pub(crate) async fn arrivals(&self, simulator: &Simulator, count: usize) {
        let mut seen = self.ended.clone();
        let ended = async move { seen.wait_for(Option::is_some).await.unwrap().clone() };
        if let Err(ended) = simulator.arrivals_while(count, ended).await {
            panic!("the call ended before request {count} arrived: {ended:?}");
        }
    }
}

/// Awaits a call and, beside it, what happens meanwhile.
pub(crate) async fn meanwhile<C, S>(
    call: C,
    script: impl AsyncFnOnce(UnderWay) -> S,
) -> (C::Output, S)
where
    C: Future<Output: Debug>,
{
    let (ending, ended) = watch::channel(None);
    let call = async {
        let outcome = call.await;
        ending.send_replace(Some(format!("{outcome:?}")));
        outcome
    };
    tokio::join!(call, script(UnderWay { ended }))
}

/// Drops what is under way when that has happened. Fails the test if it ends before.
pub(crate) async fn dropped_when<T: Debug>(
    happened: impl Future<Output = ()>,
    under_way: impl IntoFuture<Output = T>,
) {
    tokio::select! {
        biased;
        () = happened => {}
        end = under_way.into_future() => panic!("it ended before: {end:?}"),
    }
}
