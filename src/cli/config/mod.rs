//! The configuration file: found, read, and joined with the flags, which win.

mod fields;
mod format;
mod read;
mod settings;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Failure;
use super::args::check::CheckArgs;
use super::streams::output::tell;
use crate::check::Exclusion;
use crate::printable::one_line;
use crate::rule::RuleSet;
use crate::source::{
    Inputs, OriginId, Reason, Skipped, Source, SourceId, is_open_to_all, read_found, read_setting,
    stays_below,
};

pub(super) use format::schema;
pub(super) use settings::Config;
use settings::Severity;

/// Its name where nobody gives one.
const NAME: &str = ".pgo-preflight.yaml";
/// Larger than any that a person writes, in bytes.
const MOST_BYTES: u64 = 1 << 20;

/// The configuration that the flags name, or the one in the working directory or above it.
pub(super) fn find(named: Option<&Path>, none: bool) -> Result<Config, Failure> {
    if none {
        return Ok(Config::default());
    }
    match named {
        Some(path) => load(path, &path.to_string_lossy().replace('\\', "/"), false),
        None => match discovered() {
            Some((path, uri)) => load(&path, &uri, true),
            None => Ok(Config::default()),
        },
    }
}

/// The nearest configuration file, and its path as seen from the working directory. The search ends where the
/// repository does, and passes over folders in which anybody may have put it.
#[allow(clippy::disallowed_methods)] // the one place that looks for settings nobody named
fn discovered() -> Option<(PathBuf, String)> {
    let directory = std::env::current_dir().ok()?;
    for (above, folder) in directory.ancestors().enumerate() {
        let path = folder.join(NAME);
        let uri = format!("{}{NAME}", "../".repeat(above));
        // Whatever it is: a link that leads nowhere is told, not passed over.
        if path.symlink_metadata().is_ok() {
            if !is_open_to_all(folder) {
                return Some((path, uri));
            }
            tell(&format!(
                "note: {uri} is passed over, for everybody may write to its folder; to use it, name it: --config {uri}"
            ));
        }
        if folder.join(".git").exists() {
            return None;
        }
    }
    None
}

#[allow(clippy::disallowed_methods)] // settings are no input
fn load(path: &Path, uri: &str, found: bool) -> Result<Config, Failure> {
    let read = if found { read_found } else { read_setting };
    let bytes = read(path, MOST_BYTES)
        .map_err(|error| Failure::new(format!("cannot read {uri}: {error}")))?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Failure::new(format!("{uri}: this is not UTF-8 text")))?;
    let source = Source::new(SourceId(0), OriginId(u32::MAX), uri.to_owned(), text);
    let mut config = read::config(&Arc::new(source))?;
    config.found = found;
    config.folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    Ok(config)
}

/// What is wrong with a text as a configuration, rules that it names aside; nothing if it is one.
pub fn configuration_problems(text: &str) -> Option<String> {
    let uri = NAME.to_owned();
    let source = Source::new(SourceId(0), OriginId(u32::MAX), uri, text.to_owned());
    read::config(&Arc::new(source))
        .err()
        .map(|Failure(words)| words)
}

impl Config {
    /// The flags, completed by what the file says where they say nothing. Folders of rules add up.
    ///
    /// # Errors
    /// A configuration that was found asks for rules from outside its folder.
    pub(super) fn complete(&self, args: &CheckArgs) -> Result<CheckArgs, Failure> {
        let mut args = args.clone();
        args.target = args.target.or(self.target);
        if args.method.is_empty() {
            args.method.clone_from(&self.methods);
        }
        let mut folders = self.folders()?;
        folders.append(&mut args.rules);
        args.rules = folders;
        Ok(args)
    }

    /// The folders of rules that it names.
    ///
    /// # Errors
    /// A configuration that was found asks for rules from outside its folder.
    pub(super) fn folders(&self) -> Result<Vec<PathBuf>, Failure> {
        let folders = self.rules.iter();
        folders.map(|folder| self.folder_of_rules(folder)).collect()
    }

    /// Where rules lie. That there is something elsewhere is not even told to a file that nobody named.
    fn folder_of_rules(&self, written: &str) -> Result<PathBuf, Failure> {
        let path = self.folder.join(written);
        let outside = || {
            let named = self.text.as_ref().map_or(NAME, |text| &*text.uri);
            Failure::new(format!(
                "{named}: `rules: {written}` is not a folder below it. A configuration that was found, not named, \
                 reaches nothing else; to use it, name it: --config {named}"
            ))
        };
        let climbs = Path::new(written).components().any(|part| {
            use std::path::Component::{CurDir, Normal};
            !matches!(part, Normal(_) | CurDir)
        });
        if self.found && (climbs || !stays_below(&path, &self.folder).unwrap_or(!climbs)) {
            return Err(outside());
        }
        if self.found && !path.is_dir() && path.exists() {
            return Err(outside());
        }
        Ok(path)
    }

    /// Sets the rules' weights, and makes sure that every rule that the file names exists.
    pub(super) fn weigh(&self, rules: &mut RuleSet) -> Result<(), Failure> {
        let mut problems = Vec::new();
        let named = self
            .severity
            .iter()
            .map(|severity| (&severity.rule, &severity.place));
        for (rule, place) in named.chain(self.named.iter().map(|(rule, place)| (rule, place))) {
            if rules.get(rule).is_none() {
                let hint = rules
                    .similar(rule)
                    .map(|similar| format!("; did you mean `{similar}`?"))
                    .unwrap_or_default();
                let rule = one_line(rule);
                problems.push(format!("{place}: there is no rule `{rule}`{hint}"));
            }
        }
        for severity in &self.severity {
            if let Err(why) = rules.reweigh(&severity.rule, severity.weight) {
                problems.push(format!("{}: {why}", severity.place));
            }
        }
        if problems.is_empty() {
            Ok(())
        } else {
            Err(Failure::new(problems.join("\n  ")))
        }
    }

    /// Takes out the files that are excluded, and says so.
    pub(super) fn exclude(&mut self, inputs: &mut Inputs) {
        let Some(text) = self.text.as_ref().filter(|_| !self.exclude.is_empty()) else {
            return;
        };
        let Inputs { files, skipped, .. } = inputs;
        let mut left_out = Vec::new();
        files.retain(|file| {
            let Some(path) = self.below(&file.uri) else {
                return true;
            };
            let out = self.exclude.iter().any(|glob| glob.matches(&path));
            if out {
                left_out.push(file.uri.clone());
                skipped.push(Skipped {
                    uri: file.uri.clone(),
                    reason: Reason::Excluded(text.uri.clone()),
                });
            }
            !out
        });
        if left_out.is_empty() {
            return;
        }
        match (&mut self.policy.exclusion, self.excludes.clone()) {
            (Some(before), _) => before.files.extend(left_out),
            (none, place) => {
                *none = place.map(|place| Exclusion {
                    files: left_out,
                    place,
                });
            }
        }
    }

    /// A file's path below the configuration's folder; none for what lies elsewhere, and for standard input.
    #[allow(clippy::disallowed_methods)]
    fn below(&self, uri: &str) -> Option<String> {
        if uri == "-" {
            return None;
        }
        let folder = std::path::absolute(&self.folder).ok()?;
        let path = std::path::absolute(uri).ok()?;
        let (folder, path) = (plain(&folder), plain(&path));
        let below = path.strip_prefix(&folder).ok()?;
        Some(below.to_string_lossy().replace('\\', "/"))
    }
}

/// A path without `.` and `..`, as far as that can be said without looking.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => {
                plain.pop();
            }
            std::path::Component::CurDir => {}
            other => plain.push(other),
        }
    }
    plain
}
