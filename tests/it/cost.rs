//! What the shortest way through the server costs, in instructions: time would depend on the machine and its load.
//!
//! callgrind, of valgrind, counts them. Where that does not run, or has another processor to count for, the test says so
//! and passes.

use std::fs;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use tests::http::{Client, Request};
use tests::launch::Launch;

/// A lookup, and how it comes to its answer.
struct Way {
    name: &'static str,
    method: &'static str,
    target: &'static str,
    body: Option<&'static str>,
    flags: &'static [&'static str],
    /// The figure that counts how often this way was taken.
    taken: &'static str,
    /// Instructions from the bytes of the request to those of the answer, hyper included, with a password asked for.
    /// Lower it when the way becomes shorter.
    baseline: u64,
}

const KEPT: Way = Way {
    name: "kept",
    method: "GET",
    target: "/schemas/ids/1",
    body: None,
    flags: &[],
    taken: "concord_answers_hits_total ",
    baseline: 12_450,
};

const MADE: Way = Way {
    name: "made anew",
    method: "GET",
    target: "/subjects/s/versions/latest",
    body: None,
    flags: &["--answers-bytes-max", "0"],
    taken: "concord_answers_misses_total ",
    baseline: 26_400,
};

/// What every producer does when it starts, and most often in vain.
const KNOWN: Way = Way {
    name: "made anew to the registration of what is registered",
    method: "POST",
    target: "/subjects/s/versions",
    body: Some(SCHEMA),
    baseline: 78_850,
    ..MADE
};

const SCHEMA: &str = r#"{"schema":"\"string\""}"#;

/// How much dearer a change may make it.
const PERCENT_MORE: u64 = 5;

/// Requests that are counted.
const COUNTED: u64 = 400;

/// Argon2id of `password`, from the test vectors of its reference implementation.
const USER: &str =
    "ada:$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4\n";

#[test]
fn an_answer_that_is_kept_costs_at_most_five_percent_more_than_the_baseline() -> Result<()> {
    KEPT.costs_what_it_did()
}

#[test]
fn an_answer_that_is_made_costs_at_most_five_percent_more_than_the_baseline() -> Result<()> {
    MADE.costs_what_it_did()
}

#[test]
fn a_schema_that_is_known_is_found_for_at_most_five_percent_more_than_the_baseline() -> Result<()> {
    KNOWN.costs_what_it_did()
}

impl Way {
    fn costs_what_it_did(&self) -> Result<()> {
        let counts = ["--tool=callgrind", "--callgrind-out-file=/dev/null", "true"];
        let counted = Command::new("valgrind").args(counts).output();
        if !counted.is_ok_and(|counted| counted.status.success()) {
            println!("left out: there is no valgrind that runs");
            return Ok(());
        }
        if cfg!(not(target_arch = "x86_64")) {
            println!("left out: the baseline is one of x86-64");
            return Ok(());
        }
        let (cost, name, baseline) = (self.cost()?, self.name, self.baseline);
        println!("{cost} instructions for each answer that is {name}; the baseline is {baseline}");
        assert!(
            cost * 100 <= baseline * (100 + PERCENT_MORE),
            "an answer that is {name} costs {cost} instructions, more than {PERCENT_MORE} % above the baseline of \
             {baseline}: make the way short again, or say in the commit that raises the baseline what is worth it"
        );
        Ok(())
    }

    fn cost(&self) -> Result<u64> {
        let launch = Launch::new()?;
        let users = launch.folder().join("users");
        fs::write(&users, USER)?;
        let counts = launch.folder().join("counts");
        let counts_flag = format!("--callgrind-out-file={}", counts.display());
        let launch = launch
            .argument("--users-file")
            .argument(&users)
            // One thread, so that none searches the others for work.
            .environment("TOKIO_WORKER_THREADS", "1")
            .under(&[
                "valgrind",
                "--tool=callgrind",
                "--instr-atstart=no",
                &counts_flag,
            ]);
        let launch = self.flags.iter().fold(launch, Launch::argument);
        let server = launch.start()?;
        let mut client = server.client();
        ask(&mut client, "POST", "/subjects/s/versions", Some(SCHEMA), 1)?;
        let (method, target) = (self.method, self.target);
        ask(&mut client, method, target, self.body, 20)?;
        count(server.process(), "on")?;
        ask(&mut client, method, target, self.body, COUNTED)?;
        count(server.process(), "off")?;
        let metrics = {
            let mut request = authorised("GET", "/metrics", None);
            request.set_header("Accept", Some("text/plain"));
            client.send(&request)?.text()
        };
        server.terminate()?;
        let taken = metrics
            .lines()
            .find_map(|line| line.strip_prefix(self.taken))
            .context("the way is counted")?;
        ensure!(
            taken.parse::<u64>()? >= COUNTED,
            "only {taken} answers were {}",
            self.name
        );
        Ok(total(&fs::read_to_string(&counts)?)? / COUNTED)
    }
}

fn authorised(method: &str, target: &str, body: Option<&str>) -> Request {
    let mut request = Request::new(method, target, body);
    request.set_header("Authorization", Some("Basic YWRhOnBhc3N3b3Jk"));
    request
}

fn ask(
    client: &mut Client,
    method: &str,
    target: &str,
    body: Option<&str>,
    times: u64,
) -> Result<()> {
    let request = authorised(method, target, body);
    for _ in 0..times {
        let answer = client.send(&request)?;
        ensure!(
            answer.status == 200,
            "{target} was answered {}",
            answer.status
        );
    }
    Ok(())
}

/// Switches the counting on or off.
fn count(process: u32, switch: &str) -> Result<()> {
    let switched = Command::new("callgrind_control")
        .args(["--instr", switch, &process.to_string()])
        .stdout(Stdio::null())
        .status()?;
    ensure!(switched.success(), "callgrind cannot be switched {switch}");
    Ok(())
}

/// The sum of all that was counted.
fn total(counts: &str) -> Result<u64> {
    let parts: Vec<u64> = counts
        .lines()
        .filter_map(|line| line.strip_prefix("totals: "))
        .map(|number| Ok(number.trim().parse()?))
        .collect::<Result<_>>()?;
    ensure!(!parts.is_empty(), "callgrind wrote no total");
    Ok(parts.iter().sum())
}
