//! `extends`: what a policy takes over from others and from profiles, in front of its own rules.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::settings::Setting;
use super::{Bundle, CompiledPolicy, Findings};
use crate::policy::Profile;
use crate::policy::document::{Content, Document, Envelope, PolicySpec};

/// Puts what each policy extends in front of its own rules.
pub(super) fn extend(
    documents: &[Document],
    policies: &mut [CompiledPolicy],
    findings: &mut Findings,
) {
    let places: BTreeMap<Arc<str>, usize> = policies
        .iter()
        .enumerate()
        .map(|(place, policy)| (Arc::clone(&policy.name), place))
        .collect();
    let mut done: Vec<Option<Vec<Setting>>> = vec![None; policies.len()];
    for place in 0..policies.len() {
        let mut walk = Extension {
            documents,
            policies,
            places: &places,
            done: &mut done,
            findings,
        };
        walk.finish(place);
    }
    for (policy, settings) in policies.iter_mut().zip(done) {
        policy.settings = settings.unwrap_or_default();
    }
}

struct Extension<'a> {
    documents: &'a [Document],
    policies: &'a [CompiledPolicy],
    places: &'a BTreeMap<Arc<str>, usize>,
    /// The settings of the policies that are finished.
    done: &'a mut Vec<Option<Vec<Setting>>>,
    findings: &'a mut Findings,
}

impl Extension<'_> {
    /// Finishes a policy and what it extends. Depth first with a stack of its own: a chain may be long.
    fn finish(&mut self, place: usize) {
        let mut path = vec![place];
        while let Some(&place) = path.last() {
            if self.done[place].is_some() {
                path.pop();
                continue;
            }
            let waiting = self.bases(place).into_iter().flatten();
            let waiting = waiting.filter(|base| self.done[*base].is_none());
            match waiting.into_iter().next() {
                Some(base) if path.contains(&base) => {
                    self.tell_cycle(&path, base);
                    // Without what it extends, so that the walk ends.
                    self.done[place] = Some(self.policies[place].settings.clone());
                }
                Some(base) => path.push(base),
                None => self.join(place),
            }
        }
    }

    /// What a policy extends: the places of policies, `None` for a profile or a name that is none.
    fn bases(&self, place: usize) -> Vec<Option<usize>> {
        let names = self.spec(place).spec.extends.iter();
        names
            .map(|name| self.places.get(name.as_str()).copied())
            .collect()
    }

    fn spec(&self, place: usize) -> &Envelope<PolicySpec> {
        match &self.documents[self.policies[place].document].content {
            Content::Policy(envelope) => envelope,
            _ => unreachable!("a compiled policy remembers where its document is"),
        }
    }

    fn join(&mut self, place: usize) {
        let bases = self.bases(place);
        let names = self.spec(place).spec.extends.clone();
        let mut settings = Vec::new();
        for (index, (name, base)) in names.iter().zip(bases).enumerate() {
            let profile = name.strip_prefix("profile/").and_then(Profile::named);
            let inherited = match (base, profile) {
                (Some(base), _) => self.done[base].clone().unwrap_or_default(),
                (None, Some(profile)) => profile_settings(profile),
                (None, None) => {
                    self.tell(place, index, &unknown_base(name));
                    Vec::new()
                }
            };
            settings.extend(inherited.into_iter().map(|setting| Setting {
                own: None,
                ..setting
            }));
            if settings.len() > Bundle::SETTINGS_MAX {
                self.tell(place, index, "with this, it sets more than 5000 rules");
                settings.clear();
            }
        }
        settings.extend(self.policies[place].settings.iter().cloned());
        self.done[place] = Some(settings);
    }

    fn tell_cycle(&mut self, path: &[usize], base: usize) {
        let name = |place: usize| self.policies[place].name.to_string();
        let from = path.iter().position(|place| *place == base).unwrap_or(0);
        let mut circle: Vec<String> = path[from..].iter().map(|place| name(*place)).collect();
        circle.push(name(base));
        let message = format!("extends itself: {}", circle.join(" → "));
        let last = path.last().copied().unwrap_or(base);
        let index = self
            .bases(last)
            .iter()
            .position(|place| *place == Some(base));
        self.tell(last, index.unwrap_or(0), &message);
    }

    fn tell(&mut self, place: usize, index: usize, message: &str) {
        let document = &self.documents[self.policies[place].document];
        let fault = document.fault(format!("spec.extends[{index}]"), message);
        self.findings.faults.push(fault);
    }
}

fn unknown_base(name: &str) -> String {
    let name: String = name.chars().take(60).collect();
    let profiles = Profile::ALL.map(|profile| format!("profile/{}", profile.as_str()));
    format!(
        "there is neither a policy {name:?} nor a profile of that name: {}",
        profiles.join(", ")
    )
}

/// The rules of a profile. They leave parameters as they are, so that a profile on top takes none away.
fn profile_settings(profile: Profile) -> Vec<Setting> {
    let from: Arc<str> = Arc::from(format!("profile/{}", profile.as_str()));
    profile
        .rules()
        .map(|(rule, severity)| Setting {
            rule,
            severity: Some(severity),
            prepared: None,
            is_locked: false,
            hint: None,
            from: Arc::clone(&from),
            own: None,
        })
        .collect()
}
