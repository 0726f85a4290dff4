//! The folder of documents that is watched: whatever befalls it, the last good documents stay in force, and it is told
//! (`governance.md` section 2.12).

use std::path::Path;
use std::process::Command;

use super::*;

const TAKEN: &str = "concord_policy_load_failed 0";
const NOT_TAKEN: &str = "concord_policy_load_failed 1";

fn watching(launch: Launch, folder: &Path) -> Launch {
    launch
        .argument("--policy-source=dir")
        .argument(format!("--policy-dir={}", folder.display()))
}

/// The documents are not taken, which everybody is told, and the ones before refuse as they did.
fn stands(client: &mut Client) -> Result<()> {
    wait_for(client, NOT_TAKEN)?;
    let ready = get(client, "/health/ready")?;
    ensure!(ready.status == 200 && ready.json()["status"] == "ready");
    let warning = ready.json()["warnings"][0].to_string();
    ensure!(
        warning.contains("the last good ones are in force"),
        "{warning}"
    );
    ensure!(post(client, VERSIONS, &record(None))?.status == 422);
    ensure!(get(client, "/governance/v1/policies")?.json()["revision"] == 1);
    Ok(())
}

#[test]
fn a_folder_that_is_gone_or_empty_takes_nothing_away() -> Result<()> {
    let launch = Launch::new()?;
    let folder = launch.folder().join("policies");
    let aside = launch.folder().join("aside");
    fs::create_dir(&folder)?;
    fs::write(folder.join("core.yaml"), DOCUMENTED)?;
    let launch = watching(launch, &folder);
    let server = launch.start()?;
    let mut client = server.client();

    fs::rename(&folder, &aside)?;
    stands(&mut client)?;
    // As a place where nothing is mounted.
    fs::create_dir(&folder)?;
    fs::write(folder.join("README.md"), "Policies are mounted here.")?;
    stands(&mut client)?;
    server.terminate()?;
    let server = launch.start()?;
    let mut client = server.client();
    stands(&mut client)?;

    fs::remove_dir_all(&folder)?;
    fs::rename(&aside, &folder)?;
    wait_for(&mut client, TAKEN)?;
    ensure!(get(&mut client, "/health/ready")?.text() == r#"{"status":"ready"}"#);
    let lax = DOCUMENTED.replace("    - {use: DOC002, severity: error}", "    []");
    fs::write(folder.join("core.yaml"), lax)?;
    wait_for(&mut client, "concord_policy_revision 2")?;
    ensure!(post(&mut client, VERSIONS, &record(None))?.status == 200);
    Ok(())
}

#[test]
fn a_pipe_among_the_documents_stops_neither_the_watch_nor_the_start() -> Result<()> {
    let launch = Launch::new()?;
    let folder = launch.folder().join("policies");
    fs::create_dir(&folder)?;
    fs::write(folder.join("core.yaml"), DOCUMENTED)?;
    let launch = watching(launch, &folder);
    let server = launch.start()?;
    let mut client = server.client();
    let pipe = folder.join("pipe.yaml");
    ensure!(Command::new("mkfifo").arg(&pipe).status()?.success());
    stands(&mut client)?;
    fs::remove_file(&pipe)?;
    let lax = DOCUMENTED.replace("error", "warn");
    fs::write(folder.join("core.yaml"), lax)?;
    wait_for(&mut client, "concord_policy_revision 2")?;
    wait_for(&mut client, TAKEN)
}
