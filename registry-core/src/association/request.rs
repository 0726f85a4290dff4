//! What a client asks to be bound, and what can be wrong with it whatever is registered (`protocol.md` section
//! 7.10, validation details).

use crate::Error;
use crate::submission::Submission;

use super::{AssociationType, Lifecycle, RESOURCE_TYPE, Resource};

/// How many characters, counted in UTF-16 as the protocol counts, a topic's name and namespace may have.
const NAME_LENGTH_MAX: usize = 256;

/// What a request does with associations that are there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intent {
    /// They are conflicts, unless they say the same: the topic is being created.
    Create,
    /// They may be changed, within limits: the topic exists.
    Upsert,
}

/// A topic as a request names it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SentResource {
    /// Its name.
    pub name: Option<String>,
    /// Where that name counts.
    pub namespace: Option<String>,
    /// Its id.
    pub id: Option<String>,
    /// Its type; absent and empty mean a topic.
    pub resource_type: Option<String>,
}

/// What is to be bound to a topic.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AssociationRequest {
    /// The topic.
    pub resource: SentResource,
    /// One wish for each association type at most.
    pub wishes: Vec<AssociationWish>,
}

/// One association as a request asks for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AssociationWish {
    /// The subject, qualified or not.
    pub subject: Option<String>,
    /// The association type by name; absent and empty mean the values.
    pub association_type: Option<String>,
    /// The lifecycle.
    pub lifecycle: Option<Lifecycle>,
    /// Whether it is to be frozen.
    pub frozen: Option<bool>,
    /// A schema to register under the subject at the same time.
    pub schema: Option<Submission>,
    /// Bring that schema into its normal form first.
    pub normalize: bool,
}

/// Several changes to the associations of one topic.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AssociationMutation {
    /// The topic.
    pub resource: SentResource,
    /// The changes, in order; each association type may occur once.
    pub ops: Vec<AssociationOp>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AssociationOp {
    /// Bind.
    Create(AssociationWish),
    /// Bind, or change.
    Upsert(AssociationWish),
    /// Unbind.
    Delete {
        /// The association type by name; absent and empty mean the values.
        association_type: Option<String>,
        /// What is owned goes, too.
        cascade: bool,
    },
}

/// A wish that can be judged.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CheckedWish<'a> {
    pub(crate) subject: Option<&'a str>,
    pub(crate) association_type: AssociationType,
    pub(crate) lifecycle: Option<Lifecycle>,
    pub(crate) frozen: Option<bool>,
    pub(crate) schema: Option<&'a Submission>,
    pub(crate) normalize: bool,
}

impl SentResource {
    /// The topic, if it is named as it must be. A dry run may come before the topic has its id.
    pub(crate) fn check(&self, dry_run: bool) -> Result<Resource, Error> {
        let name = check_name("resourceName", self.name.as_deref())?;
        let namespace = check_name("resourceNamespace", self.namespace.as_deref())?;
        let id = self.id.as_deref().unwrap_or_default();
        if id.is_empty() && !dry_run {
            return Err(invalid("resourceId", "cannot be null or empty"));
        }
        match self.resource_type.as_deref() {
            None | Some("" | RESOURCE_TYPE) => Ok(Resource {
                name: name.to_owned(),
                namespace: namespace.to_owned(),
                id: id.to_owned(),
            }),
            Some(_) => Err(invalid(
                "resourceType",
                format!("must be '{RESOURCE_TYPE}'"),
            )),
        }
    }
}

impl AssociationMutation {
    /// The topic, if every change can be judged: nothing is carried out of what is wrong in a part.
    pub(crate) fn check(&self, dry_run: bool) -> Result<Resource, Error> {
        let resource = self.resource.check(dry_run)?;
        if self.ops.is_empty() {
            return Err(invalid("associations", "cannot be null or empty"));
        }
        let mut types = Vec::with_capacity(self.ops.len());
        for op in &self.ops {
            types.push(op.check(&resource)?);
        }
        check_types(types)?;
        Ok(resource)
    }
}

impl AssociationOp {
    /// The association type that it is about, if the change can be judged at all.
    fn check(&self, resource: &Resource) -> Result<AssociationType, Error> {
        match self {
            Self::Create(wish) => Ok(wish.check(resource, Intent::Create)?.association_type),
            Self::Upsert(wish) => Ok(wish.check(resource, Intent::Upsert)?.association_type),
            Self::Delete {
                association_type, ..
            } => check_type(association_type.as_deref()),
        }
    }
}

/// The wishes, if there are any and each can be judged.
pub(crate) fn check_wishes<'w>(
    wishes: &'w [AssociationWish],
    resource: &Resource,
    intent: Intent,
) -> Result<Vec<CheckedWish<'w>>, Error> {
    if wishes.is_empty() {
        return Err(invalid("associations", "cannot be null or empty"));
    }
    wishes
        .iter()
        .map(|wish| wish.check(resource, intent))
        .collect()
}

/// No association type may occur twice.
pub(crate) fn check_types(types: impl IntoIterator<Item = AssociationType>) -> Result<(), Error> {
    let mut seen = Vec::new();
    for association_type in types {
        if seen.contains(&association_type) {
            let detail = format!(
                "may only appear once per request, but '{association_type}' appears more than once"
            );
            return Err(invalid("associationType", detail));
        }
        seen.push(association_type);
    }
    Ok(())
}

impl AssociationWish {
    fn check(&self, resource: &Resource, intent: Intent) -> Result<CheckedWish<'_>, Error> {
        let schema = self.schema.as_ref();
        let brings_schema = schema.is_some();
        if brings_schema && self.lifecycle == Some(Lifecycle::Weak) {
            return Err(invalid(
                "lifecycle",
                "cannot be WEAK when schema is provided",
            ));
        }
        let is_owner = brings_schema && intent == Intent::Create;
        if is_owner && self.frozen == Some(false) {
            return Err(invalid(
                "frozen",
                "cannot be false when a schema is provided",
            ));
        }
        let subject = self.subject.as_deref();
        if subject
            .is_some_and(|subject| subject.is_empty() || subject.chars().any(char::is_control))
        {
            return Err(invalid("subject", "must not be empty"));
        }
        let association_type = check_type(self.association_type.as_deref())?;
        if self.lifecycle == Some(Lifecycle::Weak) && self.frozen == Some(true) {
            let detail = "association with lifecycle of WEAK cannot be frozen";
            return Err(invalid("frozen", detail));
        }
        let wish = CheckedWish {
            subject,
            association_type,
            // A topic that brings its schema owns the subject.
            lifecycle: if is_owner {
                Some(Lifecycle::Strong)
            } else {
                self.lifecycle
            },
            frozen: self.frozen,
            schema,
            normalize: self.normalize,
        };
        if intent == Intent::Create {
            wish.check_subject(resource)?;
        }
        Ok(wish)
    }
}

impl CheckedWish<'_> {
    /// What a topic owns has a name of its own, which no other subject may have. Here that is told by what is asked
    /// for alone.
    fn check_subject(&self, resource: &Resource) -> Result<(), Error> {
        let Some(subject) = self.subject else {
            return Ok(());
        };
        let default = resource.default_subject(self.association_type).to_string();
        let is_frozen = self.frozen == Some(true) || self.schema.is_some();
        if is_frozen && subject != default {
            let detail = format!("frozen associations must use subject '{default}'");
            return Err(invalid("subject", detail));
        }
        if self.lifecycle == Some(Lifecycle::Weak) && subject == default {
            let detail = format!("WEAK associations cannot use subject '{default}'");
            return Err(invalid("subject", detail));
        }
        Ok(())
    }
}

fn check_type(name: Option<&str>) -> Result<AssociationType, Error> {
    match name {
        None | Some("") => Ok(AssociationType::Value),
        Some(name) => AssociationType::named(name)
            .ok_or_else(|| invalid("associationType", "must be either 'key' or 'value'")),
    }
}

fn check_name<'n>(property: &'static str, name: Option<&'n str>) -> Result<&'n str, Error> {
    let name = name.unwrap_or_default();
    if name.is_empty() {
        return Err(invalid(property, "cannot be null or empty"));
    }
    if name.encode_utf16().count() > NAME_LENGTH_MAX {
        let detail = format!("exceeds max length of {NAME_LENGTH_MAX}");
        return Err(invalid(property, detail));
    }
    let is_legal = |character: &char| character.is_alphanumeric() || "_-".contains(*character);
    match name.chars().find(|character| !is_legal(character)) {
        Some(illegal) => Err(invalid(property, format!("illegal character '{illegal}'"))),
        None => Ok(name),
    }
}

fn invalid(property: &'static str, detail: impl Into<String>) -> Error {
    Error::InvalidAssociation {
        property,
        detail: detail.into(),
    }
}
