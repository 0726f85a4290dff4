//! Processor time per answer, of the registry and of bare hyper, route by route.
//!
//! The registry runs twice: as it is by default, and without keeping any answer, so that every answer is made anew.

use std::cell::Cell;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::Scale;
use crate::bare;
use crate::fill::{self, Filled, VERSIONS};
use crate::load::{self, CONNECTIONS, Connection, Work};
use crate::process::Server;
use crate::report::Section;

/// A route under load.
struct Row {
    name: &'static str,
    /// One request, by a number that counts them.
    request: Box<dyn Fn(u64) -> Vec<u8>>,
    /// How many different ones there are.
    targets: u64,
    /// The paths for each of which hyper has an answer of its own; without any it gives the same to all.
    paths: Vec<String>,
    /// What must be reached with kept answers, and without; `None` where the figure is only shown.
    wanted: [Option<f64>; 2],
}

/// A round: bare hyper first, then the registry.
struct Round {
    bare: Work,
    concord: Work,
}

pub(crate) fn measure(scale: Scale) -> Result<Section> {
    let store = Filled::of(scale)?;
    let mut section = Section::new(
        "Lookups",
        "Server processor time per answer in microseconds, and bare hyper's divided by it (1 would be free of charge): \
         the median of the rounds, and the least and the greatest. Each round has processes of its own, since no two have \
         the same luck with their memory. *Kept*: as by default. *Made*: `--answers-bytes-max 0`, so no answer is kept. \
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
    let rows = rows(store.versions);
    let answers = recorded(&store, &rows)?;
    let rounds = Rounds {
        count: scale.pick(9, 1),
        time: Duration::from_millis(scale.pick(400, 5)),
    };
    let kept = rounds.beside_bare(&store, &[], &rows, &answers)?;
    let made = rounds.beside_bare(&store, &["--answers-bytes-max", "0"], &rows, &answers)?;
    for (row, (kept, made)) in rows.iter().zip(kept.iter().zip(&made)) {
        section.row(vec![
            row.name.to_owned(),
            format!("{:.2}", median(kept, |round| round.bare.cost())),
            format!("{:.2}", median(kept, |round| round.concord.cost())),
            ratio(kept, row.wanted[0]),
            format!("{:.2}", median(made, |round| round.concord.cost())),
            ratio(made, row.wanted[1]),
            format!("{:.0}", median(kept, |round| round.concord.rate())),
        ]);
    }
    Ok(section)
}

/// What hyper is to answer from memory, row by row.
fn recorded(store: &Filled, rows: &[Row]) -> Result<Vec<Vec<u8>>> {
    let server = Server::concord(store.data(), &[])?;
    set_level(&server)?;
    let answers = rows.iter().map(|row| row.recorded(&server)).collect();
    server.stop()?;
    answers
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
    /// Asks a bare server that has the answer in memory, and the registry, in turn; row by row.
    fn beside_bare(
        &self,
        store: &Filled,
        flags: &[&str],
        rows: &[Row],
        answers: &[Vec<u8>],
    ) -> Result<Vec<Vec<Round>>> {
        let mut rounds: Vec<Vec<Round>> = rows.iter().map(|_| Vec::new()).collect();
        for first in 0..self.count {
            let mut concord = Server::concord(store.data(), flags)?;
            concord.settle()?;
            // Another row is the first one in each round, since what is asked first leaves its traces in memory.
            for number in (first..).take(rows.len()).map(|number| number % rows.len()) {
                let mut bare = Server::bare(&answers[number])?;
                rounds[number].push(Round {
                    bare: self.press(&mut bare, &rows[number])?,
                    concord: self.press(&mut concord, &rows[number])?,
                });
            }
            concord.stop()?;
        }
        Ok(rounds)
    }

    fn press(&self, server: &mut Server, row: &Row) -> Result<Work> {
        let mut connections = load::connect(server, CONNECTIONS)?;
        let number = Cell::new(0);
        let mut next = || {
            number.set(number.get() + 1);
            (row.request)(number.get())
        };
        // What is done only once, such as checking the password or making an answer that is kept, is not of interest.
        while number.get() <= row.targets {
            load::press(server, &mut connections, &mut next, 1, self.time / 8)?;
        }
        load::press(server, &mut connections, &mut next, 1, self.time)
    }
}

fn median(rounds: &[Round], figure: impl Fn(&Round) -> f64) -> f64 {
    load::median(rounds.iter().map(figure).collect())
}

/// The ratio, its spread, and what it should have been if it is not that.
fn ratio(rounds: &[Round], wanted: Option<f64>) -> String {
    let ratio = |round: &Round| round.bare.cost() / round.concord.cost();
    let middle = median(rounds, ratio);
    let ratios = || rounds.iter().map(ratio);
    let (least, greatest) = (
        ratios().fold(f64::MAX, f64::min),
        ratios().fold(0.0, f64::max),
    );
    let spread = format!("{least:.2}–{greatest:.2}");
    match wanted {
        Some(wanted) if middle < wanted => format!("{middle:.2} ({spread}; of {wanted})"),
        _ => format!("**{middle:.2}** ({spread})"),
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
            targets: 1,
            paths: Vec::new(),
            wanted,
        }
    }
}

fn by_id(versions: u64) -> Vec<Row> {
    let id = |number: u64| format!("/schemas/ids/{number}");
    let hundred = move |number| load::get(&id(1 + number % 100));
    let scattered = move |number| {
        // Each once, then at random.
        let asked = if number <= versions {
            number
        } else {
            1 + scattered(number) % versions
        };
        load::get(&id(asked))
    };
    vec![
        Row {
            targets: 100,
            paths: (1..=100).map(id).collect(),
            ..Row::new("`GET /schemas/ids/{id}`, a hundred ids", HIT, hundred)
        },
        Row {
            targets: versions,
            ..Row::new(
                "`GET /schemas/ids/{id}`, at random among all",
                [Some(0.7), Some(0.7)],
                scattered,
            )
        },
        Row {
            targets: versions,
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
