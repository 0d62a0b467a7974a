//! What may be written over: a report replaces what is there, as a shell's `>` does, but nothing that the run itself reads.

use std::path::Path;

use super::Failure;
use super::evidence::backup_info::SavedInfo;
use super::streams::format::{Format, Output};
use crate::source::{is_same_file, stays_below};

/// What a run reads.
#[derive(Default)]
pub(super) struct Read<'a> {
    files: Vec<&'a Path>,
    /// All of which is read.
    folders: Vec<&'a Path>,
    /// A report that the one of today may take the place of.
    since: Option<&'a Path>,
}

impl<'a> Read<'a> {
    /// Files. A text in an archive is called by the archive's path and its own: the archive is meant, too.
    pub(super) fn files(mut self, files: impl IntoIterator<Item = &'a Path>) -> Self {
        self.files.extend(files);
        self
    }

    /// What the user brings to judge by: rules, and what pgBackRest said.
    pub(super) fn judging(
        self,
        rules: &'a [std::path::PathBuf],
        saved: &'a [SavedInfo],
        others: impl IntoIterator<Item = &'a Path>,
    ) -> Self {
        let saved = saved.iter().map(SavedInfo::file);
        let mut read = self.files(saved).files(others);
        read.folders.extend(rules.iter().map(|folder| &**folder));
        read
    }

    /// The report of before.
    pub(super) fn since(self, since: Option<&'a Path>) -> Self {
        Read { since, ..self }
    }

    /// Refuses reports that would be written over it.
    ///
    /// # Errors
    /// One is.
    pub(super) fn spare(&self, outputs: &[Output]) -> Result<(), Failure> {
        for output in outputs {
            let Some(file) = output.file.as_deref() else {
                continue;
            };
            let since = self.since.filter(|_| output.format != Format::Json);
            if since.is_some_and(|since| is_same_file(file, since)) {
                return Err(refused(file));
            }
            self.spare_one(file)?;
        }
        Ok(())
    }

    /// Refuses a file that would be written over it.
    ///
    /// # Errors
    /// It would.
    pub(super) fn spare_one(&self, file: &Path) -> Result<(), Failure> {
        if !file.is_file() {
            return Ok(());
        }
        let is_read = |read: &&Path| read.ancestors().any(|place| is_same_file(file, place));
        let is_below = |folder: &&Path| stays_below(file, folder).unwrap_or(false);
        if self.files.iter().any(is_read) || self.folders.iter().any(is_below) {
            return Err(refused(file));
        }
        Ok(())
    }
}

fn refused(file: &Path) -> Failure {
    Failure::new(format!(
        "{} is part of the input and would be overwritten: name another file",
        file.display()
    ))
}
