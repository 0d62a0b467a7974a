//! For tests: drafts from inline YAML beside small worlds of v4 clusters.

use crate::expr::{Names, Value};
use crate::fact::v4::testing::{World, show};
use crate::manifest::Fact;

use super::{Candidates, Draft, FACTS, PairFlag, drafts, linted};

/// Asks facts about the one draft of a world.
pub(super) struct Desk {
    pub(super) world: World,
    flags: Vec<PairFlag>,
    live: bool,
}

impl Desk {
    /// Only these documents; nothing is said about completeness.
    pub(super) fn of(documents: &[&str]) -> Desk {
        Desk::new(World::partial(&documents.join("\n---\n")))
    }

    /// These documents are all there is.
    pub(super) fn complete(documents: &[&str]) -> Desk {
        Desk::new(World::complete(&documents.join("\n---\n")))
    }

    /// This text, every object of other kinds than these being in it.
    pub(super) fn without(kinds: &str, text: &str) -> Desk {
        Desk::new(World::without(kinds, text))
    }

    fn new(world: World) -> Desk {
        Desk {
            world,
            flags: Vec::new(),
            live: false,
        }
    }

    /// With `--pair`.
    pub(super) fn pair(mut self, flag: &str) -> Desk {
        self.flags.push(PairFlag::parse(flag).unwrap());
        self
    }

    /// With `--target`.
    pub(super) fn target(mut self, version: &str) -> Desk {
        self.world.set_target(version);
        self
    }

    /// With `--lint-live`.
    pub(super) fn lint_live(mut self) -> Desk {
        self.live = true;
        self
    }

    /// A fact about the first draft.
    pub(super) fn fact(&self, name: &str) -> Fact<Value> {
        let number = FACTS.fact(name).unwrap_or_else(|| panic!("no fact {name}"));
        self.with_draft(|draft| FACTS.read(number, draft).unwrap())
    }

    /// Every fact of its own about the first draft as text, in the order of the table.
    pub(super) fn all(&self) -> Vec<String> {
        self.with_draft(|draft| {
            let facts = FACTS.facts().iter();
            facts.map(|fact| show(&fact.read(draft))).collect()
        })
    }

    pub(super) fn with_draft<T>(&self, ask: impl FnOnce(&Draft<'_>) -> T) -> T {
        let clusters = self.world.clusters();
        let candidates = Candidates::of(&clusters);
        let (inventory, run, surroundings) = self.world.parts();
        let drafts = drafts(
            inventory,
            run,
            surroundings,
            &candidates,
            &self.flags,
            linted(self.live),
        );
        ask(drafts.first().unwrap())
    }

    /// A fact as text; `unknown` where it is.
    pub(super) fn says(&self, name: &str) -> String {
        show(&self.fact(name))
    }

    /// The texts that the evidence for a fact covers.
    pub(super) fn points_at(&self, name: &str) -> Vec<String> {
        match self.fact(name) {
            Fact::Known(truth) => {
                let texts = truth.evidence.iter();
                texts.map(|place| self.world.slice(place.span)).collect()
            }
            Fact::Unknown(_) => Vec::new(),
        }
    }

    /// The text that the first piece of evidence covers.
    pub(super) fn first_place(&self, name: &str) -> String {
        self.points_at(name).into_iter().next().unwrap_or_default()
    }

    /// The commands that settle a fact, one a line.
    pub(super) fn asks(&self, name: &str) -> String {
        let fact = self.fact(name);
        let asks: Vec<&str> = fact.gaps().iter().map(|gap| gap.ask.as_str()).collect();
        asks.join("\n")
    }
}

/// The draft hippo in namespace pgo, with this below `spec`, indented by two.
pub(super) fn draft(spec: &str) -> String {
    format!(
        "apiVersion: postgres-operator.crunchydata.com/v1beta1\nkind: PostgresCluster\nmetadata:\n  name: hippo\n  namespace: pgo\nspec:\n{spec}"
    )
}

/// Holds facts to what they should say.
pub(super) fn expect(desk: &Desk, facts: &[(&str, &str)]) {
    for (fact, says) in facts {
        assert_eq!(desk.says(fact), *says, "{fact}");
    }
}
