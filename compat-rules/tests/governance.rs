//! The governance pages are a manual and a test: each page states cases, and every case is played.
//!
//! A page is `governance/<CODE>.md`; `governance/page.rs` says how it is written. Held here: each rule has its page and
//! each page its rule, the page begins with the code, the slug and what the rule's title says, each parameter is
//! named, what the cases promise is what the rule finds, and for every format of the rule there is a case in which it
//! fires as well as one in which it stays silent.

mod governance {
    pub(crate) mod given;
    pub(crate) mod head;
    pub(crate) mod page;
}

use compat_rules::Format;
use compat_rules::policy::catalogue;
use compat_rules::policy::rule::PolicyRule;
use governance::page::{Case, Page, pages};
use governance::{given, head};

#[test]
fn the_pages_say_what_the_rules_find() {
    let pages = pages();
    let mut faults = Vec::new();
    for rule in catalogue() {
        match pages.iter().find(|page| page.code == rule.code) {
            Some(page) => {
                let here = judge(page, rule);
                faults.extend(
                    here.into_iter()
                        .map(|fault| format!("{}: {fault}", rule.code)),
                );
            }
            None => faults.push(format!("{}: the rule has no page", rule.code)),
        }
    }
    for page in &pages {
        if !catalogue().any(|rule| rule.code == page.code) {
            faults.push(format!("{}: the page has no rule", page.code));
        }
    }
    let count = faults.len();
    assert!(faults.is_empty(), "{count} faults:\n{}", faults.join("\n"));
}

/// Their cures are made of names of the schema, as many as it has, and cannot be shorter than those.
const MADE_OF_NAMES: [&str; 2] = ["EVO006", "REF008"];

#[test]
fn the_head_of_a_refusal_holds_the_whole_cure_of_every_rule() {
    let mut faults = Vec::new();
    for page in pages() {
        let rule = catalogue().find(|rule| rule.code == page.code);
        let rule = rule.expect("each page has its rule");
        for case in &page.cases {
            let format = case.format.expect("each case has a candidate");
            let mut reports = given::found(rule, format, case).expect("each case is played");
            if MADE_OF_NAMES.contains(&rule.code) {
                reports.iter_mut().for_each(|report| report.hint = None);
            }
            let here = head::faults(rule, reports).into_iter();
            faults.extend(here.map(|fault| format!("{}: {fault}", rule.code)));
        }
    }
    faults.dedup();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_two_rules_share_a_code_or_a_slug() {
    let mut names: Vec<&str> = catalogue()
        .flat_map(|rule| [rule.code, rule.slug])
        .collect();
    names.sort_unstable();
    let twice: Vec<_> = names.windows(2).filter(|pair| pair[0] == pair[1]).collect();
    assert!(twice.is_empty(), "{twice:?}");
}

fn judge(page: &Page, rule: &PolicyRule) -> Vec<String> {
    let mut faults = page.faults.clone();
    if page.heading != format!("{} {}", rule.code, rule.slug) {
        faults.push("its heading is not the code and the slug".to_owned());
    }
    if page.title != rule.title {
        faults.push(format!("its first line is not {:?}", rule.title));
    }
    for name in parameter_names(rule) {
        if !page.parameters.contains(&format!("`{name}`")) {
            faults.push(format!("the parameter `{name}` is not explained"));
        }
    }
    for format in rule.formats {
        let cases = || {
            page.cases
                .iter()
                .filter(|case| case.format == Some(*format))
        };
        if !cases().any(|case| !case.finds.is_empty()) {
            faults.push(format!("no case of {format} in which the rule fires"));
        }
        if !cases().any(|case| case.finds.is_empty()) {
            faults.push(format!("no near miss of {format}"));
        }
    }
    for case in &page.cases {
        if let Err(fault) = play(case, rule) {
            faults.push(format!("{}: {fault}", case.title));
        }
    }
    faults
}

fn parameter_names(rule: &PolicyRule) -> Vec<String> {
    let schema = (rule.parameters)();
    let properties = schema.get("properties").and_then(|known| known.as_object());
    properties.map_or_else(Vec::new, |known| known.keys().cloned().collect())
}

fn play(case: &Case, rule: &PolicyRule) -> Result<(), String> {
    let format = case.format.ok_or("there is no candidate")?;
    if !rule.formats.contains(&format) {
        return Err(format!("the rule is not for {format}"));
    }
    let reports = given::found(rule, format, case)?;
    for report in &reports {
        let is_line = |text: &str| !text.is_empty() && !text.contains('\n');
        if !is_line(&report.message) || report.hint.as_deref().is_some_and(|hint| !is_line(hint)) {
            return Err(format!("not one line: {report:?}"));
        }
        if format != Format::Protobuf && !report.element.pointer.is_empty() {
            given::points_into(&case.candidate, &report.element.pointer)?;
        }
    }
    let mut found: Vec<&str> = reports
        .iter()
        .map(|report| match report.element.path.as_str() {
            "" => ".",
            path => path,
        })
        .collect();
    found.sort_unstable();
    let mut promised: Vec<&str> = case.finds.iter().map(String::as_str).collect();
    promised.sort_unstable();
    if found == promised {
        return Ok(());
    }
    Err(format!("promises {promised:?}, found {reports:#?}"))
}
