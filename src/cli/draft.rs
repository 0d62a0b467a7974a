//! `draft`: read, judge, write the manifests.

use std::path::{Path, PathBuf};

use super::Failure;
use super::args::draft::{DraftArgs, DraftFormat};
use super::judging::{Judging, tell_faults};
use super::streams::door::Form;
use super::streams::output::{print, tell, write_new};
use crate::check::{self, CLEAN, Evidence, FAILED, Report, UNDECIDED};
use crate::convert::{Choices, Draft, Drafted, Refusal, Wanted, drafts};
use crate::fact::Run;
use crate::render;
use crate::render::document::{self, Cluster, Document, governed_by};
use crate::schema::Release;
use crate::source::file_name;

const NOTHING_NAMED: &str = "name the evidence: files, folders, - for standard input, or a live cluster (see `pgo-preflight draft --help`)";

/// Runs `draft` and returns the exit code.
pub(super) fn run(args: &DraftArgs) -> Result<u8, Failure> {
    refuse_misuse(args)?;
    let Judging {
        evidence,
        rules,
        mut options,
        ..
    } = args.judging.read(&args.paths, &[], NOTHING_NAMED, false)?;
    options.living = false;
    if let Some(method) = args.method {
        options.methods = vec![method];
    }
    if let Some(until) = args.point_in_time.filter(|until| *until > options.run.now) {
        return Err(Failure::new(format!(
            "--point-in-time {until}: that is still to come ({} is now): from Postgres 13 on a restore that never reaches its target ends with an error",
            options.run.now
        )));
    }
    let report = check::check(&evidence, &rules, &options);
    if let Some(config) = &report.config {
        tell(&format!("note: {}", governed_by(config)));
    }
    tell_faults(&report);
    let choices = choices(args);
    let is_meant = |namespace: &str, name: &str| {
        args.cluster.is_empty() || args.cluster.iter().any(|glob| glob.means(namespace, name))
    };
    let wanted = Wanted {
        is_meant: &is_meant,
        method: args.method,
        choices: &choices,
        names: &args.judging.pair,
        anyway: args.anyway,
        comments: !args.no_comments,
        hidden: &[],
    };
    let all = drafts(&evidence, &report, &options.run, &wanted);
    refuse_nothing(args, &all, &report)?;
    write(args, &all, &report)?;
    Ok(tell_all(&all, args.secrets))
}

/// Up to how many clusters a page shows a manifest for each; it says little of each where there are more.
const MOST_BESIDE: usize = 200;

/// The manifests to show beside a report: of each cluster by the method closest to ready, with nothing chosen.
pub(super) fn beside(evidence: &Evidence, report: &Report, run: &Run) -> Vec<Drafted> {
    if report.clusters.len() > MOST_BESIDE {
        return Vec::new();
    }
    let wanted = Wanted {
        is_meant: &|_, _| true,
        method: None,
        choices: &Choices::default(),
        names: &[],
        anyway: false,
        comments: true,
        hidden: &[],
    };
    drafts(evidence, report, run, &wanted)
}

/// Puts the manifests beside their clusters.
pub(super) fn attach(document: &mut Document<'_>, drafted: &[Drafted]) {
    for one in drafted {
        let Ok(draft) = &one.draft else { continue };
        let is_its = |cluster: &&mut Cluster<'_>| {
            *cluster.origin == *one.origin
                && *cluster.namespace == *one.namespace
                && *cluster.name == *one.name
        };
        if let Some(cluster) = document.clusters.iter_mut().find(is_its) {
            cluster.drafted = Some(document::Drafted {
                method: one.method,
                text: draft.text.clone().into(),
                todo: draft.todos.len(),
            });
        }
    }
}

fn refuse_misuse(args: &DraftArgs) -> Result<(), Failure> {
    if args.format == DraftFormat::Kustomize && args.output.is_none() {
        return Err(Failure::new(
            "--format kustomize writes several files: say where with -o DIR",
        ));
    }
    if let Some(target) = &args.judging.target {
        let Some(release) = Release::standing_for(target) else {
            let known = Release::minors().join(", ");
            return Err(Failure::new(format!(
                "--target {target}: this program knows nothing of that minor release; it knows {known}"
            )));
        };
        let wanted = args.api_version.as_ref();
        if let Some(api) = wanted.filter(|api| !release.api_versions.contains(&api.as_str())) {
            return Err(Failure::new(format!(
                "PGO {target} does not serve the API version {api}"
            )));
        }
    }
    Ok(())
}

fn refuse_nothing(args: &DraftArgs, all: &[Drafted], report: &Report) -> Result<(), Failure> {
    let there = report.clusters.iter();
    let there = there.map(|one| (one.namespace.clone(), one.name.clone()));
    if let Some(lost) = render::unmatched(&args.cluster, &there.collect()) {
        return Err(Failure::new(format!("--cluster: {lost}")));
    }
    if all.is_empty() {
        let text = "there is no PGO v4 cluster in the input".to_owned();
        return Err(Failure::new(text));
    }
    if args.to.is_some() && all.len() > 1 {
        let count = all.len();
        return Err(Failure::new(format!(
            "--to names one cluster, and {count} are meant: choose one with --cluster NAMESPACE/NAME, or name each with --pair"
        )));
    }
    let unnamed = |one: &&Drafted| matches!(one.draft, Err(Refusal::NoRelease));
    if let Some(one) = all.iter().find(unnamed) {
        return Err(Failure::new(format!(
            "which PGO v5 release {} is to move to is not known: name it with --target, as --target {}",
            place(one),
            Release::newest().map_or("", Release::name)
        )));
    }
    Ok(())
}

fn choices(args: &DraftArgs) -> Choices {
    Choices {
        to: args.to.clone(),
        clients: args.clients.map(Into::into),
        repository: args.repo_path.clone(),
        replicas: args.replicas,
        until: args.point_in_time,
        api_version: args.api_version.clone(),
    }
}

/// `namespace/name` of a v4 cluster.
fn place(one: &Drafted) -> String {
    match one.namespace.as_str() {
        "" => one.name.clone(),
        namespace => format!("{namespace}/{}", one.name),
    }
}

/// The manifests or the commands to where they were asked for.
fn write(args: &DraftArgs, all: &[Drafted], report: &Report) -> Result<(), Failure> {
    let written = all
        .iter()
        .filter_map(|one| Some((one, one.draft.as_ref().ok()?)));
    let Some(folder) = &args.output else {
        let texts = written.map(|(one, draft)| {
            if args.secrets {
                return secrets(one, draft);
            }
            draft.text.clone()
        });
        let between = if args.secrets { "\n" } else { "---\n" };
        return print(&texts.collect::<Vec<_>>().join(between), Form::Lines);
    };
    let several = all
        .iter()
        .any(|one| one.origin != all.first().map_or("", |first| &first.origin));
    let mut files = Vec::new();
    for (one, draft) in written {
        let mut place = folder.clone();
        if several {
            place.push(file_name(&one.origin));
        }
        if let Some(namespace) = &draft.namespace {
            place.push(file_name(namespace));
        }
        files.extend(files_of(args, &place, draft));
    }
    put(args, &files, report)
}

/// A text to be written.
struct FileText {
    path: PathBuf,
    text: String,
    /// It is the user's once it is there.
    kept: bool,
}

fn files_of(args: &DraftArgs, folder: &Path, draft: &Draft) -> Vec<FileText> {
    let file = |path: PathBuf, text: &str, kept| FileText {
        path,
        text: text.to_owned(),
        kept,
    };
    let name = file_name(&draft.name);
    if args.format == DraftFormat::Yaml {
        return vec![file(
            folder.join(format!("{name}.yaml")),
            &draft.text,
            false,
        )];
    }
    let own = folder.join(name);
    let head = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n";
    let base = format!("{head}resources:\n- postgrescluster.yaml\n");
    let overlay = format!(
        "# Yours: what the base, which `draft` writes, leaves open or you want otherwise. It is never overwritten.\n{head}resources:\n- ../base\npatches: []\n"
    );
    vec![
        file(own.join("base/postgrescluster.yaml"), &draft.text, false),
        file(own.join("base/kustomization.yaml"), &base, false),
        file(own.join("overlay/kustomization.yaml"), &overlay, true),
    ]
}

/// Writes all files, or none where one is in the way.
#[allow(clippy::disallowed_methods)] // where the user says
fn put(args: &DraftArgs, files: &[FileText], report: &Report) -> Result<(), Failure> {
    for file in files.iter().filter(|file| !file.kept && file.path.exists()) {
        let shown = file.path.display();
        if !args.force {
            return Err(Failure::new(format!(
                "{shown} exists already: --force overwrites it"
            )));
        }
        let is_input = |uri: &str| crate::source::is_same_file(&file.path, Path::new(uri));
        if report.inputs.iter().any(|input| is_input(&input.uri)) {
            return Err(Failure::new(format!(
                "{shown} is part of the input and would be overwritten: name another folder"
            )));
        }
    }
    for file in files
        .iter()
        .filter(|file| !(file.kept && file.path.exists()))
    {
        if let Some(folder) = file.path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| {
                Failure::new(format!("cannot make {}: {error}", folder.display()))
            })?;
        }
        write_new(&file.path, &file.text, args.force)?;
    }
    Ok(())
}

/// The commands for one cluster.
fn secrets(one: &Drafted, draft: &Draft) -> String {
    let head = format!(
        "# Secrets of {} for PGO v5, from those of v4. They need kubectl and jq; no value is shown.",
        place(one)
    );
    if draft.secrets.is_empty() {
        return format!("{head}\n# None are needed.\n");
    }
    format!("{}\n{}", crate::printable::one_line(&head), draft.secrets)
}

/// What is left to do, on standard error, and the exit code.
fn tell_all(all: &[Drafted], secrets: bool) -> u8 {
    let mut code = CLEAN;
    for one in all {
        let (place, method) = (place(one), one.method.name());
        match &one.draft {
            Ok(draft) if secrets || draft.todos.is_empty() => {}
            Ok(draft) => {
                if code == CLEAN {
                    code = UNDECIDED;
                }
                tell(&format!("{place}: to fill in:"));
                for todo in &draft.todos {
                    tell(&format!("  {todo}"));
                }
            }
            Err(Refusal::Blocked { reasons, writable }) => {
                code = FAILED;
                let anyway = if *writable {
                    " (--anyway writes it all the same)"
                } else {
                    ""
                };
                tell(&format!(
                    "{place}: no draft, for the method {method} is blocked{anyway}:"
                ));
                for reason in reasons {
                    tell(&format!("  {reason}"));
                }
            }
            Err(Refusal::Unfit(why)) => {
                code = FAILED;
                tell(&format!("{place}: no draft by the method {method}: {why}"));
            }
            Err(Refusal::NoRelease) => code = FAILED,
        }
    }
    code
}
