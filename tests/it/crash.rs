//! What is acknowledged stays: the server is killed at random moments, loses its power, its disk fails.
//!
//! Several clients change the registry and remember every answer ([`workload`], [`ledger`]). After each
//! death the server starts on the same folder, and all that it holds ([`survey`]) must be what was
//! acknowledged, plus, wholly or not at all, the one wish of each client that was not answered.
//! `CONCORD_CRASH_ROUNDS` sets how often it is killed.

mod hang;
mod ledger;
mod pruning;
mod random;
mod records;
mod shim;
mod survey;
mod workload;

use std::env;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Result, ensure};
use ledger::Ledger;
use random::Random;
use serde_json::json;
use shim::{Failure, Shim};
use tests::http::{Client, Request, Response};
use tests::launch::{Launch, Server};
use workload::Worker;

/// How often the server is killed unless the environment says otherwise.
const ROUNDS: u64 = 60;
/// How many clients work at a time.
const WORKERS: u64 = 6;
/// The most that is acknowledged before the server is killed.
const ACKNOWLEDGED_MAX: u64 = 150;

#[test]
fn nothing_acknowledged_is_lost_when_the_server_is_killed() -> Result<()> {
    die_again_and_again(&Launch::new()?, rounds())
}

#[test]
fn nothing_acknowledged_is_lost_when_the_power_fails() -> Result<()> {
    die_again_and_again(&shim::losing_what_is_not_synced()?, rounds() / 3 + 1)
}

#[test]
fn a_failed_sync_stops_the_writer_and_loses_nothing() -> Result<()> {
    survive(Failure::SyncOnce)
}

#[test]
fn a_failed_write_stops_the_writer_and_loses_nothing() -> Result<()> {
    survive(Failure::WriteOnce)
}

#[test]
fn a_full_disk_stops_the_writer_and_loses_nothing() -> Result<()> {
    survive(Failure::DiskFull)
}

#[test]
fn no_change_lacks_its_record_when_the_server_is_killed() -> Result<()> {
    let launch = records::with_audit_log()?;
    let mut random = Random::seeded();
    let mut ledger = Ledger::default();
    let mut server = begin(&launch)?;
    for round in 0..rounds() / 4 + 1 {
        let enough = 1 + random.below(ACKNOWLEDGED_MAX);
        work_and_kill(server, &mut ledger, &mut random, round, enough)?;
        records::verify(&launch)?;
        server = launch.start()?;
        examine(&server, &mut ledger, &mut random)?;
    }
    let versions = records::versions(&mut server.client())?;
    server.terminate()?;
    println!("{}", records::verify(&launch)?);
    let recorded = records::recorded(&launch)?;
    let missing: Vec<_> = versions.difference(&recorded).collect();
    ensure!(missing.is_empty(), "without a record: {missing:?}");
    Ok(())
}

fn rounds() -> u64 {
    env::var("CONCORD_CRASH_ROUNDS")
        .ok()
        .and_then(|rounds| rounds.parse().ok())
        .unwrap_or(ROUNDS)
}

fn die_again_and_again(launch: &Launch, rounds: u64) -> Result<()> {
    let mut random = Random::seeded();
    let mut ledger = Ledger::default();
    let mut acknowledged = 0;
    let mut server = begin(launch)?;
    for round in 0..rounds {
        let enough = 1 + random.below(ACKNOWLEDGED_MAX);
        acknowledged += work_and_kill(server, &mut ledger, &mut random, round, enough)?;
        server = launch.start()?;
        examine(&server, &mut ledger, &mut random)?;
    }
    let Ledger {
        fulfilled,
        forgotten,
        ..
    } = ledger;
    println!(
        "{rounds} deaths, {acknowledged} acknowledged changes; without an answer {fulfilled} done, {forgotten} not"
    );
    ensure!(
        fulfilled + forgotten >= rounds,
        "the server was seldom killed in the middle of anything"
    );
    server.terminate()?;
    Ok(())
}

/// Every change in these tests is compatible: the subject is what survives, not what is allowed.
fn begin(launch: &Launch) -> Result<Server> {
    let server = launch.start()?;
    let set = Request::new("PUT", "/config", Some(r#"{"compatibility":"NONE"}"#));
    let answer = server.client().send(&set)?;
    ensure!(answer.status == 200, "setting the level: {}", answer.text());
    Ok(server)
}

/// Lets the clients work and kills the server in the middle of it. How many changes were acknowledged?
fn work_and_kill(
    server: Server,
    ledger: &mut Ledger,
    random: &mut Random,
    round: u64,
    enough: u64,
) -> Result<u64> {
    let acknowledged = AtomicU64::new(0);
    let mut workers = workers(ledger, random, round);
    // Some of the time between two acknowledgements, to hit every moment of a commit.
    let delay = Duration::from_micros(random.below(3000));
    let killed = thread::scope(|scope| {
        for worker in &mut workers {
            let client = server.client();
            let acknowledged = &acknowledged;
            scope.spawn(move || worker.work(client, acknowledged, u64::MAX));
        }
        while acknowledged.load(Ordering::Relaxed) < enough {
            thread::yield_now();
        }
        thread::sleep(delay);
        server.kill()
    });
    killed?;
    merge(ledger, workers)?;
    Ok(acknowledged.into_inner())
}

fn workers(ledger: &Ledger, random: &mut Random, round: u64) -> Vec<Worker> {
    (0..WORKERS)
        .map(|name| Worker::new(name, round, random.fork(), &ledger.entries))
        .collect()
}

fn merge(ledger: &mut Ledger, workers: Vec<Worker>) -> Result<()> {
    let mut faults = Vec::new();
    for worker in workers {
        faults.extend(worker.faults);
        faults.extend(ledger.merge(worker.entries));
    }
    ensure!(
        faults.is_empty(),
        "while the clients worked:\n{}",
        faults.join("\n")
    );
    Ok(())
}

fn examine(server: &Server, ledger: &mut Ledger, random: &mut Random) -> Result<()> {
    let mut client = server.client();
    let found = survey::everything(&mut client, ledger)?;
    let faults = ledger.settle(found);
    ensure!(
        faults.is_empty(),
        "after the restart:\n{}",
        faults.join("\n")
    );
    survey::cross_check(&mut client, ledger, random)
}

fn survive(failure: Failure) -> Result<()> {
    let mut random = Random::seeded();
    let mut ledger = Ledger::default();
    let shim = Shim::new()?;
    let server = begin(&shim.launch)?;
    let first = work(&server, &mut ledger, &mut random, 1, 100)?;
    ensure!(
        first.is_empty(),
        "a write was refused before anything failed: {first:?}"
    );

    shim.inject(failure)?;
    let refusals = work(&server, &mut ledger, &mut random, 2, u64::MAX)?;
    ensure!(
        refusals.len() as u64 == WORKERS,
        "a client was not told: {refusals:?}"
    );
    let told = refusals
        .iter()
        .any(|message| message.contains("unknown until"));
    ensure!(
        told,
        "nobody was told that the fate of the write is unknown: {refusals:?}"
    );
    writes_have_stopped(&server, &ledger)?;
    shim.repair()?;
    ensure!(!shim.is_waiting(), "the failure did not happen");
    // A disk that works again does not tell what is on it.
    writes_have_stopped(&server, &ledger)?;
    drop(server);

    let server = shim.launch.start()?;
    examine(&server, &mut ledger, &mut random)?;
    let after = work(&server, &mut ledger, &mut random, 3, 100)?;
    ensure!(
        after.is_empty(),
        "a write was refused after the restart: {after:?}"
    );
    server.kill()?;
    let server = shim.launch.start()?;
    examine(&server, &mut ledger, &mut random)?;
    server.terminate()?;
    Ok(())
}

/// Lets the clients work until enough is acknowledged, or nothing is written any more; with the refusals.
fn work(
    server: &Server,
    ledger: &mut Ledger,
    random: &mut Random,
    round: u64,
    enough: u64,
) -> Result<Vec<String>> {
    let acknowledged = AtomicU64::new(0);
    let mut workers = workers(ledger, random, round);
    thread::scope(|scope| {
        for worker in &mut workers {
            let client = server.client();
            let acknowledged = &acknowledged;
            scope.spawn(move || worker.work(client, acknowledged, enough));
        }
    });
    let refusals = workers
        .iter()
        .filter_map(|worker| worker.refusal.clone())
        .collect();
    merge(ledger, workers)?;
    Ok(refusals)
}

/// No kind of write is accepted, readiness says so, and reads go on.
fn writes_have_stopped(server: &Server, ledger: &Ledger) -> Result<()> {
    let mut client = server.client();
    let schema = json!({"schema": r#"{"type":"enum","name":"late","symbols":["A"]}"#}).to_string();
    let full = r#"{"compatibility":"FULL"}"#;
    let read_only = r#"{"mode":"READONLY"}"#;
    let active = ledger
        .entries
        .iter()
        .find(|(_, entry)| !entry.content.active().is_empty());
    let (subject, entry) = active.expect("the first hundred changes left something");
    for (method, target, body) in [
        ("POST", "/subjects/late/versions", Some(schema.as_str())),
        ("PUT", "/config/late", Some(full)),
        ("PUT", "/mode/late", Some(read_only)),
        ("DELETE", &format!("/subjects/{subject}"), None),
    ] {
        refused(server, send(&mut client, method, target, body)?)?;
    }

    let ready = send(&mut client, "GET", "/health/ready", None)?;
    ensure!(
        ready.status == 503,
        "it calls itself ready: {}",
        ready.text()
    );
    let live = send(&mut client, "GET", "/health/live", None)?;
    ensure!(live.status == 200, "it calls itself dead: {}", live.text());
    let versions = survey::get(&mut client, &format!("/subjects/{subject}/versions"))?;
    let expected = json!(entry.content.active());
    ensure!(
        versions == expected,
        "{subject} reads as {versions}, not {expected}"
    );
    Ok(())
}

fn send(client: &mut Client, method: &str, target: &str, body: Option<&str>) -> Result<Response> {
    Ok(client.send(&Request::new(method, target, body))?)
}

fn refused(server: &Server, answer: Response) -> Result<()> {
    let id = answer.header("x-request-id").unwrap_or_default();
    let output = server.output();
    let is_logged = output.lines().any(|line| {
        let line = serde_json::from_str(line).unwrap_or(json!(null));
        let cause = line["cause"].as_str().unwrap_or_default();
        line["request_id"] == id && line["code"] == 50001 && cause.contains("restart")
    });
    ensure!(is_logged, "no line says why {id} failed:\n{output}");
    let body = answer.json();
    let as_it_should = answer.status == 500
        && body["error_code"] == 50001
        && body["message"]
            .as_str()
            .is_some_and(|message| message.contains("restart"));
    ensure!(
        as_it_should,
        "a write after the failure is answered {} {}",
        answer.status,
        answer.text()
    );
    Ok(())
}
