//! The rules that findings name, once each: what holds for every cluster alike.

use std::collections::HashMap;

use super::common::Common;
use super::summary::{grouped, in_words};
use crate::render::document::Document;
use crate::render::fleet::Fleet;
use crate::render::text::prose::{Block, blocks, general, general_blocks};
use crate::render::text::wrap::plain;

/// A rule as the page shows it.
pub(super) struct RuleView {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) counts: String,
    /// What it says of many clusters in the same words.
    pub(super) said: String,
    pub(super) why: Vec<Block>,
    pub(super) fix: Vec<Block>,
    pub(super) source: String,
}

/// All rules of the report, in the order of their ids.
pub(super) fn rules(
    document: &Document<'_>,
    fleet: &Fleet<'_>,
    common: &Common<'_>,
) -> Vec<RuleView> {
    let mut sources: HashMap<&str, &str> = HashMap::new();
    for finding in &document.findings {
        if let Some(source) = &finding.source {
            sources.entry(&finding.rule).or_insert(source);
        }
    }
    let counts: HashMap<&str, String> = fleet
        .hindrances
        .iter()
        .map(|one| (one.rule, in_words(one)))
        .collect();
    let rules = document.rules.iter();
    rules
        .map(|(id, rule)| RuleView {
            id: id.to_string(),
            title: plain(&rule.title),
            counts: counts.get(&**id).cloned().unwrap_or_default(),
            said: common
                .of_rule(id)
                .map_or_else(String::new, |(words, count)| {
                    format!("Said of {}: {}.", grouped(count), plain(words))
                }),
            why: blocks(&general(&rule.why)),
            fix: general_blocks(&rule.fix),
            source: sources.get(&**id).copied().unwrap_or_default().to_owned(),
        })
        .collect()
}
