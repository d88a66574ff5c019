//! A generated client brings the hooks that hand its requests to the runtime.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use pos_system_api_codegen::{Pipeline, Targets};

fn client(targets: Targets) -> String {
    Pipeline::new(include_str!("documents/shop.yaml"), "shop.yaml")
        .with_targets(targets)
        .generate()
        .unwrap()
        .client
}

#[test]
fn they_are_on_the_call_of_the_targets() {
    for (targets, call) in [
        (Targets::default(), "crate::runtime::Call"),
        (
            Targets::for_dependent_crate(),
            "::pos_system_api::runtime::Call",
        ),
    ] {
        let client = client(targets);
        let hooks = format!("impl ClientHooks<{call}> for Client {{");
        assert_eq!(client.matches(&hooks).count(), 1, "{hooks}");
    }
}

#[test]
fn they_pass_on_the_table_of_operations() {
    let client = client(Targets::for_dependent_crate());
    assert!(client.contains("self.inner.pre(request, info, operations::ALL)"));
    assert!(client.contains("self.inner.exec(request, info, operations::ALL).await"));
}
