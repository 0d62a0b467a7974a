//! Hostile texts end in a problem or are read, and quickly: never a panic, a hang, or memory without bound.

use std::time::{Duration, Instant};

use pgo_preflight::manifest::{Loaded, MAX_PROBLEMS, ProblemKind, load};
use pgo_preflight::source::{OriginId, SourceId};

fn read_bytes(bytes: Vec<u8>) -> Loaded {
    load(SourceId(0), OriginId(0), "in.yaml".to_owned(), bytes)
}

fn read(text: &str) -> Loaded {
    read_bytes(text.as_bytes().to_vec())
}

fn kinds(loaded: &Loaded) -> Vec<ProblemKind> {
    loaded.problems.iter().map(|problem| problem.kind).collect()
}

/// The body of `spec`, in an object we keep.
fn object(spec: &str) -> String {
    format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\nspec:{spec}\n")
}

#[test]
fn ten_thousand_levels_are_too_deep() {
    let block: String = (0..10_000)
        .map(|level| format!("\n{:level$}a:", ""))
        .collect();
    let texts = [
        object(&format!(" {}{}", "[".repeat(10_000), "]".repeat(10_000))),
        object(&format!(" {}", "[".repeat(10_000))),
        object(&format!(
            " {}1{}",
            "{\"a\":".repeat(10_000),
            "}".repeat(10_000)
        )),
        object(&format!("\n  {}1", "- ".repeat(10_000))),
        format!("{}1\n", "? ".repeat(10_000)),
        "[".repeat(10_000),
        block,
    ];
    for text in texts {
        let kind = kinds(&read(&text));
        // A mapping as a key is refused before it can be too deep.
        assert!(
            matches!(kind[..], [ProblemKind::TooDeep | ProblemKind::ComplexKey]),
            "{kind:?}"
        );
    }
}

#[test]
fn five_hundred_levels_are_read() {
    let loaded = read(&object(&format!(
        " {}1{}",
        "[".repeat(500),
        "]".repeat(500)
    )));
    assert_eq!((loaded.objects.len(), kinds(&loaded)), (1, vec![]));
}

#[test]
fn lists_nested_in_lists_are_read() {
    let mut text = r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}}"#.to_owned();
    for _ in 0..200 {
        text = format!(r#"{{"apiVersion":"v1","kind":"List","items":[{text}]}}"#);
    }
    let loaded = read(&text);
    assert_eq!(
        (loaded.objects.len(), loaded.lists.len(), kinds(&loaded)),
        (1, 200, vec![])
    );
}

#[test]
fn a_billion_laughs_are_too_many() {
    let mut text =
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\na0: &a0 [lol]\n".to_owned();
    for level in 1..30 {
        let before = format!("*a{},", level - 1).repeat(9);
        text.push_str(&format!("a{level}: &a{level} [{before}]\n"));
    }
    let start = Instant::now();
    assert_eq!(kinds(&read(&text)), [ProblemKind::TooManyAliases]);
    let merged = text
        .replace("a0: &a0 [lol]", "a0: &a0 {lol: 1}")
        .replace('[', "{<<: [")
        .replace(']', "]}");
    assert_eq!(kinds(&read(&merged)), [ProblemKind::TooManyAliases]);
    // The budget is one for all documents.
    let many = format!("{text}---\n").repeat(50);
    assert_eq!(kinds(&read(&many)), [ProblemKind::TooManyAliases; 50]);
    assert!(
        start.elapsed() < Duration::from_secs(20),
        "{:?}",
        start.elapsed()
    );
}

/// What any text may copy is little, for a megabyte is thousands of texts: a folder, or an archive.
#[test]
fn what_aliases_stand_for_is_little_in_a_small_text() {
    let copies = |count: usize| {
        let shared = format!("\n  a: &a [{}]\n  b: [", "x,".repeat(99));
        let text = object(&format!("{shared}{}]", "*a,".repeat(count)));
        assert!(text.len() < 1000);
        read(&text)
    };
    assert_eq!(kinds(&copies(39)), []);
    assert_eq!(kinds(&copies(60)), [ProblemKind::TooManyAliases]);
}

#[test]
fn aliases_that_make_no_sense_are_problems() {
    for (spec, kind) in [
        (" &a [*a]", ProblemKind::AliasInItself),
        (" &a {b: {c: *a}}", ProblemKind::AliasInItself),
        (" *unknown", ProblemKind::UnknownAlias),
        (" {<<: 1}", ProblemKind::MergeOfNoMapping),
        (" {x: &x [1], <<: *x}", ProblemKind::MergeOfNoMapping),
        (" [&k [1], {*k : 2}]", ProblemKind::ComplexKey),
        (" {? {a: 1} : 2}", ProblemKind::ComplexKey),
        (" {~: 1}", ProblemKind::NullKey),
        (" .nan", ProblemKind::NotJson),
        (" !!int x", ProblemKind::WrongTag),
        (" !!binary '?'", ProblemKind::WrongTag),
        (" a\u{2028}b", ProblemKind::OddLineBreak),
        (" \"a", ProblemKind::Truncated),
        (" [a,", ProblemKind::Truncated),
        ("\n\ta: 1", ProblemKind::Tab),
        (" a\u{1}", ProblemKind::ControlCharacter),
    ] {
        let loaded = read(&object(spec));
        assert_eq!(
            (kinds(&loaded), loaded.objects.len()),
            (vec![kind], 0),
            "{spec}"
        );
    }
}

#[test]
fn what_is_no_text_is_a_problem() {
    let utf16: Vec<u8> = "\u{feff}kind: Pod\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for (bytes, kind) in [
        (vec![b'a', 0xff, b'\n'], ProblemKind::NotUtf8),
        (b"\x7fELF\x02\x01\x01\0\0\n".to_vec(), ProblemKind::Binary),
        (utf16, ProblemKind::Utf16),
    ] {
        let length = bytes.len();
        let loaded = read_bytes(bytes);
        assert_eq!(
            (kinds(&loaded), loaded.source.text.len()),
            (vec![kind], length)
        );
        assert!(
            loaded
                .source
                .text
                .bytes()
                .all(|byte| matches!(byte, b'_' | b'\n'))
        );
    }
}

#[test]
fn an_input_of_nothing_but_problems_is_given_up() {
    let secret = "apiVersion: v1\nkind: Secret\ndata: {p: hunter2}\n---\n";
    let broken = format!("a: [\n---\n{secret}").repeat(1500);
    let list = format!(
        "apiVersion: v1\nkind: List\nitems: [{}]\n",
        "1,".repeat(1500)
    );
    for text in [broken, list, "{}\n".repeat(1500)] {
        let loaded = read(&text);
        assert_eq!(loaded.problems.len(), MAX_PROBLEMS + 1);
        assert_eq!(
            loaded.problems[MAX_PROBLEMS].kind,
            ProblemKind::TooManyProblems
        );
        assert!(!loaded.source.text.contains("hunter2"));
    }
}

/// Each text takes time in proportion to its length: at these lengths anything else would take minutes.
#[test]
fn long_texts_take_linear_time() {
    let n = 100_000;
    let secrets =
        r#"{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a"},"data":{"a":"b"}},"#
            .repeat(n / 75);
    let env = r#"{"name":"A_KEY","value":"b"},"#.repeat(n / 29);
    let texts = [
        object(&format!(" {}", "x".repeat(n))),
        object(&format!(" \"{}\"", "\\n".repeat(n / 2))),
        object(&format!(" \"{}\"", "x\\\n ".repeat(n / 4))),
        object(&format!(" |\n{}", "  x\n".repeat(n / 4))),
        object(&format!(" |\n{}", "\n".repeat(n))),
        object(&format!(" [{}]", "a,".repeat(n / 2))),
        object(&format!(" [{}]", "&a b,*a ,".repeat(n / 9))),
        object(&format!("\n{}", "  - |\n   x\n".repeat(n / 10))),
        object(&format!("\n{}", "  a: 1\n".repeat(n / 7))),
        object(&format!(" {{{}}}", "\"a\":1,".repeat(n / 6))),
        object(
            &(0..n / 10)
                .map(|at| format!("\n  k{at}: 1"))
                .collect::<String>(),
        ),
        object(&format!(" {}", "# x ".repeat(n / 4))),
        object(&"\n # x".repeat(n / 4)),
        object(&format!(" {}", "!a ".repeat(n / 3))),
        object(&format!(" {}", "&a ".repeat(n / 3))),
        object(&format!(" '{}'", "{\"secret\": ".repeat(n / 11))),
        "---\n".repeat(n / 4),
        "--- a\n".repeat(n / 6),
        "{}\n".repeat(n / 3),
        "{\"a\": [}\n".repeat(n / 9),
        "? ".repeat(n / 2),
        ": ".repeat(n / 2),
        "%A\n".repeat(n / 3),
        "\u{feff}".repeat(n / 3),
        "\"".repeat(n),
        "apiVersion: v1\nkind: Pod\nx: [\n---\n".repeat(n / 34),
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n---\n".repeat(n / 48),
        format!(
            "{{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[{}]}}",
            secrets.trim_end_matches(',')
        ),
        format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec: [{env}]\n"),
        format!(
            "apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\ndata:\n{}",
            "  a: b # c\n  # d\n".repeat(n / 17)
        ),
    ];
    for text in texts {
        let start = Instant::now();
        let loaded = read(&text);
        let took = start.elapsed();
        let head: String = text.chars().take(90).collect();
        assert!(
            took < Duration::from_secs(10),
            "{took:?}: {head} {:?}",
            kinds(&loaded).first()
        );
    }
}
