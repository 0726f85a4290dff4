//! The rules of the house that no compiler knows: what may depend on what, where a thing may be named,
//! how long a file may be, and that the documents still point at something.
//!
//! Each test says what to do about a finding. `ARCHITECTURE.md` and `CONTRIBUTING.md` give the reasons.

mod graph;
mod sources;

use std::fs;

use anyhow::{Context, Result};
use sources::{Source, code_of, rust_sources, text_files, words};
use tests::binary::{checkout, tests_folder};
use tests::conversation::read_all;

/// The longest file of code; beyond it, it is time to ask whether it is still one thing.
const LINES_MAX: usize = 500;

#[test]
fn code_names_no_loose_ends() -> Result<()> {
    // Written in two halves, so that this file may contain them.
    let banned = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("X", "XX"),
        concat!("HA", "CK"),
    ];
    expect_none(text_files()?, "finish it, or file it as an issue", |file| {
        words(&file.text)
            .filter(|(_, word)| banned.contains(word))
            .map(|(line, word)| (line, word.to_owned()))
            .collect()
    })
}

#[test]
fn no_file_names_a_folder_of_somebodys_machine() -> Result<()> {
    let banned = [
        concat!("/wo", "rk/"),
        concat!("/ro", "ot/"),
        concat!("/ho", "me/"),
        concat!("/tmp/", "wt"),
    ];
    expect_none(
        text_files()?,
        "name it relative to the checkout or the home folder",
        |file| lines_with(file, |line| banned.iter().any(|path| line.contains(path))),
    )
}

#[test]
fn tests_ask_where_their_checkout_is_when_they_run() -> Result<()> {
    // The pages that the library carries along are read when it is compiled.
    let mut sources = rust_sources()?;
    sources.retain(|file| file.path != "compat-rules/build.rs");
    expect_none(
        sources,
        "checkouts may share a target folder: ask tests/src/binary.rs, or name it from the folder of the package",
        |file| {
            lines_with(file, |line| {
                line.contains(concat!("env!(\"CARGO_MANI", "FEST_DIR\")"))
            })
        },
    )
}

#[test]
fn protocol_numbers_are_in_the_error_table_only() -> Result<()> {
    let is_number = |word: &str| {
        word.len() == 5 && word.bytes().all(|byte| byte.is_ascii_digit()) && {
            ["404", "409", "422", "500"].contains(&&word[..3])
        }
    };
    let sources = rust_sources()?.into_iter().filter(|file| {
        let path = file.path.as_str();
        path.contains("/src/")
            && !path.starts_with("tests/")
            && path != "registry-server/src/api/error.rs"
    });
    expect_none(
        sources.collect(),
        "give the refusal a variant; registry-server/src/api/error.rs has the number",
        |file| {
            lines_with(file, |line| {
                words(code_of(line)).any(|(_, word)| is_number(word))
            })
        },
    )
}

#[test]
fn only_the_store_names_rocksdb() -> Result<()> {
    let sources = rust_sources()?
        .into_iter()
        // What a registration costs is measured beside the store alone.
        .filter(|file| !file.path.starts_with("registry-core/src/store"))
        .filter(|file| file.path != "benches/benches/http/registrations.rs");
    expect_none(
        sources.collect(),
        "ask registry-core/src/store.rs to do it",
        |file| {
            lines_with(file, |line| {
                code_of(line).contains(concat!("rocks", "db::"))
            })
        },
    )
}

#[test]
fn only_the_conversation_is_asynchronous() -> Result<()> {
    let asynchronous = [
        concat!("as", "ync"),
        concat!("aw", "ait"),
        concat!("tok", "io"),
    ];
    let sources = rust_sources()?.into_iter().filter(|file| {
        !file.path.starts_with("registry-server/")
            && !file.path.starts_with("tests/")
            && !file.path.starts_with("benches/")
    });
    expect_none(
        sources.collect(),
        "nothing here waits on a network: keep it synchronous",
        |file| {
            lines_with(file, |line| {
                words(code_of(line)).any(|(_, word)| asynchronous.contains(&word))
            })
        },
    )
}

#[test]
fn lints_are_expected_with_a_reason_never_allowed() -> Result<()> {
    expect_none(
        rust_sources()?,
        "use #[expect(..., reason = \"...\")]",
        |file| {
            lines_with(file, |line| {
                let code = code_of(line);
                code.contains(concat!("#[al", "low(")) || code.contains(concat!("#![al", "low("))
            })
        },
    )
}

#[test]
fn no_test_is_switched_off() -> Result<()> {
    expect_none(rust_sources()?, "repair it or delete it", |file| {
        lines_with(file, |line| code_of(line).contains(concat!("#[ig", "nore")))
    })
}

#[test]
fn files_hold_one_idea() -> Result<()> {
    expect_none(rust_sources()?, "split it: foo.rs and foo/", |file| {
        let lines = file.text.lines().count();
        if lines > LINES_MAX {
            vec![(lines, format!("{lines} lines"))]
        } else {
            Vec::new()
        }
    })
}

#[test]
fn every_file_of_code_says_what_it_is_for() -> Result<()> {
    expect_none(rust_sources()?, "begin with `//!`", |file| {
        if file.text.starts_with("//! ") {
            Vec::new()
        } else {
            vec![(1, "no module documentation".to_owned())]
        }
    })
}

#[test]
fn files_are_named_for_what_they_hold() -> Result<()> {
    let banned = [
        "mod", "util", "utils", "common", "helper", "helpers", "misc",
    ];
    expect_none(
        rust_sources()?,
        "name it for what it holds; `foo.rs` beside `foo/`, never `foo/mod.rs`",
        |file| {
            let stem = file
                .path
                .rsplit('/')
                .next()
                .unwrap_or_default()
                .trim_end_matches(".rs");
            if banned.contains(&stem) {
                vec![(1, stem.to_owned())]
            } else {
                Vec::new()
            }
        },
    )
}

#[test]
fn links_in_documents_lead_somewhere() -> Result<()> {
    let documents = text_files()?
        .into_iter()
        .filter(|file| file.path.ends_with(".md"));
    expect_none(documents.collect(), "correct the link", |file| {
        let folder = checkout().join(&file.path);
        let folder = folder.parent().unwrap_or(checkout()).to_owned();
        let dead = |target: &str| {
            let path = target.split('#').next().unwrap_or_default();
            !target.contains("://")
                && !target.starts_with("mailto:")
                && !path.is_empty()
                && !folder.join(path).exists()
        };
        sources::links(&file.text)
            .filter(|(_, target)| dead(target))
            .collect()
    })
}

#[test]
fn every_deliberate_difference_is_explained() -> Result<()> {
    let page = checkout().join("docs/differences-from-the-reference.md");
    let page = fs::read_to_string(&page).with_context(|| format!("reading {}", page.display()))?;
    let recorded = read_all(&tests_folder().join("golden/conversations"))?;
    for ours in read_all(&tests_folder().join("conversations"))? {
        let replaces = recorded.iter().any(|scenario| scenario.name == ours.name);
        let explained = page.contains(&format!("`{}`", ours.name));
        assert!(
            !replaces || explained,
            "{} replaces a recording, but the page of differences does not name it",
            ours.name
        );
    }
    Ok(())
}

fn lines_with(file: &Source, wanted: impl Fn(&str) -> bool) -> Vec<(usize, String)> {
    let lines = file
        .text
        .lines()
        .enumerate()
        .filter(|(_, line)| wanted(line));
    lines
        .map(|(at, line)| (at + 1, line.trim().to_owned()))
        .collect()
}

fn expect_none(
    files: Vec<Source>,
    advice: &str,
    find: impl Fn(&Source) -> Vec<(usize, String)>,
) -> Result<()> {
    assert!(!files.is_empty(), "no file was looked at");
    let found = files.iter().flat_map(|file| {
        find(file)
            .into_iter()
            .map(|(line, what)| format!("{}:{line}: {what}\n", file.path))
    });
    let found: String = found.collect();
    assert!(found.is_empty(), "{advice}:\n{found}");
    Ok(())
}
