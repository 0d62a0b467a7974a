//! The budget of an evaluation.

use crate::expr::fault::Fault;

/// Steps one evaluation may take: far more than any rule needs, about 10 ms.
pub(in crate::expr) const MAX_STEPS: u32 = 100_000;

/// What is left of an evaluation's budget.
pub(in crate::expr) struct Steps(pub(in crate::expr) u32);

impl Steps {
    /// Takes some; an error once there are none left.
    #[inline]
    pub(in crate::expr) fn spend(&mut self, count: usize) -> Result<(), Fault> {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        self.0 = self.0.saturating_sub(count);
        if self.0 == 0 {
            return Err(none_left());
        }
        Ok(())
    }
}

#[cold]
fn none_left() -> Fault {
    Fault::Value(format!("the evaluation takes more than {MAX_STEPS} steps"))
}
