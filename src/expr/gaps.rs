//! What is missing for several values, as one.

use std::sync::Arc;

use crate::manifest::Gap;

/// All gaps, each once; `None` if there are none.
pub(super) fn merged(mut several: Vec<Arc<[Gap]>>) -> Option<Arc<[Gap]>> {
    let last = several.pop()?;
    if several.iter().all(|gaps| Arc::ptr_eq(gaps, &last)) {
        return Some(last);
    }
    several.push(last);
    let mut all: Vec<Gap> = Vec::new();
    for gap in several.iter().flat_map(|gaps| gaps.iter()) {
        if !all.contains(gap) {
            all.push(gap.clone());
        }
    }
    Some(all.into())
}
