//! `concord rule`: the catalogue of the rules of policy.

use std::process::ExitCode;

use anyhow::Context;
use compat_rules::policy::rule::PolicyRule;
use compat_rules::policy::{Profile, catalogue, rule_named, rule_page};

use super::output::print;

/// The arguments of `concord rule`.
#[derive(clap::Args)]
pub(super) struct Rule {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// List the rules, with their severity in each profile.
    List {
        /// Only those whose code begins so, such as `DOC`.
        #[arg(long)]
        family: Option<String>,
    },
    /// Print the page of a rule: why, examples, what to write instead, parameters.
    Show {
        /// The code or the slug.
        rule: String,
    },
}

impl Rule {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        match &self.action {
            Action::List { family } => print(&list(family.as_deref().unwrap_or_default()))?,
            Action::Show { rule } => {
                let rule = rule_named(rule).with_context(|| {
                    format!("there is no rule {rule:?}; `concord rule list` shows all")
                })?;
                print(&rule_page(rule))?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn list(family: &str) -> String {
    let family = family.to_ascii_uppercase();
    let mut rules: Vec<&PolicyRule> = catalogue()
        .filter(|rule| rule.code.starts_with(&family))
        .collect();
    rules.sort_by_key(|rule| rule.code);
    let width = rules.iter().map(|rule| rule.slug.len()).max().unwrap_or(0);
    let row = |code: &str, slug: &str, profiles: [&str; 4], title: &str| {
        let [minimal, standard, strict, regulated] = profiles;
        format!(
            "{code:<7} {slug:<width$}  {minimal:<8} {standard:<8} {strict:<8} {regulated:<9} {title}\n"
        )
    };
    let head = row(
        "code",
        "slug",
        Profile::ALL.map(Profile::as_str),
        "what is demanded",
    );
    let rows = rules.into_iter().map(|rule| {
        let severities = Profile::ALL.map(|profile| rule.profiles.severity(profile).as_str());
        row(rule.code, rule.slug, severities, rule.title)
    });
    std::iter::once(head).chain(rows).collect()
}
