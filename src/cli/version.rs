//! `--version`: what was built from what, and which releases it knows.

use crate::render::document::VERSION;
use crate::schema::{Release, releases};

/// The text for `--version`: its first line is the program's name, number and commit.
pub(super) fn text() -> String {
    let live = if cfg!(feature = "live") {
        "files and live clusters"
    } else {
        "files; built without live clusters"
    };
    format!(
        "{} {} ({})\n\
         platform: {}\n\
         reads:    {live}\n\
         targets:  PGO {}\n\
         schemas:  PostgresCluster of PGO {}\n\
         reports:  writes version {VERSION} of the JSON shape, reads 1 to {VERSION}\n",
        env!("CARGO_PKG_NAME"),
        env!("CARGO_PKG_VERSION"),
        option_env!("PGO_PREFLIGHT_COMMIT").unwrap_or("commit not known"),
        env!("PGO_PREFLIGHT_PLATFORM"),
        range(|release| release.data_source_volumes),
        range(|release| release.seen),
    )
}

/// From which to which release something holds.
fn range(holds: impl Fn(&Release) -> bool) -> String {
    let mut held = releases().iter().filter(|release| holds(release));
    let first = held.next().map_or("", Release::name);
    let last = held.next_back().map_or(first, Release::name);
    format!("{first} to {last}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_is_name_number_and_commit() {
        let text = text();
        let first = text.lines().next().unwrap();
        let expected = format!("pgo-preflight {} (", env!("CARGO_PKG_VERSION"));
        assert!(
            first.starts_with(&expected) && first.ends_with(')'),
            "{first}"
        );
        assert!(text.contains("targets:  PGO 5.0.3 to 6.0.3\n"), "{text}");
    }
}
