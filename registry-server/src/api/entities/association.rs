//! Associations as JSON (`protocol.md` section 5.14). That one is frozen is shown only where it could be expected
//! otherwise.

use registry_core::{Associated, Association, RESOURCE_TYPE, SentResource, StoredAssociation};

use super::super::json::{self, Object, write_object};
use super::Shown;

/// One entry of an AssociationResponse.
pub struct ShownAssociation<'s> {
    /// The association.
    pub association: &'s Association,
    /// The schema that came with it, or that was asked for.
    pub schema: Option<Shown<'s>>,
}

impl<'s> From<&'s Associated> for ShownAssociation<'s> {
    fn from(associated: &'s Associated) -> Self {
        let Associated {
            association,
            schema,
        } = associated;
        let schema = schema.as_ref();
        Self {
            association,
            schema: schema.map(|schema| Shown::registered_under(&association.subject, schema)),
        }
    }
}

/// An array of Association.
#[must_use]
pub fn associations<'s>(items: impl IntoIterator<Item = &'s StoredAssociation>) -> String {
    json::array(items, write_association)
}

/// Appends an Association.
pub fn write_association(out: &mut String, stored: &StoredAssociation) {
    let association = &stored.association;
    write_object(out, |out| {
        out.text("subject", &association.subject.to_string());
        out.text("guid", &association.guid.to_string());
        out.text_if_any("resourceName", Some(&association.resource.name));
        out.text_if_any("resourceNamespace", Some(&association.resource.namespace));
        out.text_if_any("resourceId", Some(&association.resource.id));
        out.text("resourceType", RESOURCE_TYPE);
        terms_members(association, out);
        out.int("createTs", stored.created.0);
        out.int("updateTs", stored.updated.0);
    });
}

/// The members of AssociationResponse.
pub fn response_members(
    resource: &SentResource,
    associations: &[ShownAssociation<'_>],
    out: &mut Object<'_>,
) {
    out.text_if_any("resourceName", resource.name.as_deref());
    out.text_if_any("resourceNamespace", resource.namespace.as_deref());
    out.text_if_any("resourceId", resource.id.as_deref());
    let resource_type = resource.resource_type.as_deref();
    let resource_type = resource_type.filter(|name| !name.is_empty());
    out.text("resourceType", resource_type.unwrap_or(RESOURCE_TYPE));
    out.array_if_any("associations", associations, |out, shown| {
        write_object(out, |out| {
            out.text("subject", &shown.association.subject.to_string());
            terms_members(shown.association, out);
            if let Some(schema) = &shown.schema {
                out.object("schema", |out| schema.schema_members(out));
            }
        });
    });
}

fn terms_members(association: &Association, out: &mut Object<'_>) {
    out.text("associationType", association.association_type.as_str());
    out.text("lifecycle", association.lifecycle.as_str());
    if association.frozen != association.lifecycle.is_strong() {
        out.boolean("frozen", association.frozen);
    }
}
