//! Every setting of the server: one field is a flag, an environment variable and a key of the TOML file.
//!
//! A value is taken from the first of: flag, environment, file, properties, default. The doc line of a field is
//! its help text and its documentation. What the settings *do* belongs to the modules that read them.
//! Reading files is in [`mod@file`] and [`properties`].

mod by_text;
mod choices;
pub mod file;
pub mod layers;
pub mod properties;
pub mod response_headers;
mod retention;
pub mod subjects;

use std::net::SocketAddr;
use std::path::PathBuf;

pub use choices::{LogFormat, PolicySource};
use compat_rules::Level;
use response_headers::ResponseHeaders;
pub use retention::Retention;
use subjects::SubjectPatterns;

/// The settings of `concord serve`.
#[derive(Debug, Clone, PartialEq, clap::Args, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Options {
    /// Address and port to listen on.
    #[arg(
        long,
        env = "CONCORD_LISTEN",
        value_name = "ADDRESS",
        default_value = "127.0.0.1:8081"
    )]
    pub listen: SocketAddr,

    /// Directory of the store; made if it is missing.
    #[arg(
        long,
        env = "CONCORD_DATA_DIR",
        value_name = "DIR",
        default_value = "./data"
    )]
    pub data_dir: PathBuf,

    /// Form of the log lines; by default text on a terminal and JSON elsewhere.
    #[arg(
        long,
        env = "CONCORD_LOG_FORMAT",
        value_name = "FORMAT",
        help_heading = "Logging"
    )]
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub log_format: Option<LogFormat>,

    /// What to log: a level (error, warn, info, debug, trace), or levels by module as in `info,hyper=debug`.
    #[arg(
        long,
        env = "CONCORD_LOG_LEVEL",
        value_name = "FILTER",
        default_value = "info",
        help_heading = "Logging"
    )]
    pub log_level: String,

    /// Write a JSON line for each answer to standard output.
    #[arg(long, env = "CONCORD_ACCESS_LOG", value_name = "BOOL", default_value_t = false, num_args = 0..=1, default_missing_value = "true", action = clap::ArgAction::Set, help_heading = "Logging")]
    pub access_log: bool,

    /// Of the good answers, note one of so many in the access log; refusals are all noted.
    #[arg(
        long,
        env = "CONCORD_ACCESS_LOG_EVERY",
        value_name = "COUNT",
        default_value_t = 1,
        help_heading = "Logging"
    )]
    pub access_log_every: u64,

    /// Send traces to the collector at this address, by OTLP over plain HTTP, as in `http://localhost:4318/v1/traces`.
    #[arg(
        long,
        env = "CONCORD_TRACES_ENDPOINT",
        value_name = "URL",
        help_heading = "Logging"
    )]
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub traces_endpoint: Option<String>,

    /// Of the requests whose client has not decided whether they are traced, trace so many percent.
    #[arg(
        long,
        env = "CONCORD_TRACES_PERCENT",
        value_name = "PERCENT",
        default_value_t = 100,
        value_parser = clap::value_parser!(u8).range(0..=100),
        help_heading = "Logging"
    )]
    pub traces_percent: u8,

    /// A further address and port for `/metrics` and `/health` alone, without authentication.
    #[arg(
        long,
        env = "CONCORD_METRICS_LISTEN",
        value_name = "ADDRESS",
        help_heading = "Metrics"
    )]
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub metrics_listen: Option<SocketAddr>,

    /// Contexts that have figures of their own at `/metrics`; further ones are counted together as `other`.
    #[arg(
        long,
        env = "CONCORD_METRICS_CONTEXTS_MAX",
        value_name = "COUNT",
        default_value_t = 20,
        help_heading = "Metrics"
    )]
    pub metrics_contexts_max: usize,

    /// Subjects that have figures of their own at `/metrics`, as in `orders-value, payments-*, :.prod:*`: at most a
    /// hundred names, or beginnings of names that end in `*` and are counted together. All others are `other`.
    #[arg(
        long,
        env = "CONCORD_METRICS_SUBJECTS",
        value_name = "SUBJECTS",
        default_value = "",
        help_heading = "Metrics"
    )]
    #[serde(with = "by_text")]
    pub metrics_subjects: SubjectPatterns,

    /// Where governance documents come from: requests to `/governance/v1`, a folder that is watched, or nowhere.
    #[arg(
        long,
        env = "CONCORD_POLICY_SOURCE",
        value_name = "SOURCE",
        default_value = "api",
        help_heading = "Governance"
    )]
    pub policy_source: PolicySource,

    /// The folder, with `--policy-source dir`: every YAML, JSON and TOML file in it is read, all or nothing.
    #[arg(
        long,
        env = "CONCORD_POLICY_DIR",
        value_name = "DIR",
        required_if_eq("policy_source", "dir"),
        help_heading = "Governance"
    )]
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub policy_dir: Option<PathBuf>,

    /// Largest body of a request; a larger one is answered 413.
    #[arg(long, env = "CONCORD_BODY_BYTES_MAX", value_name = "BYTES", default_value_t = 16 << 20, help_heading = "Limits")]
    pub body_bytes_max: usize,

    /// Largest head of a request, target and headers together; a larger one is answered 431.
    #[arg(long, env = "CONCORD_HEADER_BYTES_MAX", value_name = "BYTES", default_value_t = 16 << 10, help_heading = "Limits")]
    pub header_bytes_max: usize,

    /// Connections open at a time; further ones wait to be accepted.
    #[arg(
        long,
        env = "CONCORD_CONNECTIONS_MAX",
        value_name = "COUNT",
        default_value_t = 16_384,
        help_heading = "Limits"
    )]
    pub connections_max: usize,

    /// Time for a request, from its head to its answer; longer ones are answered 504.
    #[arg(
        long,
        env = "CONCORD_REQUEST_TIMEOUT_MS",
        value_name = "MS",
        default_value_t = 60_000,
        help_heading = "Limits"
    )]
    pub request_timeout_ms: u64,

    /// Time that a connection may stay silent, before its first request and between two. Keep it above the idle
    /// time of the clients' connection pools.
    #[arg(
        long,
        env = "CONCORD_IDLE_TIMEOUT_MS",
        value_name = "MS",
        default_value_t = 75_000,
        help_heading = "Limits"
    )]
    pub idle_timeout_ms: u64,

    /// Time for running requests to end after SIGTERM or SIGINT.
    #[arg(
        long,
        env = "CONCORD_SHUTDOWN_TIMEOUT_MS",
        value_name = "MS",
        default_value_t = 30_000,
        help_heading = "Limits"
    )]
    pub shutdown_timeout_ms: u64,

    /// Requests at a time that may take long: registrations, checks, changes and lists.
    #[arg(
        long,
        env = "CONCORD_EVALUATIONS_MAX",
        value_name = "COUNT",
        default_value_t = 64,
        help_heading = "Limits"
    )]
    pub evaluations_max: usize,

    /// Evaluations that may wait for their turn; further ones are answered 503.
    #[arg(
        long,
        env = "CONCORD_EVALUATION_QUEUE_MAX",
        value_name = "COUNT",
        default_value_t = 1024,
        help_heading = "Limits"
    )]
    pub evaluation_queue_max: usize,

    /// Changes that may wait for the writer; further ones are answered 503.
    #[arg(
        long,
        env = "CONCORD_WRITE_QUEUE_MAX",
        value_name = "COUNT",
        default_value_t = 1024,
        help_heading = "Limits"
    )]
    pub write_queue_max: usize,

    /// Time for the disk to take a write, in milliseconds; while one takes longer the server is not ready.
    #[arg(
        long,
        env = "CONCORD_WRITE_PATIENCE_MS",
        value_name = "MS",
        default_value_t = 30_000,
        help_heading = "Limits"
    )]
    pub write_patience_ms: u64,

    /// Memory for the caches and buffers of the store and of the server together.
    #[arg(long, env = "CONCORD_MEMORY_BYTES_MAX", value_name = "BYTES", default_value_t = 256 << 20, help_heading = "Limits")]
    pub memory_bytes_max: usize,

    /// Memory for whole answers that are kept until something changes: a part of `memory-bytes-max`, three eighths of
    /// it at most. 0 keeps none.
    #[arg(long, env = "CONCORD_ANSWERS_BYTES_MAX", value_name = "BYTES", default_value_t = 96 << 20, help_heading = "Limits")]
    pub answers_bytes_max: usize,

    /// Largest schema with its metadata, as a record of the log; a larger one is refused with 42209.
    #[arg(long, env = "CONCORD_RECORD_BYTES_MAX", value_name = "BYTES", default_value_t = 1 << 20, help_heading = "Limits")]
    pub record_bytes_max: usize,

    /// File of the users who may ask, with lines of `name:hash` as `concord users hash` makes them; read again when it
    /// changes and on SIGHUP. Without it everybody may.
    #[arg(
        long,
        env = "CONCORD_USERS_FILE",
        value_name = "FILE",
        help_heading = "Access"
    )]
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub users_file: Option<PathBuf>,

    /// Time for which a password that was checked is not checked again.
    #[arg(
        long,
        env = "CONCORD_PASSWORD_MEMORY_MS",
        value_name = "MS",
        default_value_t = 300_000,
        help_heading = "Access"
    )]
    pub password_memory_ms: u64,

    /// Passwords that are checked at a time; each takes the memory that its hash asks for.
    #[arg(
        long,
        env = "CONCORD_PASSWORD_CHECKS_MAX",
        value_name = "COUNT",
        default_value_t = 2,
        help_heading = "Access"
    )]
    pub password_checks_max: usize,

    /// Show `/metrics` to those without a password, too, as `/health` always is.
    #[arg(long, env = "CONCORD_METRICS_WITHOUT_PASSWORD", value_name = "BOOL", default_value_t = false, action = clap::ArgAction::Set, help_heading = "Access")]
    pub metrics_without_password: bool,

    /// Compatibility level where none is configured.
    #[arg(
        long,
        env = "CONCORD_COMPATIBILITY_LEVEL",
        value_name = "LEVEL",
        default_value = "BACKWARD",
        help_heading = "Registry"
    )]
    #[serde(with = "by_text")]
    pub compatibility_level: Level,

    /// Refuse field names that start with two dollar signs, where `validateFields` is not configured.
    #[arg(long, env = "CONCORD_VALIDATE_FIELDS", value_name = "BOOL", default_value_t = false, action = clap::ArgAction::Set, help_heading = "Registry")]
    pub validate_fields: bool,

    /// Parse new schemas strictly, where `validateNewSchemas` is not configured.
    #[arg(long, env = "CONCORD_VALIDATE_NEW_SCHEMAS", value_name = "BOOL", default_value_t = true, action = clap::ArgAction::Set, help_heading = "Registry")]
    pub validate_new_schemas: bool,

    /// Refuse registrations under the empty subject and under `*`.
    #[arg(long, env = "CONCORD_REJECT_EMPTY_SUBJECT", value_name = "BOOL", default_value_t = false, action = clap::ArgAction::Set, help_heading = "Registry")]
    pub reject_empty_subject: bool,

    /// Refuse schemas that reach one subject in two versions through their references.
    #[arg(long, env = "CONCORD_REFERENCE_VERSIONS_STRICT", value_name = "BOOL", default_value_t = false, action = clap::ArgAction::Set, help_heading = "Registry")]
    pub reference_versions_strict: bool,

    /// Allow changes of the mode.
    #[arg(long, env = "CONCORD_MODE_MUTABILITY", value_name = "BOOL", default_value_t = true, action = clap::ArgAction::Set, help_heading = "Registry")]
    pub mode_mutability: bool,

    /// Offer the associations of topics and subjects.
    #[arg(long, env = "CONCORD_ASSOCIATIONS_ENABLE", value_name = "BOOL", default_value_t = true, action = clap::ArgAction::Set, help_heading = "Registry")]
    pub associations_enable: bool,

    /// Keys of a kind, softly deleted ones included; once there are more, no further one is taken.
    #[arg(
        long,
        env = "CONCORD_KEY_COUNT_MAX",
        value_name = "COUNT",
        default_value_t = 20_000,
        help_heading = "Registry"
    )]
    pub key_count_max: usize,

    /// File with the secret that shared key-encryption keys of type `local-kms` wrap by; a line end behind it is
    /// not part of it.
    #[arg(
        long,
        env = "CONCORD_LOCAL_KMS_KEY_FILE",
        value_name = "FILE",
        help_heading = "Registry"
    )]
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub local_kms_key_file: Option<PathBuf>,

    /// Keep an audit log, and sign its checkpoints with the last key of this file (`concord audit key` makes one). A
    /// change that cannot be put on record does not happen.
    #[arg(
        long,
        env = "CONCORD_AUDIT_KEY_FILE",
        value_name = "FILE",
        help_heading = "Audit"
    )]
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub audit_key_file: Option<PathBuf>,

    /// Append the checkpoints of the audit log to this file, too; it should be on another machine's disk.
    #[arg(
        long,
        env = "CONCORD_AUDIT_ANCHOR_FILE",
        value_name = "FILE",
        help_heading = "Audit"
    )]
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub audit_anchor_file: Option<PathBuf>,

    /// Write the checkpoints of the audit log into the log of the server, too; lines below `info` must not be left out.
    #[arg(long, env = "CONCORD_AUDIT_ANCHOR_LOG", value_name = "BOOL", default_value_t = false, num_args = 0..=1, default_missing_value = "true", action = clap::ArgAction::Set, help_heading = "Audit")]
    pub audit_anchor_log: bool,

    /// Remove records of the audit log when they are older, as in `400d`, `36h` or `90m`; by default they stay for ever. A
    /// signed checkpoint stays in their place.
    #[arg(
        long,
        env = "CONCORD_AUDIT_RETENTION",
        value_name = "TIME",
        help_heading = "Audit"
    )]
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub audit_retention: Option<Retention>,

    /// Name of this process in the audit log.
    #[arg(
        long,
        env = "CONCORD_AUDIT_NODE",
        value_name = "NAME",
        default_value = "concord",
        help_heading = "Audit"
    )]
    pub audit_node: String,

    /// Name of this registry in `/v1/metadata/id`.
    #[arg(
        long,
        env = "CONCORD_CLUSTER_ID",
        value_name = "NAME",
        default_value = "schema-registry",
        help_heading = "Registry"
    )]
    pub cluster_id: String,

    /// Compress answers for clients that accept gzip.
    #[arg(long, env = "CONCORD_COMPRESSION_ENABLE", value_name = "BOOL", default_value_t = true, action = clap::ArgAction::Set, help_heading = "Answers")]
    pub compression_enable: bool,

    /// Headers of every answer, as in `set X-Frame-Options: DENY, add Cache-Control: no-store`.
    #[arg(
        long,
        env = "CONCORD_RESPONSE_HEADERS",
        value_name = "RULES",
        default_value = "",
        help_heading = "Answers"
    )]
    #[serde(with = "by_text")]
    pub response_headers: ResponseHeaders,

    /// Schemas in a list when the request asks for no number.
    #[arg(
        long,
        env = "CONCORD_SCHEMA_SEARCH_DEFAULT_LIMIT",
        value_name = "COUNT",
        default_value_t = 1000,
        help_heading = "Lists"
    )]
    pub schema_search_default_limit: i32,

    /// Most schemas in a list.
    #[arg(
        long,
        env = "CONCORD_SCHEMA_SEARCH_MAX_LIMIT",
        value_name = "COUNT",
        default_value_t = 1000,
        help_heading = "Lists"
    )]
    pub schema_search_max_limit: i32,

    /// Subjects in a list when the request asks for no number.
    #[arg(long, env = "CONCORD_SUBJECT_SEARCH_DEFAULT_LIMIT", value_name = "COUNT", default_value_t = i32::MAX, help_heading = "Lists")]
    pub subject_search_default_limit: i32,

    /// Most subjects in a list.
    #[arg(long, env = "CONCORD_SUBJECT_SEARCH_MAX_LIMIT", value_name = "COUNT", default_value_t = i32::MAX, help_heading = "Lists")]
    pub subject_search_max_limit: i32,

    /// Versions in a list when the request asks for no number.
    #[arg(long, env = "CONCORD_SUBJECT_VERSION_SEARCH_DEFAULT_LIMIT", value_name = "COUNT", default_value_t = i32::MAX, help_heading = "Lists")]
    pub subject_version_search_default_limit: i32,

    /// Most versions in a list.
    #[arg(long, env = "CONCORD_SUBJECT_VERSION_SEARCH_MAX_LIMIT", value_name = "COUNT", default_value_t = i32::MAX, help_heading = "Lists")]
    pub subject_version_search_max_limit: i32,

    /// Contexts in a list when the request asks for no number.
    #[arg(long, env = "CONCORD_CONTEXT_SEARCH_DEFAULT_LIMIT", value_name = "COUNT", default_value_t = i32::MAX, help_heading = "Lists")]
    pub context_search_default_limit: i32,

    /// Most contexts in a list.
    #[arg(long, env = "CONCORD_CONTEXT_SEARCH_MAX_LIMIT", value_name = "COUNT", default_value_t = i32::MAX, help_heading = "Lists")]
    pub context_search_max_limit: i32,

    /// Key-encryption keys in a list when the request asks for no number.
    #[arg(long, env = "CONCORD_KEK_SEARCH_DEFAULT_LIMIT", value_name = "COUNT", default_value_t = i32::MAX, help_heading = "Lists")]
    pub kek_search_default_limit: i32,

    /// Most key-encryption keys in a list.
    #[arg(long, env = "CONCORD_KEK_SEARCH_MAX_LIMIT", value_name = "COUNT", default_value_t = i32::MAX, help_heading = "Lists")]
    pub kek_search_max_limit: i32,

    /// Subjects in a list of a key-encryption key when the request asks for no number.
    #[arg(long, env = "CONCORD_DEK_SUBJECT_SEARCH_DEFAULT_LIMIT", value_name = "COUNT", default_value_t = i32::MAX, help_heading = "Lists")]
    pub dek_subject_search_default_limit: i32,

    /// Most subjects in a list of a key-encryption key.
    #[arg(long, env = "CONCORD_DEK_SUBJECT_SEARCH_MAX_LIMIT", value_name = "COUNT", default_value_t = i32::MAX, help_heading = "Lists")]
    pub dek_subject_search_max_limit: i32,

    /// Versions in a list of data-encryption keys when the request asks for no number.
    #[arg(long, env = "CONCORD_DEK_VERSION_SEARCH_DEFAULT_LIMIT", value_name = "COUNT", default_value_t = i32::MAX, help_heading = "Lists")]
    pub dek_version_search_default_limit: i32,

    /// Most versions in a list of data-encryption keys.
    #[arg(long, env = "CONCORD_DEK_VERSION_SEARCH_MAX_LIMIT", value_name = "COUNT", default_value_t = i32::MAX, help_heading = "Lists")]
    pub dek_version_search_max_limit: i32,
}

#[cfg(test)]
pub(crate) mod tests;
