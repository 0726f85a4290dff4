//! Policies in force: what they refuse, what they never refuse, and how they are changed (`governance.md` sections 0, 2.4,
//! 2.7 and 2.12).

use compat_rules::policy::{Disposition, Document, Syntax, read_documents};
use registry_core::{
    Caller, Deletion, Error, Mode, PolicyBase, PolicyClaim, PolicyOrigin, PolicyRevision,
    RegisterOptions, Registered, Registry, RegistryOptions, SchemaId, Scope, Subject, Submission,
    SubmittedReference,
};
use tempfile::TempDir;

fn open(folder: &TempDir) -> Registry {
    Registry::open(folder.path(), RegistryOptions::default()).expect("the folder opens")
}

fn record(fields: &[(&str, Option<&str>)]) -> Submission {
    let fields: Vec<String> = fields
        .iter()
        .map(|(name, doc)| {
            let doc = doc.map_or_else(String::new, |doc| format!(r#","doc":"{doc}""#));
            format!(r#"{{"name":"{name}","type":"string","default":""{doc}}}"#)
        })
        .collect();
    Submission {
        text: Some(format!(
            r#"{{"type":"record","name":"Order","fields":[{}]}}"#,
            fields.join(",")
        )),
        ..Submission::default()
    }
}

fn register(
    registry: &Registry,
    subject: &str,
    submission: &Submission,
) -> Result<Registered, Error> {
    registry.register(
        &Caller::local(),
        &Subject::parse(subject),
        submission,
        RegisterOptions::default(),
    )
}

/// Every field has to have text, in subjects that begin with `orders.`.
const DOCUMENTED: &str = r#"
apiVersion: governance/v1
kind: Policy
metadata: {name: core}
spec:
  match: {subjects: ["orders.**"]}
  rules:
    - {use: DOC002, severity: error}
"#;

fn documents(text: &str) -> Vec<Document> {
    read_documents("core.yaml", Syntax::Yaml, text).expect("documents")
}

fn apply(registry: &Registry, text: &str, base: &PolicyBase) -> Result<PolicyRevision, Error> {
    registry.apply_policies(
        &Caller::local(),
        &documents(text),
        &PolicyClaim::default(),
        base,
        &PolicyOrigin::default(),
    )
}

#[test]
fn a_schema_that_lacks_what_a_policy_demands_is_refused_with_rule_and_cure_and_changes_nothing() {
    let folder = TempDir::new().expect("a folder");
    let registry = open(&folder);
    apply(&registry, DOCUMENTED, &PolicyBase::Any).expect("applied");

    let refused = register(&registry, "orders.a-value", &record(&[("id", None)]));
    let refused = refused.expect_err("no text").to_string();
    assert!(
        refused.starts_with("Registration under \"orders.a-value\" refused by policy: [DOC002"),
        "{refused}"
    );
    let subject = Subject::parse("orders.a-value");
    assert!(
        registry
            .view()
            .versions(&subject)
            .expect("readable")
            .is_empty()
    );

    let accepted = register(
        &registry,
        "orders.a-value",
        &record(&[("id", Some("The id."))]),
    );
    assert_eq!(accepted.expect("documented").version.get(), 1);
    register(&registry, "other-value", &record(&[("id", None)])).expect("not in the scope");
}

#[test]
fn what_is_registered_already_is_never_refused_and_what_stood_before_is_excused() {
    let folder = TempDir::new().expect("a folder");
    let registry = open(&folder);
    let old = record(&[("id", None)]);
    let first = register(&registry, "orders.a-value", &old).expect("no policy yet");
    apply(&registry, DOCUMENTED, &PolicyBase::Any).expect("applied");

    let again = register(&registry, "orders.a-value", &old).expect("it is there already");
    assert_eq!((again.id, again.policies), (first.id, None));

    let grown = record(&[("id", None), ("note", Some("A note."))]);
    let grown = register(&registry, "orders.a-value", &grown).expect("the new field has text");
    let policies = grown.policies.expect("policies were asked");
    let dispositions: Vec<_> = policies
        .evaluation
        .findings
        .iter()
        .map(|finding| finding.disposition)
        .collect();
    assert_eq!(dispositions, [Disposition::Preexisting]);

    let worse = record(&[("id", None), ("note", Some("A note.")), ("more", None)]);
    let refused =
        register(&registry, "orders.a-value", &worse).expect_err("a new field without text");
    assert!(refused.to_string().contains("more"), "{refused}");
}

#[test]
fn an_incompatible_schema_is_told_what_the_policies_say_as_well() {
    let folder = TempDir::new().expect("a folder");
    let registry = open(&folder);
    register(
        &registry,
        "orders.a-value",
        &record(&[("id", Some("The id."))]),
    )
    .expect("the first");
    apply(&registry, DOCUMENTED, &PolicyBase::Any).expect("applied");
    let other = Submission {
        text: Some(
            r#"{"type":"record","name":"Order","fields":[{"name":"n","type":"int"}]}"#.to_owned(),
        ),
        ..Submission::default()
    };
    let refused = register(&registry, "orders.a-value", &other).expect_err("no default");
    assert!(matches!(refused, Error::Incompatible { .. }), "{refused}");
    assert!(refused.to_string().contains("Policy: [DOC002"), "{refused}");
}

#[test]
fn an_import_is_only_recorded() {
    let folder = TempDir::new().expect("a folder");
    let registry = open(&folder);
    apply(&registry, DOCUMENTED, &PolicyBase::Any).expect("applied");
    let subject = Subject::parse("orders.a-value");
    registry
        .put_mode(
            &Caller::local(),
            &Scope::Subject(subject),
            Some(Mode::Import.as_str()),
            true,
        )
        .expect("import mode");
    let imported = Submission {
        id: SchemaId::new(7),
        ..record(&[("id", None)])
    };
    let imported =
        register(&registry, "orders.a-value", &imported).expect("imports are not held up");
    let policies = imported.policies.expect("policies were asked");
    assert_eq!(policies.evaluation.counts.dry_run, 1);
}

#[test]
fn revisions_are_numbered_kept_and_taken_back_and_nobody_writes_over_one_that_they_have_not_seen() {
    let folder = TempDir::new().expect("a folder");
    let registry = open(&folder);
    let first = apply(&registry, DOCUMENTED, &PolicyBase::Revision(0)).expect("the first");
    assert_eq!(first.number, 1);
    let same = apply(
        &registry,
        &DOCUMENTED.replace("error", "\"error\""),
        &PolicyBase::Any,
    );
    assert_eq!(
        same.expect("the same documents").number,
        1,
        "they say the same"
    );

    let lax = DOCUMENTED.replace("error", "warn");
    let late =
        apply(&registry, &lax, &PolicyBase::Revision(0)).expect_err("revision 1 is in force");
    assert!(
        matches!(
            late,
            Error::PoliciesChanged {
                base: 0,
                in_force: 1
            }
        ),
        "{late}"
    );
    assert_eq!(
        apply(&registry, &lax, &PolicyBase::Revision(1))
            .expect("the second")
            .number,
        2
    );
    let warned =
        register(&registry, "orders.a-value", &record(&[("id", None)])).expect("only a warning");
    assert_eq!(warned.policies.expect("asked").evaluation.counts.warned, 1);

    let back = registry.roll_back_policies(&Caller::local(), 1, &PolicyBase::Any, "too lax");
    let back = back.expect("revision 1 is kept");
    assert_eq!((back.number, &back.digest), (3, &first.digest));
    drop(registry);

    let registry = open(&folder);
    register(&registry, "orders.b-value", &record(&[("id", None)]))
        .expect_err("still in force after a restart");
    let numbers: Vec<_> = registry
        .view()
        .policy_revisions(u64::MAX, 10)
        .expect("readable")
        .iter()
        .map(|one| one.number)
        .collect();
    assert_eq!(numbers, [3, 2, 1]);
}

#[test]
fn documents_with_a_fault_change_nothing() {
    let folder = TempDir::new().expect("a folder");
    let registry = open(&folder);
    let refused = apply(
        &registry,
        &DOCUMENTED.replace("DOC002", "DOC999"),
        &PolicyBase::Any,
    );
    assert!(matches!(refused, Err(Error::InvalidPolicies(_))));
    assert_eq!(registry.view().policy_number().expect("readable"), None);
}

#[test]
fn deletions_and_settings_pass_where_no_rule_speaks_of_them() {
    let folder = TempDir::new().expect("a folder");
    let registry = open(&folder);
    apply(&registry, DOCUMENTED, &PolicyBase::Any).expect("applied");
    register(
        &registry,
        "orders.a-value",
        &record(&[("id", Some("The id."))]),
    )
    .expect("documented");
    let subject = Subject::parse("orders.a-value");
    let deleted = registry.delete_subject(&Caller::local(), &subject, Deletion::Soft);
    assert_eq!(deleted.expect("deleted").answer.len(), 1);
}

#[test]
fn a_subject_like_another_is_told_of_it_as_long_as_that_one_is_there() {
    let folder = TempDir::new().expect("a folder");
    let registry = open(&folder);
    let rule = DOCUMENTED.replace("DOC002", "SUB009");
    apply(
        &registry,
        &rule.replace("orders.**", "**"),
        &PolicyBase::Any,
    )
    .expect("applied");
    let first = record(&[("id", None)]);
    register(&registry, "Orders.A-value", &first).expect("nothing is like it");
    for (other, is_like) in [
        ("orders_a-value", true),
        ("orders.b-value", false),
        (":.other:orders_a-value", false),
    ] {
        let done = register(&registry, other, &first);
        assert_eq!(done.is_err(), is_like, "{other}: {done:?}");
    }
    let refused = register(&registry, "orders_a-value", &first).expect_err("it is like the first");
    assert!(refused.to_string().contains("Orders.A-value"), "{refused}");
    let old = Subject::parse("Orders.A-value");
    let deleted = registry.delete_subject(&Caller::local(), &old, Deletion::Soft);
    deleted.expect("nothing refers to it");
    register(&registry, "orders_a-value", &first).expect("the name is mended");
}

#[test]
fn a_chain_of_references_is_found_however_many_ways_lead_past_it() {
    const SHORT: &str = "
apiVersion: governance/v1
kind: Policy
metadata: {name: short}
spec:
  rules: [{use: REF005, severity: error, with: {max: 20}}]
";
    let folder = TempDir::new().expect("a folder");
    let registry = open(&folder);
    let refer = |subject: &str, targets: &[String]| {
        let references = targets.iter().map(|target| SubmittedReference {
            name: Some(target.clone()),
            subject: Some(target.clone()),
            version: Some(1),
        });
        let submission = Submission {
            text: Some(format!(
                r#"{{"type":"record","name":"{subject}","fields":[]}}"#
            )),
            references: references.collect(),
            ..Submission::default()
        };
        let subject = Subject::parse(subject);
        registry.register(
            &Caller::local(),
            &subject,
            &submission,
            RegisterOptions::default(),
        )
    };
    // One chain of 21, and beside it a net of 17 steps with 65,536 ways through it.
    let (mut chain, mut net) = (Vec::new(), Vec::new());
    for step in 0..=20 {
        let name = format!("chain{step}");
        refer(&name, &chain).expect("a good schema");
        chain = vec![name];
    }
    for step in 0..=16 {
        let pair = [format!("left{step}"), format!("right{step}")];
        for name in &pair {
            refer(name, &net).expect("a good schema");
        }
        net = pair.to_vec();
    }
    refer("both", &[chain, net].concat()).expect("a good schema");
    apply(&registry, SHORT, &PolicyBase::Any).expect("applied");
    let refused = refer("top", &["both".to_owned()]).expect_err("it begins a chain of 22");
    assert!(
        refused.to_string().contains("a chain of 22, at most 20"),
        "{refused}"
    );
    refer("other", &["chain10".to_owned()]).expect("a short chain");
}
