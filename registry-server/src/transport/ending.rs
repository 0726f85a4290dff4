//! How a connection learns that the server ends.
//!
//! hyper-util has a way, in which each wake of a connection asks a channel and takes its lock: a fortieth of what a kept
//! answer costs. Here it compares a waker and loads a flag.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// The word to one connection that it should end.
#[derive(Debug, Default)]
pub(super) struct Ending {
    is_told: AtomicBool,
    task: Mutex<Option<Waker>>,
}

impl Ending {
    /// Says it.
    pub(super) fn tell(&self) {
        self.is_told.store(true, Ordering::SeqCst);
        if let Some(task) = self.task().take() {
            task.wake();
        }
    }

    /// Waits for it.
    pub(super) fn told(&self) -> impl Future<Output = ()> {
        let mut known = None;
        poll_fn(move |task| match self.is_told(&mut known, task) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        })
    }

    /// Runs a connection. Once the word is there, `finish` tells it to end behind what it is about.
    pub(super) fn heed<C: Future>(
        &self,
        mut connection: Pin<&mut C>,
        finish: fn(Pin<&mut C>),
    ) -> impl Future<Output = C::Output> {
        let (mut known, mut is_finishing) = (None, false);
        poll_fn(move |task| {
            if !is_finishing && self.is_told(&mut known, task) {
                finish(connection.as_mut());
                is_finishing = true;
            }
            connection.as_mut().poll(task)
        })
    }

    /// Whether it was said; if not, this task is woken when it is. `known` is the waker that was left here.
    fn is_told(&self, known: &mut Option<Waker>, task: &Context<'_>) -> bool {
        let waker = task.waker();
        if !known.as_ref().is_some_and(|known| known.will_wake(waker)) {
            *self.task() = Some(waker.clone());
            *known = Some(waker.clone());
        }
        // After the waker is left: who says it meanwhile finds the waker, or is seen here.
        self.is_told.load(Ordering::SeqCst)
    }

    fn task(&self) -> MutexGuard<'_, Option<Waker>> {
        self.task.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
