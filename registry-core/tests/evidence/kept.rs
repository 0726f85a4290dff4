//! What policies let in, what they turn away, and the evidence of both.

use std::ops::ControlFlow;

use compat_rules::policy::Verdict;
use registry_core::{AuditOptions, ErrorCodes, Principal, Scope, SigningKeys, Timestamp};

use super::*;

#[test]
fn a_refused_registration_registers_nothing_and_leaves_a_record() {
    let fixture = open();
    fixture.apply(DOCUMENTED);
    let alice = Principal {
        name: "alice".to_owned(),
        ..Principal::default()
    };
    let caller = Caller {
        principal: Some(&alice),
        request_id: "r1",
        ..Caller::local()
    };
    let (subject, text) = (Subject::parse("orders-value"), record(&["a!", "b"]));
    let result =
        fixture
            .registry
            .register(&caller, &subject, &avro(&text), RegisterOptions::default());
    let error = result.unwrap_err();
    let message = error.to_string();
    let report = refused(Err(error)).report.unwrap();
    assert_eq!(fixture.versions("orders-value"), Vec::<u32>::new());
    let head = &message[..message.floor_char_boundary(160)];
    assert!(
        head.contains("orders-value") && head.contains("DOC002"),
        "{head}"
    );
    assert!(
        message.contains(&format!("/governance/v1/reports/{report}")),
        "{message}"
    );

    let kept = fixture.registry.view().refusal(report).unwrap().unwrap();
    assert_eq!(kept.subject, "orders-value");
    assert_eq!(kept.source.principal.as_deref(), Some("alice"));
    assert_eq!(
        (kept.source.request.as_str(), kept.source.at_ms),
        ("r1", caller.at.0)
    );
    assert_eq!(kept.text.as_deref(), Some(text.as_str()));
    assert_eq!(kept.judged.findings.len(), 1);
    assert_eq!(kept.judged.findings[0].path, "b");
    assert_eq!(kept.judged.findings[0].disposition, "enforced");
}

#[test]
fn an_accepted_version_has_the_record_of_its_admission() {
    let fixture = open();
    let before = fixture.register("old", &["a"]).unwrap();
    assert_eq!(before.policies, None);
    let revision = fixture.apply(DOCUMENTED_SOFTLY);
    let accepted = fixture.register("s", &["a", "b!"]).unwrap();
    let found = accepted.policies.unwrap();
    assert_eq!(found.evaluation.verdict(), Verdict::Warn);
    let view = fixture.registry.view();
    let none = view.admission(&Subject::parse("old"), version(1)).unwrap();
    assert_eq!(none, None);
    let admission = view
        .admission(&Subject::parse("s"), version(1))
        .unwrap()
        .unwrap();
    assert_eq!(admission.judged.revision, 1);
    let digest = admission.judged.digest.iter();
    let digest: String = digest.map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(digest, revision.digest);
    assert_eq!(admission.judged.level, "BACKWARD");
    assert_eq!(admission.judged.findings.len(), 1);
    assert_eq!(admission.judged.findings[0].code, "DOC002");
    assert_eq!(admission.judged.findings[0].disposition, "warned");
}

#[test]
fn what_the_version_before_had_already_is_no_reason_to_refuse() {
    let fixture = open();
    fixture.register("s", &["a"]).unwrap();
    fixture.apply(DOCUMENTED);
    let accepted = fixture.register("s", &["a", "b!"]).unwrap();
    assert_eq!(accepted.policies.unwrap().evaluation.counts.preexisting, 1);
    let refused = refused(fixture.register("s", &["a", "b!", "c"]));
    assert_eq!(refused.evaluation.counts.enforced, 1);
}

#[test]
fn comments_of_a_protobuf_file_count_although_they_are_not_stored() {
    let fixture = open();
    fixture.apply(DOCUMENTED);
    let register = |text: &str| {
        let submission = Submission {
            text: Some(text.to_owned()),
            schema_type: Some("PROTOBUF".to_owned()),
            ..Submission::default()
        };
        fixture.registry.register(
            &Caller::local(),
            &Subject::parse("p"),
            &submission,
            RegisterOptions::default(),
        )
    };
    let header = "syntax = \"proto3\";\npackage acme.orders;\n// An order.\nmessage M {\n";
    let documented = "  // What a says.\n  string a = 1;\n";
    register(&format!("{header}{documented}}}")).unwrap();
    // The comment is taken away, and the version before had it.
    let text = format!("{header}  string a = 1;\n  // What b says.\n  string b = 2;\n}}");
    let refused = refused(register(&text));
    assert_eq!(refused.evaluation.counts.enforced, 1);
    assert_eq!(refused.evaluation.counts.preexisting, 0);
}

#[test]
fn one_answer_tells_of_incompatibility_and_of_policy() {
    let fixture = open();
    fixture.register("s", &["a!"]).unwrap();
    fixture.apply(DOCUMENTED);
    let text = r#"{"type":"record","name":"R","fields":[{"name":"n","type":"long"}]}"#;
    let result = fixture.registry.register(
        &Caller::local(),
        &Subject::parse("s"),
        &avro(text),
        RegisterOptions::default(),
    );
    let error = result.unwrap_err();
    let message = error.to_string();
    let Error::Incompatible {
        messages,
        policies: Some(policies),
        ..
    } = error
    else {
        panic!("{message}");
    };
    assert!(!messages.is_empty());
    assert!(
        message.contains("incompatible") && message.contains("DOC002"),
        "{message}"
    );
    let kept = fixture
        .registry
        .view()
        .refusal(policies.report.unwrap())
        .unwrap()
        .unwrap();
    assert_eq!(kept.incompatible, messages);
}

#[test]
fn an_import_is_noted_and_never_refused() {
    let fixture = open();
    fixture.apply(DOCUMENTED);
    let scope = Scope::of(Subject::parse("s"));
    fixture
        .registry
        .put_mode(&Caller::local(), &scope, Some("IMPORT"), false)
        .unwrap();
    let imported = Submission {
        id: registry_core::SchemaId::new(7),
        version: registry_core::WantedVersion::Exactly(1),
        ..avro(&record(&["a"]))
    };
    let accepted = fixture
        .registry
        .register(
            &Caller::local(),
            &Subject::parse("s"),
            &imported,
            RegisterOptions::default(),
        )
        .unwrap();
    assert_eq!(accepted.policies.unwrap().evaluation.counts.dry_run, 1);
}

#[test]
fn refusals_go_after_ninety_days() {
    const DAY_MS: i64 = 24 * 60 * 60 * 1000;
    let fixture = open();
    fixture.apply(DOCUMENTED);
    let refuse_on = |day: i64| {
        let caller = Caller {
            at: Timestamp(day * DAY_MS),
            ..Caller::local()
        };
        let subject = Subject::parse("s");
        let schema = avro(&record(&["a"]));
        let options = RegisterOptions::default();
        refused(
            fixture
                .registry
                .register(&caller, &subject, &schema, options),
        )
        .report
        .unwrap()
    };
    let old = refuse_on(100);
    let young = refuse_on(101);
    let kept = |report| fixture.registry.view().refusal(report).unwrap().is_some();
    assert!(kept(old) && kept(young));
    let newest = refuse_on(191);
    assert_eq!([old, young, newest].map(kept), [false, true, true]);
    let listed = fixture.registry.view().refusals(10).unwrap();
    let listed: Vec<_> = listed.into_iter().map(|(report, _)| report).collect();
    assert_eq!(listed, [newest, young]);
}

#[test]
fn after_documents_came_into_force_nothing_gets_in_that_was_not_held_to_them() {
    let folder = TempDir::new().unwrap();
    let audited = RegistryOptions {
        audit: Some(AuditOptions {
            node: "n".to_owned(),
            keys: SigningKeys::parse(&"1".repeat(64)).unwrap(),
            anchors: Vec::new(),
            settings: String::new(),
            error_codes: ErrorCodes(|_| 0),
        }),
        ..RegistryOptions::default()
    };
    let registry = Registry::open(folder.path(), audited).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..6 {
            let registry = &registry;
            scope.spawn(move || {
                for number in 0..60 {
                    let subject = Subject::parse(&format!("s{thread}-{number}"));
                    let schema = avro(&record(&["a"]));
                    let done = registry.register(
                        &Caller::local(),
                        &subject,
                        &schema,
                        RegisterOptions::default(),
                    );
                    assert!(
                        matches!(done, Ok(_) | Err(Error::RefusedByPolicy { .. })),
                        "{done:?}"
                    );
                }
            });
        }
        while registry.view().audit_length().unwrap() < 40 {
            std::thread::yield_now();
        }
        apply(&registry, DOCUMENTED);
    });
    let mut is_in_force = false;
    let (mut before, mut after) = (0, 0);
    registry
        .view()
        .audit_lines(0, &mut |line, _| {
            is_in_force |= line.record.contains(r#""action":"policy.apply""#);
            if line.record.contains(r#""outcome":"refused""#) {
                after += 1;
            } else if line.record.contains(r#""kind":"registered""#) {
                before += 1;
                assert!(!is_in_force, "{}", line.record);
            }
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(before + after, 360);
    assert!(before > 0 && after > 0, "{before} before, {after} after");
}
