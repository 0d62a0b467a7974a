//! Steps of the user's.

use std::path::PathBuf;

use super::{texts, told};
use crate::check::names_of;
use crate::cli::Failure;
use crate::rule::{RuleSet, StepSet};

/// Adds the steps of folders to those that the rules have.
pub(in crate::cli) fn add(rules: &mut RuleSet, folders: &[PathBuf]) -> Result<(), Failure> {
    let mut all = Vec::new();
    for folder in folders {
        all.extend(texts(folder, "steps")?);
    }
    if all.is_empty() {
        return Ok(());
    }
    let pairs = all
        .iter()
        .map(|(file, text)| (file.as_str(), text.as_str()));
    let steps = StepSet::from_texts(pairs, names_of).map_err(|problems| told(&problems))?;
    rules.add_steps(steps).map_err(|problems| told(&problems))
}
