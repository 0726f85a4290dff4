//! How long a server takes from its start to its first answer, and how much memory it holds, by the size of its store.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::Scale;
use crate::fill::{self, Filled};
use crate::idle::mebibytes;
use crate::load::{self, CONNECTIONS, Connection};
use crate::process::Server;
use crate::ratios::scattered;
use crate::report::Section;

pub(crate) fn measure(scale: Scale) -> Result<Section> {
    let mut section = Section::new(
        "Start and memory",
        "From the start of the process to the answer of `GET /subjects/{s}/versions/latest`, on a warm disk; and its resident memory \
         after that answer, and after two seconds of lookups at random, with the default `--memory-bytes-max` of 256 MiB.",
        &["versions", "first answer", "memory then", "after lookups"],
    );
    let sizes: &[u64] = scale.pick(&[10_000, 100_000, 1_000_000], &[100, 500]);
    let mut store = Filled::new(0)?;
    for &versions in sizes {
        store.grow(versions)?;
        let mut took = Vec::new();
        let mut memory = Vec::new();
        let request = load::get(&format!("/subjects/{}/versions/latest", fill::name(3)));
        for _ in 0..scale.pick(7, 1) {
            let started = Instant::now();
            let server = Server::concord(store.data(), &[])?;
            Connection::open(server.address)?.ask(&request)?;
            took.push(started.elapsed().as_secs_f64() * 1e3);
            memory.push(server.memory()? as f64);
            server.stop()?;
        }
        let after = after_lookups(scale, &store)?;
        section.row(vec![
            versions.to_string(),
            format!("{:.0} ms", load::median(took)),
            mebibytes(load::median(memory) as u64),
            mebibytes(after),
        ]);
    }
    Ok(section)
}

fn after_lookups(scale: Scale, store: &Filled) -> Result<u64> {
    let mut server = Server::concord(store.data(), &[])?;
    let mut connections = load::connect(&server, CONNECTIONS)?;
    let mut number = 0;
    let mut request = || {
        number += 1;
        load::get(&format!(
            "/schemas/ids/{}",
            1 + scattered(number) % store.versions
        ))
    };
    let time = Duration::from_millis(scale.pick(2000, 20));
    load::press(&mut server, &mut connections, &mut request, 1, time)?;
    let memory = server.memory()?;
    server.stop()?;
    Ok(memory)
}
