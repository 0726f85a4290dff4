//! Registrations, each synced to the disk before it is answered: one client, and sixteen at once.
//!
//! What waits together is written with one sync, so sixteen clients get far more than one does. The ratio of the two is
//! the figure; the absolute ones are the disk's.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use registry_core::{Caller, RegisterOptions, Registry, RegistryOptions, Subject, Submission};
use tempfile::TempDir;

criterion_group!(register, registering);
criterion_main!(register);

/// Gives every registration a subject and a text of its own.
static NUMBER: AtomicU64 = AtomicU64::new(0);

fn registering(criterion: &mut Criterion) {
    let folder = TempDir::new().expect("a temporary folder");
    let registry = Registry::open(folder.path(), RegistryOptions::default()).expect("it opens");
    let mut group = criterion.benchmark_group("register");
    group.throughput(Throughput::Elements(1)).sample_size(10);
    for clients in [1, 16] {
        group.bench_function(BenchmarkId::new("clients", clients), |bencher| {
            bencher.iter_custom(|registrations| spread(&registry, clients, registrations));
        });
    }
    group.finish();
}

/// How long so many registrations take when so many clients share them.
fn spread(registry: &Registry, clients: u64, registrations: u64) -> Duration {
    let started = Instant::now();
    std::thread::scope(|scope| {
        for client in 0..clients {
            let share = registrations / clients + u64::from(client < registrations % clients);
            scope.spawn(move || (0..share).for_each(|_| register_one(registry)));
        }
    });
    started.elapsed()
}

fn register_one(registry: &Registry) {
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let text = format!(
        r#"{{"type":"record","name":"R","fields":[{{"name":"f{number}","type":"long"}}]}}"#
    );
    let submission = Submission {
        text: Some(text),
        ..Submission::default()
    };
    let subject = Subject::parse(&format!("s{number}"));
    let registered = registry.register(
        &Caller::local(),
        &subject,
        &submission,
        RegisterOptions::default(),
    );
    registered.expect("a new subject takes any schema");
}
