//! Ends connections that have gone silent.
//!
//! hyper could do it with a timer of its own, which it sets anew for each request: that costs a twentieth of what a kept
//! answer costs. Here a connection only notes the time by a coarse clock, and one task looks at all of them now and then.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::Request;
use hyper::body::{Body, Bytes};
use hyper::service::Service;
use tokio::task::AbortHandle;

use super::ending::Ending;
use crate::exchange::Exchange;
use crate::watch::Watched;

/// Parts of the time of silence by which the clock goes: so much later at most is a connection ended.
const TICKS: u32 = 8;

/// When a connection last did what it is there for, and whether it waits for us.
#[derive(Debug)]
pub(super) struct Pulse {
    /// In ticks, shared by all.
    clock: Arc<AtomicU32>,
    last: AtomicU32,
    /// The silence is ours: a request is being answered.
    is_answering: AtomicBool,
    /// By this it is told to end.
    pub(super) ending: Ending,
}

/// All open connections.
#[derive(Debug)]
pub(super) struct Pulses {
    clock: Arc<AtomicU32>,
    tick: Duration,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    last_number: u64,
    connections: BTreeMap<u64, (AbortHandle, Arc<Pulse>)>,
}

impl Pulse {
    /// Something came to its end: a request has been read, or a part of an answer has been sent.
    pub(super) fn beat(&self) {
        let now = self.clock.load(Ordering::Relaxed);
        self.last.store(now, Ordering::Relaxed);
    }

    /// Silence is no longer a reason to end this connection.
    pub(super) fn is_watched_elsewhere(&self) {
        self.is_answering.store(true, Ordering::Relaxed);
    }

    fn is_silent(&self, now: u32) -> bool {
        !self.is_answering.load(Ordering::Relaxed)
            && now.wrapping_sub(self.last.load(Ordering::Relaxed)) > TICKS
    }
}

impl Pulses {
    /// Connections that end after so long a silence.
    pub(super) fn new(silence: Duration) -> Arc<Self> {
        Arc::new(Self {
            clock: Arc::default(),
            tick: (silence / TICKS).max(Duration::from_millis(1)),
            open: Mutex::default(),
        })
    }

    /// Runs a connection until it ends or has been silent for too long.
    ///
    /// The connection holds what it is given until then. That is left to it because a future around another takes the
    /// room of both, for each connection.
    pub(super) fn spawn<C>(self: &Arc<Self>, connection: impl FnOnce(Arc<Pulse>, Leave) -> C)
    where
        C: Future<Output = ()> + Send + 'static,
    {
        let pulse = Arc::new(Pulse {
            clock: Arc::clone(&self.clock),
            last: AtomicU32::new(self.clock.load(Ordering::Relaxed)),
            is_answering: AtomicBool::new(false),
            ending: Ending::default(),
        });
        // Held until the connection is entered, so that it does not leave before.
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.last_number += 1;
        let number = open.last_number;
        let leave = Leave {
            pulses: Arc::clone(self),
            number,
        };
        let task = tokio::spawn(connection(Arc::clone(&pulse), leave));
        open.connections
            .insert(number, (task.abort_handle(), pulse));
    }

    /// Tells all connections to end.
    pub(super) fn end(&self) {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        for (_task, pulse) in open.connections.values() {
            pulse.ending.tell();
        }
    }

    /// Ends what is silent, without end itself.
    pub(super) async fn watch(&self) {
        let mut ticks = tokio::time::interval(self.tick);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let now = self.clock.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
            let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            for (task, pulse) in open.connections.values() {
                if pulse.is_silent(now) {
                    task.abort();
                }
            }
        }
    }
}

/// Takes a connection off the list when it ends, however that comes.
pub(super) struct Leave {
    pulses: Arc<Pulses>,
    number: u64,
}

impl Drop for Leave {
    fn drop(&mut self) {
        let open = &self.pulses.open;
        let mut open = open.lock().unwrap_or_else(PoisonError::into_inner);
        open.connections.remove(&self.number);
    }
}

/// The service of a connection, with the pulse that its requests keep up.
pub(super) struct Felt {
    front: Watched,
    pulse: Arc<Pulse>,
}

impl Felt {
    pub(super) const fn new(front: Watched, pulse: Arc<Pulse>) -> Self {
        Self { front, pulse }
    }
}

impl<B> Service<Request<B>> for Felt
where
    B: Body<Data = Bytes, Error: Into<axum::BoxError>> + Send + 'static,
{
    type Response = <Watched as Service<Request<B>>>::Response;
    type Error = <Watched as Service<Request<B>>>::Error;
    type Future = Answering;

    fn call(&self, request: Request<B>) -> Answering {
        self.pulse.beat();
        let exchange = self.front.call(request);
        // An answer that is there already leaves no silence.
        let waiting = matches!(exchange, Exchange::Routed(_)).then(|| {
            self.pulse.is_answering.store(true, Ordering::Relaxed);
            Waiting(Arc::clone(&self.pulse))
        });
        Answering {
            exchange,
            _waiting: waiting,
        }
    }
}

/// An exchange during which the silence of the connection does not count.
pub(super) struct Answering {
    exchange: Exchange,
    _waiting: Option<Waiting>,
}

struct Waiting(Arc<Pulse>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.beat();
        self.0.is_answering.store(false, Ordering::Relaxed);
    }
}

impl Future for Answering {
    type Output = <Exchange as Future>::Output;

    fn poll(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.get_mut().exchange).poll(task)
    }
}
