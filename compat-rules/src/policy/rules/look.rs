//! A rule that is a function of its parameters and the candidate: what most rules are.

use serde::de::DeserializeOwned;

use crate::policy::candidate::Candidate;
use crate::policy::finding::Found;
use crate::policy::rule::{self, BadParameters, Check, Parameters};

struct Look<P> {
    parameters: P,
    look: fn(&P, &Candidate<'_>, &mut Found),
}

impl<P: Send + Sync> Check for Look<P> {
    fn check(&self, candidate: &Candidate<'_>, found: &mut Found) {
        (self.look)(&self.parameters, candidate, found);
    }
}

/// Reads the parameters and leaves the rest to the function.
pub(super) fn with<P: DeserializeOwned + Send + Sync + 'static>(
    parameters: &Parameters,
    look: fn(&P, &Candidate<'_>, &mut Found),
) -> Result<Box<dyn Check>, BadParameters> {
    let parameters = rule::read::<P>(parameters)?;
    Ok(Box::new(Look { parameters, look }))
}

/// Makes something of the parameters first, such as compiled patterns, and leaves the rest to the function.
pub(super) fn with_made<P: DeserializeOwned, M: Send + Sync + 'static>(
    parameters: &Parameters,
    make: fn(P) -> Result<M, BadParameters>,
    look: fn(&M, &Candidate<'_>, &mut Found),
) -> Result<Box<dyn Check>, BadParameters> {
    let parameters = make(rule::read::<P>(parameters)?)?;
    Ok(Box::new(Look { parameters, look }))
}
