//! The matrix of clusters and methods, and the list of drafts.

use std::collections::BTreeSet;

use comfy_table::{Table, presets};

use super::detail::Extent;
use super::groups::{self, Group, MANY, NUMBERS, methods, reason, reasons_of, steps_of};
use super::judged;
use crate::check::{DraftVerdict, Verdict};
use crate::render::document::{Cluster, Document, Draft, title};
use crate::render::fleet::{Fleet, VERDICTS, counted};
use crate::render::human::{paint, verdict_style, visible};
use crate::render::text::page::Page;
use crate::render::view::{Part, View};

/// Up to how many drafts each has its row; of more, those that are not ok.
const DRAFTS: usize = 40;

/// Up to how many clusters each has its row.
const LISTED: usize = 300;

/// Writes the tables.
pub(super) fn write(
    page: &mut Page,
    document: &Document<'_>,
    view: &View<'_>,
    alike: &[Group],
    extent: Extent,
) {
    if let Some(governed) = document.governed() {
        page.prose("", 2, &governed);
    }
    if let Some(narrowed) = document.narrowed() {
        page.prose("", 0, narrowed);
        page.blank();
    }
    if !document.clusters.is_empty() {
        let text = if !alike.is_empty() {
            grouped(document, alike)
        } else if is_counted(document, extent) {
            let fleet = Fleet::of(document, &crate::render::document::ById::of(document));
            counts(document, &fleet)
        } else {
            matrix(document, view)
        };
        page.as_is(&painted(&text, page.screen.colour));
        if extent != Extent::Table {
            legend(page, document);
        }
        if extent == Extent::Screen {
            groups::heads(page, alike);
        } else {
            one_by_one(page, document, view, alike, extent);
            numbers(page, view);
        }
        judged::write(page, document, view, alike, extent);
    }
    if !document.drafts.is_empty() {
        page.blank();
        let shown = |draft: &&Draft<'_>| {
            document.drafts.len() <= extent.most(DRAFTS) || draft.verdict != DraftVerdict::Ok
        };
        let listed: Vec<&Draft<'_>> = document.drafts.iter().filter(shown).collect();
        if !listed.is_empty() {
            let text = drafts(&listed);
            page.as_is(&painted(&text, page.screen.colour));
        }
        let left = document.drafts.len() - listed.len();
        if left > 0 {
            let drafts = counted(left, "draft is", "drafts are");
            page.prose("", 0, &format!("{drafts} ok: -v shows each."));
        }
    }
}

/// What the words of the table mean, as far as they are in it.
fn legend(page: &mut Page, document: &Document<'_>) {
    let methods = document
        .clusters
        .iter()
        .flat_map(|one| one.methods.values());
    let told: BTreeSet<Verdict> = methods.map(|judged| judged.verdict).collect();
    let meaning = |verdict: &Verdict| match verdict {
        Verdict::Ready => "nothing to prepare",
        Verdict::Action => "after To ask and To do",
        Verdict::Unknown => "not decided",
        Verdict::Blocked => "see Why",
    };
    let words = told
        .iter()
        .map(|one| format!("{}: {}", one.name(), meaning(one)));
    let words: Vec<String> = words.collect();
    page.prose("", 2, &format!("({})", words.join("; ")));
}

/// Whether the table counts clusters where it cannot group them.
fn is_counted(document: &Document<'_>, extent: Extent) -> bool {
    let shown = match extent {
        Extent::Screen => MANY,
        _ => extent.most(LISTED),
    };
    document.clusters.len() > shown
}

/// Who is in each row of a table that does not name each cluster.
pub(super) fn one_by_one(
    page: &mut Page,
    document: &Document<'_>,
    view: &View<'_>,
    alike: &[Group],
    extent: Extent,
) {
    let fine = alike.iter().all(|group| group.fine);
    if (alike.is_empty() && !is_counted(document, extent)) || extent == Extent::Full {
        return;
    }
    if !alike.is_empty() && (fine || document.clusters.len() > LISTED) {
        page.head("The clusters of each row");
        groups::write(page, alike);
        return;
    }
    page.head("The clusters one by one");
    if document.clusters.len() <= LISTED {
        page.as_is(&painted(&matrix(document, view), page.screen.colour));
        return;
    }
    let line = format!(
        "each of the {} has its row with -v; or --cluster NAMESPACE/NAME",
        document.clusters.len()
    );
    page.prose("  ", 2, &line);
}

/// What the numbers of the table stand for, where nothing else tells.
fn numbers(page: &mut Page, view: &View<'_>) {
    let reasons = view.part(Part::Reason).enumerate();
    let reasons = reasons.map(|(number, topic)| format!("{} {}", reason(number + 1), topic.rule));
    let steps = view.steps().enumerate();
    let steps = steps.map(|(number, topic)| format!("{} {}", number + 1, topic.rule));
    let [why, todo] = NUMBERS;
    let told: [(&str, Vec<String>); 2] = [(why, reasons.collect()), (todo, steps.collect())];
    for (head, numbers) in told {
        if !numbers.is_empty() && view.clusters > 1 {
            page.prose("", 2, &format!("{head}: {}", numbers.join(", ")));
        }
    }
}

fn table() -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table
}

/// Rows without trailing blanks or comfy-table's leading column space.
pub(super) fn lines(table: &Table) -> String {
    let mut text = String::new();
    for line in table.lines() {
        text.push_str(line.strip_prefix(' ').unwrap_or(&line).trim_end());
        text.push('\n');
    }
    text
}

/// One row per cluster; of several, with the numbers of the reasons.
pub(crate) fn matrix(document: &Document<'_>, view: &View<'_>) -> String {
    let methods = methods(document);
    let mut table = table();
    let names = methods.iter().map(|method| method.name().to_uppercase());
    let head = ["CLUSTER", "PGO", "POSTGRES"].map(str::to_owned);
    let many = document.clusters.len() > 1;
    let files = repeated(document);
    let todo = steps_of(view);
    let [reasons, steps] = NUMBERS;
    let extra = [
        (files, "IN"),
        (many, reasons),
        (many && !todo.is_empty(), steps),
    ]
    .into_iter()
    .filter(|(shown, _)| *shown);
    table.set_header(
        head.into_iter()
            .chain(names)
            .chain(extra.map(|(_, name)| name.to_owned())),
    );
    let why = reasons_of(view);
    for (position, cluster) in document.clusters.iter().enumerate() {
        let known = |text: Option<&str>| visible(text.unwrap_or("?"));
        let mut row = vec![
            visible(&title(&cluster.origin, &cluster.namespace, &cluster.name)),
            known(cluster.v4.as_deref()),
            known(cluster.postgres.as_deref()),
        ];
        row.extend(methods.iter().map(|method| {
            let judged = cluster.methods.get(method);
            judged.map_or_else(String::new, |one| one.verdict.name().to_owned())
        }));
        if files {
            row.push(visible(&file_of(document, cluster)));
        }
        if many {
            for numbers in [&why, &todo] {
                let numbers = numbers.get(&position).map(|all| all.join(" "));
                row.push(numbers.unwrap_or_default());
            }
        }
        table.add_row(row);
    }
    lines(&table)
}

/// One row for clusters of the same picture.
fn grouped(document: &Document<'_>, alike: &[Group]) -> String {
    let mut table = table();
    let methods = methods(document);
    let names = methods.iter().map(|method| method.name().to_uppercase());
    let head = ["CLUSTERS", "PGO", "POSTGRES"].map(str::to_owned);
    table.set_header(
        head.into_iter()
            .chain(names)
            .chain(NUMBERS.map(str::to_owned)),
    );
    for (number, group) in alike.iter().enumerate() {
        table.add_row(std::iter::once(groups::head(number, group)).chain(group.row.clone()));
    }
    lines(&table)
}

/// Whether two clusters are told by the same words.
fn repeated(document: &Document<'_>) -> bool {
    let mut names: Vec<String> = document
        .clusters
        .iter()
        .map(|one| title(&one.origin, &one.namespace, &one.name))
        .collect();
    names.sort();
    names.windows(2).any(|pair| pair.first() == pair.last())
}

/// The file that most is said of for a cluster.
fn file_of(document: &Document<'_>, cluster: &Cluster<'_>) -> String {
    let mine = |subject: &crate::render::document::Subject<'_>| {
        subject.origin == cluster.origin
            && subject.namespace == cluster.namespace
            && subject.name == cluster.name
    };
    let mut findings = document.findings.iter().filter(|one| mine(&one.subject));
    let label = findings.find_map(|one| one.primary());
    label.map_or_else(String::new, |label| label.uri.to_string())
}

/// Of very many clusters, how many have which verdict.
fn counts(document: &Document<'_>, fleet: &Fleet<'_>) -> String {
    let mut table = table();
    let all = counted(document.clusters.len(), "CLUSTER", "CLUSTERS");
    let words = VERDICTS.iter().map(|one| one.name().to_uppercase());
    table.set_header(std::iter::once(all).chain(words));
    let rows = fleet
        .by_method
        .iter()
        .map(|(method, counts)| (method.name(), counts));
    for (name, counts) in std::iter::once(("best method", &fleet.best)).chain(rows) {
        let counts = counts.iter().map(ToString::to_string);
        table.add_row(std::iter::once(name.to_owned()).chain(counts));
    }
    lines(&table)
}

/// The words of verdicts in the rows below the head, painted after layout so that styles do not count as width.
fn painted(text: &str, colour: bool) -> String {
    if !colour {
        return text.to_owned();
    }
    let mut words: Vec<(&str, Verdict)> = VERDICTS.iter().map(|one| (one.name(), *one)).collect();
    words.push((DraftVerdict::Error.name(), Verdict::Blocked));
    words.push((DraftVerdict::Ok.name(), Verdict::Ready));
    let mut out = String::with_capacity(text.len() * 2);
    for (index, line) in text.lines().enumerate() {
        let (name, rest) = line.split_once("  ").unwrap_or((line, ""));
        out.push_str(name);
        if !rest.is_empty() {
            out.push_str("  ");
        }
        for (number, word) in rest.split(' ').enumerate() {
            if number > 0 {
                out.push(' ');
            }
            let style = words.iter().find(|(name, _)| *name == word && index > 0);
            match style {
                Some((_, verdict)) => out.push_str(&paint(word, verdict_style(*verdict), true)),
                None => out.push_str(word),
            }
        }
        out.push('\n');
    }
    out
}

fn drafts(listed: &[&Draft<'_>]) -> String {
    let named = |draft: &Draft<'_>| title("", &draft.namespace, &draft.name);
    let mut names: Vec<String> = listed.iter().map(|one| named(one)).collect();
    names.sort();
    let twice = names.windows(2).any(|pair| pair.first() == pair.last());
    let mut table = table();
    let head = ["DRAFT", "METHOD", "REPLACES", "VERDICT"].map(str::to_owned);
    table.set_header(head.into_iter().chain(twice.then(|| "IN".to_owned())));
    for draft in listed {
        let methods: Vec<&str> = draft.method.iter().map(|method| method.name()).collect();
        let source = draft.source.as_ref();
        let row = [
            visible(&named(draft)),
            methods.join("+"),
            visible(&source.map_or_else(String::new, |one| title("", &one.namespace, &one.name))),
            draft.verdict.name().to_owned(),
        ];
        table.add_row(row.into_iter().chain(twice.then(|| visible(&draft.uri))));
    }
    lines(&table)
}
