//! The newest hash of the chain, signed.

use serde::Serialize;

use crate::Timestamp;

use super::key::{PublicKey, SigningKeys};
use super::{hex, unhex};

/// What precedes the text that is signed.
const DOMAIN: &str = "concord-audit-checkpoint-v1\0";

/// How the chain stood at a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The record.
    pub sequence: u64,
    /// Its hash.
    pub hash: [u8; 32],
    /// How many records there were since the checkpoint before.
    pub count: u64,
    /// When it was made, in RFC 3339.
    pub time: String,
    /// The name of the process that made it.
    pub node: String,
    /// The key that signed it.
    pub key: PublicKey,
    /// What it is for.
    pub role: CheckpointRole,
}

/// What a checkpoint is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckpointRole {
    /// It is made from time to time.
    Regular,
    /// The log starts after it: the records up to it, as many as it counts, were removed when their time was over.
    Start,
    /// An export ends with it.
    End {
        /// The record after which the export begins, 0 for the first; an earlier Concord did not say.
        after: Option<u64>,
    },
}

/// A checkpoint that somebody answers for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCheckpoint {
    /// What is signed.
    pub checkpoint: Checkpoint,
    /// The line in which it is kept and exported.
    pub line: String,
}

/// The canonical text of a checkpoint; the order of the fields is that of their names.
#[derive(Serialize)]
struct Text<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<String>,
    count: String,
    end: &'static str,
    hash: String,
    key: String,
    node: &'a str,
    sequence: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<&'static str>,
    time: &'a str,
}

impl Checkpoint {
    fn text(&self) -> String {
        let (after, end, start) = match self.role {
            CheckpointRole::Regular => (None, "no", None),
            CheckpointRole::Start => (None, "no", Some("yes")),
            CheckpointRole::End { after } => (after, "yes", None),
        };
        let text = Text {
            after: after.map(|after| after.to_string()),
            count: self.count.to_string(),
            end,
            hash: hex(&self.hash),
            key: self.key.to_string(),
            node: &self.node,
            sequence: self.sequence.to_string(),
            start,
            time: &self.time,
        };
        serde_json::to_string(&text).expect("texts become JSON")
    }

    /// Signs it; a predecessor of the key confirms it if it is at hand.
    pub(crate) fn sign(
        self,
        keys: &SigningKeys,
        predecessor: Option<PublicKey>,
    ) -> SignedCheckpoint {
        let text = self.text();
        let message = format!("{DOMAIN}{text}");
        let confirmed = predecessor.and_then(|predecessor| {
            let signature = keys.sign_as(predecessor, message.as_bytes())?;
            Some(format!(
                r#""confirmed":{{"key":"{predecessor}","signature":"{}"}},"#,
                hex(&signature)
            ))
        });
        let line = format!(
            r#"{{"checkpoint":{text},{}"signature":"{}"}}"#,
            confirmed.unwrap_or_default(),
            hex(&keys.sign(message.as_bytes()))
        );
        SignedCheckpoint {
            checkpoint: self,
            line,
        }
    }
}

impl SignedCheckpoint {
    /// Reads a line, whatever its signatures are worth.
    pub(crate) fn parse(line: String) -> Option<Self> {
        let checkpoint = read(&serde_json::from_str(&line).ok()?)?.checkpoint;
        Some(Self { checkpoint, line })
    }
}

/// What a line says, and who vouches for it.
pub(super) struct Read {
    pub(super) checkpoint: Checkpoint,
    pub(super) is_signed: bool,
    /// The earlier key that confirmed it, if its signature holds.
    pub(super) confirmed_by: Option<PublicKey>,
}

/// Reads the members of a line; `None` when they are not those of a checkpoint.
pub(super) fn read(line: &serde_json::Value) -> Option<Read> {
    let inner = line.get("checkpoint")?;
    let text = |name| inner.get(name)?.as_str();
    let role = match (text("end")?, inner.get("start")) {
        ("yes", _) => CheckpointRole::End {
            after: match inner.get("after") {
                Some(after) => Some(after.as_str()?.parse().ok()?),
                None => None,
            },
        },
        (_, Some(start)) if start == "yes" => CheckpointRole::Start,
        _ => CheckpointRole::Regular,
    };
    let checkpoint = Checkpoint {
        sequence: text("sequence")?.parse().ok()?,
        hash: unhex(text("hash")?)?,
        count: text("count")?.parse().ok()?,
        time: text("time")?.to_owned(),
        node: text("node")?.to_owned(),
        key: PublicKey::parse(text("key")?).ok()?,
        role,
    };
    let message = format!("{DOMAIN}{inner}");
    let holds = |key: &PublicKey, of: &serde_json::Value| {
        let signature = of.get("signature").and_then(|value| unhex(value.as_str()?));
        signature.is_some_and(|signature| key.verifies(message.as_bytes(), &signature))
    };
    let confirmed_by = line.get("confirmed").and_then(|confirmed| {
        let key = PublicKey::parse(confirmed.get("key")?.as_str()?).ok()?;
        holds(&key, confirmed).then_some(key)
    });
    Some(Read {
        is_signed: holds(&checkpoint.key, line),
        checkpoint,
        confirmed_by,
    })
}

/// A moment as records show it.
pub(crate) fn shown(at: Timestamp) -> String {
    let at = jiff::Timestamp::from_millisecond(at.0).unwrap_or(jiff::Timestamp::MAX);
    format!("{at:.3}")
}
