//! What an archive's members are together: a bundle of ours, somebody else's dump, or any manifests.

use super::super::{Dump, Reason, Skipped, Text};
use super::coverage::{self, Coverage};
use super::members::{Member, Members};

/// Whose archive it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Layout {
    /// `pgo-preflight collect` wrote it.
    Bundle,
    /// `kubectl cluster-info dump --output-directory`.
    ClusterInfo,
    /// `kubectl pgo support export`, of Crunchy's client for PGO v5.
    SupportExport,
    /// A Helm chart.
    Chart,
    /// Manifests, as far as names tell.
    Plain,
}

/// The dump that an archive's members make; or why none is to be made. `origin` is what the user calls its cluster.
pub(super) fn dump(
    uri: &str,
    origin: Option<&str>,
    named: bool,
    mut members: Members,
) -> Result<Dump, Reason> {
    let (covered, mut remarks) = covered(&mut members.texts);
    let layout = match covered {
        Some(_) => Layout::Bundle,
        None => Layout::of(&members.texts),
    };
    if !named {
        refuse(layout, &members)?;
    }
    if layout == Layout::SupportExport {
        members.texts.iter_mut().for_each(unwrap_object);
    }
    remarks.extend(layout.remark().map(Reason::Note));
    if covered.is_none() && members.texts.is_empty() && members.skipped.is_empty() {
        remarks.push(Reason::Unreadable(
            "no .yaml, .yml or .json file in this archive".to_owned(),
        ));
    }
    // Evidence names a cluster, else the user does; a file's name does not, since it changes from day to day.
    let mut dump = Dump {
        name: origin.unwrap_or_default().to_owned(),
        ..Dump::default()
    };
    if let Some(covered) = covered {
        remarks.extend(fewer(&covered, members.texts.len()));
        covered.tell(&mut dump);
    }
    let within = |path: &str| match path {
        "" => uri.to_owned(),
        path => format!("{uri}/{path}"),
    };
    let whole = remarks.into_iter().map(|reason| (String::new(), reason));
    let skipped = whole.chain(members.skipped);
    dump.skipped.extend(skipped.map(|(path, reason)| Skipped {
        uri: within(&path),
        reason,
    }));
    dump.texts
        .extend(members.texts.into_iter().map(|member| Text {
            uri: within(&member.path),
            bytes: member.bytes,
        }));
    Ok(dump)
}

/// Takes the coverage out of the members: it is no manifest.
fn covered(texts: &mut Vec<Member>) -> (Option<Coverage>, Vec<Reason>) {
    // A bundle that was unpacked and packed again may stand in a folder.
    let is_coverage = |member: &Member| {
        let (folder, file) = member.path.rsplit_once('/').unwrap_or(("", &member.path));
        file == coverage::FILE && !folder.contains('/')
    };
    let mut remarks = Vec::new();
    let mut found = None;
    let mut at = 0;
    while let Some(member) = texts.get(at) {
        if !is_coverage(member) {
            at += 1;
            continue;
        }
        match Coverage::parse(&member.bytes) {
            coverage::Read::Is(covered) if found.is_none() => found = Some(*covered),
            coverage::Read::Is(_) => remarks.push(Reason::Unreadable(
                "it has more than one coverage.json; one was used".to_owned(),
            )),
            coverage::Read::Unusable(why) => {
                remarks.push(Reason::Unreadable(format!("its coverage.json: {why}")));
            }
            coverage::Read::Other => {
                at += 1;
                continue;
            }
        }
        texts.remove(at);
    }
    (found, remarks)
}

/// Says that a bundle lacks what it should have.
fn fewer(covered: &Coverage, texts: usize) -> Option<Reason> {
    (texts < covered.objects).then(|| {
        Reason::Unreadable(format!(
            "it was written with {} objects, and holds {texts}",
            covered.objects
        ))
    })
}

/// In a folder, only what is clearly an export of a cluster is read.
fn refuse(layout: Layout, members: &Members) -> Result<(), Reason> {
    match layout {
        Layout::Bundle | Layout::ClusterInfo | Layout::SupportExport => Ok(()),
        Layout::Chart => Err(Reason::Note("a Helm chart, not an export".to_owned())),
        Layout::Plain if members.texts.is_empty() && members.skipped.is_empty() => Err(
            Reason::Note("an archive without .yaml, .yml and .json files".to_owned()),
        ),
        Layout::Plain => Err(Reason::Unreadable(
            "an archive that is no bundle; name it itself on the command line to read it"
                .to_owned(),
        )),
    }
}

impl Layout {
    fn of(texts: &[Member]) -> Layout {
        let has = |test: &dyn Fn(&str) -> bool| texts.iter().any(|member| test(&member.path));
        let is_named =
            |path: &str, name: &str| path.rsplit('/').next().is_some_and(|file| file == name);
        let stem = |path: &str, stem: &str| {
            ["json", "yaml"]
                .iter()
                .any(|ending| is_named(path, &format!("{stem}.{ending}")))
        };
        if has(&|path| is_named(path, "current-namespace.yaml"))
            && has(&|path| is_named(path, "postgrescluster.yaml"))
        {
            Layout::SupportExport
        } else if has(&|path| stem(path, "replication-controllers"))
            && has(&|path| stem(path, "nodes"))
        {
            Layout::ClusterInfo
        } else if has(&|path| is_named(path, "Chart.yaml") && path.matches('/').count() <= 1) {
            Layout::Chart
        } else {
            Layout::Plain
        }
    }

    /// What everybody should know of such an archive.
    fn remark(self) -> Option<String> {
        let lacks = match self {
            Layout::ClusterInfo => {
                "a `kubectl cluster-info dump`: it has no custom resources, and of most other kinds only some. \
                 What it lacks is asked for below; `pgo-preflight collect`, or the commands of \
                 `pgo-preflight collect --print-commands`, export all there is to read"
            }
            Layout::SupportExport => {
                "a support export of PGO v5: it has one PostgresCluster and what belongs to it, and nothing of PGO v4"
            }
            Layout::Bundle | Layout::Chart | Layout::Plain => return None,
        };
        Some(lacks.to_owned())
    }
}

/// Support exports write objects below a key `Object`. Without that line the rest is the object, indented; so every
/// line and column stays.
fn unwrap_object(member: &mut Member) {
    const KEY: &[u8] = b"Object:";
    let rest = member.bytes.strip_prefix(KEY);
    let is_wrapped = rest.is_some_and(|rest| rest.starts_with(b"\n  "));
    if is_wrapped && let Some(key) = member.bytes.get_mut(..KEY.len()) {
        key.fill(b' ');
    }
}
