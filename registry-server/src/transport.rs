//! Sockets: one listener, a bounded number of connections, HTTP/1.1 and HTTP/2 on the same port, and an end that
//! lets running requests finish.
//!
//! The accept loop is our own because axum's has neither limits nor timeouts. What is said on a connection is
//! the business of `exchange.rs`.

mod connection;
mod ending;
mod pulse;
mod socket;

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use crate::app::{App, Counted};
use crate::watch::Watched;
use connection::Connections;
use pulse::Pulses;

/// Connections that the kernel holds for us until they are accepted.
const BACKLOG: i32 = 4096;

/// Pause after a failure to accept. It is of use when descriptors have run out, and does no harm otherwise.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// A bound listener.
pub struct Transport {
    listener: TcpListener,
    app: Arc<App>,
}

impl Transport {
    /// Binds the address of the options.
    pub fn bind(app: Arc<App>) -> io::Result<Self> {
        let listener = TcpListener::from_std(listen(app.options.listen)?)?;
        Ok(Self { listener, app })
    }

    /// The address that was bound.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves until `stop`, then lets running requests end, within their time.
    pub async fn run(self, front: impl Into<Watched>, stop: impl Future<Output = ()>) {
        let Self { listener, app } = self;
        let connections =
            Connections::new(&app.options, front.into(), app.metrics.unrouted.clone());
        let places_max = app.options.connections_max.clamp(1, Semaphore::MAX_PERMITS);
        let places_max = u32::try_from(places_max).unwrap_or(u32::MAX);
        let places = Arc::new(Semaphore::new(places_max as usize));
        let pulses = Pulses::new(Duration::from_millis(app.options.idle_timeout_ms));
        let accepting = async {
            loop {
                let Ok(place) = Arc::clone(&places).acquire_owned().await else {
                    return;
                };
                let stream = accepted(&listener).await;
                let open = Counted::new(&app.metrics.connections);
                pulses.spawn(|pulse, leave| {
                    let held = (place, open, leave);
                    connections.serve(stream, pulse, held)
                });
            }
        };
        tokio::select! {
            () = accepting => {}
            () = pulses.watch() => {}
            () = stop => {}
        }
        drop(listener);
        app.stop();
        pulses.end();
        let patience = Duration::from_millis(app.options.shutdown_timeout_ms);
        let all_have_left = places.acquire_many(places_max);
        if tokio::time::timeout(patience, all_have_left).await.is_err() {
            tracing::warn!("requests were still running when the time to end was over");
        }
    }
}

/// The next connection. Failures are of the connection, or pass: the loop goes on.
async fn accepted(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _peer)) => return stream,
            Err(error) => {
                tracing::warn!(cause = %error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

fn listen(address: SocketAddr) -> io::Result<std::net::TcpListener> {
    let socket = Socket::new(
        Domain::for_address(address),
        Type::STREAM,
        Some(Protocol::TCP),
    )?;
    // A restart must not wait for the connections of the process before.
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

#[cfg(test)]
mod tests;
