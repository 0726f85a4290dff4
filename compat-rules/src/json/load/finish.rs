//! What is done to the nodes once all of them are there.

use std::collections::BTreeSet;

use crate::json::tree::{Kind, Node, NodeId};

/// The reference takes a modern schema with several parts apart where it stands in `allOf`, `anyOf` or `oneOf`, so that
/// each part is a child of its own there.
pub(super) fn flatten(nodes: &mut [Node], joined: &BTreeSet<NodeId>) {
    for id in 0..nodes.len() {
        let is_joined = NodeId::try_from(id).is_ok_and(|id| joined.contains(&id));
        let Kind::Combined(criterion, children) = &nodes[id].kind else {
            continue;
        };
        if is_joined || !children.iter().any(|child| joined.contains(child)) {
            continue;
        }
        let criterion = *criterion;
        let flat = children
            .iter()
            .flat_map(|child| match &nodes[*child as usize].kind {
                Kind::Combined(_, parts) if joined.contains(child) => parts.clone(),
                _ => vec![*child],
            })
            .collect();
        nodes[id].kind = Kind::Combined(criterion, flat);
    }
}

/// Lets every reference name what stands at the end of its chain. References that only name each other stay as
/// they are: there is no end.
pub(super) fn shorten_references(nodes: &mut [Node]) {
    let target = |nodes: &[Node], id: NodeId| match nodes[id as usize].kind {
        Kind::Reference(target, _) => Some(target),
        _ => None,
    };
    let mut is_short = vec![false; nodes.len()];
    for start in 0..nodes.len() {
        let mut chain = Vec::new();
        let mut at = NodeId::try_from(start).unwrap_or_default();
        while !std::mem::replace(&mut is_short[at as usize], true) {
            let Some(next) = target(nodes, at) else {
                break;
            };
            chain.push(at);
            at = next;
        }
        // What is short already names its end.
        let end = target(nodes, at)
            .filter(|_| !chain.contains(&at))
            .unwrap_or(at);
        for id in chain {
            if let Kind::Reference(target, _) = &mut nodes[id as usize].kind {
                *target = end;
            }
        }
    }
}
