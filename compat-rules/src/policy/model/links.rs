//! Which types contain which: whether a type contains itself, and how deep types nest.

use super::{Type, TypeKind};

/// What types contain, by their positions.
#[derive(Debug, Default)]
pub(crate) struct Links {
    contained: Vec<(usize, usize)>,
}

impl Links {
    /// One type contains, or uses, another.
    pub(crate) fn add(&mut self, holder: usize, inner: usize) {
        self.contained.push((holder, inner));
    }

    /// Marks the types that contain themselves; returns how many records nest in each other at most, a cycle
    /// counting as often as it has members.
    pub(crate) fn settle(&self, types: &mut [Type]) -> usize {
        let mut inner: Vec<Vec<usize>> = vec![Vec::new(); types.len()];
        for (holder, held) in &self.contained {
            inner[*holder].push(*held);
            if holder == held {
                types[*holder].is_recursive = true;
            }
        }
        let mut depths = vec![0; types.len()];
        for cycle in cycles(&inner) {
            let weight = |one: &usize| usize::from(types[*one].kind == TypeKind::Record);
            let own: usize = cycle.iter().map(weight).sum();
            // What a cycle leads to was settled before it; its own members still stand at zero.
            let below = cycle.iter().flat_map(|one| &inner[*one]);
            let below = below.map(|one| depths[*one]).max().unwrap_or(0);
            for one in &cycle {
                depths[*one] = own + below;
                types[*one].is_recursive |= cycle.len() > 1;
            }
        }
        depths.into_iter().max().unwrap_or(0)
    }
}

/// The strongly connected parts of a graph, each after those that it leads to (Tarjan), without recursion.
fn cycles(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    const UNSEEN: usize = usize::MAX;
    let mut number = vec![UNSEEN; edges.len()];
    let mut lowest = vec![UNSEEN; edges.len()];
    let mut is_open = vec![false; edges.len()];
    let (mut open, mut parts, mut next) = (Vec::new(), Vec::new(), 0);
    for start in 0..edges.len() {
        let mut path = vec![(start, 0)];
        while let Some((node, edge)) = path.pop() {
            if edge == 0 {
                if number[node] != UNSEEN {
                    continue;
                }
                (number[node], lowest[node]) = (next, next);
                next += 1;
                open.push(node);
                is_open[node] = true;
            } else if is_open[edges[node][edge - 1]] {
                lowest[node] = lowest[node].min(lowest[edges[node][edge - 1]]);
            }
            if let Some(inner) = edges[node].get(edge) {
                path.push((node, edge + 1));
                path.push((*inner, 0));
            } else if lowest[node] == number[node] {
                let first = open.iter().rposition(|one| *one == node).unwrap_or(0);
                let part = open.split_off(first);
                part.iter().for_each(|one| is_open[*one] = false);
                parts.push(part);
            }
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::model::Element;

    fn settled(count: usize, edges: &[(usize, usize)]) -> (usize, Vec<bool>) {
        let mut types = vec![Type::new(Element::default(), TypeKind::Record); count];
        let mut links = Links::default();
        edges
            .iter()
            .for_each(|(one, other)| links.add(*one, *other));
        let depth = links.settle(&mut types);
        (depth, types.iter().map(|one| one.is_recursive).collect())
    }

    #[test]
    fn the_longest_chain_counts_and_a_shared_type_is_no_cycle() {
        let (depth, recursive) = settled(4, &[(0, 1), (0, 2), (1, 3), (2, 3), (0, 3)]);
        assert_eq!((depth, recursive), (3, vec![false; 4]));
    }

    #[test]
    fn types_that_contain_each_other_are_recursive_and_those_that_use_them_are_not() {
        let (depth, recursive) = settled(4, &[(0, 1), (1, 2), (2, 1), (2, 3)]);
        assert_eq!((depth, recursive), (4, vec![false, true, true, false]));
        assert_eq!(settled(1, &[(0, 0)]), (1, vec![true]));
    }

    #[test]
    fn a_long_chain_needs_no_stack() {
        let edges: Vec<_> = (1..200_000).map(|one| (one - 1, one)).collect();
        assert_eq!(settled(200_000, &edges).0, 200_000);
    }
}
