//! A port for a server that is yet to be started.
//!
//! Looking for a free port and letting it go leaves a while until the server has it. Whoever looks meanwhile may be
//! given the same one, and of two tests with one port the later takes the server of the other for its own.

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::{Context, Result};
use socket2::{Domain, Protocol, Socket, Type};

/// A port on the loopback interface that nobody else is given while this lives. Nobody listens there until a server
/// does that is told to.
#[derive(Debug)]
pub struct Port {
    address: SocketAddr,
    _held: Socket,
}

impl Port {
    /// Any free port.
    pub fn any() -> Result<Self> {
        let held = Socket::new(Domain::IPV4, Type::STREAM, Some(Protocol::TCP))?;
        held.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())
            .context("looking for a free port")?;
        // After the port was chosen, or it could be one that another test holds. From here on a server may listen
        // there, since it sets the option, too, and this socket never listens.
        held.set_reuse_address(true)?;
        let address = held.local_addr()?.as_socket();
        Ok(Self {
            address: address.context("a port of an address that is none")?,
            _held: held,
        })
    }

    /// Where it is.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}
