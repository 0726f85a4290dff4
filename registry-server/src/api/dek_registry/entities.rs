//! Writes keys (`dek-registry.md` section 1): only what is null is left out.

use registry_core::{ServedDek, StoredDek, StoredKek};

use crate::api::json::{self, Object};

/// A KEK.
pub(super) fn kek(stored: &StoredKek) -> String {
    json::object(|out| {
        kek_members(out, stored);
        out.int("ts", stored.written.0);
        if stored.kek.deleted {
            out.boolean("deleted", true);
        }
    })
}

/// A KEK as the reference stores it: what its trial answers. There is no log here that it could have an offset in.
pub(super) fn kek_record(stored: &StoredKek) -> String {
    json::object(|out| {
        kek_members(out, stored);
        out.boolean("deleted", stored.kek.deleted);
        out.text("type", "KEK");
        out.int("offset", 0);
        out.int("ts", stored.written.0);
    })
}

fn kek_members(out: &mut Object<'_>, stored: &StoredKek) {
    let kek = &stored.kek;
    out.text("name", stored.name.as_str());
    out.text("kmsType", &kek.kms_type);
    out.text("kmsKeyId", &kek.kms_key_id);
    out.object("kmsProps", |out| {
        for (name, value) in &kek.kms_props {
            out.text_under(name, value);
        }
    });
    if let Some(doc) = &kek.doc {
        out.text("doc", doc);
    }
    out.boolean("shared", kek.shared);
}

/// A DEK.
pub(super) fn dek(served: &ServedDek) -> String {
    let ServedDek { stored, clear } = served;
    let StoredDek {
        series,
        version,
        dek,
        written,
    } = stored;
    json::object(|out| {
        out.text("kekName", series.kek.as_str());
        out.text("subject", &series.subject.to_string());
        out.int("version", version.get().into());
        out.text("algorithm", series.algorithm.as_str());
        out.text("encryptedKeyMaterial", &dek.encrypted);
        if let Some(clear) = clear {
            out.text("keyMaterial", &clear.to_base64());
        }
        out.int("ts", written.0);
        if dek.deleted {
            out.boolean("deleted", true);
        }
    })
}
