//! `plan`: the way of each cluster, step by step, and how far it is.

use super::Failure;
use super::config;
use super::door::Form;
use super::evidence::{self, Named};
use super::format::{Format, Output};
use super::output::{print, screen, tell};
use super::plan_args::{PlanArgs, PlanFormat};
use super::value::clock;
use crate::check::{self, CourseReport, Options, Report};
use crate::fact::Run;
use crate::plan::{self, Plan};
use crate::render::document::{Document, Narrow};
use crate::render::{self, EvidenceAge, document_json, html, plan_values};
use crate::rule::Method;

/// Runs `plan` and returns the exit code.
pub(super) fn run(args: &PlanArgs) -> Result<u8, Failure> {
    #[cfg(feature = "live")]
    args.live.refuse_idle()?;
    let named = Named {
        before: &args.before,
        paths: &args.paths,
        #[cfg(feature = "live")]
        live: &args.live,
        assume_complete: &args.assume_complete,
    };
    if named.is_nothing() {
        return Err(Failure::new(
            "name what is there: files, folders, bundles, or a live cluster (see `pgo-preflight plan --help`)",
        ));
    }
    let mut config = config::find(args.config.as_deref(), args.no_config)?;
    let folders = [config.folders()?, args.rules.clone()].concat();
    let mut rules = super::rules::rule_set(&folders)?;
    config.weigh(&mut rules)?;
    super::steps::add(&mut rules, &args.steps)?;
    let mut reading = evidence::read(&named, &mut config)?;
    let taken = reading.taken;
    let now = args.now.or(taken).unwrap_or_else(clock);
    let target = args.target.or(config.target);
    if let Some(text) = config.text {
        reading.evidence.govern(config.policy.on(now), &text);
    }
    let options = Options {
        run: Run {
            now,
            target,
            definition: None,
        },
        methods: args
            .method
            .map_or(Method::ALL.to_vec(), |method| vec![method]),
        facts: false,
        pairs: args.pair.clone(),
        living: true,
        lint_live: false,
        schema: None,
    };
    let report = check::check_courses(reading.evidence, &rules, &options);
    for bug in &report.bugs {
        tell(&format!("error: {bug}"));
    }
    for skipped in report.skipped.iter().filter(|skipped| skipped.counts) {
        let place = crate::printable::one_line(&skipped.uri);
        tell(&format!(
            "note: {place}: {}",
            crate::printable::one_line(&skipped.reason)
        ));
    }
    let plans = plan::plans(&report, &|course| is_wanted(args, course));
    let code = if report.bugs.is_empty() {
        plan::exit_code(&plans, &report)
    } else {
        check::BROKEN
    };
    let age = EvidenceAge {
        taken,
        now: args.now.unwrap_or_else(clock),
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
            let text = document_json(&document(args, &report, &plans, code));
            print(&format!("{text}\n"), Form::Json)?;
        }
        PlanFormat::Html => {
            let page = html(&document(args, &report, &plans, code));
            print(&page, Format::Html.form(false))?;
        }
    }
    Ok(code)
}

/// The report of the run with its plans.
fn document<'r>(args: &PlanArgs, report: &'r Report, plans: &[Plan], code: u8) -> Document<'r> {
    let mut document = Document::of(report, code);
    document.plans = plan_values(report, plans);
    document.narrow(&Narrow {
        clusters: args.cluster.clone(),
        rules: Vec::new(),
    });
    document
}

fn is_wanted(args: &PlanArgs, course: &CourseReport) -> bool {
    let name = course.name.as_str();
    let full = format!("{}/{name}", course.namespace);
    let mut globs = args.cluster.iter();
    args.cluster.is_empty() || globs.any(|glob| glob.matches(name) || glob.matches(&full))
}
