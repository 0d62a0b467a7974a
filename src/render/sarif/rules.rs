//! The rules of a JSON report to SARIF's rule descriptors, and where each stands among them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::json;
use serde_sarif::sarif::{
    MultiformatMessageString, ReportingConfiguration, ReportingDescriptor, Tool, ToolComponent,
};

use crate::check::prose_of;
use crate::render::address::of_rule;
use crate::render::document::{RuleText, Text};
use crate::render::text::prose::general;

/// Rules by id, with their texts where the report has them.
pub(super) struct Rules<'a>(Vec<(Text<'a>, Option<RuleText<'a>>)>);

impl<'a> Rules<'a> {
    /// Those with texts, and those that findings only name: reports of older releases have no texts.
    pub(super) fn new(
        texts: impl Iterator<Item = (Text<'a>, RuleText<'a>)>,
        named: impl Iterator<Item = &'a str>,
    ) -> Self {
        let mut rules: BTreeMap<Text<'a>, Option<RuleText<'a>>> =
            texts.map(|(id, text)| (id, Some(text))).collect();
        for id in named {
            if !rules.contains_key(id) {
                rules.insert(Cow::Borrowed(id), None);
            }
        }
        Rules(rules.into_iter().collect())
    }

    /// Where a rule stands among the descriptors.
    pub(super) fn index(&self, id: &str) -> Option<i64> {
        let index = self.0.binary_search_by(|(other, _)| (**other).cmp(id));
        i64::try_from(index.ok()?).ok()
    }

    /// The program of the version that judged, and its rules.
    pub(super) fn tool(&self, version: &str) -> Tool {
        let rules = self.0.iter();
        let rules = rules.map(|(id, text)| descriptor(id, text.as_ref()));
        let driver = ToolComponent::builder()
            .name(env!("CARGO_PKG_NAME"))
            .version(version)
            .semantic_version(version)
            .short_description(multiformat(env!("CARGO_PKG_DESCRIPTION")))
            .rules(rules.collect::<Vec<_>>())
            .build();
        Tool::builder().driver(driver).build()
    }
}

fn descriptor(id: &str, text: Option<&RuleText<'_>>) -> ReportingDescriptor {
    let mut descriptor = ReportingDescriptor::builder().id(id).name(id).build();
    let Some(rule) = text else {
        return descriptor;
    };
    descriptor.help_uri = of_rule(id);
    descriptor.short_description = Some(multiformat(&rule.title));
    descriptor.full_description = Some(multiformat(&general(&rule.why)));
    descriptor.help = Some(help(rule));
    descriptor.default_configuration = rule.level.map(|level| {
        let level = json!(level.name());
        ReportingConfiguration::builder().level(level).build()
    });
    descriptor
}

/// What holds for all findings of a rule: its commands stand in the findings, with their own names.
fn help(rule: &RuleText<'_>) -> MultiformatMessageString {
    let (why, fix) = (general(&rule.why), general(&prose_of(&rule.fix)));
    let mut text = format!("{why}\n\nWhat to do: {fix}");
    // A name in angle brackets is no tag.
    let mut markdown = format!("{why}\n\n**What to do:** {fix}").replace('<', "\\<");
    if let Some(source) = &rule.source {
        text.push_str(&format!("\n\nSource: {source}"));
        markdown.push_str(&format!("\n\n*Source:* {source}"));
    }
    MultiformatMessageString::builder()
        .text(text)
        .markdown(markdown)
        .build()
}

fn multiformat(text: &str) -> MultiformatMessageString {
    MultiformatMessageString::builder().text(text).build()
}
