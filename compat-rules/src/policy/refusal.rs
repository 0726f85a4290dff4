//! What a client is told: the one line of a refusal, and the headers of an acceptance with warnings.
//!
//! Frameworks cut messages, clients show only this text, and logs break at line ends. So it is one line, its beginning
//! holds subject, first rule and cure, and its length is limited. Numbers of errors and headers' names are the server's.

mod line;

use super::evaluate::Evaluation;
use super::finding::{Disposition, Finding};
use super::setting::Point;
use line::{Line, printable, shortened};

/// What a refusal tells besides the findings.
#[derive(Debug, Clone, Copy)]
pub struct Refusal<'a> {
    /// What was asked for.
    pub point: Point,
    /// The subject, with its context; empty for settings of the whole registry.
    pub subject: &'a str,
    /// The revision of the documents.
    pub revision: u64,
    /// Where details are found.
    pub report: Option<&'a str>,
}

impl Refusal<'_> {
    /// How long the line may be.
    pub const BYTES_MAX: usize = 1800;
    /// How much of it frameworks show at least.
    pub const HEAD_BYTES: usize = 160;
    /// How many findings it tells.
    pub const FINDINGS_MAX: usize = 5;
    /// How much is left of a long subject where the head has no room for it.
    const SUBJECT_BYTES: usize = 40;
    /// How much is left of a long path there.
    const PATH_BYTES: usize = 20;

    /// The line: subject, findings, counts, origin, report.
    #[must_use]
    pub fn line(&self, evaluation: &Evaluation) -> String {
        let closing = self.closing(evaluation);
        let mut line = Line::new(Self::BYTES_MAX.saturating_sub(closing.len() + 1));
        let (opening, first) = self.opening(evaluation);
        line.push(&opening);
        tell(evaluation, first, &mut line);
        line.push(&format!(" {closing}"));
        line.finish(Self::BYTES_MAX)
    }

    /// The findings alone, each in brackets and a sentence, in at most so many bytes: for messages that tell something
    /// else first.
    #[must_use]
    pub fn findings(evaluation: &Evaluation, bytes: usize) -> String {
        let mut line = Line::new(bytes);
        tell(evaluation, Shown::WHOLE, &mut line);
        line.finish(bytes).trim_start().to_owned()
    }

    /// What stands before the findings, and how much is shown of the first one: subject, rule and cure are to stand
    /// within the head, so names give way, the slug last of all: the code says the same.
    fn opening(&self, evaluation: &Evaluation) -> (String, Shown) {
        let subject = printable(self.subject);
        let act = match self.point {
            Point::Register => "Registration under",
            Point::Check => "Check of a schema for",
            Point::Config => "Change of the settings of",
            Point::Delete => "Deletion in",
            Point::Audit => "Schema of",
        };
        let opening = |subject: &str| match subject {
            "" => format!("{act} the registry refused by policy:"),
            subject => format!("{act} \"{subject}\" refused by policy:"),
        };
        let whole = opening(&subject);
        let short = opening(&shortened(&subject, Self::SUBJECT_BYTES));
        let first = evaluation.findings.first();
        let fits = |opening: &str, shown: Shown| {
            let first = first.map_or(0, |first| cure(first, shown).len());
            opening.len() + first <= Self::HEAD_BYTES
        };
        let cut = Shown {
            path_bytes: Self::PATH_BYTES,
            ..Shown::WHOLE
        };
        if fits(&whole, Shown::WHOLE) {
            return (whole, Shown::WHOLE);
        }
        let shown = [Shown::WHOLE, cut]
            .into_iter()
            .find(|shown| fits(&short, *shown));
        let shown = shown.unwrap_or(Shown {
            has_slug: false,
            ..cut
        });
        (short, shown)
    }

    fn closing(&self, evaluation: &Evaluation) -> String {
        let mut closing = counted(evaluation.counts.enforced, "error");
        if evaluation.counts.warned > 0 {
            closing.push_str(", ");
            closing.push_str(&counted(evaluation.counts.warned, "warning"));
        }
        let policy = evaluation
            .findings
            .first()
            .map_or("", |first| &first.policy);
        closing.push_str(&format!(
            " (bundle r{}, policy {})",
            self.revision,
            shortened(&printable(policy), 128)
        ));
        if printable(self.subject).len() > Self::SUBJECT_BYTES {
            let subject = shortened(&printable(self.subject), 400);
            closing.push_str(&format!(", subject \"{subject}\""));
        }
        closing.push('.');
        if let Some(report) = self.report {
            closing.push_str(&format!(" Details: {}", shortened(&printable(report), 300)));
        }
        closing
    }
}

fn counted(number: usize, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{ending}")
}

/// The findings that were not only recorded, the worst first.
fn tell(evaluation: &Evaluation, first: Shown, line: &mut Line) {
    let loud = |finding: &&Finding| {
        matches!(
            finding.disposition,
            Disposition::Enforced | Disposition::Warned
        )
    };
    let all = evaluation.counts.enforced + evaluation.counts.warned;
    let mut told = 0;
    for finding in evaluation.findings.iter().filter(loud) {
        if told == Refusal::FINDINGS_MAX {
            break;
        }
        let what = printable(&finding.message);
        // The first is told whatever it costs; each further one only as a whole, with room for the number of the rest.
        let shown = if told == 0 { first } else { Shown::WHOLE };
        let text = format!("{} ({}).", cure(finding, shown), what.trim_end_matches('.'));
        if told > 0 && !line.has_room(text.len() + 16) {
            break;
        }
        line.push_cut(&text);
        told += 1;
    }
    if all > told {
        line.push(&format!(" (+{} more)", all - told));
    }
}

/// How much is shown of what names a finding.
#[derive(Clone, Copy)]
struct Shown {
    path_bytes: usize,
    has_slug: bool,
}

impl Shown {
    /// Where there is room.
    const WHOLE: Self = Self {
        path_bytes: 200,
        has_slug: true,
    };
}

/// Rule, place and cure of a finding: what has to be seen first.
fn cure(finding: &Finding, shown: Shown) -> String {
    let path = printable(&finding.path);
    let hint = printable(&finding.hint);
    let hint = hint.trim_end_matches('.');
    let rule = match shown.has_slug {
        true => format!("{} {}", finding.rule.code, finding.rule.slug),
        false => finding.rule.code.to_owned(),
    };
    match path.as_str() {
        "" => format!(" [{rule}] {hint}"),
        path => {
            let path = shortened(path, shown.path_bytes);
            format!(" [{rule}] at \"{path}\": {hint}")
        }
    }
}

/// What a check before a registration is told: a line for each finding that would refuse, at most ten of them.
#[must_use]
pub fn violations(evaluation: &Evaluation) -> Vec<String> {
    const LINES_MAX: usize = 10;
    const LINE_BYTES_MAX: usize = 1000;
    let enforced = evaluation
        .findings
        .iter()
        .filter(|finding| finding.disposition == Disposition::Enforced);
    let line = |finding: &Finding| {
        let what = printable(&finding.message);
        let text = format!(
            "Policy:{} ({})",
            cure(finding, Shown::WHOLE),
            what.trim_end_matches('.')
        );
        shortened(&text, LINE_BYTES_MAX)
    };
    let mut lines: Vec<String> = enforced.take(LINES_MAX).map(line).collect();
    let all = evaluation.counts.enforced;
    if all > lines.len() {
        lines.push(format!("Policy: {} more", all - lines.len()));
    }
    lines
}

/// The values of the `Warning` headers of an acceptance: at most ten, at most four KiB together.
#[must_use]
pub fn warnings(evaluation: &Evaluation) -> Vec<String> {
    const VALUES_MAX: usize = 10;
    const BYTES_MAX: usize = 4096;
    const ONE_BYTES_MAX: usize = 1000;
    let warned = evaluation
        .findings
        .iter()
        .filter(|finding| finding.disposition == Disposition::Warned);
    let mut left = BYTES_MAX;
    let mut values = Vec::new();
    for finding in warned.take(VALUES_MAX) {
        let text = format!("[{}] {}", finding.rule.code, finding.message);
        let value = format!(
            "299 - \"{}\"",
            quotable(&shortened(&printable(&text), ONE_BYTES_MAX))
        );
        if value.len() > left {
            break;
        }
        left -= value.len();
        values.push(value);
    }
    values
}

/// As the inside of a quoted string of HTTP: headers hold ASCII.
fn quotable(text: &str) -> String {
    let mut quotable = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quotable.extend(['\\', letter]),
            ' '..='~' => quotable.push(letter),
            _ => quotable.push('?'),
        }
    }
    quotable
}

#[cfg(test)]
mod tests;
