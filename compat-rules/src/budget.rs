//! A bound on the work of one comparison.
//!
//! Matching combined schemas and walking recursive types can cost far more than the texts are long. Every step
//! of such a walk is paid for here, so that a hostile pair of schemas ends with an answer and never with a hang.

/// The steps that a comparison may still spend.
#[derive(Debug, Clone)]
pub struct Budget {
    steps_left: u64,
}

/// The comparison was given up because its [`Budget`] was spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the comparison of the two schemas takes too many steps")]
pub struct Exhausted;

impl Budget {
    /// The budget for one pair of schemas: about a second of work, several thousand times what real schemas take.
    pub const DEFAULT_STEPS: u64 = 2_000_000;

    /// A budget of that many steps.
    #[must_use]
    pub const fn steps(steps: u64) -> Self {
        Self { steps_left: steps }
    }

    /// Pays for one step.
    ///
    /// # Errors
    /// [`Exhausted`] when nothing is left.
    pub fn spend(&mut self) -> Result<(), Exhausted> {
        self.spend_many(1)
    }

    /// Pays for several steps at once.
    ///
    /// # Errors
    /// [`Exhausted`] when less than that is left.
    pub fn spend_many(&mut self, steps: u64) -> Result<(), Exhausted> {
        self.steps_left = self.steps_left.checked_sub(steps).ok_or(Exhausted)?;
        Ok(())
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self::steps(Self::DEFAULT_STEPS)
    }
}
