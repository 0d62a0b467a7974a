//! One cluster or draft as the page shows it.

use std::collections::HashMap;

use crate::check::{DraftVerdict, FindingOutcome};
use crate::render::document::{ById, Cluster, Document, Draft, Finding, Label, title};
use crate::render::fleet::{Bearing, bearing, counted};
use crate::render::prose::{Block, blocks, general, own_blocks};
use crate::render::standing::{
    Standing, circumstances, left_to_do, meaning, reasons, rests_on, target, why_suppressed,
};

/// The longest text of a place, in characters.
const TEXT_LIMIT: usize = 90;

/// How many places a finding shows.
const PLACES: usize = 4;

/// How much each section says, and where rules stand.
pub(super) struct Shape<'d> {
    /// Whether each cluster says everything itself: of many, the rules say what holds for all.
    full: bool,
    document: &'d Document<'d>,
    rules: HashMap<&'d str, usize>,
}

impl<'d> Shape<'d> {
    pub(super) fn of(document: &'d Document<'d>, full: bool) -> Self {
        let ids = document.rules.keys().enumerate();
        Shape {
            full,
            document,
            rules: ids.map(|(index, id)| (&**id, index)).collect(),
        }
    }

    /// Number of a rule's text on the page.
    pub(super) fn rule(&self, id: &str) -> Option<usize> {
        self.rules.get(id).copied()
    }

    fn remedy(&self, finding: &Finding<'_>) -> Vec<Block> {
        if self.full {
            return blocks(&finding.fix);
        }
        let rule = self.document.rules.get(&finding.rule);
        let in_general = rule.map_or_else(String::new, |rule| general(&rule.fix));
        own_blocks(&finding.fix, &in_general)
    }
}

/// A cluster or draft.
pub(super) struct Section {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) verdict: &'static str,
    pub(super) class: &'static str,
    pub(super) left: String,
    pub(super) circumstances: String,
    pub(super) methods: Vec<MethodRow>,
    pub(super) asks: Vec<String>,
    pub(super) settles: String,
    pub(super) undecided: Vec<Item>,
    pub(super) steps: Vec<Item>,
    /// What would open a method, where another is open.
    pub(super) elsewhere: Vec<Item>,
    pub(super) tells: Vec<Item>,
    /// What is to be known, a line each: of many clusters, instead of `tells`.
    pub(super) lines: String,
    pub(super) told: usize,
    pub(super) suppressed: Vec<Item>,
}

/// A method and its verdict.
pub(super) struct MethodRow {
    pub(super) name: &'static str,
    pub(super) verdict: &'static str,
    pub(super) reasons: Vec<String>,
    pub(super) rests_on: Option<String>,
}

/// A finding.
pub(super) struct Item {
    pub(super) class: &'static str,
    pub(super) message: String,
    pub(super) meaning: String,
    pub(super) aside: String,
    pub(super) rule: String,
    pub(super) link: Option<usize>,
    pub(super) gaps: Vec<GapView>,
    pub(super) blocks: Vec<Block>,
    pub(super) places: Vec<PlaceView>,
}

/// What could not be seen.
pub(super) struct GapView {
    pub(super) missing: String,
    pub(super) because: String,
}

/// A place and what it says.
pub(super) struct PlaceView {
    pub(super) at: String,
    pub(super) text: String,
    pub(super) note: String,
}

impl Section {
    pub(super) fn of_cluster(
        index: usize,
        cluster: &Cluster<'_>,
        by_id: &ById<'_>,
        shape: &Shape<'_>,
    ) -> Self {
        let methods = cluster.methods.iter().map(|(method, judged)| MethodRow {
            name: method.name(),
            verdict: judged.verdict.name(),
            reasons: reasons(cluster, *method, judged, by_id),
            rests_on: rests_on(judged),
        });
        let standing = Standing::of_cluster(cluster, by_id);
        Section {
            id: format!("c{index}"),
            title: title(&cluster.origin, &cluster.namespace, &cluster.name),
            verdict: cluster.verdict.name(),
            class: cluster.verdict.name(),
            circumstances: circumstances(cluster),
            methods: methods.collect(),
            ..Section::of(&standing, shape)
        }
    }

    pub(super) fn of_draft(
        index: usize,
        draft: &Draft<'_>,
        by_id: &ById<'_>,
        shape: &Shape<'_>,
    ) -> Self {
        let standing = Standing::of_draft(draft, by_id);
        Section {
            id: format!("d{index}"),
            title: title(&draft.origin, &draft.namespace, &draft.name),
            verdict: draft.verdict.name(),
            class: match draft.verdict {
                DraftVerdict::Ok => "ready",
                DraftVerdict::Unknown => "unknown",
                DraftVerdict::Error => "blocked",
            },
            circumstances: draft_circumstances(draft),
            ..Section::of(&standing, shape)
        }
    }

    fn of(standing: &Standing<'_>, shape: &Shape<'_>) -> Self {
        let (to_collect, unsettled): (Vec<&Finding<'_>>, Vec<&Finding<'_>>) = standing
            .undecided
            .iter()
            .partition(|finding| !finding.gaps.is_empty());
        let items = |findings: &[&Finding<'_>]| -> Vec<Item> {
            let items = findings.iter();
            items
                .map(|finding| Item::full(finding, shape, bearing(finding)))
                .collect()
        };
        let mut steps = items(&standing.blocks);
        steps.extend(items(&unsettled));
        steps.extend(items(&standing.prepares));
        let asks = standing.asks();
        let (tells, lines) = if shape.full {
            (items(&standing.tells), String::new())
        } else {
            (Vec::new(), lines(&standing.tells))
        };
        Section {
            id: String::new(),
            title: String::new(),
            verdict: "",
            class: "",
            left: left_to_do(standing.left()),
            circumstances: String::new(),
            methods: Vec::new(),
            asks: asks.iter().map(|ask| ask.command.to_owned()).collect(),
            settles: counted(to_collect.len(), "question", "questions"),
            undecided: items(&to_collect),
            elsewhere: items(&standing.elsewhere),
            steps,
            tells,
            lines,
            told: standing.tells.len(),
            suppressed: items(&standing.suppressed),
        }
    }
}

fn draft_circumstances(draft: &Draft<'_>) -> String {
    let mut parts = Vec::new();
    let methods: Vec<&str> = draft.method.iter().map(|method| method.name()).collect();
    if !methods.is_empty() {
        parts.push(format!("drafted for {}", methods.join(" and ")));
    }
    if let Some(source) = &draft.source {
        let name = title("", &source.namespace, &source.name);
        parts.push(format!("replaces {name} ({})", source.why));
    }
    parts.push(format!("judged for {}", target(&draft.target)));
    parts.push(format!("schema: {}", draft.schema));
    parts.join("; ")
}

impl Item {
    pub(super) fn full(finding: &Finding<'_>, shape: &Shape<'_>, bearing: Bearing) -> Self {
        let undecided = finding.outcome == FindingOutcome::Unknown;
        let gaps = finding.gaps.iter().map(|gap| GapView {
            missing: gap.missing.to_string(),
            because: gap.because.to_string(),
        });
        // What is undecided in many clusters is settled first; what then to do, its rule says.
        let spare = undecided && !shape.full;
        Item {
            class: match bearing {
                Bearing::Blocks => "blocked",
                Bearing::Undecided => "unknown",
                Bearing::Prepares => "action",
                Bearing::Tells => "",
            },
            message: finding.message.to_string(),
            meaning: meaning(finding),
            aside: if finding.suppressed() {
                why_suppressed(finding)
            } else {
                String::new()
            },
            rule: finding.rule.to_string(),
            link: shape.rule(&finding.rule),
            gaps: gaps.collect(),
            blocks: if spare {
                Vec::new()
            } else {
                shape.remedy(finding)
            },
            places: if spare {
                Vec::new()
            } else {
                places(&finding.labels)
            },
        }
    }
}

/// The places that decide, the deciding one first.
fn places(labels: &[Label<'_>]) -> Vec<PlaceView> {
    let (primary, others): (Vec<&Label<'_>>, Vec<&Label<'_>>) =
        labels.iter().partition(|label| label.primary);
    let places = primary.into_iter().chain(others).take(PLACES);
    places
        .map(|label| PlaceView {
            at: at(label),
            text: one_line(&label.text),
            note: label.message.to_string(),
        })
        .collect()
}

fn at(label: &Label<'_>) -> String {
    format!("{}:{}:{}", label.uri, label.start_line, label.start_column)
}

fn one_line(text: &str) -> String {
    let mut line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((cut, _)) = line.char_indices().nth(TEXT_LIMIT) {
        line.truncate(cut);
        line.push('\u{2026}');
    }
    line
}

/// Findings a line each: rule, message and place.
fn lines(findings: &[&Finding<'_>]) -> String {
    let lines = findings.iter().map(|finding| {
        let place = finding.primary().map(at);
        let place = place.map_or_else(String::new, |place| format!(" ({place})"));
        format!("{}: {}{place}", finding.rule, finding.message)
    });
    lines.collect::<Vec<_>>().join("\n")
}
