//! `plan`: the way of each cluster, step by step, and how far it is.

use std::sync::Arc;

use super::Failure;
use super::args::plan::{PlanArgs, PlanFormat};
use super::args::value::clock;
use super::crd::{definition, given_schema};
use super::judging::{Judging, tell_faults};
use super::streams::door::Form;
use super::streams::format::{Format, Output};
use super::streams::output::{print, screen};
use crate::check::{self, CourseReport, Invocation, Report};
use crate::plan::{self, Plan};
use crate::render::document::{Document, Narrow};
use crate::render::{self, EvidenceAge, document_json, html, plan_levels, plan_values};

const NOTHING_NAMED: &str = "name what is there: files, folders, bundles, or a live cluster (see `pgo-preflight plan --help`)";

/// Runs `plan` and returns the exit code.
pub(super) fn run(args: &PlanArgs, called: Option<Invocation>) -> Result<u8, Failure> {
    let Judging {
        evidence,
        taken,
        apart,
        mut rules,
        mut options,
    } = args
        .judging
        .read(&args.paths, &args.before, NOTHING_NAMED, true)?;
    super::rules::steps::add(&mut rules, &args.steps)?;
    if let Some(method) = args.method {
        options.methods = vec![method];
    }
    if let Some(given) = args.crd.as_deref().map(given_schema).transpose()? {
        options.run.definition = Some(definition(&given, None));
        options.schema = Some(Arc::new(given));
    }
    let mut report = check::check_courses(evidence, &rules, &options);
    report.invocation = called.map(|called| called.of_evidence(apart));
    tell_faults(&report);
    refuse_unmatched(args, &report)?;
    let plans = plan::plans(&report, &|course| is_wanted(args, course));
    let code = if report.bugs.is_empty() {
        plan::exit_code(&plans, &report)
    } else {
        check::BROKEN
    };
    let age = EvidenceAge {
        taken,
        now: args.judging.now.unwrap_or_else(clock),
    };
    match args.format {
        PlanFormat::Human => {
            let output = Output {
                format: Format::Human,
                file: None,
            };
            let screen = screen(&output, args.color);
            let form = Format::Human.form(screen.colour);
            print(
                &render::plan_human(&report, &plans, age, screen, args.verbose),
                form,
            )?;
        }
        PlanFormat::Markdown => {
            print(
                &render::plan_markdown(&report, &plans, age, args.verbose),
                Form::Lines,
            )?;
        }
        PlanFormat::Json => {
            let text = document_json(&document(args, &report, (&plans, age), code));
            print(&format!("{text}\n"), Form::Json)?;
        }
        PlanFormat::Html => {
            let page = html(&document(args, &report, (&plans, age), code));
            print(&page, Format::Html.form(false))?;
        }
    }
    Ok(code)
}

/// The report of the run with its plans.
fn document<'r>(
    args: &PlanArgs,
    report: &'r Report,
    (plans, age): (&[Plan], EvidenceAge),
    code: u8,
) -> Document<'r> {
    let mut document = Document::of(report, code);
    document.plans = plan_values(report, plans, age);
    plan_levels(&mut document, plans);
    document.narrow(&Narrow {
        clusters: args.cluster.clone(),
        rules: Vec::new(),
    });
    document
}

/// A name that no cluster has is a slip, and no answer.
fn refuse_unmatched(args: &PlanArgs, report: &Report) -> Result<(), Failure> {
    let there = report.courses.iter();
    let there = there.map(|one| (one.namespace.clone(), one.name.clone()));
    match render::unmatched(&args.cluster, &there.collect()) {
        Some(lost) => Err(Failure::new(format!("--cluster: {lost}"))),
        None => Ok(()),
    }
}

fn is_wanted(args: &PlanArgs, course: &CourseReport) -> bool {
    let mut globs = args.cluster.iter();
    args.cluster.is_empty() || globs.any(|glob| glob.means(&course.namespace, &course.name))
}
