//! Processor time per answer, of the registry and of bare hyper, route by route.
//!
//! The registry runs twice: as it is by default, and without keeping any answer, so that every answer is made anew.

use std::time::Duration;

use anyhow::{Context, Result};

use crate::Scale;
use crate::bare;
use crate::fill::{self, Filled, VERSIONS};
use crate::load::{self, CONNECTIONS, Connection};
use crate::process::Server;
use crate::report::Section;

/// A route under load.
struct Row {
    name: &'static str,
    /// One request, by a number that counts them.
    request: Box<dyn Fn(u64) -> Vec<u8>>,
    /// The paths for each of which hyper has an answer of its own; without any it gives the same to all.
    paths: Vec<String>,
    /// What must be reached with kept answers, and without; `None` where the figure is only shown.
    wanted: [Option<f64>; 2],
}

/// What one server did in the rounds of a row.
#[derive(Default)]
struct Figures {
    costs: Vec<f64>,
    rates: Vec<f64>,
}

pub(crate) fn measure(scale: Scale) -> Result<Section> {
    let store = Filled::of(scale)?;
    let mut section = Section::new(
        "Lookups",
        "Server processor time per answer in microseconds, and bare hyper's divided by it (1 would be free of charge). \
         *Kept*: as by default. *Made*: `--answers-bytes-max 0`, so no answer is kept. \
         Behind a ratio stands the goal that it misses.",
        &[
            "request",
            "bare hyper",
            "kept",
            "ratio",
            "made",
            "ratio",
            "answers/s kept",
        ],
    );
    let mut kept = Server::concord(store.data(), &[])?;
    set_level(&kept)?;
    kept.settle()?;
    let rows = rows(store.versions);
    let rounds = Rounds {
        count: scale.pick(7, 1),
        time: Duration::from_millis(scale.pick(400, 5)),
    };
    let mut answers = Vec::new();
    for row in &rows {
        answers.push(row.recorded(&kept)?);
    }
    let mut with = Vec::new();
    for (row, answer) in rows.iter().zip(&answers) {
        with.push(rounds.beside_bare(&mut kept, row, answer)?);
    }
    kept.stop()?;
    let mut made = Server::concord(store.data(), &["--answers-bytes-max", "0"])?;
    made.settle()?;
    for ((row, answer), (bare, kept)) in rows.iter().zip(&answers).zip(&with) {
        let (bare_again, made) = rounds.beside_bare(&mut made, row, answer)?;
        section.row(vec![
            row.name.to_owned(),
            format!("{:.2}", bare.cost()),
            format!("{:.2}", kept.cost()),
            marked(bare.cost() / kept.cost(), row.wanted[0]),
            format!("{:.2}", made.cost()),
            marked(bare_again.cost() / made.cost(), row.wanted[1]),
            format!("{:.0}", kept.rate()),
        ]);
    }
    made.stop()?;
    Ok(section)
}

impl Row {
    /// What hyper is to answer from memory.
    fn recorded(&self, server: &Server) -> Result<Vec<u8>> {
        let mut connection = Connection::open(server.address)?;
        let mut recorded = connection.ask(&(self.request)(0))?;
        if self.paths.is_empty() {
            return Ok(recorded);
        }
        recorded.truncate(load::head_length(&recorded).context("a head")?);
        recorded.splice(..0, bare::MANY.bytes());
        for path in &self.paths {
            let answer = connection.ask(&load::get(path))?;
            let body = &answer[load::head_length(&answer).context("a head")?..];
            recorded.extend([path.as_bytes(), b" ", body, b"\n"].concat());
        }
        Ok(recorded)
    }
}

/// How often and how long each server is asked.
struct Rounds {
    count: usize,
    time: Duration,
}

impl Rounds {
    /// Asks a bare server that has the answer in memory, and this one, in turn.
    fn beside_bare(
        &self,
        server: &mut Server,
        row: &Row,
        answer: &[u8],
    ) -> Result<(Figures, Figures)> {
        let mut bare = Server::bare(answer)?;
        let (mut yardstick, mut figures) = (Figures::default(), Figures::default());
        for _ in 0..self.count {
            yardstick.round(&mut bare, row, self.time)?;
            figures.round(server, row, self.time)?;
        }
        Ok((yardstick, figures))
    }
}

impl Figures {
    fn round(&mut self, server: &mut Server, row: &Row, time: Duration) -> Result<()> {
        let mut connections = load::connect(server, CONNECTIONS)?;
        let mut number = 0;
        let mut next = || {
            number += 1;
            (row.request)(number)
        };
        // What is done only once, such as checking the password, is not of interest.
        load::press(server, &mut connections, &mut next, 1, time / 8)?;
        let work = load::press(server, &mut connections, &mut next, 1, time)?;
        self.costs.push(work.cost());
        self.rates.push(work.rate());
        Ok(())
    }

    fn cost(&self) -> f64 {
        load::median(self.costs.clone())
    }

    fn rate(&self) -> f64 {
        load::median(self.rates.clone())
    }
}

/// A ratio, and what it should have been if it is not that.
fn marked(ratio: f64, wanted: Option<f64>) -> String {
    match wanted {
        Some(wanted) if ratio < wanted => format!("{ratio:.2} (of {wanted})"),
        _ => format!("**{ratio:.2}**"),
    }
}

fn set_level(server: &Server) -> Result<()> {
    let target = format!("/config/{}", fill::name(7));
    let request = load::send("PUT", &target, r#"{"compatibility":"FULL"}"#);
    Connection::open(server.address)?.ask(&request)?;
    Ok(())
}

fn rows(versions: u64) -> Vec<Row> {
    let mut rows = by_id(versions);
    rows.extend(by_name());
    rows
}

/// What a row of lookups must reach.
const HIT: [Option<f64>; 2] = [Some(0.95), Some(0.7)];

impl Row {
    fn new(
        name: &'static str,
        wanted: [Option<f64>; 2],
        request: impl Fn(u64) -> Vec<u8> + 'static,
    ) -> Self {
        Self {
            name,
            request: Box::new(request),
            paths: Vec::new(),
            wanted,
        }
    }
}

fn by_id(versions: u64) -> Vec<Row> {
    let id = |number: u64| format!("/schemas/ids/{number}");
    let hundred = move |number| load::get(&id(1 + number % 100));
    let scattered = move |number| load::get(&id(1 + scattered(number) % versions));
    vec![
        Row {
            paths: (1..=100).map(id).collect(),
            ..Row::new("`GET /schemas/ids/{id}`, a hundred ids", HIT, hundred)
        },
        Row::new(
            "`GET /schemas/ids/{id}`, at random among all",
            [Some(0.7), Some(0.7)],
            scattered,
        ),
        Row {
            paths: (1..=versions).map(id).collect(),
            ..Row::new(
                "the same, hyper with all of these answers in a map",
                [None, None],
                scattered,
            )
        },
    ]
}

/// One subject, asked about again and again.
fn by_name() -> Vec<Row> {
    let subject = format!("/subjects/{}", fill::name(3));
    let body = fill::body(3, VERSIONS);
    let latest = load::get(&format!("{subject}/versions/latest"));
    let version = load::get(&format!("{subject}/versions/2"));
    let config = load::get(&format!("/config/{}", fill::name(7)));
    let look_up = load::send("POST", &subject, &body);
    let again = load::send("POST", &format!("{subject}/versions"), &body);
    let posted = [Some(0.6), None];
    let row = |name, wanted, request: Vec<u8>| Row::new(name, wanted, move |_| request.clone());
    vec![
        row("`GET /subjects/{s}/versions/latest`", HIT, latest),
        row("`GET /subjects/{s}/versions/{n}`", HIT, version),
        row("`GET /config/{s}`", HIT, config),
        row("`POST /subjects/{s}`", posted, look_up),
        row("`POST /subjects/{s}/versions`, registered", posted, again),
    ]
}

/// Numbers without an order, and the same ones in every run.
pub(crate) fn scattered(number: u64) -> u64 {
    let mixed = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 20
}
