//! What a configuration says, as data.

use std::path::PathBuf;
use std::sync::Arc;

use crate::check::{Glob, Place, Policy};
use crate::expr::Version;
use crate::rule::{Method, Weight};
use crate::source::Source;

/// What a configuration file says.
#[derive(Debug, Default)]
pub(crate) struct Config {
    pub(crate) target: Option<Version>,
    pub(super) methods: Vec<Method>,
    /// Folders of rules, as written.
    pub(super) rules: Vec<String>,
    pub(super) severity: Vec<Severity>,
    /// Paths below the file's folder.
    pub(super) exclude: Vec<Glob>,
    /// Where they are written.
    pub(super) excludes: Option<Place>,
    /// Waivers and attestations.
    pub(crate) policy: Policy,
    /// Rules that are named, each with its place, to be looked up once all rules are known.
    pub(super) named: Vec<(String, String)>,
    /// The text.
    pub(crate) text: Option<Arc<Source>>,
    /// The folder it is in.
    pub(super) folder: PathBuf,
    /// Whether nobody named it: then it may narrow and annotate, and reach nothing outside its folder.
    pub(super) found: bool,
}

/// How much the findings of a rule weigh.
#[derive(Debug)]
pub(super) struct Severity {
    pub(super) rule: String,
    pub(super) weight: Weight,
    /// `uri:line:column`.
    pub(super) place: String,
}
