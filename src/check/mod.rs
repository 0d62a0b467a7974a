//! Facts and rules to findings, verdicts, and the Report.
//!
//! Pure: no IO. It must not know how a report is shown.

mod after;
mod evidence;
mod example;
mod ignore;
mod judge;
mod names;
mod options;
mod policy;
mod report;
mod run;
mod shared;
mod subject;

pub use after::after;
pub use evidence::Evidence;
pub use example::{ExampleFailure, run_examples, run_step_examples};
pub use ignore::Ignores;
pub(crate) use judge::remedy::{lacked, prose_of};
pub use judge::schema::GivenSchema;
pub use names::{postgres_clusters, v4_clusters};
pub use options::Options;
pub use policy::{Attestation, Exclusion, Glob, GlobError, Place, Policy, Selector, Waiver};
pub use report::arrival::{Held, LivingReport, MigrationReport, UpgradeReport};
pub use report::baseline::Baseline;
pub use report::course::{CourseReport, StepReport, Truth, UnderWay, Way};
pub use report::exit::{
    BROKEN, CLEAN, FAILED, FailOn, Tally, UNDECIDED, awaits_rendering_alone, exit_code,
    verify_exit_code,
};
pub use report::finding::{
    BaselineState, Finding, FindingOutcome, FindingSubject, Label, SuppressedBy, Suppression,
};
pub use report::fingerprint::Fingerprint;
pub use report::invocation::{ASKING, EVERYTHING, Invocation, LIVE};
pub use report::known::Known;
pub use report::level::level;
pub use report::method::{MethodReport, Target};
pub use report::verdict::{ArrivalVerdict, DraftVerdict, Verdict};
pub use report::{
    CONFIGURATION, ClusterReport, Compared, DraftReport, DraftSource, Input, Report, RuleText,
    Skipped,
};
pub use run::{check, check_courses};
pub use subject::tables::{cluster_facts, draft_facts, living_facts, migration_facts, names_of};
