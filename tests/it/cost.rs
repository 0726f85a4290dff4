//! What the shortest way through the server costs, in instructions: time would depend on the machine and its load.
//!
//! callgrind, of valgrind, counts them. Where that does not run, or has another processor to count for, the test says so
//! and passes.

use std::fs;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use tests::http::{Client, Request};
use tests::launch::Launch;

/// Instructions for one lookup whose answer is kept, from the bytes of the request to those of the answer, hyper
/// included, with a password asked for. Lower it when the way becomes shorter.
const KEPT_BASELINE: u64 = 17_100;

/// How much dearer a change may make it.
const PERCENT_MORE: u64 = 5;

/// Requests that are counted.
const COUNTED: u64 = 400;

/// Argon2id of `password`, from the test vectors of its reference implementation.
const USER: &str =
    "ada:$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4\n";

#[test]
fn a_kept_answer_costs_at_most_five_percent_more_than_the_baseline() -> Result<()> {
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
    let server = launch.start()?;
    let mut client = server.client();
    let schema = r#"{"schema":"\"string\""}"#;
    ask(&mut client, "POST", "/subjects/s/versions", Some(schema), 1)?;
    ask(&mut client, "GET", "/schemas/ids/1", None, 20)?;
    count(server.process(), "on")?;
    ask(&mut client, "GET", "/schemas/ids/1", None, COUNTED)?;
    count(server.process(), "off")?;
    let metrics = {
        let mut request = authorised("GET", "/metrics", None);
        request.set_header("Accept", Some("text/plain"));
        client.send(&request)?.text()
    };
    server.terminate()?;
    let hits = metrics
        .lines()
        .find_map(|line| line.strip_prefix("concord_answers_hits_total "))
        .context("hits are counted")?;
    ensure!(
        hits.parse::<u64>()? >= COUNTED,
        "only {hits} answers were kept ones"
    );
    let cost = total(&fs::read_to_string(&counts)?)? / COUNTED;
    println!("{cost} instructions for each kept answer; the baseline is {KEPT_BASELINE}");
    assert!(
        cost * 100 <= KEPT_BASELINE * (100 + PERCENT_MORE),
        "a kept answer costs {cost} instructions, more than {PERCENT_MORE} % above the baseline of {KEPT_BASELINE}: \
         make the way short again, or say in the commit that raises the baseline what is worth it"
    );
    Ok(())
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
