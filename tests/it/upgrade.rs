//! Stores that earlier versions wrote: taken over at the first start, and nobody who asks can tell.
//!
//! `tests/stores/format-N` holds a small store as a version of that format left it, and what that version answered.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};
use serde::Deserialize;
use tests::binary::{self, checkout};
use tests::http::{Client, Request};
use tests::launch::Launch;

#[derive(Deserialize)]
struct Recorded {
    target: String,
    status: u16,
    body: String,
}

#[test]
fn a_store_of_format_1_answers_as_it_did() -> Result<()> {
    answers_as_recorded("format-1")
}

fn answers_as_recorded(store: &str) -> Result<()> {
    let folder = checkout().join("tests/stores").join(store);
    let recorded: Vec<Recorded> = serde_json::from_slice(&fs::read(folder.join("answers.json"))?)?;
    let launch = Launch::new()?;
    copy(&folder.join("data"), &launch.data())?;
    // The first start takes it over, the second one finds it taken over.
    for _ in 0..2 {
        let server = launch.start()?;
        let mut client = server.client();
        for wanted in &recorded {
            compare(&mut client, wanted)?;
        }
        server.terminate()?;
    }
    let current = Launch::new()?;
    current.start()?.terminate()?;
    let format = |launch: &Launch| fs::read_to_string(launch.data().join("FORMAT"));
    ensure!(format(&launch)? == format(&current)?, "it kept its format");
    let doctor = Command::new(binary::concord()?)
        .args(["doctor", "--data-dir"])
        .arg(launch.data())
        .output()?;
    ensure!(doctor.status.success(), "the doctor found {doctor:?}");
    Ok(())
}

fn compare(client: &mut Client, wanted: &Recorded) -> Result<()> {
    let found = client.send(&Request::new("GET", &wanted.target, None))?;
    let (status, body) = (found.status, found.text());
    ensure!(
        status == wanted.status && body == wanted.body,
        "{}: {status} {body}\ninstead of {} {}",
        wanted.target,
        wanted.status,
        wanted.body,
    );
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to)?;
        } else {
            fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}
