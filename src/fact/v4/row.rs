//! What one fact about a v4 cluster is.

use super::{Cluster, V4Cluster};
use crate::expr::Value;
use crate::fact::trust::Order;
use crate::fact::{FactDef, Reader, Type};
use crate::manifest::Fact;

/// A fact about a v4 cluster.
pub type ClusterFact = FactDef<V4Cluster>;

/// One row of a table of facts.
pub(super) const fn row(
    name: &'static str,
    ty: Type,
    meaning: &'static str,
    read: for<'a> fn(&Cluster<'a>) -> Fact<Value>,
) -> ClusterFact {
    FactDef {
        name,
        ty,
        meaning,
        read: Reader::<V4Cluster>::Whole(read),
        orders: &[],
    }
}

impl ClusterFact {
    /// The row of a fact that several kinds of objects can tell, with who is believed.
    pub(super) const fn told_by(mut self, orders: &'static [&'static Order<V4Cluster>]) -> Self {
        self.orders = orders;
        self
    }
}
