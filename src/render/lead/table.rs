//! The matrix of clusters and methods, the list of drafts, and what they were judged for.

use std::collections::{BTreeMap, BTreeSet};

use comfy_table::{Table, presets};

use super::detail::Extent;
use super::groups::{self, Group, methods, reasons_of};
use crate::check::{DraftVerdict, Verdict};
use crate::render::document::{Cluster, Document, Draft, Target, title};
use crate::render::fleet::{Fleet, VERDICTS, counted};
use crate::render::human::{paint, verdict_style, visible};
use crate::render::text::page::Page;
use crate::render::view::View;

/// Up to how many clusters each has its row.
const LISTED: usize = 300;

/// Writes the tables and what holds for all of them.
pub(super) fn write(
    page: &mut Page,
    document: &Document<'_>,
    view: &View<'_>,
    alike: &[Group],
    extent: Extent,
) {
    if let Some(config) = document.further.get("config").and_then(|one| one.as_str()) {
        page.prose("", 2, &format!("By the configuration in {config}"));
    }
    if let Some(narrowed) = document.narrowed() {
        page.prose("", 0, narrowed);
        page.blank();
    }
    if !document.clusters.is_empty() {
        let text = if !alike.is_empty() {
            grouped(document, alike)
        } else if document.clusters.len() > extent.most(LISTED) {
            let fleet = Fleet::of(document, &crate::render::document::ById::of(document));
            page.as_is(&counts(document, &fleet));
            page.prose(
                "",
                0,
                &format!(
                    "The {} clusters one by one: -v, or --cluster NAMESPACE/NAME.",
                    document.clusters.len()
                ),
            );
            String::new()
        } else {
            matrix(document, view)
        };
        page.as_is(&painted(&text, page.screen.colour));
        if !alike.is_empty() {
            groups::write(page, alike);
        }
        targets(page, document, extent);
        lifted(page, document, alike, extent);
        assumed(page, document, alike, extent);
    }
    if !document.drafts.is_empty() {
        page.blank();
        let text = drafts(document);
        page.as_is(&painted(&text, page.screen.colour));
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
    let extra = [(files, "IN"), (many, "WHY")]
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
            let numbers = why.get(&position).map(|all| all.join(" "));
            row.push(numbers.unwrap_or_default());
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
    table.set_header(head.into_iter().chain(names).chain(["WHY".to_owned()]));
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

/// "Judged for PGO 5.8.2 (--target 5.8.2)."
pub(crate) fn target_line(target: &Target<'_>) -> Option<String> {
    let releases = match target.pgo.as_slice() {
        [] => return None,
        [one] => format!("PGO {one}"),
        [first, .., last] => format!("any PGO from {first} to {last}"),
    };
    Some(format!("Judged for {releases} ({}).", target.from))
}

/// For which PGO v5 releases the verdicts hold; one line where all clusters share them.
fn targets(page: &mut Page, document: &Document<'_>, extent: Extent) {
    let shown = extent.most(4);
    let mut seen: Vec<String> = Vec::new();
    for cluster in &document.clusters {
        if let Some(line) = target_line(&cluster.target)
            && !seen.contains(&line)
        {
            seen.push(line);
        }
    }
    for line in seen.iter().take(shown) {
        page.prose("", 0, line);
    }
    if seen.len() > shown {
        let more = seen.len() - shown;
        page.prose(
            "",
            0,
            &format!("And for {more} other targets: -v shows all."),
        );
    }
}

/// Which other target would lift a block, said once for all clusters that share it.
fn lifted(page: &mut Page, document: &Document<'_>, alike: &[Group], extent: Extent) {
    let shown = extent.most(4);
    let mut shared: BTreeMap<(Vec<&str>, &str), BTreeSet<usize>> = BTreeMap::new();
    for (position, cluster) in document.clusters.iter().enumerate() {
        let mut methods: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (method, judged) in &cluster.methods {
            if let Some(lifted) = &judged.lifted_by {
                methods.entry(lifted).or_default().push(method.name());
            }
        }
        for (lifted, methods) in methods {
            let same = shared.entry((methods, lifted)).or_default();
            same.insert(position);
        }
    }
    for ((methods, lifted), clusters) in shared.iter().take(shown) {
        let methods = methods.join(" and ");
        let who = who(document, alike, clusters);
        let line = format!("{who}, blocked for {methods}: {lifted}");
        page.prose("", 2, &line);
    }
    if shared.len() > shown {
        page.prose(
            "",
            2,
            &format!("and {} more of this kind: -v", shared.len() - shown),
        );
    }
}

/// "pgo/a, pgo/b and 12 more", "all 300", "those of A, C" of the groups.
pub(super) fn who(document: &Document<'_>, alike: &[Group], clusters: &BTreeSet<usize>) -> String {
    const SHOWN: usize = 3;
    let all = document.clusters.len();
    if clusters.len() == all && all > SHOWN {
        return format!("all {all}");
    }
    if clusters.len() > SHOWN
        && let Some(letters) = groups::letters(alike, clusters)
    {
        return format!("those of {letters}");
    }
    let named = clusters
        .iter()
        .filter_map(|one| document.clusters.get(*one));
    let mut names = named.map(|one| title("", &one.namespace, &one.name));
    if clusters.len() <= SHOWN {
        return names.collect::<Vec<_>>().join(", ");
    }
    let shown: Vec<String> = names.by_ref().take(2).collect();
    format!(
        "{} and {} more",
        shown.join(", "),
        clusters.len() - shown.len()
    )
}

/// What verdicts take for granted, said once for all clusters that share it.
fn assumed(page: &mut Page, document: &Document<'_>, alike: &[Group], extent: Extent) {
    let shown = extent.most(3);
    let mut shared: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (position, cluster) in document.clusters.iter().enumerate() {
        let open = cluster
            .methods
            .values()
            .filter(|judged| judged.verdict < Verdict::Unknown);
        let mut told: Vec<&crate::render::document::Text<'_>> = Vec::new();
        for one in open.flat_map(|judged| &judged.assumes) {
            if !told.contains(&one) {
                told.push(one);
            }
        }
        if !told.is_empty() {
            let told: Vec<_> = told.into_iter().cloned().collect();
            let words = crate::render::standing::of_the_same_files(&told);
            let its = format!(" of namespace {} ", cluster.namespace);
            let words = if document.clusters.len() > 1 {
                let words = words.replace(&its, " of its namespace ");
                let own = format!("{} ", cluster.name);
                let each = words.split("; ").map(|one| match one.strip_prefix(&own) {
                    Some(rest) => format!("each {rest}"),
                    None => one.to_owned(),
                });
                each.collect::<Vec<_>>().join("; ")
            } else {
                words
            };
            shared.entry(words).or_default().insert(position);
        }
    }
    let mut shared: Vec<(String, BTreeSet<usize>)> = shared.into_iter().collect();
    shared.sort_by_key(|(_, clusters)| std::cmp::Reverse(clusters.len()));
    for (words, clusters) in shared.iter().take(shown) {
        let assume = if clusters.len() == 1 {
            "assumes"
        } else {
            "assume"
        };
        let line = format!("{} {assume}: {words}", who(document, alike, clusters));
        page.prose("", 2, &line);
    }
    if shared.len() > shown {
        let more: usize = shared
            .iter()
            .skip(shown)
            .map(|(_, clusters)| clusters.len())
            .sum();
        let line = format!(
            "{} on assumptions of their own: -v, or --cluster",
            counted(more, "more cluster rests", "more clusters rest")
        );
        page.prose("", 2, &line);
    }
}

fn drafts(document: &Document<'_>) -> String {
    let named = |draft: &Draft<'_>| title("", &draft.namespace, &draft.name);
    let mut names: Vec<String> = document.drafts.iter().map(named).collect();
    names.sort();
    let twice = names.windows(2).any(|pair| pair.first() == pair.last());
    let mut table = table();
    let head = ["DRAFT", "METHOD", "REPLACES", "VERDICT"].map(str::to_owned);
    table.set_header(head.into_iter().chain(twice.then(|| "IN".to_owned())));
    for draft in &document.drafts {
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
