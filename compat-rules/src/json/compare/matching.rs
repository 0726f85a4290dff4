//! The greatest number of pairs that can be formed at once.

use std::collections::VecDeque;

use crate::Exhausted;

/// How many on the left can be given a partner of their own on the right, of those that they get on with. Every step
/// is paid for before it is made.
pub(super) fn size(
    partners: &[Vec<usize>],
    right: usize,
    mut spend: impl FnMut(usize) -> Result<(), Exhausted>,
) -> Result<usize, Exhausted> {
    let mut matching = Matching {
        of_left: vec![None; partners.len()],
        of_right: vec![None; right],
    };
    let mut size = 0;
    for start in 0..partners.len() {
        size += usize::from(matching.augment(start, partners, &mut spend)?);
    }
    Ok(size)
}

/// The partner of each, as far as they have one.
struct Matching {
    of_left: Vec<Option<usize>>,
    of_right: Vec<Option<usize>>,
}

impl Matching {
    /// Looks for a chain of changes at whose end one more on the left has a partner, nearest chains first.
    fn augment(
        &mut self,
        start: usize,
        partners: &[Vec<usize>],
        spend: &mut impl FnMut(usize) -> Result<(), Exhausted>,
    ) -> Result<bool, Exhausted> {
        spend(self.of_right.len() / 64)?;
        // For each on the right that was reached, from whom on the left.
        let mut reached_from: Vec<Option<usize>> = vec![None; self.of_right.len()];
        let mut pending = VecDeque::from([start]);
        while let Some(left) = pending.pop_front() {
            spend(partners[left].len())?;
            for right in &partners[left] {
                if reached_from[*right].is_some() {
                    continue;
                }
                reached_from[*right] = Some(left);
                match self.of_right[*right] {
                    Some(other) => pending.push_back(other),
                    None => {
                        self.change(*right, &reached_from);
                        return Ok(true);
                    }
                }
            }
        }
        Ok(false)
    }

    /// Gives everybody on the chain that ends here the partner from whom they were reached.
    fn change(&mut self, end: usize, reached_from: &[Option<usize>]) {
        let mut right = Some(end);
        while let Some((here, left)) = right.and_then(|here| Some((here, reached_from[here]?))) {
            self.of_right[here] = Some(left);
            right = self.of_left[left].replace(here);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Budget;

    fn unlimited(partners: &[Vec<usize>], right: usize) -> usize {
        size(partners, right, |_| Ok(())).unwrap()
    }

    #[test]
    fn partners_are_changed_where_that_makes_room_for_one_more() {
        assert_eq!(unlimited(&[vec![0, 1], vec![0]], 2), 2);
        assert_eq!(unlimited(&[vec![0], vec![0]], 2), 1);
        assert_eq!(
            unlimited(&[vec![0, 1], vec![0, 2], vec![0], vec![2, 3]], 4),
            4
        );
        assert_eq!(unlimited(&[vec![], vec![1]], 2), 1);
    }

    #[test]
    fn a_matching_that_costs_more_than_the_budget_is_given_up() {
        let everybody: Vec<Vec<usize>> = vec![(0..100).collect(); 101];
        let mut budget = Budget::steps(1_000);
        let steps = |steps: usize| budget.spend_many(steps as u64);
        assert_eq!(size(&everybody, 100, steps), Err(Exhausted));
    }
}
