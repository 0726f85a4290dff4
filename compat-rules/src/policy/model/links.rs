//! Which types contain which: whether a type contains itself, and how deep types nest.

use super::{Type, TypeKind};

/// What types contain, by their positions.
#[derive(Debug, Default)]
pub(crate) struct Links {
    contained: Vec<(Link, Link)>,
    /// How many definitions there are that are no types.
    passing: usize,
}

/// An end of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Link {
    /// A type, by its position.
    Type(usize),
    /// Something that is no type and leads to some, such as the definition of a list.
    Passing(usize),
}

impl From<usize> for Link {
    fn from(position: usize) -> Self {
        Self::Type(position)
    }
}

impl Links {
    /// One contains, or uses, another.
    pub(crate) fn add(&mut self, holder: impl Into<Link>, inner: impl Into<Link>) {
        self.contained.push((holder.into(), inner.into()));
    }

    /// A further definition that is no type.
    pub(crate) const fn passing(&mut self) -> Link {
        self.passing += 1;
        Link::Passing(self.passing - 1)
    }

    /// Marks the types that contain themselves; returns how many records nest in each other at most, a cycle
    /// counting as often as it has members.
    pub(crate) fn settle(&self, types: &mut [Type]) -> usize {
        let count = types.len();
        let node = |link: &Link| match link {
            Link::Type(position) => *position,
            Link::Passing(number) => count + number,
        };
        let mut inner: Vec<Vec<usize>> = vec![Vec::new(); count + self.passing];
        for (holder, held) in &self.contained {
            inner[node(holder)].push(node(held));
            if let (true, Link::Type(position)) = (holder == held, holder) {
                types[*position].is_recursive = true;
            }
        }
        let mut depths = vec![0; inner.len()];
        for cycle in cycles(&inner) {
            let is_record = |one: &Type| one.kind == TypeKind::Record;
            let weight = |one: &usize| usize::from(types.get(*one).is_some_and(is_record));
            let own: usize = cycle.iter().map(weight).sum();
            // What a cycle leads to was settled before it; its own members still stand at zero.
            let below = cycle.iter().flat_map(|one| &inner[*one]);
            let below = below.map(|one| depths[*one]).max().unwrap_or(0);
            for one in &cycle {
                depths[*one] = own + below;
                if let Some(one) = types.get_mut(*one) {
                    one.is_recursive |= cycle.len() > 1;
                }
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
    fn what_is_no_type_passes_on_what_it_leads_to_and_counts_for_nothing() {
        let mut types = vec![Type::new(Element::default(), TypeKind::Record); 2];
        let mut links = Links::default();
        let list = links.passing();
        links.add(0, list);
        links.add(list, 1);
        assert_eq!(links.settle(&mut types), 2);
        assert!(types.iter().all(|one| !one.is_recursive));
        links.add(1, list);
        assert_eq!(links.settle(&mut types), 2);
        assert_eq!(
            [false, true],
            [types[0].is_recursive, types[1].is_recursive]
        );
    }

    #[test]
    fn a_long_chain_needs_no_stack() {
        let edges: Vec<_> = (1..200_000).map(|one| (one - 1, one)).collect();
        assert_eq!(settled(200_000, &edges).0, 200_000);
    }
}
