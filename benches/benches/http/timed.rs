//! What the other benches measured: criterion leaves its figures in the target folder, and the page shows them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::Scale;
use crate::report::Section;

pub(crate) fn measure(_: Scale) -> Result<Section> {
    let mut section = Section::new(
        "Reading, writing, comparing",
        "By criterion, in process: medians of one run of each bench. *A second*: megabytes of text that are read, compatibility \
         checks of the golden histories, or registrations that are on the disk.",
        &["bench", "median", "a second"],
    );
    let bench = std::env::current_exe()?;
    let target = bench.ancestors().nth(3).context("a target folder")?;
    let mut found = Vec::new();
    collect(&target.join("criterion"), &mut found)?;
    let mut rows = found
        .iter()
        .map(|folder| row(folder))
        .collect::<Result<Vec<_>>>()?;
    rows.sort();
    for row in rows {
        section.row(row);
    }
    Ok(section)
}

/// The folders of the newest figures below this one.
fn collect(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    // Where nothing was measured there is no folder.
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(());
    };
    for entry in entries {
        let path = entry?.path();
        match path.join("benchmark.json").is_file() {
            true if path.ends_with("new") => found.push(path),
            true => {}
            false => collect(&path, found)?,
        }
    }
    Ok(())
}

fn row(folder: &Path) -> Result<Vec<String>> {
    let bench = read(&folder.join("benchmark.json"))?;
    let median = &read(&folder.join("estimates.json"))?["median"]["point_estimate"];
    let nanoseconds = median.as_f64().context("criterion writes a median")?;
    let name = bench["full_id"].as_str().context("a bench has a name")?;
    let done = |unit| bench["throughput"][unit].as_f64();
    let a_second = match (done("Bytes"), done("Elements")) {
        (Some(bytes), _) => format!("{:.1} MB", bytes * 1e3 / nanoseconds),
        (_, Some(elements)) => format!("{:.0}", elements * 1e9 / nanoseconds),
        (None, None) => String::new(),
    };
    let median = format!("{:.2} µs", nanoseconds / 1e3);
    Ok(vec![format!("`{name}`"), median, a_second])
}

fn read(file: &Path) -> Result<Value> {
    let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    Ok(serde_json::from_str(&text)?)
}
