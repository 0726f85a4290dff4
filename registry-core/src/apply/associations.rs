//! The rows of an association: the primary one, and the ways to it from the subject and from the topic's id.

use crate::Timestamp;
use crate::association::Association;
use crate::store::Fault;
use crate::store::Rows;
use crate::store::codec::{decode, encode};
use crate::store::keys::{self, AssociationKey};
use crate::store::pending::Pending;
use crate::store::rows::AssociationRow;

/// Binds. A topic of the same name but another id, if it was bound to the subject, is not any more.
pub(super) fn bind(
    association: &Association,
    at: Timestamp,
    pending: &mut Pending<'_>,
) -> Result<(), Fault> {
    let key = AssociationKey::from(association);
    let old = row(&key, pending)?;
    if let Some(old) = &old {
        pending.delete(keys::association_of_resource(&key, &old.resource_id));
    }
    let row = AssociationRow {
        resource_id: association.resource.id.clone(),
        is_strong: association.lifecycle.is_strong(),
        frozen: association.frozen,
        guid: *association.guid.as_bytes(),
        created_ms: old.map_or(at.0, |old| old.created_ms),
        updated_ms: at.0,
    };
    pending.put(key.bytes(), encode(&row));
    pending.put(keys::association_of_subject(&key), encode(&()));
    pending.put(
        keys::association_of_resource(&key, &row.resource_id),
        encode(&()),
    );
    Ok(())
}

/// Unbinds.
pub(super) fn unbind(association: &Association, pending: &mut Pending<'_>) -> Result<(), Fault> {
    let key = AssociationKey::from(association);
    if let Some(old) = row(&key, pending)? {
        pending.delete(key.bytes());
        pending.delete(keys::association_of_subject(&key));
        pending.delete(keys::association_of_resource(&key, &old.resource_id));
    }
    Ok(())
}

fn row(key: &AssociationKey, pending: &Pending<'_>) -> Result<Option<AssociationRow>, Fault> {
    pending.read(&key.bytes(), decode)
}
