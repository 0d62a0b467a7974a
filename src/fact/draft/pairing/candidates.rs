//! The v4 clusters of all origins, indexed by what a draft may mention of them, and the choice among them.

use std::collections::BTreeMap;

use super::super::{Draft, shape};
use super::clues::{self, Clue};
use super::hints::{Hint, Sign, fitting, reasons};
use super::{Outcome, Pair, PairFlag, Pairing, label, nothing_fits};
use crate::expr::{Names, Value};
use crate::fact::cluster::{self, Cluster};
use crate::manifest::{Evidence, Fact, Gap, Node, Truth};

/// All v4 clusters that a draft may replace.
#[derive(Default)]
pub struct Candidates<'a> {
    clusters: Vec<&'a Cluster<'a>>,
    claims: Index,
    paths: Index,
    directories: Index,
    buckets: Index,
    names: Index,
}

/// From a word to the clusters that have it, and where it is written.
type Index = BTreeMap<String, BTreeMap<usize, Evidence>>;

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
            span: cluster.name_span(),
            note: "the v4 cluster",
        };
        note(&mut self.names, number, cluster.name, name);
        for claim in cluster.labelled_claims().objects {
            let label = claim.label("pg-cluster");
            let span = label.map_or_else(|| claim.name_span(), Node::span);
            let place = Evidence {
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
    }

    /// The v4 cluster a draft replaces: what `--pair` says; else its claims; else the path of its repository; else its
    /// name. What comes later only tells clusters apart that fit equally well.
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
        Pairing {
            outcome,
            told_namespace,
        }
    }

    fn by_flags(&self, draft: &Draft<'a>, flags: &[&PairFlag]) -> Outcome<'a> {
        let named = |cluster: &&&'a Cluster<'a>| flags.iter().any(|flag| flag.names(cluster));
        let found: Vec<&'a Cluster<'a>> = self.clusters.iter().filter(named).copied().collect();
        let said: Vec<String> = flags.iter().map(|flag| flag.v4()).collect();
        match found.as_slice() {
            [] => Outcome::Unpaired {
                candidates: Vec::new(),
                gap: Gap {
                    missing: format!("the v4 cluster {}", said.join(" or ")),
                    because: "--pair names it, and it is not in the input".to_owned(),
                    ask: "add its export to the input, or correct --pair".to_owned(),
                },
            },
            [cluster] => {
                let why = format!("--pair names {}", label(cluster));
                let place = Evidence {
                    span: cluster.name_span(),
                    note: "the v4 cluster that --pair names",
                };
                Outcome::Paired(Box::new(Pair::new(cluster, why, vec![place])))
            }
            several => ambiguous(draft, several),
        }
    }

    fn by_evidence(&self, draft: &Draft<'a>) -> Outcome<'a> {
        let hints = self.hints(draft);
        let fitting = fitting(&hints);
        let clusters: Vec<&'a Cluster<'a>> = fitting
            .iter()
            .filter_map(|number| self.clusters.get(*number).copied())
            .collect();
        match (clusters.as_slice(), fitting.first()) {
            ([cluster], Some(number)) => {
                let (why, evidence) = reasons(&hints, *number);
                Outcome::Paired(Box::new(Pair::new(cluster, why, evidence)))
            }
            ([], _) | (_, None) => Outcome::Unpaired {
                candidates: Vec::new(),
                gap: nothing_fits(draft.name),
            },
            (several, _) => ambiguous(draft, several),
        }
    }

    /// What the draft mentions, strongest first.
    fn hints(&self, draft: &Draft<'a>) -> Vec<Hint> {
        let mut hints = Vec::new();
        let mut add = |index: &Index, clue: Option<Clue>, sign, why: &dyn Fn(&Clue) -> String| {
            let Some(clue) = clue else { return };
            if let Some(fits) = index.get(without_slash(&clue.text)) {
                hints.push(Hint {
                    why: why(&clue),
                    place: clue.place,
                    fits: fits.clone(),
                    sign,
                });
            }
        };
        for clue in clues::claims(draft) {
            add(&self.claims, Some(clue), Sign::Claim, &|clue| {
                format!("{} names its claim {}", clue.field, clue.text)
            });
        }
        for clue in clues::repository_paths(draft) {
            add(&self.paths, Some(clue), Sign::Path, &|clue| {
                format!("{} is the path of its repository", clue.field)
            });
        }
        let directory = clues::repository_directory(draft);
        add(&self.directories, directory, Sign::Directory, &|clue| {
            format!("the directory {} is that of its repository", clue.text)
        });
        for clue in clues::buckets(draft) {
            add(&self.buckets, Some(clue), Sign::Bucket, &|clue| {
                format!("{} is its bucket", clue.text)
            });
        }
        hints.extend(self.same_namespace(draft));
        hints.extend(self.same_name(draft));
        hints
    }

    /// Clusters of the draft's name. In another namespace they count only for a draft that is shaped for a migration:
    /// many namespaces have a cluster called `postgres`.
    fn same_name(&self, draft: &Draft<'a>) -> Option<Hint> {
        let migration = shape::is_migration(draft);
        let near = |number: &usize| {
            let cluster = self.clusters.get(*number);
            let theirs = cluster.and_then(|cluster| cluster.namespace);
            migration || theirs.is_none() || draft.namespace.is_none() || theirs == draft.namespace
        };
        let same = self.names.get(draft.name)?.iter();
        let fits: BTreeMap<usize, Evidence> = same
            .filter(|(number, _)| near(number))
            .map(|(number, place)| (*number, *place))
            .collect();
        Some(Hint {
            why: "it has the same name".to_owned(),
            place: Evidence {
                span: draft.name_span(),
                note: "the draft's name",
            },
            fits,
            sign: Sign::Name,
        })
    }

    fn same_namespace(&self, draft: &Draft<'a>) -> Option<Hint> {
        let namespace = draft.namespace?;
        let node = draft.object.at(&["metadata", "namespace"])?;
        let same = |(number, cluster): (usize, &&'a Cluster<'a>)| {
            let place = Evidence {
                span: cluster.name_span(),
                note: "the v4 cluster",
            };
            (cluster.namespace == Some(namespace)).then_some((number, place))
        };
        Some(Hint {
            why: "it is in the same namespace".to_owned(),
            place: Evidence {
                span: node.span(),
                note: "the draft's namespace",
            },
            fits: self.clusters.iter().enumerate().filter_map(same).collect(),
            sign: Sign::Namespace,
        })
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
    let read = cluster::FACTS.fact(fact);
    let fact = read.and_then(|fact| cluster::FACTS.read(fact, cluster));
    if let Some(Fact::Known(Truth {
        value: Value::Str(text),
        evidence,
        ..
    })) = fact
    {
        let own = Evidence {
            span: cluster.name_span(),
            note: "the v4 cluster",
        };
        let place = evidence.first().copied().unwrap_or(own);
        note(index, number, &text, place);
    }
}
