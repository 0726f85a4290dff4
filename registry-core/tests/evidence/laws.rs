//! Laws over random histories: what is registered is answered whatever the policies say, and stricter policies never let
//! in more.

use proptest::prelude::*;

use super::*;

const FIELDS: [&str; 6] = ["a", "a!", "b", "b!", "c", "c!"];

fn fields() -> impl Strategy<Value = Vec<&'static str>> {
    prop::collection::vec(0..3_usize, 1..4).prop_flat_map(|names| {
        let mut names = names;
        names.sort_unstable();
        names.dedup();
        let count = names.len();
        prop::collection::vec(any::<bool>(), count).prop_map(move |documented| {
            let pairs = names.iter().zip(documented);
            pairs
                .map(|(name, documented)| FIELDS[2 * name + usize::from(documented)])
                .collect()
        })
    })
}

fn free(fixture: &Fixture) {
    let none = registry_core::ConfigUpdate {
        level: registry_core::Update::Set(compat_rules::Level::None),
        ..registry_core::ConfigUpdate::default()
    };
    let scope = registry_core::Scope::top_level();
    fixture
        .registry
        .put_config(&Caller::local(), &scope, none)
        .expect("a level");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_registered_is_answered_again_under_any_policy(
        texts in prop::collection::vec(fields(), 1..8)
    ) {
        let fixture = open();
        free(&fixture);
        let ids: Vec<u32> = texts
            .iter()
            .map(|fields| fixture.register("s", fields).expect("no policy").id.get())
            .collect();
        fixture.apply(DOCUMENTED);
        for (fields, id) in texts.iter().zip(ids) {
            let again = fixture.register("s", fields);
            prop_assert_eq!(again.expect("it is registered").id.get(), id);
        }
    }

    #[test]
    fn a_stricter_policy_never_lets_in_more(texts in prop::collection::vec(fields(), 1..8)) {
        let [none, soft, hard] = [None, Some(DOCUMENTED_SOFTLY), Some(DOCUMENTED)].map(|policy| {
            let fixture = open();
            free(&fixture);
            if let Some(policy) = policy {
                fixture.apply(policy);
            }
            // Each in a subject of its own, so that what was refused does not change what is judged next.
            let subjects = texts.iter().enumerate();
            let accepted: Vec<bool> = subjects
                .map(|(number, fields)| fixture.register(&format!("s{number}"), fields).is_ok())
                .collect();
            accepted
        });
        prop_assert!(none.iter().all(|accepted| *accepted));
        for (softer, harder) in [(&none, &soft), (&soft, &hard)] {
            prop_assert!(softer.iter().zip(harder).all(|(softer, harder)| *softer || !harder));
        }
        let expected: Vec<bool> = texts
            .iter()
            .map(|fields| fields.iter().all(|field| field.ends_with('!')))
            .collect();
        prop_assert_eq!(hard, expected);
    }
}
