//! The validation rules of real CRDs compile. Skipped, loudly, where the corpus is missing.

use std::path::PathBuf;

use pgo_preflight::expr::Program;

fn corpus() -> Option<PathBuf> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let folder = std::env::var_os("PGO_PREFLIGHT_CORPUS").map_or(beside, PathBuf::from);
    folder.is_dir().then_some(folder)
}

#[test]
fn every_rule_of_the_published_crds_compiles() {
    let Some(corpus) = corpus() else {
        eprintln!("skipped: no corpus of CRDs (set PGO_PREFLIGHT_CORPUS)");
        return;
    };
    let table =
        std::fs::read_to_string(corpus.join("crds/cel-rules.tsv")).expect("the table of rules");
    let mut lines = table.lines();
    let heads: Vec<&str> = lines.next().unwrap_or("").split('\t').collect();
    let mut compiled = 0;
    for line in lines {
        for (head, cell) in heads.iter().zip(line.split('\t')) {
            if !matches!(*head, "rule" | "messageExpression") || cell.is_empty() {
                continue;
            }
            if let Err(error) = Program::compile(cell, &["self", "oldSelf"]) {
                panic!("{cell}\n{}^ {error}", " ".repeat(error.offset));
            }
            compiled += 1;
        }
    }
    assert!(compiled >= 50, "{compiled}");
}
