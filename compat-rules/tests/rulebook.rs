//! The rulebook is a manual and a test: each page states cases, and every case is played.
//!
//! A page is `rulebook/<format>/<rule-id>.md`. `rulebook/page.rs` says how it is written. Held here per format: each
//! rule has its page and each page its rule, the page says in its first line what the rule's summary says, what the
//! cases promise in both directions is what the comparison finds, and there is a case in which the rule fires as
//! well as one in which it stays silent.

mod rulebook {
    pub(crate) mod page;
}

use std::collections::BTreeSet;

use compat_rules::{
    Budget, CompatibilityPolicy, Format, ParsedSchema, References, Rule, Strictness, parse, rules,
};
use rulebook::page::{Case, Page, pages};

#[test]
fn the_avro_pages_say_what_the_comparison_finds() {
    play(Format::Avro);
}

#[test]
fn the_json_pages_say_what_the_comparison_finds() {
    play(Format::Json);
}

#[test]
fn the_protobuf_pages_say_what_the_comparison_finds() {
    play(Format::Protobuf);
}

fn play(format: Format) {
    let pages = pages(format);
    let rules: Vec<&Rule> = rules().filter(|rule| rule.format == format).collect();
    let mut faults = unmatched(&pages, &rules);
    for page in &pages {
        let faults_here = match rules.iter().find(|rule| rule.id == page.id) {
            Some(rule) => judge(page, rule),
            None => continue,
        };
        faults.extend(
            faults_here
                .into_iter()
                .map(|fault| format!("{}: {fault}", page.id)),
        );
    }
    assert!(
        faults.is_empty(),
        "{format}, {} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
}

fn unmatched(pages: &[Page], rules: &[&Rule]) -> Vec<String> {
    let with_page: BTreeSet<&str> = pages.iter().map(|page| page.id.as_str()).collect();
    let with_rule: BTreeSet<&str> = rules.iter().map(|rule| rule.id).collect();
    let missing = with_rule.difference(&with_page);
    let orphans = with_page.difference(&with_rule);
    missing
        .map(|id| format!("{id}: the rule has no page"))
        .chain(orphans.map(|id| format!("{id}: the page has no rule")))
        .collect()
}

fn judge(page: &Page, rule: &Rule) -> Vec<String> {
    let mut faults = page.faults.clone();
    if page.summary != rule.summary {
        faults.push(format!("its first line is not {:?}", rule.summary));
    }
    let names_the_rule = |case: &&Case| {
        let start = format!("{} at ", rule.id);
        let mut lines = case.backward.iter().chain(&case.forward);
        lines.any(|line| line.starts_with(&start))
    };
    if !page.cases.iter().any(|case| names_the_rule(&case)) {
        faults.push("no case in which the rule fires".to_owned());
    }
    if page.cases.iter().all(|case| names_the_rule(&case)) {
        faults.push("no near miss, a case in which the rule stays silent".to_owned());
    }
    for case in &page.cases {
        if let Err(fault) = play_case(case, rule.format) {
            faults.push(format!("{}: {fault}", case.title));
        }
    }
    faults
}

fn play_case(case: &Case, format: Format) -> Result<(), String> {
    let parse = |what: &str, text: &str| {
        parse(format, text, &References::none(), Strictness::New)
            .map_err(|invalid| format!("the {what} schema is refused: {invalid}"))
    };
    let old = parse("old", &case.old)?;
    let new = parse("new", &case.new)?;
    let strict = CompatibilityPolicy::Strict;
    expect("backward", &case.backward, &found(&new, &old, strict))?;
    expect("forward", &case.forward, &found(&old, &new, strict))?;
    let lenient = CompatibilityPolicy::Lenient;
    if let Some(promised) = &case.lenient_backward {
        expect("lenient backward", promised, &found(&new, &old, lenient))?;
    }
    if let Some(promised) = &case.lenient_forward {
        expect("lenient forward", promised, &found(&old, &new, lenient))?;
    }
    Ok(())
}

/// What the reader cannot read, one `<rule> at <path>` each.
fn found(
    reader: &ParsedSchema,
    writer: &ParsedSchema,
    policy: CompatibilityPolicy,
) -> BTreeSet<String> {
    reader
        .read_violations(writer, policy, &mut Budget::default())
        .expect("an example is small")
        .expect("both are of one format")
        .iter()
        .map(|violation| format!("{} at {}", violation.rule.id, violation.path))
        .collect()
}

fn expect(
    direction: &str,
    promised: &BTreeSet<String>,
    found: &BTreeSet<String>,
) -> Result<(), String> {
    if promised == found {
        return Ok(());
    }
    Err(format!(
        "{direction} promises {promised:?}, found {found:?}"
    ))
}
