//! What a connection costs that is open and silent.

use std::net::TcpStream;

use anyhow::Result;

use crate::Scale;
use crate::fill::Filled;
use crate::load::{self, Connection};
use crate::process::Server;
use crate::report::Section;

pub(crate) fn measure(scale: Scale) -> Result<Section> {
    let store = Filled::of(scale)?;
    let count = scale.pick(10_000, 50);
    let mut section = Section::new(
        "Idle connections",
        &format!(
            "Resident memory before and with {count} connections that have asked once and stay open."
        ),
        &["server", "before", "with them", "per connection"],
    );
    let mut concord = Server::concord(store.data(), &[])?;
    let request = load::get("/schemas/ids/7");
    let answer = Connection::open(concord.address)?.ask(&request)?;
    let mut bare = Server::bare(&answer)?;
    for (name, server) in [("bare hyper", &mut bare), ("concord", &mut concord)] {
        // One first, so that what is made once is there.
        let mut open = vec![asked(server, &request)?];
        let before = server.memory()?;
        for _ in 0..count {
            open.push(asked(server, &request)?);
        }
        let with = server.memory()?;
        section.row(vec![
            name.to_owned(),
            mebibytes(before),
            mebibytes(with),
            format!(
                "{:.1} KiB",
                with.saturating_sub(before) as f64 / 1024.0 / f64::from(count)
            ),
        ]);
    }
    concord.stop()?;
    Ok(section)
}

/// A connection that has asked once. What the generator needs to read is given back.
fn asked(server: &Server, request: &[u8]) -> Result<TcpStream> {
    let mut connection = Connection::open(server.address)?;
    connection.ask(request)?;
    Ok(connection.stream)
}

pub(crate) fn mebibytes(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20))
}
