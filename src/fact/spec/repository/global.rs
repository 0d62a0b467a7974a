//! pgBackRest's settings in `spec.backups.pgbackrest.global` and `spec.dataSource.pgbackrest.global`.

mod settings;

use settings::is_secret;
pub(in crate::fact::spec) use settings::{Options, Setting, said};

use std::sync::Arc;

use crate::expr::Value;
use crate::fact::Type;
use crate::fact::spec::reading::resting_on_each;
use crate::fact::spec::{Draft, DraftFact, row};
use crate::fact::v4::fields::scalar_text;
use crate::manifest::{Fact, Node};

pub(in crate::fact::spec) const BACKUPS: [&str; 4] = ["spec", "backups", "pgbackrest", "global"];
pub(in crate::fact::spec) const SOURCE: [&str; 4] = ["spec", "dataSource", "pgbackrest", "global"];
const NOTE: &str = "pgBackRest's settings";
/// The names under which releases of pgBackRest let a repository's certificate be verified or not, without `repoN-`.
pub(in crate::fact::spec) const VERIFY_TLS: [&str; 4] = [
    "storage-verify-tls",
    "s3-verify-tls",
    "s3-verify-ssl",
    "azure-verify-tls",
];

/// The settings of the new cluster's own repositories.
pub(in crate::fact::spec) fn of_backups<'a>(draft: &Draft<'a>) -> Fact<Arc<Options<'a>>> {
    let global = &draft.memo().backups_global;
    global.get_or_init(|| options(draft, &BACKUPS)).clone()
}

/// The settings of the repository in `dataSource.pgbackrest`.
pub(in crate::fact::spec) fn of_source<'a>(draft: &Draft<'a>) -> Fact<Arc<Options<'a>>> {
    let global = &draft.memo().source_global;
    global.get_or_init(|| options(draft, &SOURCE)).clone()
}

fn options<'a>(draft: &Draft<'a>, path: &[&str]) -> Fact<Arc<Options<'a>>> {
    draft.entries(path).map(|entries| {
        let setting = |(key, value): (Node<'a>, Node<'a>)| Setting {
            name: key.key().into_owned(),
            text: scalar_text(value).unwrap_or_default(),
            key,
            value,
        };
        // A server drops those without a value.
        let said = entries.into_iter().filter(|(_, value)| !value.is_null());
        let settings: Vec<Setting<'a>> = said.map(setting).collect();
        let names = settings.iter().map(|setting| setting.name.clone());
        Arc::new(Options {
            by_name: names.zip(0..).collect(),
            settings,
            place: draft.nearest(path),
        })
    })
}

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[
    row(
        "draft.global",
        Type::Map,
        "backups.pgbackrest.global by key, values as text; those of secret options as ***",
        |draft| {
            of_backups(draft).and_then(|options| {
                let entry = |setting: &Setting<'_>| {
                    let hidden = is_secret(&setting.name) && !setting.text.starts_with('/');
                    let text = if hidden { "***" } else { &setting.text };
                    (setting.name.as_str().into(), Value::from(text))
                };
                let entries = options.settings.iter().map(entry);
                Fact::at(Value::Map(entries.collect()), options.place, NOTE)
            })
        },
    ),
    row(
        "draft.retention",
        Type::Strings,
        "how long backups are kept, as written: \"repo1-retention-full=14\"",
        |draft| {
            of_backups(draft).and_then(|options| {
                let settings = options.settings.iter();
                let kept: Vec<&Setting<'_>> = settings
                    .filter(|setting| setting.name.contains("-retention-"))
                    .collect();
                let texts: Vec<String> = kept
                    .iter()
                    .map(|setting| format!("{}={}", setting.name, setting.text))
                    .collect();
                let fact = Fact::known(texts.into());
                let places = kept.iter().map(|setting| setting.value.span());
                let fact = resting_on_each(fact, places, "how long backups are kept");
                fact.and_at(options.place, NOTE)
            })
        },
    ),
];
