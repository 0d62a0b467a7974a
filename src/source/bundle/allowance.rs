//! How much may come out of an archive, measured while it comes.

use std::io::{self, Read};

use crate::allowance::Bytes;

/// Members of one archive, whatever they are.
pub(super) const MEMBERS: u32 = 1_000_000;
/// How many times its own size an archive may unpack to. Manifests shrink to a twentieth, a fleet of clusters that are all
/// alike to a hundredth; bombs start at a thousand.
const RATIO: u64 = 100;

/// More comes out of it than may.
pub(super) const FAR_MORE: &str =
    "it unpacks to far more than it is: that is no archive of manifests";

/// What may still come out of one archive.
#[derive(Debug)]
pub(super) struct Allowance {
    /// What its size allows.
    own: u64,
    bytes: u64,
    came: u64,
    used_up: bool,
}

impl Allowance {
    /// For an archive of this many bytes: what its size allows, and all that the run has to spare.
    pub(super) fn of(size: u64, run: &Bytes) -> Allowance {
        let own = size.saturating_mul(RATIO);
        let bytes = own.saturating_add(run.spare()).min(run.left());
        Allowance {
            own,
            bytes,
            came: 0,
            used_up: false,
        }
    }

    /// Counts what came out of the archive against the run's bytes.
    pub(super) fn settle(self, run: &Bytes) {
        run.unpacked(self.came, self.came.saturating_sub(self.own));
    }

    /// Whether more came than may.
    pub(super) fn is_used_up(&self) -> bool {
        self.used_up
    }

    fn take(&mut self, bytes: usize) -> io::Result<()> {
        self.came = self.came.saturating_add(bytes as u64);
        if let Some(left) = self.bytes.checked_sub(bytes as u64) {
            self.bytes = left;
            return Ok(());
        }
        self.used_up = true;
        Err(io::Error::other(FAR_MORE))
    }
}

/// There are more members than [`MEMBERS`].
pub(super) const TOO_MANY: &str = "it has more than a million members";

/// A reader that ends with an error where the allowance does.
pub(super) struct Metered<'a, R> {
    inner: R,
    allowance: &'a mut Allowance,
    /// How many zero bytes came last.
    pub(super) zeros: u64,
    /// Why it could not be read on.
    pub(super) failed: Option<String>,
}

impl<'a, R> Metered<'a, R> {
    pub(super) fn new(inner: R, allowance: &'a mut Allowance) -> Self {
        Metered {
            inner,
            allowance,
            zeros: 0,
            failed: None,
        }
    }
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let came = self.inner.read(into).and_then(|count| {
            self.allowance.take(count)?;
            Ok(count)
        });
        let count = came.inspect_err(|error| {
            if error.kind() != io::ErrorKind::Interrupted {
                self.failed = Some(error.to_string());
            }
        })?;
        let came = into.get(..count).unwrap_or_default();
        self.zeros = match came.iter().rposition(|byte| *byte != 0) {
            Some(last) => (count - 1 - last) as u64,
            None => self.zeros + count as u64,
        };
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_never_ends_is_cut_off() {
        let mut allowance = Allowance::of(100, &Bytes::default());
        let mut endless = Metered::new(io::repeat(b'x'), &mut allowance);
        let read = io::copy(&mut endless, &mut io::sink());
        assert!(
            read.unwrap_err()
                .to_string()
                .contains("far more than it is")
        );
    }

    #[test]
    fn archives_of_one_run_share_what_is_to_spare() {
        let run = Bytes::default();
        let whole = run.spare();
        for spare in [whole, 0] {
            let mut allowance = Allowance::of(100, &run);
            assert_eq!(allowance.bytes, 100 * RATIO + spare);
            let _ = io::copy(
                &mut Metered::new(io::repeat(b'x'), &mut allowance),
                &mut io::sink(),
            );
            allowance.settle(&run);
            assert_eq!(run.spare(), 0);
        }
    }

    #[test]
    fn zeros_are_counted_over_reads() {
        let mut allowance = Allowance::of(100, &Bytes::default());
        let bytes: &[u8] = &[1, 0, 0];
        let mut reader = Metered::new(bytes.chain(&[0, 0][..]), &mut allowance);
        io::copy(&mut reader, &mut io::sink()).unwrap();
        assert_eq!(reader.zeros, 4);
    }
}
