//! Small pieces of text on their way out, gathered so that each costs no more than a copy.

use std::io::{self, Write};

/// How much is gathered before it is passed on, in bytes.
const SIZE: usize = 64 * 1024;

/// A writer in front of another one that is called through a pointer. What is gathered last is passed on by
/// [`flush`](Write::flush) only.
pub(super) struct Chunks<'w> {
    gathered: Vec<u8>,
    out: &'w mut dyn Write,
}

impl<'w> Chunks<'w> {
    pub(super) fn to(out: &'w mut dyn Write) -> Self {
        let gathered = Vec::with_capacity(SIZE + SIZE / 4);
        Chunks { gathered, out }
    }

    /// Whole lines, as far as there are any: who comes next need not wait for the rest of one.
    #[cold]
    fn pass_on(&mut self) -> io::Result<()> {
        let lines = memchr::memrchr(b'\n', &self.gathered);
        let end = lines.map_or(self.gathered.len(), |last| last + 1);
        let (lines, _) = self.gathered.split_at(end);
        self.out.write_all(lines)?;
        self.gathered.drain(..end);
        Ok(())
    }
}

impl Write for Chunks<'_> {
    #[inline]
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.write_all(text)?;
        Ok(text.len())
    }

    #[inline]
    fn write_all(&mut self, text: &[u8]) -> io::Result<()> {
        // Every other piece is a quote, a colon or a comma.
        match text {
            [one] => self.gathered.push(*one),
            more => self.gathered.extend_from_slice(more),
        }
        if self.gathered.len() < SIZE {
            return Ok(());
        }
        self.pass_on()
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.write_all(&self.gathered)?;
        self.gathered.clear();
        self.out.flush()
    }
}
