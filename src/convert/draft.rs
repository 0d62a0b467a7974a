//! One v4 cluster to its manifest, or why there is none.

use super::choices::{Choices, Form, RepositoryPath, Target};
use super::document::{Entry, Node};
use super::fields::{self, Field, has_field};
use super::origin::Origins;
use super::view::{View, asking, fact};
use super::{secrets, write};
use crate::expr::Value;
use crate::fact::v4::Cluster;
use crate::manifest::{Fact, Gaps};
use crate::rule::Method;
use crate::schema::Release;

/// What drafts have in common: the release, its fields, and the choices.
#[derive(Clone)]
pub(super) struct Recipe {
    method: Method,
    release: &'static Release,
    fields: Vec<&'static Field>,
    choices: Choices,
    /// Whether the origin of values is told.
    pub(super) comments: bool,
    /// Facts that are as if they could not be seen, for tests.
    pub(super) hidden: Vec<&'static str>,
}

/// A manifest for a v4 cluster.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Its namespace; `None` where v4's manifests write none.
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
    /// As YAML.
    pub text: String,
    /// What is left to fill in, as "spec.image: an image ...".
    pub todos: Vec<String>,
    /// Commands that make its Secrets from those of v4.
    pub secrets: String,
}

impl Recipe {
    /// For a method and a release.
    pub(super) fn new(method: Method, release: &'static Release, choices: Choices) -> Recipe {
        Recipe {
            method,
            release,
            fields: fields::of_release(&release.version),
            choices,
            comments: true,
            hidden: Vec::new(),
        }
    }

    /// The same for a cluster of another name.
    #[must_use]
    pub(super) fn called(&self, to: Target) -> Recipe {
        let mut recipe = self.clone();
        recipe.choices.to = Some(to);
        recipe
    }

    /// The manifest for a cluster; `above` are lines of comment on top.
    ///
    /// # Errors
    /// Why none can be written, and what to do.
    pub(super) fn draft(
        &self,
        cluster: &Cluster<'_>,
        origins: &Origins<'_>,
        above: &[String],
    ) -> Result<Draft, String> {
        let view = self.view(cluster, origins)?;
        let mut root = Node::Map(vec![
            Entry::text(
                "apiVersion",
                &format!("postgres-operator.crunchydata.com/{}", self.api_version()),
            ),
            Entry::text("kind", "PostgresCluster"),
        ]);
        for field in self.fields.iter().filter(|field| field.is_of(view.form)) {
            if let Some(entry) = (field.write)(&view) {
                root.put(field.path, entry);
            }
        }
        root.lift_comments();
        let mut todos = Vec::new();
        root.todos("", &mut todos);
        let mut text = String::new();
        for line in above {
            text.push_str("# ");
            text.push_str(&crate::printable::one_line(line));
            text.push('\n');
        }
        text.push_str(&write::text(&root, self.comments));
        Ok(Draft {
            secrets: secrets::commands(&view),
            namespace: view.namespace,
            name: view.name,
            text,
            todos,
        })
    }

    /// `v1beta1` is in every release; it is what servers of 6.0 keep, too.
    fn api_version(&self) -> &str {
        self.choices.api_version.as_deref().unwrap_or("v1beta1")
    }

    fn view<'v, 'a>(
        &'v self,
        cluster: &'v Cluster<'a>,
        origins: &'v Origins<'v>,
    ) -> Result<View<'v, 'a>, String> {
        let stores = match fact(cluster, "repo.types", &self.hidden) {
            Fact::Known(truth) => words(&truth.value),
            Fact::Unknown(gaps) => return Err(undecided("where v4 keeps its backups", &gaps)),
        };
        let form = self.form(&stores)?;
        if self.choices.until.is_some() && !form.restores() {
            return Err(format!(
                "{} takes the database as it is: --point-in-time goes with the method backups",
                self.method.name()
            ));
        }
        let to = self.choices.to.as_ref();
        let name = match to {
            Some(to) => to.name.clone(),
            None if form.lives_beside() => format!("{}-v5", cluster.name),
            None => cluster.name.to_owned(),
        };
        let namespace = to
            .and_then(|to| to.namespace.as_deref())
            .or(cluster.namespace);
        let view = View {
            cluster,
            origins,
            form,
            release: self.release,
            choices: &self.choices,
            namespace: namespace.map(str::to_owned),
            name,
            stores,
            hidden: &self.hidden,
        };
        view.fits()?;
        Ok(view)
    }

    /// Which form of the method fits the repository of v4, the release and the choices.
    fn form(&self, stores: &[String]) -> Result<Form, String> {
        let bucket = stores.iter().any(|store| store != "posix");
        match self.method {
            Method::Volumes => Ok(Form::Volumes),
            Method::Standby if bucket => Ok(Form::Standby),
            Method::Standby => {
                Err("a standby follows a repository in S3 or GCS, and v4 has none".to_owned())
            }
            Method::Backups if stores.is_empty() => {
                Err("v4 has no pgBackRest repository to restore from".to_owned())
            }
            Method::Backups if stores.iter().any(|store| store == "posix") => {
                Ok(Form::RepositoryVolume)
            }
            Method::Backups => {
                let reads_only =
                    has_field(&self.release.version, "spec.dataSource.pgbackrest.repo");
                let shared = self.choices.repository == Some(RepositoryPath::V4);
                Ok(if reads_only && !shared {
                    Form::OwnPath
                } else {
                    Form::SharedPath
                })
            }
            Method::Upgrade => Err("upgrade is no way from v4".to_owned()),
        }
    }
}

impl View<'_, '_> {
    /// Refuses what no server or operator could work with.
    fn fits(&self) -> Result<(), String> {
        let name = &self.name;
        let beside = self.cluster.namespace == self.namespace.as_deref();
        if self.form.adopts() && !beside {
            return Err(
                "claims are adopted within their namespace: leave the namespace out of --to"
                    .to_owned(),
            );
        }
        let takes_v4s_name = beside && name == self.cluster.name;
        if self.form.lives_beside() && takes_v4s_name && self.cluster.object.is_some() {
            return Err(format!(
                "v4's {name} lives on beside it, and both want the ConfigMap {name}-config: name another with --to"
            ));
        }
        if let (Form::OwnPath, Some(RepositoryPath::At(path))) =
            (self.form, &self.choices.repository)
            && self
                .text("repo.path")
                .value()
                .is_some_and(|of_v4| of_v4.trim_end_matches('/') == path.trim_end_matches('/'))
        {
            return Err(format!(
                "{path} is where v4 archives, and two must not write there: name another --repo-path, or take it over from v4 with --repo-path v4"
            ));
        }
        let is_label = name.starts_with(|c: char| c.is_ascii_lowercase())
            && name
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
            && !name.ends_with('-');
        if !is_label {
            return Err(format!(
                "{name} cannot be the name of Services (small letters, digits and -, a letter first): name another with --to"
            ));
        }
        let longest = self.longest_name();
        if name.len() > longest {
            return Err(format!(
                "{name} is {} characters long, and names of what PGO makes for it leave it {longest}: name another with --to",
                name.len()
            ));
        }
        Ok(())
    }

    /// How long the name may be, by what the operator adds to it.
    fn longest_name(&self) -> usize {
        let scheduled = self.texts("repo.schedules");
        let scheduled = scheduled
            .value()
            .is_none_or(|schedules| !schedules.is_empty());
        let of_cron_jobs = if self.release.version.major() == 5 && self.release.version.minor() == 0
        {
            30
        } else {
            41
        };
        let limits = [
            (true, 42),
            (scheduled, of_cron_jobs),
            (self.form.adopts() && self.stores_in("posix"), 38),
        ];
        let applying = limits.into_iter().filter(|(applies, _)| *applies);
        applying.map(|(_, limit)| limit).min().unwrap_or(42)
    }
}

fn words(value: &Value) -> Vec<String> {
    let Value::List(items) = value else {
        return Vec::new();
    };
    let word = |item: &Value| match item {
        Value::Str(text) => Some(text.to_string()),
        _ => None,
    };
    items.iter().filter_map(word).collect()
}

fn undecided(what: &str, gaps: &Gaps) -> String {
    let why = gaps.first().map_or("", |gap| &gap.because);
    format!(
        "{what} is not known ({why}); {}",
        asking("this tells", gaps)
    )
}
