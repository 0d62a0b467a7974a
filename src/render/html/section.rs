//! One cluster or draft as the page shows it.

use std::collections::HashMap;

use super::asking::Asking;
use super::brief;
use super::common::Common;
use super::drafted::DraftedView;
use super::for_all::ForAll;
use super::place::{PlaceView, file_of, places};
use crate::check::{DraftVerdict, FindingOutcome};
use crate::render::asks::Run;
use crate::render::document::{ById, Cluster, Document, Draft, Finding, title};
use crate::render::fleet::{Bearing, bearing, counted};
use crate::render::standing::{
    Standing, about, circumstances, left_to_do, meaning, reasons, rests_on, target, why_suppressed,
};
use crate::render::task::{after, task};
use crate::render::text::prose::{Block, blocks, general, own_blocks};
use crate::render::text::wrap::plain;
use crate::rule::Level;

/// How many things to look at a section tells.
const LOOKED: usize = 20;

/// How much each section says, and where rules stand.
pub(super) struct Shape<'d> {
    /// Whether each cluster says everything itself: of many, the rules say what holds for all.
    pub(super) full: bool,
    document: &'d Document<'d>,
    /// How the run was called.
    pub(super) run: Option<Run>,
    rules: HashMap<&'d str, usize>,
    /// What the rules say for many clusters; nothing where each says everything itself.
    pub(super) common: Common<'d>,
    /// What the top of the page says for all clusters.
    pub(super) for_all: ForAll<'d>,
}

impl<'d> Shape<'d> {
    pub(super) fn of(document: &'d Document<'d>, by_id: &ById<'d>, full: bool) -> Self {
        let ids = document.rules.keys().enumerate();
        Shape {
            full,
            document,
            run: Run::of(document),
            common: if full {
                Common::default()
            } else {
                Common::of(document)
            },
            for_all: ForAll::of(document, by_id),
            rules: ids.map(|(index, id)| (&**id, index)).collect(),
        }
    }

    /// Number of a rule's text on the page.
    pub(super) fn rule(&self, id: &str) -> Option<usize> {
        self.rules.get(id).copied()
    }

    fn remedy(&self, finding: &Finding<'_>) -> Vec<Block> {
        if self.full && !self.for_all.says(finding) {
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
    /// The file that places without one lie in.
    pub(super) file: String,
    pub(super) methods: Vec<MethodRow>,
    pub(super) asking: Asking,
    pub(super) settles: String,
    pub(super) undecided: Vec<Item>,
    pub(super) steps: Vec<Item>,
    /// What would open a method, where another is open.
    pub(super) elsewhere: Vec<Item>,
    pub(super) tells: Vec<Item>,
    /// Of many clusters, instead of `undecided`: the questions, a line each.
    pub(super) questions: String,
    /// Of many clusters, instead of `tells`: what is to be known of this one alone, a line each.
    pub(super) lines: String,
    /// And what the rules say in words that hold for many, as their ids.
    pub(super) shared: String,
    pub(super) told: usize,
    /// How many more things to know hold for every cluster, and stand at the top.
    pub(super) told_to_all: usize,
    pub(super) suppressed: Vec<Item>,
    pub(super) drafted: Option<DraftedView>,
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
    /// An error is what fails the run; empty for what does not count against it.
    pub(super) level: &'static str,
    /// What is to be done, or what is so.
    pub(super) message: String,
    /// What is so, where the message says what is to be done.
    pub(super) why: String,
    /// Whether who does not heed it loses data.
    pub(super) loses_data: bool,
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
            reasons: reasons(cluster, *method, judged, by_id)
                .iter()
                .map(|reason| plain(reason))
                .collect(),
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
            drafted: cluster.drafted.as_ref().map(DraftedView::of),
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
            class: draft_class(draft.verdict),
            circumstances: draft_circumstances(draft),
            ..Section::of(&standing, shape)
        }
    }

    fn of(standing: &Standing<'_>, shape: &Shape<'_>) -> Self {
        let (to_collect, unsettled): (Vec<&Finding<'_>>, Vec<&Finding<'_>>) = standing
            .undecided
            .iter()
            .partition(|finding| !finding.gaps.is_empty());
        let file = if shape.full { "" } else { file_of(standing) };
        let items = |findings: &[&Finding<'_>]| -> Vec<Item> {
            let items = findings.iter();
            items
                .map(|finding| Item::full(finding, shape, bearing(finding), file))
                .collect()
        };
        let mut steps = items(&standing.blocks);
        steps.extend(items(&unsettled));
        steps.extend(items(&standing.prepares));
        let asks = standing.asks();
        let tells: Vec<&Finding<'_>> = standing
            .tells
            .iter()
            .copied()
            .filter(|finding| !shape.for_all.says(finding))
            .collect();
        let (shared, own): (Vec<&Finding<'_>>, Vec<&Finding<'_>>) =
            tells.iter().partition(|finding| shape.common.says(finding));
        let in_full = |findings: &[&Finding<'_>]| {
            if shape.full {
                items(findings)
            } else {
                Vec::new()
            }
        };
        let in_brief = |text: String| if shape.full { String::new() } else { text };
        Section {
            id: String::new(),
            title: String::new(),
            verdict: "",
            class: "",
            left: left_to_do(standing),
            circumstances: String::new(),
            file: file.to_owned(),
            methods: Vec::new(),
            asking: Asking::of(
                asks.iter().map(|ask| (ask.command, ask.settles)),
                &|ask| about(&asks, ask),
                LOOKED,
                shape.run.as_ref(),
            ),
            settles: counted(to_collect.len(), "question", "questions"),
            undecided: in_full(&to_collect),
            questions: in_brief(brief::questions(&to_collect)),
            elsewhere: items(&standing.elsewhere),
            steps,
            tells: in_full(&tells),
            lines: in_brief(brief::lines(&own, file)),
            shared: in_brief(brief::names(&shared, file)),
            told: tells.len(),
            told_to_all: standing.tells.len() - tells.len(),
            drafted: None,
            suppressed: items(&standing.suppressed),
        }
    }
}

/// A draft's verdict is drawn like the verdict of a cluster that means as much.
pub(super) fn draft_class(verdict: DraftVerdict) -> &'static str {
    match verdict {
        DraftVerdict::Ok => "ready",
        DraftVerdict::Unknown => "unknown",
        DraftVerdict::Error => "blocked",
    }
}

fn draft_circumstances(draft: &Draft<'_>) -> String {
    let mut parts = Vec::new();
    if !draft.uri.is_empty() {
        parts.push(format!("in {}", draft.uri));
    }
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
    /// A sentence with its rule.
    pub(super) fn said(message: &str, rule: &str, shape: &Shape<'_>) -> Self {
        Item {
            class: "",
            level: "",
            message: plain(message),
            why: String::new(),
            loses_data: false,
            meaning: String::new(),
            aside: String::new(),
            rule: rule.to_owned(),
            link: shape.rule(rule),
            gaps: Vec::new(),
            blocks: Vec::new(),
            places: Vec::new(),
        }
    }

    pub(super) fn full(
        finding: &Finding<'_>,
        shape: &Shape<'_>,
        bearing: Bearing,
        file: &str,
    ) -> Self {
        let undecided = finding.outcome == FindingOutcome::Unknown;
        let gaps = finding.gaps.iter().map(|gap| GapView {
            missing: gap.missing.to_string(),
            because: gap.because.to_string(),
        });
        // What is undecided in many clusters is settled first; what then to do, its rule says.
        let spare = undecided && !shape.full;
        let task = task(finding);
        let rule = shape.document.rules.get(&finding.rule);
        Item {
            class: match bearing {
                Bearing::Blocks if finding.level == Level::Error => "blocked",
                Bearing::Blocks => "closes",
                Bearing::Undecided => "unknown",
                Bearing::Prepares => "action",
                Bearing::Tells => "",
            },
            level: match finding.outcome {
                _ if !finding.is_news() => "",
                FindingOutcome::Unknown => Level::Note.name(),
                FindingOutcome::Fires => finding.level.name(),
            },
            message: plain(task.as_ref().unwrap_or(&finding.message.to_string())),
            why: if task.is_some() {
                plain(&finding.message)
            } else {
                String::new()
            },
            loses_data: rule.is_some_and(|rule| rule.loses_data),
            meaning: meaning(finding),
            aside: if finding.suppressed() {
                why_suppressed(finding)
            } else {
                String::new()
            },
            rule: finding.rule.to_string(),
            link: shape.rule(&finding.rule),
            gaps: gaps.collect(),
            blocks: match &task {
                _ if spare => Vec::new(),
                Some(task) => after(task, shape.remedy(finding)),
                None => shape.remedy(finding),
            },
            places: if spare {
                Vec::new()
            } else {
                places(&finding.labels, file)
            },
        }
    }
}
