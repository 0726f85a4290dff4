//! Old records of the audit log are removed, and what is left is sound and says so (`governance.md` section 5.4).

use super::*;

/// How long a server may take to remove what is old.
const PATIENCE: Duration = Duration::from_secs(60);

/// The checkpoint in the place of what was removed.
fn start(client: &mut Client) -> Result<Value> {
    let began = Instant::now();
    loop {
        let page = get(client, "/governance/v1/audit/checkpoints")?.json();
        if !page["start"].is_null() {
            return Ok(page["start"]["checkpoint"].clone());
        }
        ensure!(began.elapsed() < PATIENCE, "nothing was removed: {page}");
        std::thread::yield_now();
    }
}

#[test]
fn old_records_are_removed_and_what_answers_rest_on_stays() -> Result<()> {
    let (launch, server) = audited()?;
    let mut client = server.client();
    ensure!(apply(&mut client, DOCUMENTED)?.status == 200);
    ensure!(post(&mut client, VERSIONS, &record(Some("in cents")))?.status == 200);
    let refused = post(
        &mut client,
        "/subjects/orders.b-value/versions",
        &record(None),
    )?;
    ensure!(refused.status == 422, "{}", refused.text());
    let link = refused.header("link").context("a report")?;
    let report = link
        .split(['<', '>'])
        .nth(1)
        .context("a target")?
        .to_owned();
    let questions = [
        report.as_str(),
        "/governance/v1/subjects/orders.a-value/versions/1/admission",
        "/governance/v1/revisions/1",
        "/subjects/orders.a-value/versions/1",
    ];
    let mut before = Vec::new();
    for question in questions {
        let answer = get(&mut client, question)?;
        ensure!(answer.status == 200, "{question}: {}", answer.text());
        before.push(answer.text());
    }
    server.terminate()?;

    let launch = launch.argument("--audit-retention").argument("1s");
    let server = launch.start()?;
    let mut client = server.client();
    let start = start(&mut client)?;
    // Opening, documents, registration, refusal, closing.
    ensure!(start["sequence"] == "5" && start["count"] == "5", "{start}");
    for (question, before) in questions.iter().zip(before) {
        ensure!(get(&mut client, question)?.text() == before, "{question}");
    }
    let first = records(&mut client)?.first().cloned().context("a record")?;
    ensure!(first["record"]["sequence"] == "6", "{first}");
    let report = post(&mut client, "/governance/v1/audit/verify", &json!({}))?.json();
    ensure!(report["sound"] == true && report["start"] == 5, "{report}");
    Ok(())
}

#[test]
fn an_export_behind_a_start_is_verified_with_the_key_and_a_shorter_one_is_found_out() -> Result<()>
{
    let (launch, server) = audited()?;
    ensure!(post(&mut server.client(), VERSIONS, &record(None))?.status == 200);
    server.terminate()?;
    let launch = launch.argument("--audit-retention").argument("1s");
    let server = launch.start()?;
    let mut client = server.client();
    start(&mut client)?;
    let exported = post(&mut client, "/governance/v1/audit/export", &Value::Null)?.text();

    let (_, public) = command(
        &["audit", "key", "--public"],
        &launch.folder().join("audit.key"),
    )?;
    let (_, other) = {
        let other = launch.folder().join("other.key");
        fs::write(&other, "22".repeat(32))?;
        command(&["audit", "key", "--public"], &other)?
    };
    let file = launch.folder().join("audit.jsonl");
    let verify = |text: &str, key: &str| {
        fs::write(&file, text)?;
        command(&["audit", "verify", "--key", key.trim(), "--from"], &file)
    };
    let (is_sound, said) = verify(&exported, &public)?;
    ensure!(is_sound, "{said}");
    ensure!(said.contains("records up to 3 were removed"), "{said}");
    let (is_sound, said) = verify(&exported, &other)?;
    ensure!(
        !is_sound && said.contains("record 3 is not signed by the expected key"),
        "{said}"
    );

    let lines: Vec<&str> = exported.lines().collect();
    let without_start = lines[1..].join("\n");
    let (is_sound, said) = verify(&without_start, &public)?;
    ensure!(
        !is_sound && said.contains("records 1 to 3 are missing"),
        "{said}"
    );
    let without_first = [&lines[..1], &lines[2..]].concat().join("\n");
    let (is_sound, said) = verify(&without_first, &public)?;
    ensure!(!is_sound && said.contains("record 4 is missing"), "{said}");

    server.terminate()?;
    let doctor = Command::new(binary::concord()?)
        .args(["doctor", "--data-dir"])
        .arg(launch.data())
        .output()?;
    ensure!(doctor.status.success(), "{doctor:?}");
    Ok(())
}

#[test]
fn without_a_key_nothing_may_be_removed_and_the_server_says_so() -> Result<()> {
    let launch = Launch::new()?
        .argument("--audit-retention")
        .argument("400d");
    let ended = launch.start_in_vain()?;
    ensure!(!ended.status.success());
    ensure!(
        ended
            .output
            .contains("`audit-retention` needs `audit-key-file`"),
        "{}",
        ended.output
    );
    let launch = Launch::new()?.argument("--audit-retention").argument("400");
    let ended = launch.start_in_vain()?;
    ensure!(
        ended.output.contains("a whole number above 0 and its unit"),
        "{}",
        ended.output
    );
    Ok(())
}
