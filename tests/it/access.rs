//! Passwords: made by the command, asked for by the server, taken from the file as it is now.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tests::binary;
use tests::http::{Client, Request};
use tests::launch::Launch;

/// The line that `concord users hash` makes.
fn line(name: &str, password: &str) -> Result<String> {
    let mut child = Command::new(binary::concord()?)
        .args(["users", "hash", name])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut input = child.stdin.take().context("the input of the command")?;
    input.write_all(password.as_bytes())?;
    drop(input);
    let output = child.wait_with_output()?;
    ensure!(output.status.success(), "the command failed");
    Ok(String::from_utf8(output.stdout)?)
}

fn status(client: &mut Client, name: &str, password: &str) -> Result<u16> {
    let mut request = Request::new("GET", "/subjects", None);
    let sent = format!("Basic {}", STANDARD.encode(format!("{name}:{password}")));
    request.set_header("Authorization", Some(&sent));
    Ok(client.send(&request)?.status)
}

#[test]
fn a_user_made_by_the_command_is_let_in_and_one_added_later_is_after_a_hangup() -> Result<()> {
    let launch = Launch::new()?;
    let users = launch.folder().join("users");
    fs::write(&users, line("ada", "s:ecret")?)?;
    let launch = launch.argument("--users-file").argument(&users);
    let server = launch.start()?;
    let mut client = server.client();
    assert_eq!(status(&mut client, "ada", "s:ecret")?, 200);
    assert_eq!(status(&mut client, "ada", "secret")?, 401);
    assert_eq!(client.send(&Request::new("GET", "/", None))?.status, 401);

    let mut file = OpenOptions::new().append(true).open(&users)?;
    file.write_all(line("bob", "x")?.as_bytes())?;
    server.signal("HUP")?;
    let patience = Instant::now() + Duration::from_secs(30);
    while status(&mut client, "bob", "x")? != 200 {
        ensure!(Instant::now() < patience, "the file was not read again");
        std::thread::yield_now();
    }
    assert_eq!(status(&mut client, "ada", "s:ecret")?, 200);
    server.terminate()?;
    Ok(())
}

#[test]
fn a_file_of_users_with_a_fault_keeps_the_server_from_starting_and_is_not_shown() -> Result<()> {
    let launch = Launch::new()?;
    let users = launch.folder().join("users");
    fs::write(&users, "ada:hunter2\n")?;
    let ended = launch
        .argument("--users-file")
        .argument(&users)
        .start_in_vain()?;
    assert_eq!(ended.status.code(), Some(1));
    assert!(
        ended.output.contains("users:1: the hash is not"),
        "{}",
        ended.output
    );
    assert!(!ended.output.contains("hunter2"), "{}", ended.output);
    Ok(())
}
