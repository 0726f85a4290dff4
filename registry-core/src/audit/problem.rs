//! What a verification can find.

use std::fmt;

/// What is wrong with an audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuditProblem {
    /// The line is no canonical record or checkpoint.
    Malformed {
        /// Its number, from 1.
        line: u64,
    },
    /// The record does not have its hash.
    Edited {
        /// The record.
        sequence: u64,
    },
    /// The record does not follow the one before it.
    Unlinked {
        /// The record.
        sequence: u64,
    },
    /// Records are missing.
    Missing {
        /// The first of them.
        from: u64,
        /// The last of them.
        to: u64,
    },
    /// The record has a number that was passed already: it was inserted, repeated, or moved.
    OutOfOrder {
        /// The record.
        sequence: u64,
    },
    /// The checkpoint is not signed by its key, or not by the key that was given.
    Unsigned {
        /// The record that it is of.
        sequence: u64,
    },
    /// The checkpoint names another hash than the record has.
    Rewritten {
        /// The record.
        sequence: u64,
    },
    /// The checkpoint says that the log starts there, and it does not.
    StartWithin {
        /// The record that it is of.
        sequence: u64,
    },
    /// The log begins at a checkpoint that is no start, and no signed end says that it was taken from there.
    Headless {
        /// The first record that is here.
        first: u64,
    },
    /// The signed end says that the log was taken from another record on than it begins with.
    Beheaded {
        /// The first record that should be here by what it begins with.
        first: u64,
        /// The first one by what was signed.
        known: u64,
    },
    /// The key changed, and the old one did not confirm the new one.
    KeyChanged {
        /// The record of the first checkpoint with the new key.
        sequence: u64,
    },
    /// There is neither a signed end nor an anchor, so the last records may be missing.
    Endless,
    /// A checkpoint or an anchor names a record beyond the last one.
    Truncated {
        /// The last record that is here.
        last: u64,
        /// A record that there was.
        known: u64,
    },
}

impl fmt::Display for AuditProblem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed { line } => write!(out, "line {line} is no canonical record or checkpoint"),
            Self::Edited { sequence } => write!(out, "record {sequence} does not have its hash: it was edited"),
            Self::Unlinked { sequence } => write!(out, "record {sequence} does not follow the one before it"),
            Self::Missing { from, to } if from == to => write!(out, "record {from} is missing"),
            Self::Missing { from, to } => write!(out, "records {from} to {to} are missing"),
            Self::OutOfOrder { sequence } => {
                write!(out, "record {sequence} is out of order: it was inserted, repeated or moved")
            }
            Self::Unsigned { sequence } => {
                write!(out, "the checkpoint of record {sequence} is not signed by the expected key")
            }
            Self::Rewritten { sequence } => {
                write!(out, "record {sequence} is not the one that its checkpoint names: history was rewritten")
            }
            Self::StartWithin { sequence } => {
                write!(out, "the log is said to start after record {sequence}, and it does not")
            }
            Self::Headless { first } => write!(
                out,
                "the log begins with record {first}, and neither a signed start nor a signed end says so: \
                 the records before it may have been cut off"
            ),
            Self::Beheaded { first, known } => {
                write!(out, "the log begins with record {first}, but it was signed from record {known} on")
            }
            Self::KeyChanged { sequence } => write!(
                out,
                "the key of the checkpoint of record {sequence} is new, and the old one did not confirm it"
            ),
            Self::Endless => out.write_str(
                "the log has no signed end, and no anchor was given: its last records may be missing",
            ),
            Self::Truncated { last, known } => {
                write!(out, "the log ends with record {last}, but there was a record {known}")
            }
        }
    }
}
