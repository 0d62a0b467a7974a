//! Drafts made to exhaust whoever reads them: many of everything, and words without end.

use std::fmt::Write as _;

use super::super::testing::{Desk, draft};
use crate::fact::v4::testing::PGCLUSTER;

const MANY: usize = 2_500;

/// One line for each number.
fn lines(indent: &str, line: impl Fn(usize) -> String) -> String {
    (0..MANY).fold(String::new(), |mut text, number| {
        let _ = writeln!(text, "{indent}{}", line(number));
        text
    })
}

#[test]
fn many_of_everything_takes_time_in_proportion() {
    let long = "repo1-".to_owned() + &"x".repeat(900);
    let mut spec = "  backups:\n    pgbackrest:\n      global:\n".to_owned();
    spec += &lines("        ", |number| format!("repo2-{number}: {number}"));
    spec += &format!("        {long}: '1'\n      repos:\n");
    spec += &lines("      - ", |number| {
        format!("{{name: repo{number}, s3: {{bucket: b{number}}}}}")
    });
    spec += "      configuration:\n";
    spec += &lines("      - ", |number| {
        format!("{{secret: {{name: s{number}}}}}")
    });
    spec += "  users:\n";
    spec += &lines("  - ", |number| format!("{{name: u{number}}}"));
    spec += "  instances:\n";
    spec += &lines("  - ", |number| {
        format!("{{name: i{number}, storageClassName: x}}")
    });
    spec += "  dataSource:\n    postgresCluster:\n      repoName: repo1\n      options:\n";
    spec += &lines("      - ", |number| {
        format!("--flag-{number} --stanza-{number}")
    });
    spec += "  patroni: {dynamicConfiguration: {postgresql: {pg_hba: [";
    spec += &lines("", |number| format!("host all u{number} all md5,"));
    spec += "]}}}\n";
    let desk = Desk::of(&[&draft(&spec), PGCLUSTER]);
    let answers = desk.all();
    assert!(answers.iter().any(|answer| answer.contains("repo2-2499")));
}
