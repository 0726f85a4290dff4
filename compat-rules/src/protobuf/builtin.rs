//! The thirty files that every schema may import without a reference (`protobuf.md` section 4).
//!
//! Their interface definitions stand in `builtin/` in canonical text; they are read once, when first needed.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::document::Document;
use super::names::{Origin, Tree};
use super::parse;

macro_rules! files {
    ($($path:literal)*) => {
        &[$(($path, include_str!(concat!("builtin/", $path)))),*]
    };
}

const TEXTS: &[(&str, &str)] = files! {
    "confluent/meta.proto"
    "confluent/type/decimal.proto"
    "confluent/type/variant.proto"
    "google/protobuf/any.proto"
    "google/protobuf/api.proto"
    "google/protobuf/descriptor.proto"
    "google/protobuf/duration.proto"
    "google/protobuf/empty.proto"
    "google/protobuf/field_mask.proto"
    "google/protobuf/source_context.proto"
    "google/protobuf/struct.proto"
    "google/protobuf/timestamp.proto"
    "google/protobuf/type.proto"
    "google/protobuf/wrappers.proto"
    "google/type/calendar_period.proto"
    "google/type/color.proto"
    "google/type/date.proto"
    "google/type/datetime.proto"
    "google/type/dayofweek.proto"
    "google/type/decimal.proto"
    "google/type/expr.proto"
    "google/type/fraction.proto"
    "google/type/interval.proto"
    "google/type/latlng.proto"
    "google/type/money.proto"
    "google/type/month.proto"
    "google/type/phone_number.proto"
    "google/type/postal_address.proto"
    "google/type/quaternion.proto"
    "google/type/timeofday.proto"
};

static FILES: LazyLock<BTreeMap<&'static str, Document>> = LazyLock::new(|| {
    let read = |(path, text): &(&'static str, &str)| {
        let document = parse::parse(text).expect("the built-in files parse, as a test shows");
        (*path, document)
    };
    TEXTS.iter().map(read).collect()
});

/// The names of all files, and which file each range of nodes comes from.
static TREE: LazyLock<(Tree<'static>, Vec<(usize, &'static str)>)> = LazyLock::new(|| {
    let mut tree = Tree::default();
    let mut ends = Vec::new();
    for (path, document) in FILES.iter() {
        tree.add(document, Origin::BuiltIn);
        ends.push((tree.size(), *path));
    }
    (tree, ends)
});

/// The built-in file of that path.
pub(crate) fn file(path: &str) -> Option<&'static Document> {
    FILES.get(path)
}

/// The tree of the names that they declare.
pub(super) fn tree() -> &'static Tree<'static> {
    &TREE.0
}

/// The path of the file that a node of the tree was added for.
pub(super) fn file_of(node: usize) -> &'static str {
    let ends = &TREE.1;
    let at = ends.partition_point(|(end, _)| *end < node);
    ends.get(at).map_or("", |(_, path)| path)
}
