//! Why a simulator does not start.

use std::net::{IpAddr, SocketAddr};

use thiserror::Error;

use crate::store::StoreError;

/// Why a simulator did not start.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address is not a loopback address, and others were not allowed by
    /// [`SimulatorBuilder::allow_remote`](crate::SimulatorBuilder::allow_remote).
    #[error("the simulator binds to loopback addresses only, not to {address}")]
    NotLoopback {
        /// The refused address.
        address: IpAddr,
    },
    /// The market is not two ASCII letters.
    #[error("the market {market:?} is not two letters")]
    Market {
        /// The refused market.
        market: String,
    },
    /// The public URL is none that clients can open.
    #[error("the public URL {url:?} is not http or https with a host, and a path at most")]
    PublicUrl {
        /// The refused URL.
        url: String,
    },
    /// The store cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The access token is empty or cannot stand in an HTTP header.
    #[error("the access token is empty or cannot stand in an HTTP header")]
    AccessToken,
    /// The address and port could not be bound.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address and port.
        address: SocketAddr,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
}
