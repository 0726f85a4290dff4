//! Registrations a second over HTTP, each on the disk before it is answered, beside a synced write of the store alone.

use std::time::{Duration, Instant};

use anyhow::Result;
use tempfile::TempDir;

use crate::Scale;
use crate::load;
use crate::process::Server;
use crate::report::Section;

pub(crate) fn measure(scale: Scale) -> Result<Section> {
    let mut section = Section::new(
        "Registrations",
        "New schemas a second, each synced to the disk before it is answered. What waits together is written with one sync. The \
         plain write is one kilobyte put into an empty RocksDB with `sync`, on the same disk, in the same run.",
        &["who", "a second", "beside plain writes"],
    );
    let time = Duration::from_millis(scale.pick(2000, 20));
    let rounds = scale.pick(5, 1);
    let folder = TempDir::new()?;
    let mut server = Server::concord(folder.path(), &[])?;
    let plain = Plain::open()?;
    let mut registered = 0_u64;
    let mut request = || {
        registered += 1;
        load::registration(registered)
    };
    let mut rates = [Vec::new(), Vec::new(), Vec::new()];
    for _ in 0..rounds {
        rates[0].push(plain.press(time)?);
        for (clients, rates) in [1, 16].into_iter().zip(&mut rates[1..]) {
            let mut connections = load::connect(&server, clients)?;
            let work = load::press(&mut server, &mut connections, &mut request, 1, time)?;
            rates.push(work.rate());
        }
    }
    let rates = rates.map(load::median);
    let names = ["plain synced write", "1 client", "16 clients"];
    for (name, rate) in names.into_iter().zip(rates) {
        section.row(vec![
            name.to_owned(),
            format!("{rate:.0}"),
            format!("{:.2}", rate / rates[0]),
        ]);
    }
    server.stop()?;
    Ok(section)
}

/// A store with nothing around it.
struct Plain {
    store: rocksdb::DB,
    _folder: TempDir,
}

impl Plain {
    fn open() -> Result<Self> {
        let folder = TempDir::new()?;
        Ok(Self {
            store: rocksdb::DB::open_default(folder.path())?,
            _folder: folder,
        })
    }

    fn press(&self, time: Duration) -> Result<f64> {
        let mut synced = rocksdb::WriteOptions::default();
        synced.set_sync(true);
        let started = Instant::now();
        let mut writes = 0_u32;
        while started.elapsed() < time {
            self.store
                .put_opt(writes.to_be_bytes(), [7; 1024], &synced)?;
            writes += 1;
        }
        Ok(f64::from(writes) / started.elapsed().as_secs_f64())
    }
}
