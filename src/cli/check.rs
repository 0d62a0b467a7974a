//! `check`: read, judge, render.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use super::args::check::CheckArgs;
use super::args::value::clock;
use super::crd::{definition, given_schema};
use super::evidence::{self, Named, origin_and_path};
use super::overwriting::Read;
use super::streams::door::Form;
use super::streams::format::{Format, Output};
use super::streams::output::{directory, screen, tell, write_file, write_out};
use super::{Failure, config};
use crate::check::{self, Baseline, CLEAN, FAILED, Glob, Invocation, Options, Report, UNDECIDED};
use crate::convert::Drafted;
use crate::fact::{Definition, Run};
use crate::printable::one_line;
use crate::render::document::{Document, governed_by, since};
use crate::render::{self, Screen, Snippets};
use crate::rule::{Method, RuleSet};
use crate::schema::Release;
use crate::source::read_setting;

/// Runs `check` and returns the exit code.
pub(super) fn run(args: &CheckArgs, called: Option<Invocation>) -> Result<u8, Failure> {
    let names_clusters = names_clusters(args)?;
    if args.paths.is_empty() && !names_clusters {
        return Err(Failure::new(
            "name what to check: files, folders, - for standard input, or a live cluster (see `pgo-preflight check --help`)",
        ));
    }
    let mut config = config::find(args.config.as_deref(), args.no_config)?;
    let args = &config.complete(args)?;
    let baseline = args.baseline.as_deref().map(read_baseline).transpose()?;
    let mut rules = super::rules::rule_set(&args.rules)?;
    config.weigh(&mut rules)?;
    let earlier = args.since.as_deref().map(super::report::read).transpose()?;
    let mut reading = evidence::read(&Named::by(args), &mut config)?;
    super::evidence::backup_info::attach(&args.backup_info, &mut reading.evidence)?;
    super::evidence::named::hold_pairs(&args.pair, &reading.evidence, true)?;
    let now = args.now.or(reading.taken).unwrap_or_else(clock);
    if let Some(text) = config.text {
        reading.evidence.govern(config.policy.on(now), &text);
    }
    let options = options(args, now)?;
    let mut report = check::check(&reading.evidence, &rules, &options);
    report.invocation = called.map(|called| called.of_evidence(reading.apart));
    let is_page = |output: &Output| output.format == Format::Html;
    let drafted = if args.format.iter().any(is_page) {
        super::draft::beside(&reading.evidence, &report, &options.run)
    } else {
        Vec::new()
    };
    drop(reading);
    if let Some(path) = &args.write_baseline {
        read_by(args, &report)
            .files(args.since.as_deref())
            .spare_one(path)?;
        write_file(path, &Baseline::of(&report).text(), Form::Json)?;
    }
    if let (Some(baseline), Some(path)) = (baseline, &args.baseline) {
        baseline.compare(&mut report, &path.to_string_lossy());
    }
    for bug in &report.bugs {
        tell(&format!("error: {bug}"));
    }
    let found = check::exit_code(&report, args.fail_on.into());
    let code = match found {
        FAILED | UNDECIDED if args.exit_zero => CLEAN,
        UNDECIDED if args.allow_unrendered && check::awaits_rendering_alone(&report) => CLEAN,
        code => code,
    };
    tell_unknown_rules(&args.show.rule, &rules);
    write(args, &report, &drafted, code, earlier.as_ref())?;
    // The program ends here, and takes all of it along in one go.
    std::mem::forget((rules, report));
    Ok(code)
}

/// Names for `--rule` that no rule has: they show nothing, whatever was found.
fn tell_unknown_rules(globs: &[Glob], rules: &RuleSet) {
    let known = |glob: &&Glob| rules.rules().iter().any(|rule| glob.matches(&rule.id));
    for glob in globs.iter().filter(|glob| !known(glob)) {
        let hint = rules
            .similar(glob.pattern())
            .map_or_else(String::new, |similar| {
                format!("; did you mean `{similar}`?")
            });
        tell(&format!(
            "note: --rule: there is no rule `{}`{hint} (`pgo-preflight rules` lists them)",
            one_line(glob.pattern())
        ));
    }
}

#[cfg(feature = "live")]
fn names_clusters(args: &CheckArgs) -> Result<bool, Failure> {
    args.live.refuse_idle()?;
    Ok(args.live.names_clusters())
}

/// A program without the feature reads files only.
#[cfg(not(feature = "live"))]
#[allow(clippy::unnecessary_wraps)]
fn names_clusters(_: &CheckArgs) -> Result<bool, Failure> {
    Ok(false)
}

/// Larger than the baseline of any fleet, in bytes: room for a million findings.
const MOST_BASELINE: u64 = 512 << 20;

fn read_baseline(path: &Path) -> Result<Baseline, Failure> {
    let named = path.display();
    let failed = |why: String| Failure::new(format!("cannot read {named}: {why}"));
    let bytes = read_setting(path, MOST_BASELINE).map_err(|error| failed(error.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|_| failed("this is not UTF-8 text".to_owned()))?;
    Baseline::read(&text).map_err(|why| Failure::new(format!("{named}: {why}")))
}

fn options(args: &CheckArgs, now: Timestamp) -> Result<Options, Failure> {
    let mut methods = args.method.clone();
    methods.sort_unstable();
    methods.dedup();
    if methods.is_empty() {
        methods = Method::ALL.to_vec();
    }
    if methods.contains(&Method::Upgrade) && args.target.is_none() {
        let newest = Release::newest().map_or("", Release::name);
        return Err(Failure::new(format!(
            "--method upgrade needs --target VERSION, the release to go on to; the newest that this program knows is {newest}"
        )));
    }
    let schema = args.crd.as_deref().map(given_schema).transpose()?;
    if let (Some(target), None) = (&args.target, &schema)
        && Release::standing_for(target).is_none()
    {
        let known = Release::minors().join(", ");
        return Err(Failure::new(format!(
            "--target {target}: this program knows nothing of that minor release; it knows {known}. With --crd FILE, the CustomResourceDefinition of that release, drafts can be checked all the same"
        )));
    }
    let served = args.target.as_ref().and_then(Release::standing_for);
    if let (Some(api), Some(target)) = (args.api_version, served)
        && !target.api_versions.contains(&api)
    {
        return Err(Failure::new(format!(
            "--api-version {api}: PGO {} does not serve it; name a release from 6.0 on with --target, or none for the newest",
            target.name()
        )));
    }
    let by_crd = schema
        .as_ref()
        .map(|given| definition(given, args.api_version));
    let by_api = || {
        args.api_version.map(|api| Definition {
            releases: Vec::new(),
            from: String::new(),
            api_version: Some(api),
        })
    };
    let definition = by_crd.or_else(by_api);
    Ok(Options {
        run: Run {
            now,
            target: args.target,
            definition,
        },
        methods,
        facts: args.facts,
        pairs: args.pair.clone(),
        living: true,
        lint_live: args.lint_live || args.api_version.is_some(),
        schema: schema.map(Arc::new),
    })
}

/// What the run reads. A baseline is not in it: that of today takes the place of the one before.
fn read_by<'a>(args: &'a CheckArgs, report: &'a Report) -> Read<'a> {
    let named = args.paths.iter().map(|path| origin_and_path(path).1);
    let inputs = report.inputs.iter().map(|input| Path::new(&*input.uri));
    let settings = [args.config.as_deref(), args.crd.as_deref()];
    let settings = settings
        .into_iter()
        .chain([report.config.as_deref().map(Path::new)]);
    Read::default().files(named.chain(inputs)).judging(
        &args.rules,
        &args.backup_info,
        settings.flatten(),
    )
}

/// Writes the report in each format asked for; human text to standard output where none is.
fn write(
    args: &CheckArgs,
    report: &Report,
    drafted: &[Drafted],
    code: u8,
    earlier: Option<&Document<'_>>,
) -> Result<(), Failure> {
    let narrow = args.show.narrow();
    let default = [Output {
        format: Format::Human,
        file: None,
    }];
    let outputs = if args.format.is_empty() {
        &default[..]
    } else {
        &args.format
    };
    read_by(args, report)
        .files(args.baseline.as_deref())
        .since(args.since.as_deref())
        .spare(outputs)?;
    let governed = report.config.as_deref().map(governed_by);
    super::report::tell_governed(governed, outputs);
    // What says less than all there is has no place for it, nor have rows of clusters.
    let rows = outputs.iter().all(|output| output.format == Format::Csv);
    if args.show.quiet || rows || !narrow.is_whole() {
        super::judging::tell_left_out(report);
    }
    // JSON and SARIF of a whole run are written finding by finding: a fleet's need not be there all at once.
    let streamed = |format| narrow.is_whole() && matches!(format, Format::Json | Format::Sarif);
    let whole = earlier.is_some() || outputs.iter().any(|output| !streamed(output.format));
    let mut document = whole.then(|| Document::of(report, code));
    if let (Some(document), Some(earlier)) = (&mut document, earlier) {
        document.since = Some(since(earlier, document));
    }
    if let Some(document) = &mut document {
        super::draft::attach(document, drafted);
        document.narrow(&narrow);
        super::report::tell_narrowed(document, outputs);
    }
    let since = document
        .as_ref()
        .and_then(|document| document.since.as_ref());
    for output in outputs {
        let screen = screen(output, args.color);
        let form = output.format.form(screen.colour);
        write_out(output.file.as_deref(), form, |out| {
            match (output.format, &document) {
                (Format::Human, Some(document)) => {
                    out.write_all(human(args, report, document, screen).as_bytes())
                }
                (format, Some(document)) if !streamed(format) => {
                    super::report::write_in(out, format, document, &args.show, screen)
                }
                (Format::Sarif, _) => render::write_sarif(out, report, directory().as_deref()),
                _ => render::write_json(out, report, code, since),
            }
        })?;
    }
    Ok(())
}

/// The text for people.
fn human(args: &CheckArgs, report: &Report, document: &Document<'_>, screen: Screen) -> String {
    let snippets = Snippets::of(report);
    let lines = |origin: &str, id: &str| snippets.draw(origin, id, screen.colour);
    let mut text = render::lead(document, screen, args.show.extent(), &lines);
    if let Some(since) = &document.since {
        text.push_str(&render::progress(since, screen.colour));
    }
    text
}
