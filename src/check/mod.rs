//! Facts and rules to findings, verdicts, and the Report.
//!
//! Pure: no IO. It must not know how a report is shown.

mod after;
mod arrival;
mod asked;
mod baseline;
mod cause;
mod client;
mod cluster;
mod context;
mod course_report;
mod courses;
mod draft;
mod evidence;
mod example;
mod exception;
mod exit;
mod finding;
mod fingerprint;
mod folder;
mod fragment;
mod ignore;
mod input;
mod judge;
mod known;
mod label;
mod level;
mod living;
mod lookup;
mod method_report;
mod methods;
mod moves;
mod namesakes;
mod options;
mod orphans;
mod policy;
mod remedy;
mod rendered;
mod report;
mod run;
mod schema;
mod shared;
mod step;
mod upgrade;
mod verdict;

pub use after::after;
pub use arrival::{Held, LivingReport, MigrationReport, UpgradeReport};
pub use baseline::Baseline;
pub use cluster::{cluster_facts, draft_facts, living_facts, migration_facts, names_of};
pub use course_report::{CourseReport, StepReport, Truth};
pub use evidence::Evidence;
pub use example::{ExampleFailure, run_examples, run_step_examples};
pub use exit::{
    BROKEN, CLEAN, FAILED, FailOn, Tally, UNDECIDED, awaits_rendering_alone, exit_code,
    verify_exit_code,
};
pub use finding::{
    BaselineState, Finding, FindingOutcome, FindingSubject, Label, SuppressedBy, Suppression,
};
pub use fingerprint::Fingerprint;
pub use ignore::Ignores;
pub use known::Known;
pub use level::level;
pub use method_report::{MethodReport, Target};
pub use options::Options;
pub use policy::{Attestation, Exclusion, Glob, GlobError, Place, Policy, Selector, Waiver};
pub(crate) use remedy::{LEFT_OUT, prose_of};
pub use report::{
    CONFIGURATION, ClusterReport, Compared, DraftReport, DraftSource, Input, Report, RuleText,
    Skipped,
};
pub use run::{check, check_courses};
pub use schema::GivenSchema;
pub use verdict::{ArrivalVerdict, DraftVerdict, Verdict};
