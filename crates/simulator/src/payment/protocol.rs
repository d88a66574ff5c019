//! The names of the protocols between the service and a payment terminal.

/// Takes whatever the terminal is configured for.
const AUTO: &str = "use_auto";
const FIRST: &str = "use_first";

/// The provider of the sandbox, and the one that stands behind every simulated terminal.
pub(crate) const TEST: &str = "test";

/// What a terminal for every protocol takes. Left out are names that mean no protocol, dead and
/// disabled ones, and those that are there for the debugging of the service.
const SERVED: [&str; 9] = [
    "gp_softpos_gptom",
    "gp_mpas",
    "payone_softpos_wpi",
    "viva_eft_pos_instore",
    "viva_eft_pos",
    "hobexecr",
    "softpayio",
    "shift4",
    TEST,
];

pub(crate) fn is_automatic(protocol: &str) -> bool {
    matches!(protocol, AUTO | FIRST)
}

/// The name itself, when the service serves it.
pub(crate) fn served_name(protocol: &str) -> Option<&'static str> {
    SERVED.into_iter().find(|served| *served == protocol)
}
