//! How long answers take when they come at a steady rate, alone and while somebody registers schemas.
//!
//! Requests are due by a clock, whatever became of those before, and the time counts from when one was due: a server
//! that stalls cannot hide it. The generator never sleeps; its core is its own.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::Scale;
use crate::fill::Filled;
use crate::load::{self, CONNECTIONS, Connection};
use crate::process::Server;
use crate::report::Section;

/// Registrations a second beside the lookups.
const REGISTRATIONS: f64 = 200.0;

/// Requests of a kind that are due at a steady rate.
struct Stream<'r> {
    period: Duration,
    due: Instant,
    idle: Vec<Connection>,
    /// Those that wait for an answer, and since when it was due.
    busy: Vec<(Connection, Instant)>,
    request: &'r mut dyn FnMut() -> Vec<u8>,
    took: Vec<Duration>,
}

pub(crate) fn measure(scale: Scale) -> Result<Section> {
    let store = Filled::of(scale)?;
    let mut section = Section::new(
        "Latency",
        "At half of the highest load of `GET /schemas/ids/{id}` over a hundred ids, from when a request was due until its answer \
         was there, in microseconds. Each registration makes every kept answer worthless, so all that follow are made anew.",
        &["load", "requests/s", "p50", "p99", "p99.9", "largest"],
    );
    let mut server = Server::concord(store.data(), &[])?;
    let mut number = 0_u64;
    let mut lookup = || {
        number += 1;
        load::get(&format!("/schemas/ids/{}", 1 + number % 100))
    };
    let mut connections = load::connect(&server, CONNECTIONS)?;
    let burst = Duration::from_millis(scale.pick(1000, 10));
    let highest = load::press(&mut server, &mut connections, &mut lookup, 1, burst)?.rate();
    let time = Duration::from_millis(scale.pick(5000, 50));
    let mut alone = Stream::new(&server, highest / 2.0, CONNECTIONS, &mut lookup)?;
    run(&mut [&mut alone], time)?;
    section.row(row("lookups alone", alone, time));

    let mut beside = Stream::new(&server, highest / 2.0, CONNECTIONS, &mut lookup)?;
    let mut registered = 0_u64;
    let mut registration = || {
        registered += 1;
        load::registration(registered)
    };
    let mut writer = Stream::new(&server, REGISTRATIONS, 16, &mut registration)?;
    run(&mut [&mut beside, &mut writer], time)?;
    section.row(row(
        "lookups beside 200 registrations a second",
        beside,
        time,
    ));
    section.row(row("those registrations", writer, time));
    let answer = Connection::open(server.address)?.ask(&load::get("/schemas/ids/1"))?;
    server.stop()?;

    let bare = Server::bare(&answer)?;
    let mut yardstick = Stream::new(&bare, highest / 2.0, CONNECTIONS, &mut lookup)?;
    run(&mut [&mut yardstick], time)?;
    section.row(row("bare hyper at the rate of the first", yardstick, time));
    Ok(section)
}

fn row(name: &str, mut stream: Stream<'_>, time: Duration) -> Vec<String> {
    stream.took.sort();
    let took = &stream.took;
    let at = |share: f64| {
        let index = (took.len() as f64 * share) as usize;
        let found = took.get(index.min(took.len().saturating_sub(1)));
        format!(
            "{:.0}",
            found.map_or(f64::NAN, |took| took.as_secs_f64() * 1e6)
        )
    };
    vec![
        name.to_owned(),
        format!("{:.0}", took.len() as f64 / time.as_secs_f64()),
        at(0.5),
        at(0.99),
        at(0.999),
        at(1.0),
    ]
}

fn run(streams: &mut [&mut Stream<'_>], time: Duration) -> Result<()> {
    let end = Instant::now() + time;
    for stream in &mut *streams {
        stream.due = Instant::now();
    }
    while Instant::now() < end {
        for stream in &mut *streams {
            stream.send_what_is_due()?;
            stream.take_what_is_there()?;
        }
    }
    for stream in streams {
        while !stream.busy.is_empty() {
            stream.take_what_is_there()?;
        }
    }
    Ok(())
}

impl<'r> Stream<'r> {
    fn new(
        server: &Server,
        rate: f64,
        connections: usize,
        request: &'r mut dyn FnMut() -> Vec<u8>,
    ) -> Result<Self> {
        let idle = load::connect(server, connections)?;
        for connection in &idle {
            connection.stream.set_nonblocking(true)?;
        }
        Ok(Self {
            period: Duration::from_secs_f64(1.0 / rate),
            due: Instant::now(),
            idle,
            busy: Vec::new(),
            request,
            took: Vec::new(),
        })
    }

    fn send_what_is_due(&mut self) -> Result<()> {
        while self.due <= Instant::now()
            && let Some(mut connection) = self.idle.pop()
        {
            connection.write(&(self.request)())?;
            self.busy.push((connection, self.due));
            self.due += self.period;
        }
        Ok(())
    }

    fn take_what_is_there(&mut self) -> Result<()> {
        let mut index = 0;
        while index < self.busy.len() {
            let connection = &mut self.busy[index].0;
            if connection.is_readable()? && connection.take()? {
                let (connection, due) = self.busy.swap_remove(index);
                self.took.push(due.elapsed());
                self.idle.push(connection);
            } else {
                index += 1;
            }
        }
        Ok(())
    }
}
