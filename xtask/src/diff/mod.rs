//! What differs between two documents for those who use a client of them.
//!
//! Spelling does not count: references or inline schemas, `allOf` around one schema, the order and
//! number of JSON media types, 200 or 201 with one schema, descriptions, examples, tags.
//!
//! | Change | Request | Response |
//! |---|---|---|
//! | operation added / removed / moved to another path or method | additive / breaking / breaking | |
//! | operationId, deprecation, name of a schema | none | none |
//! | parameter added: optional / required | additive / breaking | |
//! | parameter removed, in another location, query parameter spelled in another way | breaking | |
//! | path parameter renamed: in spelling only / otherwise | none / breaking | |
//! | parameter or body: optional to required / required to optional | breaking / additive | |
//! | body added: optional / required; body removed | additive / breaking; breaking | breaking |
//! | media type added / removed (all JSON types are one) | additive / breaking | additive / breaking |
//! | member added: optional / required | additive / breaking | additive |
//! | member removed (a rename is a removal and an addition) | breaking | breaking |
//! | member required and never null, before: to optional or nullable | additive | none, `ftState`: breaking |
//! | member optional or nullable, before: to required and never null | breaking | none, `ftState`: additive |
//! | null for a whole body, or an element of a body that is a list: allowed / forbidden | additive / breaking | breaking / additive |
//! | null for what the list or map of a member holds: allowed / forbidden | additive / breaking | none |
//! | type changed; `$ref` to nothing | breaking | breaking |
//! | number, double, decimal text, `oneOf` of numbers; text formats other than uuid, moment, bytes | none | none |
//! | enumeration value added / removed | additive / breaking | additive / breaking |
//! | text to enumeration or back | breaking | breaking |
//! | list of other values than texts: narrowed / widened | breaking / additive | none |
//! | alternative added / removed | additive / breaking | breaking / breaking |
//! | limits (length, range, pattern): narrowed / widened | breaking / additive | none |
//! | default changed / added or removed | breaking / none | none |
//! | success: other statuses with the same schema | | none |
//! | success: with and without body, JSON and bytes | | breaking |
//! | error status added / removed | | additive / none |
//! | error body added / removed | | additive / breaking |
//! | credentials beyond those of the facade: needed / no longer | breaking / additive | |
//!
//! Three of these rest on promises of this crate: enumerations are open, members of answers are
//! optional on reading except the indispensable ones of `names.yaml`, and nulls in the lists of members
//! are left out. A whole answer inside a
//! request, as `/issue` has it, is passed on unread, and judged as the answer it is. The Rust names of
//! schemas without a role in `names.yaml` are not judged here: `api/client.txt` shows them.

mod body;
mod change;
mod limits;
mod markdown;
mod operation;
mod parameter;
mod rules;
mod schema;
mod security;
mod shape;
mod verdict;

pub use change::{Change, Changes, Direction};
pub use rules::Rules;
pub use verdict::Verdict;

pub(crate) use operation::count as operation_count;

use crate::document::Document;

/// Compares two documents, under the rules of the table of names.
#[must_use]
pub fn diff(old: &Document, new: &Document, rules: &Rules) -> Changes {
    let mut comparison = schema::Comparison::new(old, new, rules);
    operation::compare(&mut comparison);
    comparison.finish()
}
