//! `report`: JSON reports made elsewhere to one report of the whole fleet, in any format.

use std::io::{self, Write};
use std::path::Path;

use super::Failure;
use super::args::report::ReportArgs;
use super::args::show::ShowArgs;
use super::evidence::origin_and_path;
use super::overwriting::Read;
use super::streams::format::{Format, Output};
use super::streams::output::{directory, screen, tell, write_out};
use crate::check::{BROKEN, CLEAN, FAILED, UNDECIDED};
use crate::printable::{one_line, visible};
use crate::render::document::{self, Document, exit_code, merge, since};
use crate::render::{self, Extent, Screen};
use crate::source::read_setting;

/// Runs `report` and returns the exit code.
pub(super) fn run(args: &ReportArgs) -> Result<u8, Failure> {
    let mut reports = Vec::with_capacity(args.files.len());
    for argument in &args.files {
        reports.push(named(argument)?);
    }
    let earlier = args.since.as_deref().map(read).transpose()?;
    for (name, report) in &reports {
        if report.exit == BROKEN {
            tell(&format!(
                "error: {name}: a rule or the program failed in the run that wrote it; see its standard error"
            ));
        }
    }
    let merged = merge(reports).ok_or_else(|| Failure::new("name at least one JSON report"))?;
    for note in &merged.notes {
        tell(&format!("note: {}", visible(note)));
    }
    let mut document = merged.document;
    if let Some(earlier) = &earlier {
        document.since = Some(since(earlier, &document));
    }
    document.exit = match exit_code(&document, args.fail_on.into()) {
        FAILED | UNDECIDED if args.exit_zero => CLEAN,
        code => code,
    };
    document.narrow(&args.show.narrow());
    tell_narrowed(&document, &args.format);
    tell_governed(document.governed(), &args.format);
    let named = args
        .files
        .iter()
        .map(|file| origin_and_path(Path::new(file)).1);
    Read::default()
        .files(named)
        .since(args.since.as_deref())
        .spare(&args.format)?;
    write(args, &document)?;
    Ok(document.exit)
}

/// Says what filters leave out, where no text for people goes to standard output, which says so itself.
pub(super) fn tell_narrowed(document: &Document<'_>, outputs: &[Output]) {
    let mut all = outputs.iter();
    let told = outputs.is_empty()
        || all.any(|output| output.format == Format::Human && output.file.is_none());
    if let Some(words) = document.narrowed().filter(|_| !told) {
        tell(&format!("note: {words}"));
    }
}

/// Says which configuration governs, where no output has a place for that.
pub(super) fn tell_governed(governed: Option<String>, outputs: &[Output]) {
    let has_none = |output: &Output| {
        use Format::{Csv, Gitlab, Junit, PolicyReport, Sarif};
        matches!(output.format, Csv | Gitlab | Junit | PolicyReport | Sarif)
    };
    if let Some(governed) = governed.filter(|_| !outputs.is_empty())
        && outputs.iter().all(has_none)
    {
        tell(&format!("note: {}", one_line(&governed)));
    }
}

/// What a `[NAME=]FILE` names, with the name it is told by.
fn named(argument: &str) -> Result<(String, Document<'static>), Failure> {
    let (origin, file) = origin_and_path(Path::new(argument));
    let mut document = read(file)?;
    if let Some(origin) = origin {
        document.name_origin(origin);
    }
    Ok((file.to_string_lossy().into_owned(), document))
}

/// Reads one JSON report.
pub(super) fn read(path: &Path) -> Result<Document<'static>, Failure> {
    let told = |why: &str| Failure::new(format!("{}: {why}", visible(&path.display().to_string())));
    let text = read_setting(path, MOST_BYTES)
        .map_err(|error| told(&format!("cannot read it: {error}")))?;
    document::read(&text).map_err(|error| told(&error.to_string()))
}

/// Larger than the report of any fleet, in bytes.
const MOST_BYTES: u64 = 1 << 30;

fn write(args: &ReportArgs, document: &Document<'_>) -> Result<(), Failure> {
    let default = [Output {
        format: Format::Human,
        file: None,
    }];
    let outputs = if args.format.is_empty() {
        &default[..]
    } else {
        &args.format
    };
    for output in outputs {
        let screen = screen(output, args.color);
        let form = output.format.form(screen.colour);
        write_out(output.file.as_deref(), form, |out| {
            write_in(out, output.format, document, &args.show, screen)
        })?;
    }
    Ok(())
}

/// A report for people: a verification as its checklist.
fn told(document: &Document<'_>, screen: Screen, extent: Extent) -> String {
    let counts = [Extent::Table, Extent::Statistics].contains(&extent);
    if document.verifies() && !counts {
        return render::verify_human(document, screen, extent == Extent::Full);
    }
    render::lead(document, screen, extent, &|_, _| None)
}

/// Writes a JSON report in one of the formats.
pub(super) fn write_in(
    out: &mut dyn Write,
    format: Format,
    document: &Document<'_>,
    show: &ShowArgs,
    screen: Screen,
) -> io::Result<()> {
    let text = match format {
        Format::Markdown if document.verifies() => render::verify_markdown(document),
        Format::Human => {
            let mut text = told(document, screen, show.extent());
            if let Some(since) = &document.since {
                text.push_str(&render::progress(since, screen.colour));
            }
            text
        }
        Format::Json => render::document_json(document),
        Format::Html => render::html(document),
        Format::Markdown => render::markdown(document),
        Format::Csv => render::csv(document),
        Format::Junit => return render::write_junit(out, document),
        Format::Github => render::github(document),
        Format::Gitlab => return render::write_gitlab(out, document),
        Format::PolicyReport => return render::write_policyreport(out, document),
        Format::Sarif => render::document_sarif(document, directory().as_deref()),
    };
    out.write_all(text.as_bytes())
}
