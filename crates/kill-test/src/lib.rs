//! What the till that is killed and the test that kills it both know: where the store is, and the lines by
//! which the till tells what it does.

mod event;
mod place;

pub use event::Event;
pub use place::Place;
