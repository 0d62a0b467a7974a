//! `verify`: whether everything of v4 has arrived in the living v5 clusters.

use std::collections::BTreeSet;
use std::path::Path;

use super::Failure;
use super::args::show::ShowArgs;
use super::args::verify::VerifyArgs;
use super::evidence::origin_and_path;
use super::judging::{Judging, tell_faults};
use super::overwriting::Read;
use super::report::{tell_governed, write_in};
use super::streams::format::{Colour, Format, Output};
use super::streams::output::{screen, tell, write_out};
use crate::check::{self, Report};
use crate::render;
use crate::render::document::Document;

const NOTHING_NAMED: &str = "name what is there now, and with --before what was there before (see `pgo-preflight verify --help`)";

/// Runs `verify` and returns the exit code.
pub(super) fn run(args: &VerifyArgs) -> Result<u8, Failure> {
    let Judging {
        evidence,
        rules,
        options,
        ..
    } = args
        .judging
        .read(&args.paths, &args.before, NOTHING_NAMED, true)?;
    let mut report = check::check(evidence, &rules, &options);
    tell_faults(&report);
    report.keep_moves();
    let code = check::verify_exit_code(&report);
    refuse_input(args, &report)?;
    refuse_unmatched(args, &report)?;
    narrow(args, &mut report);
    write(args, &report, code)?;
    Ok(code)
}

/// A name that no cluster has, of v4 or v5, is a slip, and no answer.
fn refuse_unmatched(args: &VerifyArgs, report: &Report) -> Result<(), Failure> {
    let mut there: BTreeSet<(String, String)> = report.unmoved.iter().cloned().collect();
    let living = report.living.iter();
    there.extend(living.map(|one| (one.namespace.clone(), one.name.clone())));
    let moved = report.migrations.iter();
    there.extend(moved.map(|one| (one.source_namespace.clone(), one.source_name.clone())));
    match render::unmatched(&args.cluster, &there) {
        Some(lost) => Err(Failure::new(format!("--cluster: {lost}"))),
        None => Ok(()),
    }
}

/// Leaves the clusters that are to be shown, and says how many are not.
fn narrow(args: &VerifyArgs, report: &mut Report) {
    if args.cluster.is_empty() {
        return;
    }
    let is_wanted = |namespace: &str, name: &str| {
        let mut globs = args.cluster.iter();
        globs.any(|glob| glob.means(namespace, name))
    };
    let left_out = report.narrow_moves(&is_wanted);
    if left_out > 0 {
        tell(&format!(
            "note: --cluster leaves out {left_out} of the clusters that were verified; the exit code counts them"
        ));
    }
}

/// Refuses a report that would be written over what it is about.
fn refuse_input(args: &VerifyArgs, report: &Report) -> Result<(), Failure> {
    let named = args.paths.iter().chain(&args.before);
    let named = named.map(|path| origin_and_path(path).1);
    let inputs = report.inputs.iter().map(|input| Path::new(&*input.uri));
    let judging = &args.judging;
    let settings = [
        judging.config.as_deref(),
        report.config.as_deref().map(Path::new),
    ];
    Read::default()
        .files(named.chain(inputs))
        .judging(
            &judging.rules,
            &judging.backup_info,
            settings.into_iter().flatten(),
        )
        .spare(&args.format)
}

/// Writes the report in each format asked for; a checklist to standard output where none is.
fn write(args: &VerifyArgs, report: &Report, code: u8) -> Result<(), Failure> {
    let default = [Output {
        format: Format::Human,
        file: None,
    }];
    let outputs = if args.format.is_empty() {
        &default[..]
    } else {
        &args.format
    };
    let document = Document::of(report, code);
    tell_governed(document.governed(), outputs);
    for output in outputs {
        let screen = screen(output, Colour::Never);
        let form = output.format.form(false);
        write_out(output.file.as_deref(), form, |out| match output.format {
            Format::Human => {
                let text = render::verify_human(&document, screen, args.verbose);
                out.write_all(text.as_bytes())
            }
            format => write_in(out, format, &document, &ShowArgs::default(), screen),
        })?;
    }
    Ok(())
}
