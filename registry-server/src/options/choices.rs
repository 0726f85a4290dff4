//! Settings that are one of a few words.

/// The form of a log line.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines, one object a line.
    Json,
}

/// Where governance documents come from.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum PolicySource {
    /// Requests to `/governance/v1`.
    Api,
    /// A folder that is watched.
    Dir,
    /// Nowhere: a plain registry, whatever the store holds.
    None,
}
