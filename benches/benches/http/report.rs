//! The page of figures, `docs/benchmarks.md`.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

/// One table and what it says.
pub(crate) struct Section {
    title: &'static str,
    about: String,
    columns: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

/// All of them.
pub(crate) struct Report {
    sections: Vec<Section>,
}

impl Section {
    pub(crate) fn new(title: &'static str, about: &str, columns: &[&'static str]) -> Self {
        Self {
            title,
            about: about.to_owned(),
            columns: columns.to_vec(),
            rows: Vec::new(),
        }
    }

    pub(crate) fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    fn markdown(&self) -> String {
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        let columns: Vec<String> = self.columns.iter().map(ToString::to_string).collect();
        let rules: Vec<String> = self.columns.iter().map(|_| "---".to_owned()).collect();
        let mut text = format!("## {}\n\n{}\n\n", self.title, self.about);
        text.push_str(&line(&columns));
        text.push_str(&line(&rules));
        text.extend(self.rows.iter().map(|row| line(row)));
        text
    }
}

impl Report {
    pub(crate) const fn new() -> Self {
        Self {
            sections: Vec::new(),
        }
    }

    /// Takes a section in, and shows it at once.
    pub(crate) fn add(&mut self, section: Section) {
        println!("{}", section.markdown());
        self.sections.push(section);
    }

    /// Writes the page.
    pub(crate) fn write(&self) -> Result<()> {
        let mut page = String::from(PREFACE);
        writeln!(page, "## The machine\n\n{}", machine())?;
        for section in &self.sections {
            writeln!(page, "\n{}", section.markdown().trim_end())?;
        }
        // cargo runs a bench in the folder of its package.
        fs::write("../docs/benchmarks.md", page).context("writing the page")
    }
}

const PREFACE: &str = "\
# Benchmarks

`make bench` measures all of this and writes this page; `BENCH=http make bench` measures anew all but what criterion did. It takes about
half an hour and wants a machine that does nothing else. What the figures mean, and where the time goes, is in
[performance.md](performance.md).

The registry runs as its users run it: passwords are asked for and checked, limits, metrics and request ids are on. The yardstick is
hyper, the HTTP library below it, answering the same bytes from memory to whatever it is asked. Server and load generator have a core
each; rounds of the one and the other alternate, and every figure is a median. Processor time is the server's own, as the kernel counts
it. **Only ratios mean anything elsewhere**: the rest depends on the machine.

";

fn machine() -> String {
    let processor = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = processor
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .map_or("unknown", |rest| rest.trim_start_matches(['\t', ' ', ':']));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!(
        "* {model}; {} cores, of which the generator has {cores}; Linux {}\n\
         * {}; concord {}, from {}",
        processor.matches("processor\t").count(),
        kernel.trim(),
        output("rustc", &["--version"]),
        env!("CARGO_PKG_VERSION"),
        output("git", &["describe", "--always", "--dirty"]),
    )
}

fn output(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    output.map_or_else(
        |_| "unknown".to_owned(),
        |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
    )
}

/// A row of what bare hyper and the registry cost.
pub(crate) fn beside_bare(name: &str, costs: [Vec<f64>; 2]) -> Vec<String> {
    let [bare, concord] = costs.map(crate::load::median);
    vec![
        name.to_owned(),
        format!("{bare:.2}"),
        format!("{concord:.2}"),
        format!("{:.2}", bare / concord),
    ]
}
