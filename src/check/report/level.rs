//! The level a finding is shown at: an error is what fails a run, and nothing else is.

use super::verdict::Verdict;
use crate::rule::{Level, Weight};

/// The level of a finding that fires, by its weights and the verdict of the cluster it is about; none where it is about no
/// cluster.
///
/// What blocks a cluster that has no open method is an error. A block beside an open method is a note: another way is free.
pub fn level(weights: impl Iterator<Item = Weight>, cluster: Option<Verdict>) -> Level {
    let one = |weight| match (weight, cluster) {
        (Weight::Error | Weight::Wrong, _) | (Weight::Block, Some(Verdict::Blocked)) => {
            Level::Error
        }
        (Weight::Block, None) | (Weight::Incomplete | Weight::Action | Weight::Warn, _) => {
            Level::Warning
        }
        (Weight::Block, Some(_)) | (Weight::Info, _) => Level::Note,
    };
    weights.map(one).max().unwrap_or(Level::Note)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_an_error_only_where_no_method_is_open() {
        let of = |weights: &[Weight], cluster| level(weights.iter().copied(), cluster);
        assert_eq!(of(&[Weight::Block], Some(Verdict::Blocked)), Level::Error);
        for open in [Verdict::Ready, Verdict::Action, Verdict::Unknown] {
            assert_eq!(of(&[Weight::Block], Some(open)), Level::Note);
            let both = [Weight::Block, Weight::Action];
            assert_eq!(of(&both, Some(open)), Level::Warning);
        }
        assert_eq!(of(&[Weight::Info], Some(Verdict::Blocked)), Level::Note);
        assert_eq!(of(&[Weight::Error], None), Level::Error);
        assert_eq!(of(&[Weight::Block], None), Level::Warning);
    }
}
