//! HTTP as the servers speak it: routes, headers, answers, problems, and sockets that break.

pub(crate) mod call;
pub(crate) mod connection;
mod delivery;
mod drip;
pub(crate) mod problem;
pub(crate) mod reply;
pub(crate) mod route;
pub(crate) mod server;
