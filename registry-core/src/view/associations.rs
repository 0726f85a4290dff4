//! Which topics are bound to which subjects.

use std::ops::ControlFlow;

use uuid::Uuid;

use crate::Timestamp;
use crate::association::{Association, AssociationType, Lifecycle, Resource, StoredAssociation};
use crate::store::Fault;
use crate::store::codec::decode;
use crate::store::keys::{self, AssociationKey, Key, Kind, Parts};
use crate::store::rows::AssociationRow;
use crate::subject::Subject;

use super::View;

impl View<'_> {
    /// The associations of a subject, by topic and type.
    ///
    /// # Errors
    /// [`Fault`] when the store cannot be read.
    pub fn associations_of_subject(
        &self,
        subject: &Subject,
    ) -> Result<Vec<StoredAssociation>, Fault> {
        self.first_associations(subject, usize::MAX)
    }

    /// The first few of them: a subject that is shared may have very many.
    ///
    /// # Errors
    /// As [`Self::associations_of_subject`].
    pub fn first_associations(
        &self,
        subject: &Subject,
        count: usize,
    ) -> Result<Vec<StoredAssociation>, Fault> {
        let mut found = Vec::new();
        self.scan(&keys::associations_of_subject(subject), &mut |key, _| {
            found.push(Parts::of(key).association_of_subject()?);
            Ok(if found.len() < count {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            })
        })?;
        self.stored_associations(found)
    }

    /// The association between the topics of that name and that subject, whatever the topic's id. There is one at
    /// most.
    ///
    /// # Errors
    /// As [`Self::associations_of_subject`].
    pub fn association_like(
        &self,
        association: &Association,
    ) -> Result<Option<StoredAssociation>, Fault> {
        let key = AssociationKey::from(association);
        self.read(&key.bytes(), |value| stored(key, value))
    }

    /// The associations of the topic with that id, by type.
    ///
    /// # Errors
    /// As [`Self::associations_of_subject`].
    pub fn associations_of_resource(&self, id: &str) -> Result<Vec<StoredAssociation>, Fault> {
        let prefix = keys::associations_of_resource(id);
        let mut found = Vec::new();
        self.scan(&prefix, &mut |key, _| {
            found.push(Parts::after(&prefix, key).association()?);
            Ok(ControlFlow::Continue(()))
        })?;
        self.stored_associations(found)
    }

    /// The associations of the topics of that name in that namespace, by topic, type and subject; `None` means any.
    ///
    /// # Errors
    /// As [`Self::associations_of_subject`].
    pub fn associations_named(
        &self,
        name: Option<&str>,
        namespace: Option<&str>,
    ) -> Result<Vec<StoredAssociation>, Fault> {
        let mut prefix = Key::new(Kind::Association);
        if let Some(name) = name {
            prefix = prefix.name(name);
            if let Some(namespace) = namespace {
                prefix = prefix.name(namespace);
            }
        }
        let mut found = Vec::new();
        self.scan(&prefix.bytes(), &mut |key, value| {
            let key = Parts::of(key).association()?;
            if namespace.is_none_or(|namespace| namespace == key.namespace) {
                found.push(stored(key, value)?);
            }
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(in_order(found))
    }

    /// True when some topic is bound to the subject.
    ///
    /// # Errors
    /// As [`Self::associations_of_subject`].
    pub fn is_associated(&self, subject: &Subject) -> Result<bool, Fault> {
        self.any(&keys::associations_of_subject(subject))
    }

    /// The association of the topic that owns the subject. Such a one is the only one of its subject.
    ///
    /// # Errors
    /// As [`Self::associations_of_subject`].
    pub fn owner(&self, subject: &Subject) -> Result<Option<StoredAssociation>, Fault> {
        let first = self.first_associations(subject, 1)?.pop();
        Ok(first.filter(|stored| stored.association.lifecycle.is_strong()))
    }

    fn stored_associations(
        &self,
        keys: Vec<AssociationKey>,
    ) -> Result<Vec<StoredAssociation>, Fault> {
        let mut associations = Vec::new();
        for key in keys {
            let association = self.read(&key.bytes(), |value| stored(key, value))?;
            associations.push(association.ok_or_else(|| {
                Fault::damaged("reading an association", "a way leads to no association")
            })?);
        }
        Ok(in_order(associations))
    }
}

fn stored(key: AssociationKey, value: &[u8]) -> Result<StoredAssociation, Fault> {
    let row: AssociationRow = decode(value)?;
    let association = Association {
        resource: Resource {
            name: key.name,
            namespace: key.namespace,
            id: row.resource_id,
        },
        association_type: key.association_type,
        subject: key.subject,
        lifecycle: if row.is_strong {
            Lifecycle::Strong
        } else {
            Lifecycle::Weak
        },
        frozen: row.frozen,
        guid: Uuid::from_bytes(row.guid),
    };
    Ok(StoredAssociation {
        association,
        created: Timestamp(row.created_ms),
        updated: Timestamp(row.updated_ms),
    })
}

/// The protocol's order, in which subjects stand as texts.
fn in_order(mut associations: Vec<StoredAssociation>) -> Vec<StoredAssociation> {
    type Place = (String, String, AssociationType, String);
    let place = |stored: &StoredAssociation| -> Place {
        let Association {
            resource,
            association_type,
            subject,
            ..
        } = &stored.association;
        (
            resource.name.clone(),
            resource.namespace.clone(),
            *association_type,
            subject.to_string(),
        )
    };
    associations.sort_by_cached_key(place);
    associations
}
