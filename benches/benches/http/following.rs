//! What it costs to follow requests: the access log, and traces.

use std::time::Duration;

use anyhow::Result;

use crate::Scale;
use crate::fill::Filled;
use crate::load::{self, CONNECTIONS, Connection};
use crate::process::Server;
use crate::report::{self, Section};

const TARGET: &str = "/schemas/ids/7";

pub(crate) fn measure(scale: Scale) -> Result<Section> {
    let store = Filled::of(scale)?;
    let mut section = Section::new(
        "Following requests",
        &format!(
            "`GET {TARGET}`, kept: server processor time per answer in microseconds. The log goes nowhere, and the collector takes \
             every span. *Nothing* is the default: the table of lookups is measured so, too."
        ),
        &["followed", "bare hyper", "concord", "ratio"],
    );
    let rounds = scale.pick(5, 1);
    let time = Duration::from_millis(scale.pick(400, 5));
    let answer = {
        let concord = Server::concord(store.data(), &[])?;
        let answer = Connection::open(concord.address)?.ask(&load::get(TARGET))?;
        concord.stop()?;
        answer
    };
    let mut bare = Server::bare(&answer)?;
    // It takes whatever it is sent.
    let collector = Server::bare(&answer)?;
    let endpoint = format!("--traces-endpoint=http://{}/v1/traces", collector.address);
    let ways: [(&str, &[&str]); 5] = [
        ("nothing", &[]),
        (
            "access log, one of 100 good answers",
            &["--access-log", "--access-log-every=100"],
        ),
        ("access log, all", &["--access-log"]),
        ("traces, 1 %", &[&endpoint, "--traces-percent=1"]),
        ("traces, all", &[&endpoint, "--traces-percent=100"]),
    ];
    for (name, flags) in ways {
        let mut concord = Server::concord(store.data(), flags)?;
        let mut costs = [Vec::new(), Vec::new()];
        for _ in 0..rounds {
            for (server, costs) in [&mut bare, &mut concord].into_iter().zip(&mut costs) {
                let mut connections = load::connect(server, CONNECTIONS)?;
                let mut request = || load::get(TARGET);
                // What is done only once, such as checking the password, is not of interest.
                load::press(server, &mut connections, &mut request, 1, time / 8)?;
                costs.push(load::press(server, &mut connections, &mut request, 1, time)?.cost());
            }
        }
        concord.stop()?;
        section.row(report::beside_bare(name, costs));
    }
    Ok(section)
}
