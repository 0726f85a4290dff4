//! Annotations of GitHub Actions: workflow commands on standard output, and a table for the summary of the step.
//!
//! GitHub shows ten errors and ten warnings of a step. The first ones are given, the tenth says how many there are
//! besides; what is only known or only recorded is told in the counts and in the table.

use super::{Entry, Level, Report};

/// Annotations of one level that GitHub shows of a step.
const ANNOTATIONS_MAX: usize = 10;

/// Rows of the table; a summary may be 1 MiB long.
const ROWS_MAX: usize = 500;

/// The commands, and the counts as a plain line of the log.
pub(super) fn annotations(report: &Report) -> String {
    let entries = report.entries();
    let of = |levels: &[Level]| -> Vec<&Entry<'_>> {
        let entries = entries.iter();
        entries
            .filter(|entry| levels.contains(&entry.level))
            .collect()
    };
    let mut out = String::new();
    write_level(&mut out, "error", &of(&[Level::Invalid, Level::Error]));
    write_level(&mut out, "warning", &of(&[Level::Warning]));
    out.push_str(&report.counts_line());
    out
}

fn write_level(out: &mut String, word: &str, entries: &[&Entry<'_>]) {
    let shown = match entries.len() {
        0..=ANNOTATIONS_MAX => entries.len(),
        _ => ANNOTATIONS_MAX - 1,
    };
    for entry in &entries[..shown] {
        let mut properties = vec![("title", entry.name()), ("file", entry.file.path.clone())];
        if let Some(region) = entry.region {
            let last = region.end_column.saturating_sub(1).max(region.start.column);
            properties.extend([
                ("line", region.start.line.to_string()),
                ("endLine", region.start.line.to_string()),
                ("col", region.start.column.to_string()),
                ("endColumn", last.to_string()),
            ]);
        }
        let properties: Vec<String> = properties
            .iter()
            .map(|(key, value)| format!("{key}={}", escaped_property(value)))
            .collect();
        let message = escaped(&entry.message_with_hint());
        out.push_str(&format!("::{word} {}::{message}\n", properties.join(",")));
    }
    let left_out = entries.len() - shown;
    if left_out > 0 {
        out.push_str(&format!(
            "::{word} title=concord lint::{left_out} more of this kind, see the summary of the step\n"
        ));
    }
}

/// Text behind the second `::`.
fn escaped(text: &str) -> String {
    let text = text.replace('%', "%25");
    text.replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property.
fn escaped_property(value: &str) -> String {
    escaped(value).replace(':', "%3A").replace(',', "%2C")
}

/// Everything that was found as a table in Markdown.
pub(in super::super) fn summary(report: &Report) -> String {
    let entries = report.entries();
    let mut out = String::from("### concord lint\n\n");
    out.push_str(&report.counts_line());
    out.push('\n');
    if entries.is_empty() {
        return out;
    }
    out.push_str("| | rule | where | what | instead |\n| --- | --- | --- | --- | --- |\n");
    for entry in entries.iter().take(ROWS_MAX) {
        let place = entry
            .region
            .map(|region| format!(":{}", region.start))
            .unwrap_or_default();
        let hint = entry.finding.map_or("", |finding| finding.hint.as_str());
        let cells = [
            word(entry.level),
            &entry.name(),
            &format!("{}{place}", entry.file.path),
            &entry.message,
            hint,
        ];
        let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
        out.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    if entries.len() > ROWS_MAX {
        out.push_str(&format!("\n{} more\n", entries.len() - ROWS_MAX));
    }
    out
}

const fn word(level: Level) -> &'static str {
    match level {
        Level::Invalid | Level::Error => "error",
        Level::Warning => "warning",
        Level::DryRun => "dry run",
        Level::Preexisting => "preexisting",
    }
}

/// Text that neither ends its cell nor begins anything else of Markdown or HTML.
fn cell(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        match character {
            '\r' | '\n' => out.push(' '),
            '<' => out.push_str("&lt;"),
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' => out.extend(['\\', character]),
            _ => out.push(character),
        }
    }
    out
}
