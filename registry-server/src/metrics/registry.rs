//! What the registry counts and times of itself, and the main figures of the store below it.

use compat_rules::Format;
use registry_core::{Figures, Histogram, Registry};

use super::text::{Kind, Labels, Page};

/// Figures of RocksDB: its name, ours, and what it is.
const STORE: &[(&str, &str, &str)] = &[
    (
        "rocksdb.block-cache-usage",
        "concord_store_block_cache_bytes",
        "Memory of the store's cache that is in use.",
    ),
    (
        "rocksdb.block-cache-capacity",
        "concord_store_block_cache_capacity_bytes",
        "Memory that the store's cache may use.",
    ),
    (
        "rocksdb.cur-size-all-mem-tables",
        "concord_store_memtable_bytes",
        "Memory of rows that are in no file yet but in the log.",
    ),
    (
        "rocksdb.total-sst-files-size",
        "concord_store_files_bytes",
        "Size of the files with rows.",
    ),
    (
        "rocksdb.estimate-live-data-size",
        "concord_store_live_bytes",
        "Size of the rows that are still needed, estimated.",
    ),
    (
        "rocksdb.estimate-num-keys",
        "concord_store_rows",
        "Rows, estimated.",
    ),
    (
        "rocksdb.estimate-pending-compaction-bytes",
        "concord_store_pending_compaction_bytes",
        "Bytes that compaction has yet to rewrite, estimated.",
    ),
    (
        "rocksdb.num-running-compactions",
        "concord_store_compactions",
        "Compactions that are running.",
    ),
    (
        "rocksdb.num-running-flushes",
        "concord_store_flushes",
        "Flushes of memory to files that are running.",
    ),
    (
        "rocksdb.actual-delayed-write-rate",
        "concord_store_delayed_write_bytes_per_second",
        "The rate to which the store slows writes down; 0 when it does not.",
    ),
    (
        "rocksdb.is-write-stopped",
        "concord_store_writes_stopped",
        "1 while the store takes no writes because compaction is behind.",
    ),
    (
        "rocksdb.background-errors",
        "concord_store_background_errors",
        "Errors of compactions and flushes since the start.",
    ),
    (
        "rocksdb.num-snapshots",
        "concord_store_snapshots",
        "Views that are being read.",
    ),
];

pub(super) fn write(registry: &Registry, page: &mut Page) {
    write_changes(registry, page);
    type Of = fn(&Figures, Format) -> &Histogram;
    let families: [(&str, &str, Of); 2] = [
        (
            "concord_parse_seconds",
            "Time to parse a schema that was not known.",
            Figures::parses,
        ),
        (
            "concord_compatibility_seconds",
            "Time to compare a schema with earlier versions.",
            Figures::comparisons,
        ),
    ];
    for (name, help, of) in families {
        page.family(name, help, Kind::Histogram);
        for format in Format::ALL {
            let labels = [("format", format.as_str())];
            let values = of(registry.figures(), format);
            histogram(page, name, &labels, values, &seconds);
        }
    }
    for (property, name, help) in STORE {
        let value = registry.store_figure(property).unwrap_or_default();
        page.alone(name, help, Kind::Gauge, value);
    }
    page.alone(
        "concord_store_row_cache_bytes",
        "Memory of the store's rows that were read lately.",
        Kind::Gauge,
        registry.row_cache_bytes(),
    );
}

fn write_changes(registry: &Registry, page: &mut Page) {
    let figures = registry.figures();
    let name = "concord_changes_total";
    let help = "Changes that were asked for, by kind and by what came of them.";
    page.family(name, help, Kind::Counter);
    for ((action, outcome), number) in figures.changes() {
        let labels = [("action", action.as_str()), ("outcome", outcome.as_str())];
        page.figure(name, &labels, number);
    }
    page.alone(
        "concord_writes_waiting",
        "Changes that wait until they are on the disk.",
        Kind::Gauge,
        figures.waiting(),
    );
    page.alone(
        "concord_write_running_seconds",
        "Time that the write which is running has taken so far; 0 when none is.",
        Kind::Gauge,
        figures.writing().unwrap_or_default().as_secs_f64(),
    );
    page.alone(
        "concord_changes_judged_again_total",
        "Changes that were judged again because something they rest on had changed.",
        Kind::Counter,
        figures.judged_again(),
    );
    page.alone(
        "concord_audit_checkpoints_unanchored",
        "Checkpoints of the audit log that an anchor has not taken yet.",
        Kind::Gauge,
        figures.unanchored(),
    );
    let name = "concord_write_batch_changes";
    page.family(name, "Changes in one synced batch.", Kind::Histogram);
    histogram(page, name, &[], &figures.batches, &|changes| {
        changes.to_string()
    });
    let name = "concord_write_sync_seconds";
    let help = "Time to write a batch and have it on the disk.";
    page.family(name, help, Kind::Histogram);
    histogram(page, name, &[], &figures.syncs, &seconds);
}

fn histogram(
    page: &mut Page,
    name: &str,
    labels: Labels<'_>,
    values: &Histogram,
    shown: &dyn Fn(u64) -> String,
) {
    let bucket = format!("{name}_bucket");
    let mut all = 0;
    for (bound, number) in values.cumulated() {
        let bound = bound.map_or_else(|| "+Inf".to_owned(), shown);
        let labels: Vec<(&str, &str)> = labels.iter().copied().chain([("le", &*bound)]).collect();
        page.figure(&bucket, &labels, number);
        all = number;
    }
    page.figure(&format!("{name}_sum"), labels, shown(values.sum()));
    page.figure(&format!("{name}_count"), labels, all);
}

/// Nanoseconds, as seconds.
fn seconds(nanoseconds: u64) -> String {
    std::time::Duration::from_nanos(nanoseconds)
        .as_secs_f64()
        .to_string()
}
