//! The rules of policy, a file for each family, and the one list of all.

mod avr;
mod before;
mod cls;
mod def;
mod doc;
mod enm;
mod evo;
mod evt;
mod jsc;
mod lif;
mod lim;
mod look;
mod nam;
mod own;
mod parameter;
mod principals;
mod pro;
mod refs;
mod sec;
mod sub;
mod tags;
mod texts;
mod typ;
mod words;

use super::rule::PolicyRule;

/// Every rule, in the order of the codes within each family. A test holds that each has its page and each page its rule.
pub fn catalogue() -> impl Iterator<Item = &'static PolicyRule> {
    let families = [
        sub::RULES,
        nam::RULES,
        doc::RULES,
        own::RULES,
        cls::RULES,
        typ::RULES,
        enm::RULES,
        def::RULES,
        lim::RULES,
        evo::RULES,
        refs::RULES,
        avr::RULES,
        pro::RULES,
        jsc::RULES,
        evt::RULES,
        lif::RULES,
        sec::RULES,
    ];
    families.into_iter().flatten().copied()
}

/// The rule of that code or slug.
#[must_use]
pub fn rule(name: &str) -> Option<&'static PolicyRule> {
    catalogue().find(|rule| rule.code == name || rule.slug == name)
}
