//! Restarting a local server.

use pos_system_api::client::Echoed;

use crate::support::client::{client_of, done};
use crate::support::clock::ATTEMPT_TIMEOUT;
use crate::{PROFILES, simulator};
use pos_system_api_simulator::Profile;

#[tokio::test]
async fn an_echo_of_nothing_restarts_the_local_server() {
    for profile in PROFILES {
        let simulator = simulator(profile).await;
        let (client, _) = client_of(&simulator);
        let call = client.restart_local().with_attempt_timeout(ATTEMPT_TIMEOUT);
        let echoed: Echoed = done(call.await);
        assert_eq!(echoed.message, None, "{profile}");
        let ledger = simulator.ledger();
        assert_eq!(
            ledger.requests()[0].body,
            r#"{"Message":null}"#,
            "{profile}"
        );
        let restarts = u64::from(profile == Profile::Local);
        assert_eq!(ledger.restarts(), restarts, "{profile}");
    }
}
