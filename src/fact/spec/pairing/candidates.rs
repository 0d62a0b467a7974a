//! The v4 clusters of all origins, indexed by what a draft may mention of them, and the choice among them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::super::Draft;
use super::clues::{self, Clue};
use super::flag::PairFlag;
use super::hints::{Fits, Hint, Sign, Torn, fitting, reasons, torn};
use super::pair::{Outcome, Pair, Pairing, label, nothing_fits};
use crate::expr::{Names, Value};
use crate::fact::spec::bootstrap::shape;
use crate::fact::v4::{self, Cluster};
use crate::manifest::{Evidence, Fact, Gap, Node, Truth};

/// All v4 clusters that a draft may replace.
#[derive(Default)]
pub struct Candidates<'a> {
    pub(super) clusters: Vec<&'a Cluster<'a>>,
    claims: Index,
    paths: Index,
    directories: Index,
    pub(super) buckets: Index,
    /// By bucket and store, with the store's kind; without a store where the endpoint is not known.
    pub(super) stores: BTreeMap<Store, Vec<usize>>,
    pub(super) names: Index,
    databases: Index,
    /// By namespace and name.
    pub(super) homes: BTreeMap<(Option<&'a str>, &'a str), Fits>,
}

/// A bucket, and the kind of a store with the store that it is in.
type Store = (String, Option<(String, String)>);

/// From a word to the clusters that have it, and where it is written.
pub(super) type Index = BTreeMap<String, Fits>;

impl<'a> Candidates<'a> {
    /// Indexes the clusters, of any number of origins.
    pub fn of(clusters: impl IntoIterator<Item = &'a Cluster<'a>>) -> Self {
        let mut all = Candidates::default();
        for cluster in clusters {
            all.add(cluster);
        }
        all
    }

    fn add(&mut self, cluster: &'a Cluster<'a>) {
        let number = self.clusters.len();
        self.clusters.push(cluster);
        let name = Evidence {
            absent: false,
            span: cluster.name_span(),
            note: "the v4 cluster",
        };
        note(&mut self.names, number, cluster.name, name);
        let home = (cluster.namespace, cluster.name);
        self.homes.entry(home).or_default().insert(number, name);
        for claim in &cluster.labelled_claims().objects {
            let label = claim.label("pg-cluster");
            let span = label.map_or_else(|| claim.name_span(), Node::span);
            let place = Evidence {
                absent: false,
                span,
                note: "the claim's label pg-cluster",
            };
            note(&mut self.claims, number, &claim.name, place);
        }
        for fact in ["dataClaim.name", "walClaim.name", "repoClaim.name"] {
            fact_into(&mut self.claims, number, cluster, fact);
        }
        fact_into(&mut self.paths, number, cluster, "repo.path");
        fact_into(&mut self.directories, number, cluster, "repo.directory");
        fact_into(&mut self.buckets, number, cluster, "repo.bucket");
        self.note_store(number, cluster);
        fact_into(
            &mut self.databases,
            number,
            cluster,
            "cluster.systemIdentifier",
        );
    }

    /// The v4 cluster a draft replaces: what `--pair` says; else its claims; else the path of its repository; else its
    /// name; else what makes one cluster likely; else, of one that lives, what database it runs. What comes later only tells
    /// clusters apart that fit equally well.
    pub(in super::super) fn pairing(&self, draft: &Draft<'a>, flags: &[PairFlag]) -> Pairing<'a> {
        let about: Vec<&PairFlag> = flags.iter().filter(|flag| flag.is_about(draft)).collect();
        let told_namespace = about
            .iter()
            .find_map(|flag| flag.draft_namespace.clone())
            .filter(|_| draft.namespace.is_none());
        let outcome = if about.is_empty() {
            self.by_evidence(draft)
        } else {
            self.by_flags(draft, &about)
        };
        let near = match &outcome {
            Outcome::Unpaired { .. } => self.near(draft),
            Outcome::Open | Outcome::Paired(_) => Vec::new(),
        };
        Pairing {
            outcome,
            told_namespace,
            near,
            some: !self.clusters.is_empty(),
        }
    }

    fn by_flags(&self, draft: &Draft<'a>, flags: &[&PairFlag]) -> Outcome<'a> {
        let named = |cluster: &&&'a Cluster<'a>| flags.iter().any(|flag| flag.names(cluster));
        let found: Vec<&'a Cluster<'a>> = self.clusters.iter().filter(named).copied().collect();
        let said: Vec<String> = flags.iter().map(|flag| flag.v4()).collect();
        match found.as_slice() {
            [] => Outcome::Unpaired {
                candidates: Vec::new(),
                signs: Vec::new(),
                gap: Gap {
                    missing: format!("the v4 cluster {}", said.join(" or ")),
                    because: "--pair names it, and it is not in the input".to_owned(),
                    ask: "add its export to the input, or correct --pair".to_owned(),
                },
            },
            [cluster] => {
                let why = format!("--pair names {}", label(cluster));
                let place = Evidence {
                    absent: false,
                    span: cluster.name_span(),
                    note: "the v4 cluster that --pair names",
                };
                Outcome::Paired(Box::new(Pair::new(cluster, why, vec![place])))
            }
            several => ambiguous(draft, several),
        }
    }

    fn by_evidence(&self, draft: &Draft<'a>) -> Outcome<'a> {
        let hints = match self.clusters.as_slice() {
            [] => Vec::new(),
            _ => self.hints(draft),
        };
        let at_home = |number: usize| {
            let cluster = self.clusters.get(number);
            draft.namespace.is_some()
                && cluster.is_some_and(|cluster| cluster.namespace == draft.namespace)
        };
        let fitting = fitting(&hints, &at_home);
        let fitting = match torn(draft, &hints, &fitting, &self.namesakes(draft)) {
            Some(Torn::Settled(numbers)) => numbers,
            Some(Torn::Open(numbers)) => return self.contradictory(draft, &hints, &numbers),
            None => fitting,
        };
        let clusters: Vec<&'a Cluster<'a>> = fitting
            .iter()
            .filter_map(|number| self.clusters.get(*number).copied())
            .collect();
        match (clusters.as_slice(), fitting.first()) {
            ([cluster], Some(number)) => {
                let (mut words, evidence) = reasons(&hints, *number);
                if at_home(*number) {
                    words.push("it is in the same namespace".to_owned());
                }
                Outcome::Paired(Box::new(Pair::new(cluster, words.join("; "), evidence)))
            }
            ([], _) | (_, None) => Outcome::Unpaired {
                candidates: Vec::new(),
                signs: Vec::new(),
                gap: nothing_fits(draft.name),
            },
            (several, _) => ambiguous(draft, several),
        }
    }

    /// The clusters of its namespace that it is called like, or as the successor of.
    fn namesakes(&self, draft: &Draft<'a>) -> Vec<usize> {
        let names = [Some(draft.name), draft.name.strip_suffix("-v5")];
        let names = names.into_iter().flatten();
        let homes = names.filter_map(|name| self.homes.get(&(draft.namespace, name)));
        homes.flat_map(|fits| fits.keys().copied()).collect()
    }

    /// What is torn may have come from each: what speaks for which is told.
    fn contradictory(
        &self,
        draft: &Draft<'a>,
        hints: &[Hint<'_>],
        numbers: &[usize],
    ) -> Outcome<'a> {
        let mut signs: BTreeMap<String, String> = BTreeMap::new();
        for number in numbers {
            let Some(cluster) = self.clusters.get(*number) else {
                continue;
            };
            let (words, _) = reasons(hints, *number);
            let sign = match words.as_slice() {
                [] => format!("{} is named as its successor", draft.name),
                _ => words.join("; "),
            };
            signs.entry(label(cluster)).or_insert(sign);
        }
        let told = signs.iter().map(|(name, sign)| format!("{name} ({sign})"));
        let told: Vec<String> = told.collect();
        let first = signs.keys().next().cloned().unwrap_or_default();
        let (candidates, signs) = signs.into_iter().unzip();
        Outcome::Unpaired {
            gap: Gap {
                missing: format!("the v4 cluster that {} came from", draft.name),
                because: format!("it bears signs of several: {}", told.join(", ")),
                ask: format!("--pair {}={first}, or whichever of them it is", draft.name),
            },
            candidates,
            signs,
        }
    }

    /// What the draft mentions, strongest first.
    fn hints(&self, draft: &Draft<'a>) -> Vec<Hint<'_>> {
        let mut hints = Vec::new();
        let mut add = |index, clue: Clue, sign, why: String| {
            let index: &'_ Index = index;
            if let Some(fits) = index.get(without_slash(&clue.text)) {
                hints.push(Hint {
                    why,
                    place: clue.place,
                    fits: Cow::Borrowed(fits),
                    sign,
                });
            }
        };
        for clue in clues::claims(draft) {
            let why = format!("{} names its claim {}", clue.field, clue.text);
            add(&self.claims, clue, Sign::Claim, why);
        }
        for clue in clues::repository_paths(draft) {
            let why = format!("{} is the path of its repository", clue.field);
            add(&self.paths, clue, Sign::Path, why);
        }
        if let Some(clue) = clues::repository_directory(draft) {
            let why = format!("the directory {} is that of its repository", clue.text);
            add(&self.directories, clue, Sign::Directory, why);
        }
        for clue in clues::buckets(draft) {
            let why = format!("{} is its bucket", clue.text);
            add(&self.buckets, clue, Sign::Bucket, why);
        }
        let same_name = self.same_name(draft);
        let database = clues::database(draft).and_then(|clue| {
            Some(Hint {
                why: format!("its database is {}, as v4's", clue.text),
                place: clue.place,
                fits: Cow::Borrowed(self.databases.get(&clue.text)?),
                sign: Sign::Database,
            })
        });
        let unsettled = hints.iter().all(|hint| hint.sign == Sign::Bucket) && same_name.is_none();
        hints.extend(same_name);
        if unsettled {
            hints.extend(self.successor(draft));
            hints.extend(self.only_bucket(draft));
        }
        hints.extend(database);
        hints
    }

    /// Clusters of the draft's name: in its namespace, or where either writes none. Clusters in another namespace count
    /// only if there is none of these, and for a draft that is shaped for a migration: many namespaces have a cluster
    /// called `postgres`.
    fn same_name(&self, draft: &Draft<'a>) -> Option<Hint<'_>> {
        let elsewhere = || self.names.get(draft.name).map(Cow::Borrowed);
        let fits = self
            .at_home(draft, draft.name)
            .or_else(|| elsewhere().filter(|_| shape::is_migration(draft)));
        Some(Hint {
            why: "it has the same name".to_owned(),
            place: Evidence {
                absent: false,
                span: draft.name_span(),
                note: "the draft's name",
            },
            fits: fits?,
            sign: Sign::Name,
        })
    }
}

impl PairFlag {
    /// Whether it is about this draft. A draft that writes no namespace is meant by its name.
    pub fn is_about(&self, draft: &Draft<'_>) -> bool {
        let same_namespace = match (&self.draft_namespace, draft.namespace) {
            (Some(told), Some(written)) => told == written,
            _ => true,
        };
        self.draft == draft.name && same_namespace
    }
}

fn ambiguous<'a>(draft: &Draft<'a>, clusters: &[&'a Cluster<'a>]) -> Outcome<'a> {
    let name = |cluster: &&Cluster<'_>| match cluster.inventory.origin_name.as_str() {
        "" => label(cluster),
        origin => format!("{} ({origin})", label(cluster)),
    };
    let candidates: Vec<String> = clusters.iter().map(name).collect();
    let first = clusters.first().map_or_else(String::new, |one| label(one));
    let same = clusters.iter().all(|cluster| label(cluster) == first);
    let ask = if same {
        "leave all but one of these origins out of the input".to_owned()
    } else {
        format!("--pair {}={first}, or whichever of them it is", draft.name)
    };
    Outcome::Unpaired {
        gap: Gap {
            missing: format!("the v4 cluster that the draft {} replaces", draft.name),
            because: format!("several fit equally well: {}", candidates.join(", ")),
            ask,
        },
        candidates,
        signs: Vec::new(),
    }
}

fn without_slash(text: &str) -> &str {
    match text.trim_end_matches('/') {
        "" => text,
        trimmed => trimmed,
    }
}

fn note(index: &mut Index, number: usize, word: &str, place: Evidence) {
    if !word.is_empty() {
        let clusters = index.entry(without_slash(word).to_owned()).or_default();
        clusters.entry(number).or_insert(place);
    }
}

/// Notes a fact of a cluster that is a text, if it is known.
fn fact_into<'a>(index: &mut Index, number: usize, cluster: &'a Cluster<'a>, fact: &str) {
    let read = v4::FACTS.fact(fact);
    let fact = read.and_then(|fact| v4::FACTS.read(fact, cluster));
    if let Some(Fact::Known(Truth {
        value: Value::Str(text),
        evidence,
        ..
    })) = fact
    {
        let own = Evidence {
            absent: false,
            span: cluster.name_span(),
            note: "the v4 cluster",
        };
        let place = evidence.first().copied().unwrap_or(own);
        note(index, number, &text, place);
    }
}
