//! The text of a JSON report to a Document, or what is wrong with it and where.

use serde::Deserialize;

use super::{Document, VERSION};

/// Why a text is no report that this program can read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is a report of another version of the shape.
    #[error("it is a report in version {0} of the shape; this program reads version {VERSION}")]
    Version(String),
    /// It is no JSON report, or not all of one.
    #[error("it is no report that `check --format json` has written: {0}")]
    Shape(String),
}

/// As much as any version will have.
#[derive(Deserialize)]
struct Header {
    version: serde_json::Value,
}

/// Reads a report. Keys that are not known are kept; hostile or cut-off text is an error with its line and column.
pub fn read(text: &[u8]) -> Result<Document<'static>, ReadError> {
    match serde_json::from_slice::<Document<'static>>(text) {
        Ok(document) if document.version == VERSION => Ok(document),
        Ok(document) => Err(ReadError::Version(document.version.to_string())),
        Err(error) => Err(reason(text, &error)),
    }
}

/// The reason that helps most: another version's fields are not wrong, they are another version's.
fn reason(text: &[u8], error: &serde_json::Error) -> ReadError {
    match serde_json::from_slice::<Header>(text) {
        Ok(Header { version }) if version != VERSION => {
            ReadError::Version(printable(&version.to_string()))
        }
        _ => ReadError::Shape(printable(&error.to_string())),
    }
}

/// What stands in a file must not drive the terminal that shows the error; and it need not be shown whole.
fn printable(text: &str) -> String {
    let shown = text.chars().take(300);
    shown
        .flat_map(|character| {
            let harmless = !character.is_control();
            let plain = harmless.then_some(character);
            let escaped = (!harmless).then(|| character.escape_default());
            plain.into_iter().chain(escaped.into_iter().flatten())
        })
        .collect()
}
