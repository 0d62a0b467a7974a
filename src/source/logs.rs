//! Logs in what `kubectl cluster-info dump` prints: overwritten, so that the objects around them can be read.
//!
//! Without `--output-directory` the command prints the objects of a namespace and then the logs of its pods, each between two
//! lines of its own. No manifest has such a line: it is neither YAML nor JSON.

use std::collections::BTreeMap;
use std::ops::Range;

use memchr::memmem;

const START: &[u8] = b"==== START logs for container ";
const END: &[u8] = b"==== END logs for container ";

/// Overwrites logs with blanks. Lines stay, so that every position stays right. A log without an end stays as it is, for
/// what follows it cannot be told from it; and so does one with two ends, for a log may hold a line that looks like its end.
/// What is left there is no manifest, and is reported as such.
pub(super) fn blank(bytes: &mut [u8]) {
    for log in logs(bytes) {
        for byte in bytes.get_mut(log).into_iter().flatten() {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
    }
}

fn logs(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut logs = Vec::new();
    let Some(mut start) = line_with(bytes, 0, START) else {
        return logs;
    };
    let ends = ends(bytes);
    loop {
        let of = rest_of_line(bytes, start + START.len());
        let name = bytes.get(of.clone()).unwrap_or_default().trim_ascii_end();
        let from = match ends.get(name).map(Vec::as_slice) {
            Some([end]) if *end > start => {
                let end = rest_of_line(bytes, *end).end;
                logs.push(start..end);
                end
            }
            _ => of.end,
        };
        match line_with(bytes, from, START) {
            Some(next) => start = next,
            None => return logs,
        }
    }
}

/// Where logs end, by what they are of.
fn ends(bytes: &[u8]) -> BTreeMap<&[u8], Vec<usize>> {
    let mut ends: BTreeMap<&[u8], Vec<usize>> = BTreeMap::new();
    let mut from = 0;
    while let Some(end) = line_with(bytes, from, END) {
        let of = rest_of_line(bytes, end + END.len());
        from = of.end;
        let name = bytes.get(of).unwrap_or_default().trim_ascii_end();
        ends.entry(name).or_default().push(end);
    }
    ends
}

/// Where the next line starts that begins so.
fn line_with(bytes: &[u8], mut from: usize, beginning: &[u8]) -> Option<usize> {
    loop {
        let at = from + memmem::find(bytes.get(from..)?, beginning)?;
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        if matches!(before, None | Some(b'\n')) {
            return Some(at);
        }
        from = at + beginning.len();
    }
}

/// From here to where the line ends.
fn rest_of_line(bytes: &[u8], from: usize) -> Range<usize> {
    let rest = bytes.get(from..).unwrap_or_default();
    from..from + memchr::memchr(b'\n', rest).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blanked(text: &str) -> String {
        let mut bytes = text.as_bytes().to_vec();
        blank(&mut bytes);
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn logs_go_and_objects_stay_where_they_are() {
        let text = "{\"a\": 1}\n==== START logs for container db of pod pgo/x ====\n{\"kind\": \"Secret\"}\n\
                    ==== END logs for container db of pod pgo/x ====\n{\"b\": 2}\n";
        let left = blanked(text);
        assert_eq!(left.len(), text.len());
        let words: Vec<&str> = left.split_whitespace().collect();
        assert_eq!(words, ["{\"a\":", "1}", "{\"b\":", "2}"]);
        assert_eq!(left.lines().count(), text.lines().count());
    }

    #[test]
    fn a_log_cannot_end_another_or_hide_in_a_value() {
        let other = "==== START logs for container db of pod pgo/x ====\n==== END logs for container db of pod pgo/y ====\nb: 1\n";
        assert_eq!(blanked(other), other);
        let forged = "==== START logs for container a of pod b/c ====\n==== END logs for container a of pod b/c ====\n---\nkind: Pod\n\
                      ---\n==== END logs for container a of pod b/c ====\n";
        assert_eq!(blanked(forged), forged);
        let inside = "data:\n  a: |\n    ==== START logs for container db of pod pgo/x ====\n    ==== END logs for container db of pod pgo/x ====\n";
        assert_eq!(blanked(inside), inside);
    }

    #[test]
    fn many_logs_without_an_end_take_no_time() {
        let line = "==== START logs for container db of pod pgo/x ====\n";
        let text = line.repeat(100_000);
        assert_eq!(blanked(&text), text);
    }

    #[test]
    fn line_ends_of_windows_do_not_matter() {
        let text = "==== START logs for container a of pod b/c ====\r\nx\r\n==== END logs for container a of pod b/c ====\r\n";
        assert_eq!(blanked(text).trim(), "");
    }
}
