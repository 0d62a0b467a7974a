//! Where backups are and go: `backups.pgbackrest`, and the repository that data are restored from.

use super::bucket::{bucket, buckets, without_scheme};
use super::identity;
use super::instances;
use super::row::{Field, field};
use crate::convert::choices::Form;
use crate::convert::document::{Entry, Node};
use crate::convert::view::{View, open, remark, todo};
use crate::expr::Value;
use crate::manifest::Fact;

pub(super) const FIELDS: &[Field] = &[
    field("spec.backups.pgbackrest.configuration", |view| {
        let needed = view.bucket_kind().is_some() && !buckets(view).is_empty();
        if needed {
            configuration(view)
        } else {
            projections(view, passphrase(view))
        }
    }),
    field("spec.backups.pgbackrest.global", global),
    field("spec.backups.pgbackrest.image", identity::pgbackrest_image),
    field("spec.backups.pgbackrest.metadata.annotations", |view| {
        instances::annotations(view, "backrest")
    }),
    field("spec.backups.pgbackrest.repos", |view| {
        Some(Entry::item(Node::List(repos(view))))
    }),
    field("spec.backups.pgbackrest.repoHost.resources", resources),
    field(
        "spec.backups.pgbackrest.repoHost.tolerations",
        instances::tolerations,
    ),
    field("spec.backups.pgbackrest.jobs.resources", resources),
    field(
        "spec.backups.pgbackrest.jobs.tolerations",
        instances::tolerations,
    ),
];

fn resources(view: &View<'_, '_>) -> Option<Entry> {
    view.structure("repo.resources", "the resources of pgBackRest")
}

/// The Secret with keys, and what else of pgBackRest's configuration somebody wrote for v4.
pub(super) fn configuration(view: &View<'_, '_>) -> Option<Entry> {
    let name = Entry::text("name", &secret_name(&view.name))
        .saying("made from v4's by the commands of --secrets".to_owned());
    let secret = Node::Map(vec![Entry::new("secret", Node::Map(vec![name]))]);
    let mut items = vec![Entry::item(secret)];
    items.extend(passphrase(view));
    projections(view, items)
}

/// The Secret with the passphrase of a repository that v4 encrypted, where no file that v4 projects can hold it.
fn passphrase(view: &View<'_, '_>) -> Vec<Entry> {
    if !lacks_passphrase(view) {
        return Vec::new();
    }
    let what = format!(
        "{}, once it is made, with what the repository is encrypted with (draft --secrets prints how)",
        passphrase_name(&view.name)
    );
    let secret = Node::Map(vec![Entry::todo("name", &what)]);
    vec![Entry::item(Node::Map(vec![Entry::new("secret", secret)]))]
}

/// Whether v5 needs v4's passphrase, and nothing that is carried over can have it.
pub(in crate::convert) fn lacks_passphrase(view: &View<'_, '_>) -> bool {
    let projected = view.fact("repo.projections");
    let nothing = matches!(&projected, Fact::Known(truth)
        if matches!(&truth.value, Value::List(items) if items.is_empty()));
    nothing && view.holds("repo.encrypted")
}

/// The Secret that it is put into.
pub(in crate::convert) fn passphrase_name(cluster: &str) -> String {
    format!("{cluster}-pgbackrest-cipher")
}

fn projections(view: &View<'_, '_>, mut items: Vec<Entry>) -> Option<Entry> {
    let named = view.fact("repo.projections");
    let mut origin = String::new();
    match &named {
        Fact::Known(truth) => {
            if let Node::List(more) = Node::of(&truth.value)
                && !more.is_empty()
            {
                items.extend(more);
                origin = view.origin(&named);
                origin.push_str(&view.elsewhere());
            }
        }
        Fact::Unknown(gaps) if items.is_empty() => {
            return Some(open("the custom configuration of pgBackRest", gaps));
        }
        Fact::Unknown(_) => {}
    }
    (!items.is_empty()).then(|| Entry::item(Node::List(items)).saying(origin))
}

/// The Secret with what v5 needs to read and write a bucket.
pub(in crate::convert) fn secret_name(cluster: &str) -> String {
    format!("{cluster}-pgbackrest-secret")
}

fn repos(view: &View<'_, '_>) -> Vec<Entry> {
    let mut repos = Vec::new();
    if view.stores_in("posix") && view.form.adopts() {
        let mut repo = Node::Map(vec![Entry::text("name", "repo1")]);
        let claim = instances::repository_claim(view);
        repo.put("volume.volumeClaimSpec", Entry::item(claim));
        repos.push(repo);
    }
    let buckets = buckets(view).into_iter();
    repos.extend(buckets.map(|(name, _)| bucket(view, name)));
    let several = repos.len() > 1;
    for (number, repo) in repos.iter_mut().enumerate() {
        // A schedule is for one repository; where v5 has one, it has all of them.
        let of = several.then_some(if number == 0 {
            Store::Volume
        } else {
            Store::Bucket
        });
        let scheduled = schedules(view, of);
        if let (Node::Map(entries), Some(scheduled)) = (repo, scheduled) {
            entries.insert(entries.len().min(1), scheduled.named("schedules"));
        }
    }
    repos.into_iter().map(Entry::item).collect()
}

/// Which of two repositories.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Store {
    Volume,
    Bucket,
}

/// The schedules of v4, one of each type; those for one of two repositories, where there are two.
fn schedules(view: &View<'_, '_>, of: Option<Store>) -> Option<Entry> {
    let written = view.texts("repo.schedulesByStore");
    let all: Vec<(usize, &str)> = match &written {
        Fact::Known(truth) => {
            let told = truth.value.iter().enumerate();
            let told = told.filter_map(|(item, one)| Some((item, one.split_once(' ')?)));
            told.filter(|(_, (store, _))| {
                of.is_none_or(|of| (*store == "posix") == (of == Store::Volume))
            })
            .map(|(item, (_, schedule))| (item, schedule))
            .collect()
        }
        Fact::Unknown(_) if of == Some(Store::Bucket) => return None,
        Fact::Unknown(gaps) => {
            let full = todo(
                "when full backups are made, as 0 1 * * 0, else remove it",
                gaps,
            );
            return Some(Entry::item(Node::Map(vec![full.named("full")])));
        }
    };
    let mut entries = Vec::new();
    for (kind, key) in [
        ("full", "full"),
        ("diff", "differential"),
        ("incr", "incremental"),
    ] {
        let times = all.iter().filter_map(|(item, one)| {
            let time = one.strip_prefix(kind)?.strip_prefix(' ')?;
            Some((time, *item))
        });
        let mut times: Vec<(&str, usize)> = times.collect();
        times.sort_unstable();
        times.dedup_by_key(|(time, _)| *time);
        match times.as_slice() {
            [] => {}
            [(time, item)] => {
                let origin = view.origin_of_item(&written, *item);
                entries.push(Entry::text(key, time).saying(origin));
            }
            several => {
                let several: Vec<&str> = several.iter().map(|(time, _)| *time).collect();
                let words = format!("one of v4's times: {}", several.join(" or "));
                entries.push(Entry::todo(key, &words));
            }
        }
    }
    (!entries.is_empty()).then(|| Entry::item(Node::Map(entries)))
}

/// How a bucket is reached, by its settings in pgBackRest.
fn reached(view: &View<'_, '_>, name: &str, path: &Fact<String>, settings: &mut Vec<Entry>) {
    let key = |rest: &str| format!("{name}-{rest}");
    settings.push(match path {
        Fact::Known(truth) => {
            let origin = view.origin(path);
            let origin = if origin.is_empty() {
                "a path of its own".to_owned()
            } else {
                origin
            };
            Entry::text(&key("path"), &truth.value).saying(origin)
        }
        Fact::Unknown(gaps) => todo("the path of v4's repository", gaps).named(&key("path")),
    });
    let kind = view.bucket_kind().unwrap_or("s3");
    if kind == "gcs" {
        let words = "the endpoint of Google's storage, where it is not Google's own";
        match view.text("repo.endpoint") {
            Fact::Unknown(gaps) => settings.push(open(words, &gaps).named(&key("gcs-endpoint"))),
            Fact::Known(_) => settings.extend(
                view.word("repo.endpoint", words)
                    .map(without_scheme)
                    .map(|entry| entry.named(&key("gcs-endpoint"))),
            ),
        }
        let keys = view.text("repo.keyType");
        if keys.value().is_some_and(|kind| kind == "token") {
            settings.push(Entry::text(&key("gcs-key-type"), "token").saying(view.origin(&keys)));
        }
        return;
    }
    let style = view.text("repo.uriStyle");
    match &style {
        Fact::Known(truth) if truth.value == "path" => {
            settings.push(Entry::text(&key("s3-uri-style"), "path").saying(view.origin(&style)));
        }
        Fact::Known(_) => {}
        Fact::Unknown(gaps) => {
            settings.push(todo("host or path", gaps).named(&key("s3-uri-style")));
        }
    }
    let verify = view.truth("repo.verifyTLS");
    let verified = match &verify {
        Fact::Known(truth) => truth.value,
        // v5's default is the stricter one.
        Fact::Unknown(_) => true,
    };
    if !verified {
        settings.push(Entry::text(&key("storage-verify-tls"), "n").saying(view.origin(&verify)));
    } else if view.holds("repo.privateEndpoint") {
        let words = "the authority that v4 trusts, in the Secret";
        let file = Entry::text(
            &key("storage-ca-file"),
            "/etc/pgbackrest/conf.d/aws-s3-ca.crt",
        );
        settings.push(file.saying(words.to_owned()));
    }
}

/// The encryption of a repository that v4 made.
fn cipher(view: &View<'_, '_>, settings: &mut Vec<Entry>) {
    let encrypted = view.truth("repo.encrypted");
    match &encrypted {
        Fact::Known(truth) if truth.value => {
            let origin = view.origin(&encrypted);
            let entry = Entry::text("repo1-cipher-type", "aes-256-cbc");
            settings.push(entry.saying(format!("its passphrase stays in a Secret: {origin}")));
        }
        Fact::Known(_) => {}
        Fact::Unknown(gaps) => {
            let what =
                "aes-256-cbc, where the repository is encrypted and no projected file says so";
            settings.push(open(what, gaps).named("repo1-cipher-type"));
        }
    }
}

/// pgBackRest takes an option once: what a projected file sets does not stand beside it.
fn without_projected(view: &View<'_, '_>, settings: &mut [Entry]) {
    let projected = view.texts("repo.customOptions");
    for setting in settings {
        let names = projected.value().into_iter().flatten();
        if names.into_iter().any(|name| *name == setting.key) {
            let words = "a projected ConfigMap sets it, and pgBackRest takes it only once";
            *setting = remark(words).named(&setting.key);
        }
    }
}

/// The settings of the repository that is only read.
#[allow(clippy::unnecessary_wraps)] // as the table has it
pub(super) fn source_global(view: &View<'_, '_>) -> Option<Entry> {
    let mut settings = Vec::new();
    reached(view, "repo1", &view.text("repo.path"), &mut settings);
    cipher(view, &mut settings);
    without_projected(view, &mut settings);
    Some(Entry::item(Node::Map(settings)))
}

fn global(view: &View<'_, '_>) -> Option<Entry> {
    let mut settings = Vec::new();
    for (name, path) in buckets(view) {
        reached(view, name, &path, &mut settings);
    }
    // A repository of its own is not encrypted because v4's is.
    if view.form != Form::OwnPath {
        cipher(view, &mut settings);
    }
    let adopts = view.stores_in("posix") && view.form.adopts();
    let volume = adopts.then_some("repo1");
    let buckets = buckets(view).into_iter().map(|(name, _)| name);
    for name in volume.into_iter().chain(buckets) {
        settings.extend(retention(view, name));
    }
    without_projected(view, &mut settings);
    (!settings.is_empty()).then(|| Entry::item(Node::Map(settings)))
}

/// How long backups are kept: of options that somebody wrote differently, the question which. v4 takes a backup into a volume
/// and a bucket with the same options, and calls both repo1 (PGO v4.7.9 internal/operator/backrest/backup.go).
fn retention(view: &View<'_, '_>, repo: &str) -> Vec<Entry> {
    let written = view.texts("repo.retention");
    let Fact::Known(truth) = &written else {
        let words = "what v4 says was not seen; without it pgBackRest keeps every backup";
        return vec![remark(words).named(&format!("{repo}-retention-full"))];
    };
    let mut options: Vec<(String, Vec<&str>)> = Vec::new();
    for option in &truth.value {
        let Some((name, value)) = option.split_once('=') else {
            continue;
        };
        let bare = name
            .trim_start_matches("repo")
            .trim_start_matches(|c: char| c.is_ascii_digit());
        let name = format!("{repo}-{}", bare.trim_start_matches('-'));
        match options.iter_mut().find(|(known, _)| *known == name) {
            Some((_, values)) if values.contains(&value) => {}
            Some((_, values)) => values.push(value),
            None => options.push((name, vec![value])),
        }
    }
    let entry = |(name, values): (String, Vec<&str>)| match values.as_slice() {
        [value] => Entry::text(&name, value).saying(view.origin(&written)),
        several => Entry::todo(&name, &format!("one of {}", several.join(" or "))),
    };
    options.into_iter().map(entry).collect()
}
