//! Starting, stopping and being repeatable.

use std::net::{IpAddr, TcpListener};
use std::sync::Arc;

use pos_system_api_simulator::{ManualClock, Profile, Simulator, StartError, Uuid};

use crate::till::{SALE, Till, operation};

#[tokio::test]
async fn only_loopback_addresses_are_bound() {
    for address in ["0.0.0.0", "192.0.2.1", "::", "2001:db8::1"] {
        let address: IpAddr = address.parse().unwrap();
        let refused = Simulator::builder()
            .address(address)
            .start()
            .await
            .unwrap_err();
        assert!(
            matches!(refused, StartError::NotLoopback { address: named } if named == address),
            "{refused}"
        );
    }
    let sim = Simulator::start().await.unwrap();
    assert!(
        sim.base_url().starts_with("http://127.0.0.1:"),
        "{}",
        sim.base_url()
    );
}

#[tokio::test]
async fn settings_that_cannot_work_are_refused() {
    let market = Simulator::builder()
        .market("AUT")
        .start()
        .await
        .unwrap_err();
    assert!(matches!(market, StartError::Market { market } if market == "AUT"));
    for token in ["", "two\r\nlines"] {
        let refused = Simulator::builder()
            .access_token(token)
            .start()
            .await
            .unwrap_err();
        assert!(matches!(refused, StartError::AccessToken));
    }
    let sim = Simulator::start().await.unwrap();
    let port = sim.base_url().rsplit(':').next().unwrap().parse().unwrap();
    let taken = Simulator::builder().port(port).start().await.unwrap_err();
    assert!(matches!(taken, StartError::Listen { address, .. } if address.port() == port));
}

#[tokio::test]
async fn the_cash_box_and_its_token_can_be_chosen_and_the_token_stays_hidden() {
    let id = Uuid::from_u128(0x6f1c_2d5e_0000_4000_8000_0000_0000_00c1);
    let builder = Simulator::builder()
        .cashbox_id(id)
        .access_token("canary-token");
    assert!(!format!("{builder:?}").contains("canary"));
    let sim = builder.start().await.unwrap();
    assert_eq!((sim.cashbox_id(), sim.access_token()), (id, "canary-token"));
    assert!(!format!("{sim:?} {:?}", sim.faults()).contains("canary"));
    let echo = Till::new(&sim).send("/echo", operation(1), "{}").await;
    assert_eq!(echo.status, 201);
}

#[tokio::test]
async fn the_same_seed_and_requests_give_the_same_answers() {
    let mut bodies = Vec::new();
    for seed in [7, 7, 8] {
        let moment = "2026-06-01T10:00:00Z".parse().unwrap();
        let builder = Simulator::builder().seed(seed).started(true);
        let sim = builder
            .clock(Arc::new(ManualClock::new(moment)))
            .start()
            .await
            .unwrap();
        let till = Till::new(&sim);
        let first = till.sign(operation(1), SALE).await;
        let second = till.sign(operation(2), SALE).await;
        assert_ne!(first.body, second.body);
        bodies.push((sim.cashbox_id(), sim.queue_id(), first.body, second.body));
    }
    assert_eq!(bodies[0], bodies[1]);
    assert_ne!(bodies[0].0, bodies[2].0);
    assert_ne!(bodies[0].1, bodies[2].1);
}

#[tokio::test]
async fn nothing_listens_after_shutdown() {
    let sim = Simulator::start().await.unwrap();
    let till = Till::new(&sim);
    assert_eq!(till.send("/echo", operation(1), "{}").await.status, 201);
    let address = sim.base_url().strip_prefix("http://").unwrap().to_owned();
    assert!(TcpListener::bind(&address).is_err());
    sim.shutdown().await;
    // Nothing is sent there: by now the port may belong to the simulator of another test.
    drop(TcpListener::bind(address).expect("the port is free"));
}

#[test]
fn profiles_are_read_and_written_by_name() {
    for (name, profile) in [
        ("cloud21", Profile::Cloud21),
        ("spec20", Profile::Spec20),
        ("local", Profile::Local),
        ("draft", Profile::Draft),
    ] {
        assert_eq!(name.parse::<Profile>().unwrap(), profile);
        assert_eq!(profile.to_string(), name);
    }
    let unknown = "cloud".parse::<Profile>().unwrap_err();
    assert!(unknown.to_string().contains("\"cloud\""));
}
