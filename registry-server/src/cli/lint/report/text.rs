//! For people: each finding with its line, as a compiler would tell it.

use compat_rules::policy::{Disposition, Finding, Severity};

use super::super::region::{Region, line};
use super::{Entry, Report};

/// The characters of a line that are shown; of a longer one, those around the finding.
const LINE_MAX: usize = 160;

/// Findings in the order of the files.
pub(super) fn text(report: &Report) -> String {
    let mut out = String::new();
    for entry in report.files.iter().flat_map(|file| file.entries()) {
        write_entry(&mut out, &entry);
    }
    out.push_str(&report.counts_line());
    out
}

fn write_entry(out: &mut String, entry: &Entry<'_>) {
    match entry.finding {
        Some(finding) => {
            let (word, code) = (word(finding), finding.rule.code);
            out.push_str(&format!("{word}[{code}]: {}\n", entry.message));
        }
        None => out.push_str(&format!("error: {}\n", entry.message)),
    }
    match entry.region {
        Some(region) => {
            out.push_str(&format!("  --> {}:{}\n", entry.file.file, region.start));
            write_line(out, &entry.file.text, region);
        }
        None => out.push_str(&format!("  --> {}\n", entry.file.file)),
    }
    if let Some(finding) = entry.finding {
        let locked = if finding.policy_is_locked {
            ", locked"
        } else {
            ""
        };
        out.push_str(&format!("   = subject: {}\n", entry.file.subject));
        out.push_str(&format!("   = policy:  {}{locked}\n", finding.policy));
        out.push_str(&format!("   = help:    {}\n", finding.hint));
        let code = finding.rule.code;
        out.push_str(&format!("   = docs:    concord rule show {code}\n"));
    }
    out.push('\n');
}

const fn word(finding: &Finding) -> &'static str {
    match (finding.disposition, finding.severity) {
        (Disposition::Enforced, _) => "error",
        (Disposition::Preexisting, _) => "preexisting",
        (Disposition::DryRun, Severity::Error) => "error (dry run)",
        (Disposition::DryRun, _) => "warning (dry run)",
        _ => "warning",
    }
}

/// The line, and a mark under the region.
fn write_line(out: &mut String, text: &str, region: Region) {
    let number = region.start.line.to_string();
    let margin = " ".repeat(number.len());
    let whole: Vec<char> = line(text, region.start).chars().collect();
    let before = usize::try_from(region.start.column - 1).unwrap_or(usize::MAX);
    let before = before.min(whole.len());
    let first = match whole.len() {
        0..=LINE_MAX => 0,
        _ => before.saturating_sub(LINE_MAX / 2),
    };
    let shown: Vec<char> = whole[first..].iter().copied().take(LINE_MAX).collect();
    let (before, end) = (before - first, usize::try_from(region.end_column - 1));
    let end = end.unwrap_or(usize::MAX).saturating_sub(first);
    let mark = "^".repeat(end.min(shown.len()).saturating_sub(before).max(1));
    // A tab stays one, so that the mark is under its text whatever the width of a tab.
    let indent: String = shown[..before]
        .iter()
        .map(|character| if *character == '\t' { '\t' } else { ' ' })
        .collect();
    let shown: String = shown.into_iter().collect();
    out.push_str(&format!(
        "{margin} |\n{number} | {shown}\n{margin} | {indent}{mark}\n"
    ));
}
