//! A lower bound for releases.

use crate::expr::Version;
use crate::source::Span;

/// The first release that will do, and what asks for it.
pub(in crate::fact::spec) struct Floor {
    /// `None` where any release will do.
    pub(in crate::fact::spec) release: Option<Version>,
    /// The field that sets it; empty when nothing does.
    pub(in crate::fact::spec) why: String,
    /// Where it is written.
    pub(in crate::fact::spec) place: Span,
}
