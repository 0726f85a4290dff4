//! Who may change which document: several repositories may put theirs in force on one registry, and none of them
//! changes what another one manages, unless it says that it takes it over.

use std::collections::BTreeMap;

use compat_rules::policy::{Document, DocumentFault, Kind};

use crate::Error;
use crate::policy::PolicyClaim;

/// The documents that are in force afterwards: those sent, and those that the claim leaves alone.
///
/// Without a manager the documents sent are all that there are. With one they are all of *its* documents that are to
/// change; what it manages and does not send any more goes only if it prunes.
pub(super) fn documents_under(
    claim: &PolicyClaim,
    sent: &[Document],
    in_force: Vec<Document>,
) -> Result<Vec<Document>, Error> {
    let mut whole = sent.to_vec();
    if let Some(manager) = &claim.manager {
        must_be_name(manager)?;
        for document in &mut whole {
            document.set_manager(manager.clone());
        }
    }
    let sent: BTreeMap<(Kind, &str), &Document> = whole
        .iter()
        .map(|document| ((document.kind(), document.name()), document))
        .collect();
    let (mut kept, mut foreign) = (Vec::new(), Vec::new());
    for standing in in_force {
        let manager = standing.metadata().managed_by.as_deref();
        let change = sent.get(&(standing.kind(), standing.name())).copied();
        let is_anothers = match (change, &claim.manager) {
            (Some(change), _) if *change == standing => false,
            (Some(change), _) => {
                manager.is_some() && manager != change.metadata().managed_by.as_deref()
            }
            (None, None) => manager.is_some(),
            (None, Some(own)) => {
                if !(claim.prunes && manager == Some(own)) {
                    kept.push(standing);
                }
                continue;
            }
        };
        if is_anothers && !claim.takes_over {
            let manager = manager.unwrap_or_default();
            let (kind, name) = (standing.kind().as_str(), standing.name());
            foreign.push(format!("{kind} {name} by {manager}"));
        }
    }
    if !foreign.is_empty() {
        return Err(Error::PoliciesManagedElsewhere(foreign));
    }
    whole.extend(kept);
    Ok(whole)
}

/// It becomes a part of documents, and is shown in one line.
fn must_be_name(manager: &str) -> Result<(), Error> {
    const BYTES_MAX: usize = 256;
    if (1..=BYTES_MAX).contains(&manager.len()) && !manager.chars().any(char::is_control) {
        return Ok(());
    }
    Err(Error::InvalidPolicies(vec![DocumentFault {
        file: String::new(),
        place: None,
        document: String::new(),
        path: "manager".to_owned(),
        message: "a name of 1 to 256 bytes in one line, such as git:acme/event-governance"
            .to_owned(),
    }]))
}
