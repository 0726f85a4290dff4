//! JUnit's XML: a suite for each file, a case for each rule that was asked, so that passes are visible, too.
//!
//! There are no times in it: two runs give the same bytes.

use compat_rules::policy::{EffectiveRule, Tried};

use super::{Entry, Level, Linted, Report};

/// One `testcase` element, ready to write.
struct Case {
    xml: String,
    outcome: Outcome,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Passed,
    Failed,
    Broken,
    Skipped,
}

/// Suites in the order of the files, cases in the order of the catalogue.
pub(super) fn junit(report: &Report) -> String {
    let suites: Vec<(&Linted, Vec<Case>)> = report
        .files
        .iter()
        .map(|file| (file, cases(file)))
        .collect();
    let all = || suites.iter().flat_map(|(_, cases)| cases);
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"concord lint\" {}>\n",
        totals(all())
    );
    for (file, cases) in &suites {
        let name = escaped(&file.subject);
        let totals = totals(cases.iter());
        out.push_str(&format!("  <testsuite name=\"{name}\" {totals}>\n"));
        out.extend(cases.iter().map(|case| case.xml.as_str()));
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

fn totals<'a>(cases: impl Iterator<Item = &'a Case> + Clone) -> String {
    let count = |outcome| cases.clone().filter(|case| case.outcome == outcome).count();
    format!(
        "tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\"",
        cases.clone().count(),
        count(Outcome::Failed),
        count(Outcome::Broken),
        count(Outcome::Skipped)
    )
}

fn cases(file: &Linted) -> Vec<Case> {
    let entries = file.entries();
    match &file.found {
        Ok(tried) => {
            let rules = tried.rules.iter();
            rules
                .map(|rule| case_of_rule(file, tried, rule, &entries))
                .collect()
        }
        Err(_) => {
            let lines: Vec<String> = entries.iter().map(line).collect();
            let told = element("error", entries.first(), &lines);
            vec![case(file, "not-a-schema", &told, Outcome::Broken)]
        }
    }
}

fn case_of_rule(file: &Linted, tried: &Tried, rule: &EffectiveRule, entries: &[Entry<'_>]) -> Case {
    let name = format!("{} {}", rule.rule.code, rule.rule.slug);
    let of_rule = || {
        let entries = entries.iter();
        entries.filter(|entry| entry.code() == rule.rule.code)
    };
    let (failures, others): (Vec<_>, Vec<_>) =
        of_rule().partition(|entry| entry.level == Level::Error);
    let lines: Vec<String> = failures.iter().map(|entry| line(entry)).collect();
    let mut told = String::new();
    let mut outcome = Outcome::Passed;
    if let Some(first) = failures.first() {
        told.push_str(&element("failure", Some(first), &lines));
        outcome = Outcome::Failed;
    } else if others.is_empty() && tried.evaluation.counts.total() > tried.evaluation.findings.len()
    {
        // Whether this rule found something is not known: other rules filled the list.
        told.push_str("      <skipped message=\"more was found than is kept\"/>\n");
        outcome = Outcome::Skipped;
    }
    if !others.is_empty() {
        let lines: Vec<String> = others.iter().map(|entry| line(entry)).collect();
        let lines = escaped(&lines.join("\n"));
        told.push_str(&format!("      <system-out>{lines}</system-out>\n"));
    }
    case(file, &name, &told, outcome)
}

fn case(file: &Linted, name: &str, told: &str, outcome: Outcome) -> Case {
    let head = format!(
        "    <testcase classname=\"{}\" name=\"{}\" file=\"{}\"",
        escaped(&file.subject),
        escaped(name),
        escaped(&file.path)
    );
    let xml = match told {
        "" => format!("{head}/>\n"),
        _ => format!("{head}>\n{told}    </testcase>\n"),
    };
    Case { xml, outcome }
}

/// An element that fails its case: the first entry in short, all of them as text.
fn element(tag: &str, first: Option<&Entry<'_>>, lines: &[String]) -> String {
    let message = first.map(|entry| escaped(&entry.message));
    let code = first.map_or("", Entry::code);
    format!(
        "      <{tag} message=\"{}\" type=\"{code}\">{}</{tag}>\n",
        message.unwrap_or_default(),
        escaped(&lines.join("\n"))
    )
}

/// Where, what and what instead.
fn line(entry: &Entry<'_>) -> String {
    let word = match entry.level {
        Level::Invalid | Level::Error => "error",
        Level::Warning => "warning",
        Level::DryRun => "dry run",
        Level::Preexisting => "preexisting",
    };
    let place = entry.region.map(|region| format!(":{}", region.start));
    format!(
        "{}{}: {word}: {}",
        entry.file.path,
        place.unwrap_or_default(),
        entry.message_with_hint()
    )
}

/// Text for an element or an attribute. What XML cannot hold at all is left out.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(character),
            '\u{fffe}' | '\u{ffff}' => {}
            _ if character.is_control() => {}
            _ => out.push(character),
        }
    }
    out
}
