//! The overlay and the names of the crate `pos-system-api`, for clients generated elsewhere.

/// What the published document needs and no rule can know, as OpenAPI Overlay actions.
///
/// Actions whose target a document does not have are only noted, unless the run is strict.
pub const DEFAULT_OVERLAY: &str = include_str!("../defaults/overlay.yaml");

/// The canonical names of the published document. A document need not have all of them.
pub const DEFAULT_NAMES: &str = include_str!("../defaults/names.yaml");
