//! What the operator decides once, at start.

use compat_rules::Level;

use crate::{AuditOptions, KeyServices, StoreOptions};

/// The registry's options. The names in brackets are the reference's properties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistryOptions {
    /// The level where none is configured (`schema.compatibility.level`).
    pub level: Level,
    /// `validateFields` where it is not configured (`schema.validate.fields`).
    pub validate_fields: bool,
    /// `validateNewSchemas` where it is not configured (`schema.validate.new.schemas`).
    pub validate_new_schemas: bool,
    /// Modes may be changed (`mode.mutability`).
    pub mode_mutable: bool,
    /// The empty subject and `*` may not be registered (`schema.reject.empty.subject`).
    pub reject_empty_subject: bool,
    /// One reference name may not stand for two versions (`schema.providers.reference.versions.strict`).
    pub strict_reference_versions: bool,
    /// The largest schema, with all that is kept with it, in bytes (`kafkastore.max.request.size`).
    pub schema_bytes_max: usize,
    /// Once there are more keys of a kind than this, no further one is taken (`dek.registry.max.keys`).
    pub key_count_max: usize,
    /// Who wraps and unwraps keys.
    pub key_services: KeyServices,
    /// About how many bytes of parsed schemas are kept.
    pub library_bytes_max: u64,
    /// How many changes may wait for the writer; further ones are refused.
    pub write_queue_max: usize,
    /// How the audit log is kept, if it is.
    pub audit: Option<AuditOptions>,
    /// The governance documents are asked. Without, this is a plain registry, whatever documents the store holds.
    pub policies_enabled: bool,
    /// For so many subjects the rules in force are kept ready; 0 keeps none.
    pub policy_subjects_kept_max: usize,
    /// How the store may use the machine.
    pub store: StoreOptions,
}

impl Default for RegistryOptions {
    /// The reference's defaults.
    fn default() -> Self {
        Self {
            level: Level::Backward,
            validate_fields: false,
            validate_new_schemas: true,
            mode_mutable: true,
            reject_empty_subject: false,
            strict_reference_versions: false,
            schema_bytes_max: 1 << 20,
            key_count_max: 20_000,
            key_services: KeyServices::default(),
            library_bytes_max: 64 << 20,
            write_queue_max: 1024,
            audit: None,
            policies_enabled: true,
            policy_subjects_kept_max: 10_000,
            store: StoreOptions::default(),
        }
    }
}
