//! Names and addresses are beside the records, not in them.

use std::ops::ControlFlow;

use registry_core::{ClearNames, Registry};

use super::*;

fn clear(registry: &Registry) -> Vec<Option<ClearNames>> {
    let mut clear = Vec::new();
    registry
        .view()
        .audit_lines(0, &mut |line, _| {
            clear.push(line.clear);
            ControlFlow::Continue(())
        })
        .expect("the store reads");
    clear
}

#[test]
fn no_record_holds_a_name_or_an_address_and_equal_names_look_different() {
    let folder = folder();
    let registry = open(folder.path());
    register(&registry, "s", r#""string""#).unwrap();
    register(&registry, "t", r#""string""#).unwrap();
    let lines = export(&registry);
    assert!(
        lines
            .iter()
            .all(|line| !line.contains("alice") && !line.contains("10.1.2.3"))
    );
    let records = records(&lines);
    assert_ne!(
        records[1]["principal"]["name"],
        records[2]["principal"]["name"]
    );
    let beside = clear(&registry)[1].clone().unwrap();
    assert_eq!(beside.principal.as_deref(), Some("alice@acme.example"));
    assert_eq!(beside.address.as_deref(), Some("10.1.2.3"));
}

#[test]
fn an_erased_name_is_gone_and_the_chain_holds() {
    let folder = folder();
    let registry = open(folder.path());
    register(&registry, "s", r#""string""#).unwrap();
    register(&registry, "s", "{").unwrap_err();
    let officer = Principal {
        name: "officer".to_owned(),
        ..Principal::default()
    };
    let erased = registry
        .erase_names(&caller(&officer), "alice@acme.example")
        .unwrap();
    assert_eq!(erased, 2);
    let left = clear(&registry);
    let left: Vec<Option<&str>> = left
        .iter()
        .map(|clear| clear.as_ref()?.principal.as_deref())
        .collect();
    assert_eq!(left, [None, None, None, Some("officer")]);
    assert_eq!(verify(&export(&registry)).problems, []);
    let again = registry.erase_names(&caller(&officer), "alice@acme.example");
    assert_eq!(again.unwrap(), 0);
}
