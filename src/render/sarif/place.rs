//! A place of the JSON report to a SARIF location.

use std::borrow::Cow;

use serde_sarif::sarif::{
    ArtifactContent, ArtifactLocation, Location, LogicalLocation, Message, PhysicalLocation, Region,
};

use crate::render::document::{Finding, Label, TEXT_LIMIT};

/// Where a label of a finding points; of the one that decides, with the object it lies in.
pub(super) fn labelled(
    label: &Label<'_>,
    finding: &Finding<'_>,
    directory: Option<&str>,
) -> Location {
    // These are large, and builders move them with each field.
    let mut region = Region {
        start_line: Some(i64::from(label.start_line)),
        start_column: Some(i64::from(label.start_column)),
        end_line: Some(i64::from(label.end_line)),
        end_column: Some(i64::from(label.end_column)),
        ..Region::default()
    };
    // A snippet is all of the region's text; a label's longest text may have been cut.
    if label.text.chars().count() < TEXT_LIMIT {
        let text = label.text.clone().into_owned();
        region.snippet = Some(ArtifactContent::builder().text(text).build());
    }
    let physical = PhysicalLocation {
        artifact_location: Some(artifact(&label.uri, directory)),
        region: Some(region),
        ..PhysicalLocation::default()
    };
    let message = label.message.clone().into_owned();
    Location {
        physical_location: Some(physical),
        message: Some(Message::builder().text(message).build()),
        logical_locations: label.primary.then(|| vec![logical(finding)]),
        ..Location::default()
    }
}

/// The location of `uri:line`; none where it is not of that form.
pub(super) fn at_line(place: &str, directory: Option<&str>) -> Option<Location> {
    let (uri, line) = place.rsplit_once(':')?;
    let line: u32 = line.parse().ok().filter(|line| *line > 0)?;
    let region = Region::builder().start_line(i64::from(line)).build();
    let physical = PhysicalLocation::builder()
        .artifact_location(artifact(uri, directory))
        .region(region)
        .build();
    Some(Location::builder().physical_location(physical).build())
}

/// The object that a finding is about.
pub(super) fn logical(finding: &Finding<'_>) -> LogicalLocation {
    let subject = &finding.subject;
    let parts = [
        &subject.origin,
        &subject.namespace,
        &subject.kind,
        &subject.name,
    ];
    let name: Vec<&str> = parts
        .into_iter()
        .map(AsRef::as_ref)
        .filter(|part: &&str| !part.is_empty())
        .collect();
    LogicalLocation::builder()
        .name(subject.name.clone().into_owned())
        .fully_qualified_name(name.join("/"))
        .kind("resource")
        .build()
}

/// A path as a URI reference: relative to the working directory where it lies below it.
pub(super) fn artifact(path: &str, directory: Option<&str>) -> ArtifactLocation {
    let below = directory
        .and_then(|directory| path.strip_prefix(directory))
        .and_then(|rest| rest.strip_prefix('/'));
    let path = match below.unwrap_or(path) {
        "-" => "stdin",
        other => other.strip_prefix("./").unwrap_or(other),
    };
    let scheme = if path.starts_with('/') { "file://" } else { "" };
    ArtifactLocation::builder()
        .uri([scheme, &*percent_encoded(path)].concat())
        .build()
}

/// Percent-encodes what may not stand in the path of a URI.
fn percent_encoded(path: &str) -> Cow<'_, str> {
    let stays = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/@+=,".contains(&byte);
    if path.bytes().all(stays) {
        return Cow::Borrowed(path);
    }
    let encoded = path.bytes().map(|byte| {
        if stays(byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    });
    Cow::Owned(encoded.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_below_the_working_directory_becomes_relative() {
        assert_eq!(
            artifact("/repo/a b/c.yaml", Some("/repo")).uri.unwrap(),
            "a%20b/c.yaml"
        );
        assert_eq!(
            artifact("/repository/c.yaml", Some("/repo")).uri.unwrap(),
            "file:///repository/c.yaml"
        );
        assert_eq!(artifact("./x.yaml", None).uri.unwrap(), "x.yaml");
        assert_eq!(artifact("-", Some("/repo")).uri.unwrap(), "stdin");
    }

    #[test]
    fn what_is_no_line_of_a_file_has_no_location() {
        for place in ["", "a.yaml", "a.yaml:", "a.yaml:x", "a.yaml:0", "a.yaml:-1"] {
            assert!(at_line(place, None).is_none(), "{place}");
        }
        let location = at_line("in:2/a.yaml:7", None).unwrap();
        let physical = location.physical_location.unwrap();
        assert_eq!(
            physical.artifact_location.unwrap().uri.unwrap(),
            "in%3A2/a.yaml"
        );
        assert_eq!(physical.region.unwrap().start_line, Some(7));
    }
}
