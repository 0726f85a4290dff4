//! A folder that cannot be opened: one clear sentence, a status that says so, and nothing changed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde_json::json;
use tests::http::Request;
use tests::launch::{Ended, Launch};

#[test]
fn a_store_of_a_newer_version_is_left_alone() -> Result<()> {
    let launch = filled()?;
    let format = launch.data().join("FORMAT");
    let version: u32 = fs::read_to_string(&format)?.trim().parse()?;
    fs::write(&format, format!("{}\n", version + 1))?;
    let ended = refuses(&launch)?;
    says(
        &ended,
        &[&format!("format version {}", version + 1), "newer"],
    )
}

#[test]
fn a_file_in_place_of_the_folder_is_left_alone() -> Result<()> {
    let launch = Launch::new()?;
    fs::remove_dir(launch.data())?;
    fs::write(launch.data(), "somebody's notes")?;
    let ended = launch.start_in_vain()?;
    one_sentence(&launch, &ended)?;
    ensure!(
        fs::read_to_string(launch.data())? == "somebody's notes",
        "the file was changed"
    );
    Ok(())
}

#[test]
fn a_folder_that_cannot_be_made_is_reported() -> Result<()> {
    let launch = Launch::new()?;
    fs::remove_dir(launch.data())?;
    // Not even the superuser makes folders there.
    std::os::unix::fs::symlink("/proc/self/no-such-folder", launch.data())?;
    let ended = launch.start_in_vain()?;
    one_sentence(&launch, &ended)
}

#[test]
fn a_format_that_is_no_number_is_damage() -> Result<()> {
    let launch = filled()?;
    fs::write(launch.data().join("FORMAT"), "one")?;
    says(&refuses(&launch)?, &["damaged", "FORMAT"])
}

#[test]
fn a_damaged_pointer_to_the_manifest_is_reported() -> Result<()> {
    let launch = filled()?;
    fs::write(the_file(&launch, "CURRENT")?, "MANIFEST-none\n")?;
    says(&refuses(&launch)?, &["damaged"])
}

#[test]
fn a_flipped_bit_in_the_manifest_is_reported() -> Result<()> {
    let launch = filled()?;
    flip_in_the_middle(&the_file(&launch, "MANIFEST-")?)?;
    says(&refuses(&launch)?, &["damaged"])
}

#[test]
fn a_flipped_bit_in_the_log_is_reported_and_nothing_after_it_is_dropped() -> Result<()> {
    let launch = filled()?;
    flip_in_the_middle(&the_file(&launch, ".log")?)?;
    says(&refuses(&launch)?, &["damaged"])
}

#[test]
fn a_torn_end_of_the_log_is_a_crash_and_no_damage() -> Result<()> {
    let launch = filled()?;
    let log = the_file(&launch, ".log")?;
    let bytes = fs::read(&log)?;
    fs::write(&log, &bytes[..bytes.len() - 3])?;
    let server = launch.start()?;
    let subjects = server
        .client()
        .send(&Request::new("GET", "/subjects", None))?;
    ensure!(
        subjects.json() == json!(["s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8"]),
        "{}",
        subjects.text()
    );
    Ok(())
}

#[test]
fn a_missing_table_is_reported() -> Result<()> {
    let launch = filled()?;
    // Opening what a crash left behind writes it into a table.
    launch.start()?.terminate()?;
    fs::remove_file(the_file(&launch, ".sst")?)?;
    says(&refuses(&launch)?, &["damaged"])
}

#[test]
fn a_shortened_table_is_reported() -> Result<()> {
    let launch = filled()?;
    launch.start()?.terminate()?;
    let table = the_file(&launch, ".sst")?;
    let bytes = fs::read(&table)?;
    fs::write(&table, &bytes[..bytes.len() / 2])?;
    says(&refuses(&launch)?, &["damaged"])
}

/// A store with ten subjects, all of them in the log, since the server was killed.
fn filled() -> Result<Launch> {
    let launch = Launch::new()?;
    let server = launch.start()?;
    let mut client = server.client();
    for number in 0..10 {
        let schema =
            json!({"schema": format!(r#"{{"type":"enum","name":"e{number}","symbols":["A"]}}"#)});
        let target = format!("/subjects/s{number}/versions");
        let answer = client.send(&Request::new("POST", &target, Some(&schema.to_string())))?;
        ensure!(answer.status == 200, "filling the store: {}", answer.text());
    }
    server.kill()?;
    Ok(launch)
}

/// Starts in vain, and holds that the folder is as it was.
fn refuses(launch: &Launch) -> Result<Ended> {
    let before = contents(&launch.data())?;
    let ended = launch.start_in_vain()?;
    one_sentence(launch, &ended)?;
    let after = contents(&launch.data())?;
    for path in before.keys().chain(after.keys()) {
        ensure!(
            before.get(path) == after.get(path),
            "{} was changed",
            path.display()
        );
    }
    Ok(ended)
}

fn one_sentence(launch: &Launch, ended: &Ended) -> Result<()> {
    let output = &ended.output;
    ensure!(
        ended.status.code() == Some(1),
        "it ended with {}:\n{output}",
        ended.status
    );
    let sentences: Vec<&str> = output
        .lines()
        .filter(|line| line.starts_with("concord: "))
        .collect();
    ensure!(sentences.len() == 1, "not one sentence:\n{output}");
    let names_the_folder = sentences[0].contains(&*launch.data().to_string_lossy());
    ensure!(
        names_the_folder,
        "the sentence does not name the folder: {}",
        sentences[0]
    );
    ensure!(!output.contains("panicked"), "it panicked:\n{output}");
    Ok(())
}

fn says(ended: &Ended, parts: &[&str]) -> Result<()> {
    for part in parts {
        ensure!(
            ended.output.contains(part),
            "{part:?} is missing in:\n{}",
            ended.output
        );
    }
    Ok(())
}

/// The one file of the store whose name begins or ends so.
fn the_file(launch: &Launch, part: &str) -> Result<PathBuf> {
    let of_this_kind = |path: &&PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let length = fs::metadata(launch.data().join(path)).map_or(0, |metadata| metadata.len());
        length > 0 && (name.starts_with(part) || name.ends_with(part))
    };
    let files = contents(&launch.data())?;
    let mut found = files.keys().filter(of_this_kind);
    let first = found
        .next()
        .with_context(|| format!("there is no {part}"))?;
    Ok(launch.data().join(first))
}

fn flip_in_the_middle(path: &Path) -> Result<()> {
    let mut bytes = fs::read(path)?;
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x10;
    fs::write(path, bytes)?;
    Ok(())
}

/// Every file of the folder that matters: RocksDB keeps a diary, and the lock is a file.
fn contents(folder: &Path) -> Result<BTreeMap<PathBuf, Vec<u8>>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next)? {
            let path = entry?.path();
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if path.is_dir() {
                folders.push(path);
            } else if !(name.starts_with("LOG") || name.ends_with("LOCK")) {
                found.insert(path.strip_prefix(folder)?.to_owned(), fs::read(&path)?);
            }
        }
    }
    Ok(found)
}
