//! What a run is asked to judge.

use std::sync::Arc;

use jiff::Timestamp;

use super::judge::schema::GivenSchema;
use crate::expr::Version;
use crate::fact::Run;
use crate::fact::spec::PairFlag;
use crate::rule::Method;

/// What to judge, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// Time and target.
    pub run: Run,
    /// The selected methods, in order.
    pub methods: Vec<Method>,
    /// Whether to put every fact into the Report.
    pub facts: bool,
    /// Which v4 clusters drafts replace, by the user's word.
    pub pairs: Vec<PairFlag>,
    /// Whether to lint live PostgresClusters like drafts.
    pub lint_live: bool,
    /// Whether to judge living PostgresClusters as they are, and against the v4 clusters they came from.
    pub living: bool,
    /// The schema given by flag.
    pub schema: Option<Arc<GivenSchema>>,
}

impl Options {
    /// A run at this time for this target (none: what the input shows), which judges the three ways from v4 to v5 and
    /// whatever is drafted, and nothing more.
    pub fn at(now: Timestamp, target: Option<Version>) -> Self {
        Self {
            run: Run {
                now,
                target,
                definition: None,
            },
            methods: Method::ALL.to_vec(),
            facts: false,
            pairs: Vec::new(),
            lint_live: false,
            living: false,
            schema: None,
        }
    }

    /// The selected ways from v4 to v5.
    pub fn ways(&self) -> Vec<Method> {
        let ways = self.methods.iter().copied();
        ways.filter(|method| *method != Method::Upgrade).collect()
    }

    /// Whether the upgrade of living clusters is selected, so that it counts.
    pub fn upgrade(&self) -> bool {
        self.methods.contains(&Method::Upgrade)
    }
}
