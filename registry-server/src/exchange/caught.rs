//! Turns the panic of a future into an error.

use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

/// A future that is not polled again once it has panicked. What it shared with others is immutable or guarded,
/// so nothing is left half done.
pub(super) struct Caught<'f, F>(Pin<&'f mut F>);

impl<'f, F> Caught<'f, F> {
    pub(super) const fn new(future: Pin<&'f mut F>) -> Self {
        Self(future)
    }
}

impl<F: Future> Future for Caught<'_, F> {
    /// The output, or what the panic said.
    type Output = Result<F::Output, String>;

    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Self::Output> {
        let future = self.0.as_mut();
        match catch_unwind(AssertUnwindSafe(|| future.poll(task))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
            Err(panic) => Poll::Ready(Err(message(panic.as_ref()))),
        }
    }
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
        .to_owned()
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use super::*;

    #[tokio::test]
    async fn a_panic_becomes_what_it_said() {
        let number = 7;
        assert_eq!(
            Caught::new(pin!(async { panic!("no {number}") })).await,
            Err::<(), _>("no 7".to_owned())
        );
        assert_eq!(Caught::new(pin!(async { 1 })).await, Ok(1));
    }
}
