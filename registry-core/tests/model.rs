//! Random histories against a naive model of `semantics.md` sections 3, 4, 11 and 12 (level NONE, no references):
//! the same answers, and a store whose derived rows follow from its primary ones.

use std::collections::BTreeMap;

use proptest::prelude::*;
use registry_core::{
    Caller, ConfigUpdate, Deletion, Error, RegisterOptions, Registry, RegistryOptions, Scope,
    Subject, Submission, Update, Version, VersionSpec,
};
use tempfile::TempDir;

#[derive(Debug, Clone)]
enum Step {
    Register {
        subject: usize,
        content: usize,
    },
    DeleteVersion {
        subject: usize,
        version: u32,
        permanent: bool,
    },
    DeleteSubject {
        subject: usize,
        permanent: bool,
    },
    Restart,
}

const SUBJECTS: [&str; 4] = ["a", "b", ":.c:a", ":.c:b"];
const CONTENTS: [&str; 3] = [r#""string""#, r#""int""#, r#"["null","long"]"#];

fn step() -> impl Strategy<Value = Step> {
    let subject = 0..SUBJECTS.len();
    prop_oneof![
        5 => (subject.clone(), 0..CONTENTS.len()).prop_map(|(subject, content)| Step::Register { subject, content }),
        3 => (subject.clone(), 1..5_u32, any::<bool>())
            .prop_map(|(subject, version, permanent)| Step::DeleteVersion { subject, version, permanent }),
        2 => (subject, any::<bool>()).prop_map(|(subject, permanent)| Step::DeleteSubject { subject, permanent }),
        1 => Just(Step::Restart),
    ]
}

/// One version in the model.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Held {
    content: usize,
    id: u32,
    deleted: bool,
}

#[derive(Default)]
struct Model {
    versions: BTreeMap<(usize, u32), Held>,
    last_id: BTreeMap<&'static str, u32>,
}

fn context(subject: usize) -> &'static str {
    if SUBJECTS[subject].starts_with(":.c:") {
        ".c"
    } else {
        "."
    }
}

impl Model {
    fn of(&self, subject: usize) -> Vec<(u32, Held)> {
        let range = (subject, 0)..=(subject, u32::MAX);
        self.versions
            .range(range)
            .map(|((_, version), held)| (*version, held.clone()))
            .collect()
    }

    fn register(&mut self, subject: usize, content: usize) -> (u32, u32) {
        let versions = self.of(subject);
        if let Some((version, held)) = versions
            .iter()
            .rev()
            .find(|(_, held)| held.content == content && !held.deleted)
        {
            return (held.id, *version);
        }
        let known = self.versions.iter().find(|((other, _), held)| {
            context(*other) == context(subject) && held.content == content
        });
        let id = known.map_or_else(
            || {
                let last = self.last_id.entry(context(subject)).or_default();
                *last += 1;
                *last
            },
            |(_, held)| held.id,
        );
        let version = versions.last().map_or(1, |(version, _)| version + 1);
        self.versions
            .retain(|(other, _), held| *other != subject || held.id != id || !held.deleted);
        self.versions.insert(
            (subject, version),
            Held {
                content,
                id,
                deleted: false,
            },
        );
        (id, version)
    }

    /// The number of the refusal, as `protocol.md` section 6 has it.
    fn delete_version(&mut self, subject: usize, version: u32, permanent: bool) -> Result<(), u32> {
        let exists = !self.of(subject).is_empty();
        match self.versions.get_mut(&(subject, version)) {
            None if exists => Err(40402),
            None => Err(40401),
            Some(held) if held.deleted && !permanent => Err(40406),
            Some(held) if !held.deleted && permanent => Err(40407),
            Some(held) if !permanent => {
                held.deleted = true;
                Ok(())
            }
            Some(_) => {
                self.versions.remove(&(subject, version));
                Ok(())
            }
        }
    }

    fn delete_subject(&mut self, subject: usize, permanent: bool) -> Result<Vec<u32>, u32> {
        let versions = self.of(subject);
        let active: Vec<u32> = versions
            .iter()
            .filter(|(_, held)| !held.deleted)
            .map(|(version, _)| *version)
            .collect();
        match (versions.is_empty(), active.is_empty(), permanent) {
            (true, ..) => Err(40401),
            (_, true, false) => Err(40404),
            (_, false, true) => Err(40405),
            (_, _, false) => {
                for version in &active {
                    self.versions
                        .get_mut(&(subject, *version))
                        .expect("it was just listed")
                        .deleted = true;
                }
                Ok(active)
            }
            (_, _, true) => {
                self.versions.retain(|(other, _), _| *other != subject);
                Ok(versions.into_iter().map(|(version, _)| version).collect())
            }
        }
    }
}

fn code(error: &Error) -> u32 {
    match error {
        Error::SubjectNotFound(_) => 40401,
        Error::VersionNotFound(_) => 40402,
        Error::SubjectSoftDeleted(_) => 40404,
        Error::SubjectNotSoftDeleted(_) => 40405,
        Error::VersionSoftDeleted(..) => 40406,
        Error::VersionNotSoftDeleted(..) => 40407,
        other => panic!("the model knows no such refusal: {other}"),
    }
}

fn open(folder: &TempDir) -> Registry {
    Registry::open(folder.path(), RegistryOptions::default()).expect("the folder is ours")
}

fn deletion(permanent: bool) -> Deletion {
    if permanent {
        Deletion::Permanent
    } else {
        Deletion::Soft
    }
}

/// Id and version of a content; what is found of it in a few reads has to be what is found otherwise.
fn register(registry: &Registry, subject: usize, content: usize) -> (u32, u32) {
    let submission = Submission {
        text: Some(CONTENTS[content].to_owned()),
        ..Submission::default()
    };
    let name = Subject::parse(SUBJECTS[subject]);
    let already = registry.registered_already(&name, &submission);
    if let Some(found) = registry.lookup_known(&name, &submission) {
        let thorough = registry.lookup(&name, &submission, false, false);
        assert_eq!(thorough.expect("it is there"), found);
    }
    let options = RegisterOptions::default();
    let registered = registry
        .register(&Caller::local(), &name, &submission, options)
        .expect("nothing is incompatible at level NONE");
    assert!(already.is_none_or(|already| already == registered));
    (registered.id.get(), registered.version.get())
}

fn play(registry: &Registry, model: &mut Model, step: &Step) {
    match *step {
        Step::Restart => {}
        Step::Register { subject, content } => {
            let registered = register(registry, subject, content);
            assert_eq!(registered, model.register(subject, content), "{step:?}");
        }
        Step::DeleteVersion {
            subject,
            version,
            permanent,
        } => {
            let spec = VersionSpec::Number(Version::new(version.into()).expect("from 1"));
            let deleted = registry.delete_version(
                &Caller::local(),
                &Subject::parse(SUBJECTS[subject]),
                spec,
                deletion(permanent),
            );
            let ours = deleted.map(|_| ()).map_err(|error| code(&error));
            assert_eq!(
                ours,
                model.delete_version(subject, version, permanent),
                "{step:?}"
            );
        }
        Step::DeleteSubject { subject, permanent } => {
            let deleted = registry.delete_subject(
                &Caller::local(),
                &Subject::parse(SUBJECTS[subject]),
                deletion(permanent),
            );
            let ours = deleted
                .map(|done| {
                    done.answer
                        .into_iter()
                        .map(Version::get)
                        .collect::<Vec<u32>>()
                })
                .map_err(|error| code(&error));
            assert_eq!(ours, model.delete_subject(subject, permanent), "{step:?}");
        }
    }
}

fn compare(registry: &Registry, model: &Model) {
    let view = registry.view();
    for (subject, name) in SUBJECTS.iter().enumerate() {
        let stored = view
            .versions(&Subject::parse(name))
            .expect("the store reads");
        let ours: Vec<(u32, u32, bool)> = stored
            .iter()
            .map(|row| (row.version.get(), row.id.get(), row.deleted))
            .collect();
        let theirs: Vec<(u32, u32, bool)> = model
            .of(subject)
            .into_iter()
            .map(|(version, held)| (version, held.id, held.deleted))
            .collect();
        assert_eq!(ours, theirs, "{name}");
    }
    let mut findings = Vec::new();
    view.examine(&mut |finding| findings.push(finding.to_string()))
        .expect("the store reads");
    assert_eq!(findings, Vec::<String>::new());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_history_ends_as_the_model_says_and_leaves_a_sound_store(
        steps in prop::collection::vec(step(), 1..40)
    ) {
        let folder = TempDir::new().expect("a temporary folder");
        let mut registry = open(&folder);
        let none = ConfigUpdate { level: Update::Set(compat_rules::Level::None), ..ConfigUpdate::default() };
        for scope in [Scope::top_level(), Scope::of(Subject::parse(":.c:"))] {
            registry.put_config(&Caller::local(), &scope, none.clone()).expect("a valid level");
        }
        let mut model = Model::default();
        for step in &steps {
            if matches!(step, Step::Restart) {
                drop(registry);
                registry = open(&folder);
            }
            play(&registry, &mut model, step);
        }
        compare(&registry, &model);
    }
}
