//! Numbers to a stacked bar of SVG: the page's own markup, made of numbers and class names only.

use std::fmt::Write as _;

/// A bar of parts, each with its class, on a scale that ends at `whole`. Beside it stand the numbers, so it says
/// nothing to a screen reader.
pub(super) fn bar(parts: &[(&'static str, usize)], whole: usize) -> String {
    let mut svg = String::from(
        "<svg viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\" focusable=\"false\">",
    );
    let mut x = 0;
    for (class, count) in parts {
        let width = scaled(*count, whole);
        if width > 0 {
            let _ = write!(
                svg,
                "<rect class=\"{class}\" x=\"{x}\" width=\"{width}\" height=\"10\"/>"
            );
            x += width;
        }
    }
    if x < 1000 {
        let rest = 1000 - x;
        let _ = write!(
            svg,
            "<rect class=\"rest\" x=\"{x}\" width=\"{rest}\" height=\"10\"/>"
        );
    }
    svg.push_str("</svg>");
    svg
}

/// A part in thousandths; what is there at all is seen.
fn scaled(count: usize, whole: usize) -> usize {
    if count == 0 {
        return 0;
    }
    (count * 1000 / whole.max(1)).clamp(4, 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_follow_each_other_and_small_ones_are_seen() {
        let svg = bar(&[("ready", 5000), ("blocked", 1)], 10_000);
        assert!(svg.contains("class=\"ready\" x=\"0\" width=\"500\""));
        assert!(svg.contains("class=\"blocked\" x=\"500\" width=\"4\""));
        assert!(svg.contains("class=\"rest\" x=\"504\" width=\"496\""));
    }
}
