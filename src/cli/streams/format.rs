//! `--format` and `--color`, as several commands take them.

use std::path::PathBuf;

use clap::ValueEnum;

use super::door::Form;

/// `--color`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Colour {
    /// On a terminal, unless `NO_COLOR` is set; anywhere if `CLICOLOR_FORCE` is
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// One `--format`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Output {
    pub(in crate::cli) format: Format,
    /// `None` is standard output.
    pub(in crate::cli) file: Option<PathBuf>,
}

/// A form of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Format {
    /// For people.
    Human,
    /// The versioned JSON shape.
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// One self-contained page.
    Html,
    /// For a ticket or a job's summary.
    Markdown,
    /// A row per cluster and method.
    Csv,
    /// A test case per cluster and method.
    Junit,
    /// GitHub workflow commands.
    Github,
    /// GitLab code quality.
    Gitlab,
    /// `PolicyReport` objects.
    PolicyReport,
}

impl Format {
    /// What its text is written for; `colour` is for people alone.
    pub(in crate::cli) fn form(self, colour: bool) -> Form {
        match self {
            Format::Human if colour => Form::Coloured,
            Format::Json | Format::Sarif | Format::Gitlab => Form::Json,
            Format::Github => Form::Commands,
            _ => Form::Lines,
        }
    }

    /// Every format by its name.
    pub(in crate::cli) const NAMES: [(&'static str, Format); 10] = [
        ("human", Format::Human),
        ("json", Format::Json),
        ("sarif", Format::Sarif),
        ("html", Format::Html),
        ("markdown", Format::Markdown),
        ("csv", Format::Csv),
        ("junit", Format::Junit),
        ("github", Format::Github),
        ("gitlab", Format::Gitlab),
        ("policyreport", Format::PolicyReport),
    ];
}

pub(in crate::cli) fn output(text: &str) -> Result<Output, String> {
    let (name, file) = text
        .split_once('=')
        .map_or((text, None), |(name, file)| (name, Some(file)));
    let found = Format::NAMES.into_iter().find(|(known, _)| *known == name);
    let Some((_, format)) = found else {
        let names = Format::NAMES.map(|(known, _)| known).join(", ");
        return Err(format!("`{name}` is not a format; use one of {names}"));
    };
    match file {
        Some("") => Err("no file after `=`".to_owned()),
        file => Ok(Output {
            format,
            file: file.map(PathBuf::from),
        }),
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn a_format_may_name_a_file() {
        assert_eq!(
            output("sarif=a=b.sarif").unwrap().file.unwrap(),
            PathBuf::from("a=b.sarif")
        );
        assert!(output("sarif=").is_err());
        assert!(output("xml").is_err());
    }
}
