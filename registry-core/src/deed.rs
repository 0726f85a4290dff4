//! What somebody asks to be changed, for those who keep account of it.

use std::fmt;

/// A wish to change something.
#[derive(Clone, Copy)]
pub(crate) struct Deed<'a> {
    pub(crate) action: &'a str,
    /// What is to be changed; only shown when somebody keeps account.
    pub(crate) resource: &'a dyn fmt::Display,
}

/// The kinds of wishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    Open,
    Close,
    EraseNames,
    Register,
    EditTags,
    DeleteSubject,
    EraseSubject,
    DeleteVersion,
    EraseVersion,
    PutConfig,
    DeleteConfig,
    PutMode,
    DeleteMode,
    DeleteContext,
    Associate,
    Dissociate,
    CreateKek,
    UpdateKek,
    DeleteKek,
    RestoreKek,
    CreateDek,
    DeleteDek,
    RestoreDek,
    ApplyPolicies,
    ExportAudit,
    PruneAudit,
}

impl Action {
    /// Its name in records. A name is never given to another kind.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "registry.open",
            Self::Close => "registry.close",
            Self::EraseNames => "names.erase",
            Self::Register => "subject.register",
            Self::EditTags => "subject.edit-tags",
            Self::DeleteSubject => "subject.delete",
            Self::EraseSubject => "subject.erase",
            Self::DeleteVersion => "version.delete",
            Self::EraseVersion => "version.erase",
            Self::PutConfig => "config.put",
            Self::DeleteConfig => "config.delete",
            Self::PutMode => "mode.put",
            Self::DeleteMode => "mode.delete",
            Self::DeleteContext => "context.delete",
            Self::Associate => "association.bind",
            Self::Dissociate => "association.unbind",
            Self::CreateKek => "kek.create",
            Self::UpdateKek => "kek.update",
            Self::DeleteKek => "kek.delete",
            Self::RestoreKek => "kek.restore",
            Self::CreateDek => "dek.create",
            Self::DeleteDek => "dek.delete",
            Self::RestoreDek => "dek.restore",
            Self::ApplyPolicies => "policy.apply",
            Self::ExportAudit => "audit.export",
            Self::PruneAudit => "audit.prune",
        }
    }
}
