//! What the command line names to evidence: loose files and standard input as one origin, each dump as one of its own.

pub(super) mod backup_info;
pub(super) mod named;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::Failure;
use super::args::check::CheckArgs;
use super::config::Config;
use super::streams::output::tell;
use crate::allowance::Bytes;
use crate::check::Evidence;
use crate::manifest::{Assume, Gathered, gather, gather_dump};
use crate::printable::one_line;
use crate::source::{Dump, Inputs, Limits, OriginId, Reason, Skipped, SourceId, bundle};

/// Everything that was read, and when it was true.
pub(super) struct Reading {
    pub(super) evidence: Evidence,
    /// When the youngest dump was taken; `None` where there is none that says.
    pub(super) taken: Option<Timestamp>,
    /// Whether any of it is evidence of a Kubernetes cluster of its own: read live, or from what turned out to be an archive.
    pub(super) apart: bool,
}

/// What the command line names as evidence.
pub(super) struct Named<'a> {
    /// What was there before, each a moment of its own, the oldest first.
    pub(super) before: &'a [PathBuf],
    /// Files, folders, bundles.
    pub(super) paths: &'a [PathBuf],
    /// Live clusters.
    #[cfg(feature = "live")]
    pub(super) live: &'a super::kube::LiveArgs,
    /// The kinds that are said to be in the input whole.
    pub(super) assume_complete: &'a [String],
}

impl<'a> Named<'a> {
    /// What `check` names.
    pub(super) fn by(args: &'a CheckArgs) -> Self {
        Named {
            before: &[],
            paths: &args.paths,
            #[cfg(feature = "live")]
            live: &args.live,
            assume_complete: &args.assume_complete,
        }
    }

    /// Whether nothing is named.
    pub(super) fn is_nothing(&self) -> bool {
        #[cfg(feature = "live")]
        if self.live.names_clusters() {
            return false;
        }
        self.paths.is_empty() && self.before.is_empty()
    }
}

/// Reads everything that was named.
pub(super) fn read(args: &Named<'_>, config: &mut Config) -> Result<Reading, Failure> {
    let mut origins = Origins {
        moments: !args.before.is_empty(),
        ..Origins::default()
    };
    let bytes = Bytes::default();
    for moment in args.before {
        let (origin, path) = origin_and_path(moment);
        origins.inputs(found(origin, [path], &bytes)?);
    }
    origins.tell_untimed();
    origins.apart = false;
    for (origin, paths) in by_origin(args.paths) {
        let mut inputs = found(origin, paths, &bytes)?;
        config.exclude(&mut inputs);
        origins.inputs(inputs);
    }
    #[cfg(feature = "live")]
    if args.live.names_clusters() {
        let live = args.live.read(origins.homes_of_drafts(), &bytes)?;
        origins.dumps(live);
    }
    let mut evidence = Evidence::of_all(origins.gathered, &assume(args.assume_complete)?);
    if !args.before.is_empty() {
        evidence.see_again();
    }
    Ok(Reading {
        evidence,
        taken: origins.taken,
        apart: origins.apart,
    })
}

/// What `[NAME=]PATH` names: the origin, if it has a name, and the path. A file that is there is a file, whatever it is called.
#[allow(clippy::disallowed_methods)] // only whether it is there
pub(super) fn origin_and_path(named: &Path) -> (Option<&str>, &Path) {
    match named.to_str().and_then(|text| text.split_once('=')) {
        Some((origin, path)) if !origin.is_empty() && !named.exists() => {
            (Some(origin), Path::new(path))
        }
        _ => (None, named),
    }
}

/// The paths of each origin; first, and always there, those of none.
fn by_origin(paths: &[PathBuf]) -> BTreeMap<Option<&str>, Vec<&Path>> {
    let mut by_origin: BTreeMap<Option<&str>, Vec<&Path>> = BTreeMap::new();
    by_origin.entry(None).or_default();
    for path in paths {
        let (origin, path) = origin_and_path(path);
        by_origin.entry(origin).or_default().push(path);
    }
    by_origin
}

fn found<'p>(
    origin: Option<&str>,
    paths: impl IntoIterator<Item = &'p Path>,
    bytes: &Bytes,
) -> Result<Inputs, Failure> {
    let mut inputs = Inputs::find_within(paths, Limits::default(), bytes)?;
    inputs.origin = origin.map(str::to_owned);
    Ok(inputs)
}

/// Two dumps of one cluster are two moments of it: then the moment is part of the name, and a number where it does not
/// tell them apart.
fn name_apart(dumps: &mut [Dump], known: Vec<String>) {
    let mut seen: BTreeMap<String, usize> = known.into_iter().map(|name| (name, 1)).collect();
    let mut names = seen.clone();
    for dump in dumps.iter() {
        *names.entry(dump.name.clone()).or_default() += 1;
    }
    for dump in dumps.iter_mut() {
        let is_shared = names.get(&dump.name).is_some_and(|count| *count > 1);
        if let Some(taken) = dump.taken.filter(|_| is_shared) {
            dump.name = format!("{}@{taken}", dump.name);
        }
    }
    for dump in dumps.iter_mut() {
        let nth = seen.entry(dump.name.clone()).or_default();
        *nth += 1;
        if *nth > 1 {
            dump.name = format!("{}#{nth}", dump.name);
        }
    }
}

/// The namespaces of the drafts in these files.
#[cfg(feature = "live")]
pub(super) fn homes_of_drafts(paths: &[PathBuf]) -> Result<Vec<String>, Failure> {
    let mut origins = Origins::default();
    origins.files(Inputs::find(paths, Limits::default())?);
    Ok(origins.homes_of_drafts())
}

/// What is to be known of an archive although nothing of it was missed.
fn tell_notes(skipped: &[Skipped]) {
    for Skipped { uri, reason } in skipped {
        if let Reason::Note(note) = reason {
            tell(&format!("note: {}: {}", one_line(uri), one_line(note)));
        }
    }
}

/// The origins read so far.
#[derive(Default)]
struct Origins {
    /// Whether several dumps of one cluster are moments of it.
    moments: bool,
    gathered: Vec<Gathered>,
    taken: Option<Timestamp>,
    /// Whether any of it is of a cluster of its own.
    apart: bool,
}

impl Origins {
    /// Loose files as one origin, each bundle among them as one of its own.
    fn inputs(&mut self, mut inputs: Inputs) {
        let bundles = bundle::read_all(&mut inputs);
        tell_notes(&inputs.skipped);
        self.files(inputs);
        for bundle in &bundles {
            tell_notes(&bundle.skipped);
        }
        self.dumps(bundles);
    }

    fn files(&mut self, inputs: Inputs) {
        let (origin, first) = self.next();
        self.gathered.push(gather(inputs, origin, first));
    }

    fn dumps(&mut self, mut dumps: Vec<Dump>) {
        self.apart |= !dumps.is_empty();
        // Moments of one cluster keep its one name: they are to be joined, not told apart.
        if self.moments {
            for dump in dumps {
                self.dump(dump);
            }
            return;
        }
        // Where there are no loose files, nothing else has their name.
        let known = self.gathered.iter().filter(|one| !one.loaded.is_empty());
        let known = known.map(|origin| origin.name.clone());
        name_apart(&mut dumps, known.collect());
        for dump in dumps {
            self.dump(dump);
        }
    }

    fn dump(&mut self, dump: Dump) {
        self.taken = self.taken.max(dump.taken);
        let (origin, first) = self.next();
        self.gathered.push(gather_dump(dump, origin, first));
    }

    /// Several moments are put in order by their time; one that has none is told.
    fn tell_untimed(&self) {
        let moments = self.gathered.iter();
        let moments: Vec<_> = moments.filter(|one| !one.sources.is_empty()).collect();
        if moments.len() < 2 {
            return;
        }
        for moment in moments.iter().filter(|one| one.taken.is_none()) {
            let uri = moment.sources.first().map_or("", |source| &source.uri);
            tell(&format!(
                "note: {}: nothing says when this was so; it counts as older than bundles, which say it",
                one_line(uri)
            ));
        }
    }

    /// The namespaces that drafts will live in: what is there already matters, whatever it is.
    #[cfg(feature = "live")]
    fn homes_of_drafts(&self) -> Vec<String> {
        let loaded = self.gathered.iter().flat_map(|origin| &origin.loaded);
        let objects = loaded.flat_map(|text| &text.objects);
        let drafts = objects.filter(|object| object.is_draft());
        let homes = drafts.filter_map(|draft| draft.namespace.as_deref());
        homes.map(str::to_owned).collect()
    }

    /// Number of the next origin, and of its first text: texts are numbered through.
    fn next(&self) -> (OriginId, SourceId) {
        let texts: usize = self.gathered.iter().map(|one| one.sources.len()).sum();
        let number = |count| u32::try_from(count).unwrap_or(u32::MAX);
        (
            OriginId(number(self.gathered.len())),
            SourceId(number(texts)),
        )
    }
}

/// The kinds that the user says are in the input whole.
fn assume(said: &[String]) -> Result<Assume, Failure> {
    let mut assume = Assume::nothing();
    for kinds in said {
        assume = assume.and(Assume::parse(kinds)?);
    }
    Ok(assume)
}
