//! Options without which pgBackRest does not begin, where nothing that is seen can give them.

use super::super::global;
use super::super::repos::{Repo, repos};
use crate::fact::Element;
use crate::fact::spec::problems::Culprits;
use crate::fact::spec::reading::bare;
use crate::fact::spec::{Draft, DraftFact, each};
use crate::manifest::{Fact, Node};

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[each(
    "draft.optionsLacking",
    "options that a repository needs and that are written nowhere, with no files projected beside them that could have them: {repo, option, because}; a key to its object store is told by credentials of draft.repositories",
    &["repo", "option", "because"],
    lacking,
)];

const FILES: [[&str; 4]; 2] = [
    ["spec", "backups", "pgbackrest", "configuration"],
    ["spec", "dataSource", "pgbackrest", "configuration"],
];

fn lacking(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let mut problems = Culprits::default();
    let [own_files, source_files] = FILES;
    let own = global::of_backups(draft).both(repos(draft));
    let own = bare(own.both(draft.items(&own_files)));
    if let Some(truth) = problems.look(own) {
        let ((options, repos), files) = truth.value;
        for repo in repos.iter().filter(|_| files.is_empty()) {
            of_repo("spec.backups.pgbackrest", repo, &options, &mut problems);
        }
    }
    let place = ["spec", "dataSource", "pgbackrest", "repo"];
    let source = global::of_source(draft).both(draft.section(&place));
    let source = bare(source.both(draft.items(&source_files)));
    if let Some(truth) = problems.look(source) {
        let ((options, repo), files) = truth.value;
        if let Some(node) = repo.filter(|_| files.is_empty()) {
            of_repo(
                "spec.dataSource.pgbackrest",
                &Repo { node },
                &options,
                &mut problems,
            );
        }
    }
    problems.list(draft.nearest(&global::BACKUPS), "pgBackRest's settings")
}

fn of_repo(section: &str, repo: &Repo<'_>, options: &global::Options<'_>, problems: &mut Culprits) {
    let name = repo.name();
    let get = |rest: &str| options.of(&name, rest);
    let mut tell = |rest: &str, node: Node<'_>, because: String| {
        let option = format!("{name}-{rest}");
        let element = Element::new(
            format!("{section}.{option}"),
            node.span(),
            "needs an option",
        )
        .with("repo", Fact::known(name.as_str().into()))
        .with("because", Fact::known(because.into()))
        .with("option", Fact::known(option.into()));
        problems.add(element);
    };
    let cipher = get("cipher-type").filter(|one| one.text == "aes-256-cbc");
    if let Some(cipher) = cipher.filter(|_| get("cipher-pass").is_none()) {
        let because = format!("{} is {}", cipher.name, cipher.text);
        tell("cipher-pass", cipher.value, because);
    }
    // A repository of two kinds has another fault, which is told.
    if repo.kinds() == ["azure"] && get("azure-account").is_none() {
        tell("azure-account", repo.place(), format!("{name} is in Azure"));
    }
}
