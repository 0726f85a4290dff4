//! What an answer costs: the server beside a bare hyper server that answers the same bytes from memory.
//!
//! Server and load generator are pinned to a core each; rounds alternate, and the figures are medians. `make bench`
//! runs all of it and writes `docs/benchmarks.md`; without `--bench`, as in `make test`, everything runs once, small,
//! and nothing is written. `cargo bench --bench http -- ratios` measures one section. Only ratios within one run mean anything.

mod bare;
mod fill;
mod following;
mod idle;
mod latency;
mod load;
mod process;
mod protocols;
mod ratios;
mod registrations;
mod report;
mod start;
mod timed;

use std::env;
use std::process::ExitCode;

use anyhow::Result;
use report::{Report, Section};

/// How much is done.
#[derive(Clone, Copy)]
pub(crate) struct Scale {
    /// True for figures that are worth keeping.
    pub(crate) is_full: bool,
}

impl Scale {
    /// One number for figures, another for a look whether it works.
    pub(crate) const fn pick<T: Copy>(self, full: T, small: T) -> T {
        if self.is_full { full } else { small }
    }
}

/// Measures something.
type Measure = fn(Scale) -> Result<Section>;

/// What can be measured, by name: everything, or what the arguments name.
const SECTIONS: [(&str, Measure); 8] = [
    ("ratios", ratios::measure),
    ("protocols", protocols::measure),
    ("following", following::measure),
    ("latency", latency::measure),
    ("idle", idle::measure),
    ("registrations", registrations::measure),
    ("start", start::measure),
    ("timed", timed::measure),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let done = match arguments.first().map(String::as_str) {
        Some("--bare") => bare::serve(&arguments[1], &arguments[2]),
        _ => measure(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("http: {error:?}");
            ExitCode::FAILURE
        }
    }
}

fn measure(arguments: &[String]) -> Result<()> {
    let scale = Scale {
        is_full: arguments.iter().any(|argument| argument == "--bench"),
    };
    let named: Vec<&String> = arguments
        .iter()
        .filter(|argument| !argument.starts_with("--"))
        .collect();
    process::pin_generator();
    let mut report = Report::new();
    for (name, measure) in SECTIONS {
        if named.is_empty() || named.iter().any(|wanted| *wanted == name) {
            report.add(measure(scale)?);
        }
    }
    if scale.is_full && named.is_empty() {
        report.write()?;
    }
    Ok(())
}
