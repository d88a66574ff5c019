//! The simulator seen from outside, over real sockets.

mod faults;
mod headers;
mod issue;
mod operation;
mod queue;
mod start;
mod till;
mod validation;
