//! Bundles and other archives of manifests: read into a [`Dump`], written from one.
//!
//! An archive is hostile until read: nothing of it is ever written to disk, its paths are only names, links and devices
//! are not followed, and how much comes out of it is measured while it comes. What cannot be read is said. It must
//! not know what the texts say.

mod allowance;
mod archive;
mod coverage;
mod form;
mod layout;
mod members;
mod path;
mod tarball;
mod write;
mod zipped;

pub(super) use self::archive::is_archive;
pub use self::archive::{Archive, read_bytes};
pub(super) use self::coverage::unpacked;
pub(super) use self::form::Form;
pub use self::write::write;
use super::{Dump, Inputs};

/// Reads all archives of the input, each an origin of its own. One that is not taken joins what was skipped.
pub fn read_all(inputs: &mut Inputs) -> Vec<Dump> {
    let mut dumps = Vec::new();
    for archive in std::mem::take(&mut inputs.archives) {
        let origin = inputs.origin.as_deref();
        match archive.read_within(inputs.limits, &inputs.bytes, origin) {
            Ok(dump) => dumps.push(dump),
            Err(skipped) => inputs.skipped.push(skipped),
        }
    }
    dumps
}
