//! A server that is killed while it removes old records of the audit log.

use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tests::binary;
use tests::http::{Client, Request};
use tests::launch::Launch;

use super::random::Random;
use super::records;

/// How many attempts are on record before anything is removed: a dozen portions.
const ATTEMPTS: usize = 6000;
const CLIENTS: usize = 8;
/// How often the server is killed at most.
const DEATHS_MAX: u64 = 30;
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn a_server_that_is_killed_while_it_removes_old_records_leaves_a_log_that_verifies() -> Result<()> {
    let launch = records::with_audit_log()?;
    let server = launch.start()?;
    let registered = Request::new(
        "POST",
        "/subjects/s/versions",
        Some(r#"{"schema":"\"string\""}"#),
    );
    ensure!(server.client().send(&registered)?.status == 200);
    thread::scope(|scope| {
        let attempts = (0..CLIENTS).map(|_| scope.spawn(|| attempt(server.client())));
        let attempts: Vec<_> = attempts.collect();
        attempts
            .into_iter()
            .try_for_each(|done| done.join().expect("no panic"))
    })?;
    let versions = records::versions(&mut server.client())?;
    server.terminate()?;
    ensure!(first_record(&launch)? == 1, "nothing is removed yet");
    // Opening, registration, closing.
    let old = ATTEMPTS as u64 + 3;

    let launch = launch.argument("--audit-retention").argument("1s");
    let mut random = Random::seeded();
    let mut first = 1;
    let mut deaths_within = 0;
    for round in 0..DEATHS_MAX {
        let server = launch.start()?;
        if round == 0 {
            removed(&mut server.client(), 1)?;
        }
        thread::sleep(Duration::from_micros(random.below(20_000)));
        server.kill()?;
        let found = first_record(&launch)?;
        ensure!(found >= first, "record {first} was removed, and is back");
        if found > 1 && found <= old {
            deaths_within += 1;
        }
        first = found;
        if first > old {
            break;
        }
    }
    ensure!(
        deaths_within > 0,
        "the server was never killed in the middle"
    );
    let server = launch.start()?;
    removed(&mut server.client(), old)?;
    ensure!(records::versions(&mut server.client())? == versions);
    server.terminate()?;
    ensure!(first_record(&launch)? > old);
    println!("killed {deaths_within} times in the middle of removing {old} records");
    Ok(())
}

/// Wishes that are refused, and on record.
fn attempt(mut client: Client) -> Result<()> {
    let bad = Request::new("POST", "/subjects/s/versions", Some(r#"{"schema":"{"}"#));
    for _ in 0..ATTEMPTS / CLIENTS {
        ensure!(client.send(&bad)?.status == 422);
    }
    Ok(())
}

/// Waits until this record is removed.
fn removed(client: &mut Client, record: u64) -> Result<()> {
    let began = Instant::now();
    let question = Request::new("GET", "/governance/v1/audit/checkpoints?limit=1", None);
    loop {
        let page = client.send(&question)?.json();
        let start = page["start"]["checkpoint"]["sequence"].as_str();
        if start.is_some_and(|start| start.parse().is_ok_and(|start: u64| start >= record)) {
            return Ok(());
        }
        ensure!(began.elapsed() < PATIENCE, "it is not removed: {page}");
        thread::yield_now();
    }
}

/// The first record in the store of a server that has died, whose log is sound and whose rows fit each other.
fn first_record(launch: &Launch) -> Result<u64> {
    let said = records::verify(launch)?;
    let doctor = Command::new(binary::concord()?)
        .args(["doctor", "--data-dir"])
        .arg(launch.data())
        .output()?;
    ensure!(doctor.status.success(), "{doctor:?}");
    let first = said.lines().find_map(|line| {
        let (first, _) = line.strip_prefix("records ")?.split_once(" to ")?;
        first.parse().ok()
    });
    first.with_context(|| format!("no records in {said}"))
}
