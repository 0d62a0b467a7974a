//! What must hold for whatever bytes are loaded. The fuzz targets and `tests/reading/yaml_fuzz.rs` run the same bodies.

use std::io::{self, Write};
use std::sync::LazyLock;

use pgo_preflight::check::{self, Evidence, Options, Report};
use pgo_preflight::cli::configuration_problems;
use pgo_preflight::convert::{self, Choices, Wanted};
use pgo_preflight::expr::Version;
use pgo_preflight::manifest::{
    Assume, Kind, Loaded, Node, Object, gather_dump, gather_texts, load, load_generally,
};
use pgo_preflight::plan;
use pgo_preflight::render;
use pgo_preflight::rule::RuleSet;
use pgo_preflight::schema::CrdSchemas;
use pgo_preflight::source::{Limits, OriginId, SourceId, Span, bundle};

/// Loading gives an answer whose every part holds together.
pub(crate) fn load_any(data: &[u8]) {
    let loaded = read(data);
    let text = &loaded.source.text;
    let mark = "\u{feff}".len();
    assert!(
        text.len() == data.len() || text.len() + mark == data.len(),
        "the length changed"
    );
    let newlines = |bytes: &[u8]| bytes.split(|byte| *byte == b'\n').count();
    assert_eq!(
        newlines(text.as_bytes()),
        newlines(data),
        "the number of lines changed"
    );
    assert!(loaded.objects.len() <= loaded.counted);
    for problem in &loaded.problems {
        lies_in(&loaded, problem.span);
        assert!(!problem.kind.to_string().is_empty());
    }
    for list in &loaded.lists {
        lies_in(&loaded, list.span);
    }
    for twice in &loaded.duplicates {
        lies_in(&loaded, twice.again);
        lies_in(&loaded, twice.earlier);
        assert!(twice.earlier < twice.again);
    }
    for object in &loaded.objects {
        holds_together(&loaded, object.root());
    }
}

/// A Secret's value does not survive, whatever else the Secret says.
pub(crate) fn hide_any(data: &[u8]) {
    const MARK: &str = "S3cr3tM4rk";
    let said = String::from_utf8_lossy(data);
    // What ends the document or a comment could make the value part of something else.
    if ["---", "...", "\u{feff}", MARK]
        .iter()
        .any(|end| said.contains(end))
    {
        return;
    }
    let text = format!(
        "apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\n{said}\nstringData:\n  p: {MARK}\n"
    );
    let loaded = read(text.as_bytes());
    assert!(
        !loaded.source.text.contains(MARK),
        "survives in the text:\n{}",
        loaded.source.text
    );
    assert!(
        !format!("{loaded:?}").contains(MARK),
        "survives in a tree:\n{loaded:?}"
    );
}

/// The fast reader says what the general one says, to the last node and byte; gives how many documents it read.
pub(crate) fn same_by_both(data: &[u8]) -> usize {
    let fast = read(data);
    let general = load_generally(SourceId(7), OriginId(0), "any".to_owned(), data.to_vec());
    assert_eq!(fast.source.text, general.source.text, "the texts differ");
    assert_eq!(fast.problems, general.problems);
    assert_eq!(fast.counted, general.counted);
    assert_eq!(fast.lists, general.lists);
    assert_eq!(fast.duplicates, general.duplicates);
    let head = |object: &Object| {
        let (name, source) = (object.name.clone(), object.helm_source.clone());
        let version = object.api_version.clone();
        (object.kind, version, object.namespace.clone(), name, source)
    };
    let heads = |loaded: &Loaded| loaded.objects.iter().map(head).collect::<Vec<_>>();
    assert_eq!(heads(&fast), heads(&general));
    for (one, other) in fast.objects.iter().zip(&general.objects) {
        assert_eq!(one.tree.decoded, other.tree.decoded, "in {}", one.name);
        let pairs = one.tree.nodes.iter().zip(&other.tree.nodes);
        for (node, expected) in pairs {
            let here = |raw: &pgo_preflight::manifest::RawNode| {
                fast.source.text.get(raw.start as usize..raw.end as usize)
            };
            assert_eq!(node, expected, "{:?} / {:?}", here(node), here(expected));
        }
        assert_eq!(one.tree.nodes.len(), other.tree.nodes.len());
    }
    fast.fast
}

/// The same for whatever is said by an object of a kind that is passed over.
pub(crate) fn same_when_passed_over(data: &[u8]) {
    let said = String::from_utf8_lossy(data);
    let is_own = |line: &&str| !line.starts_with("kind:") && !line.starts_with("apiVersion:");
    let lines = said.split('\n').filter(is_own);
    let said: String = lines.map(|line| format!("  {line}\n")).collect();
    let item = |kind: &str, more: &str| format!("- apiVersion: x/v1\n  kind: {kind}\n{more}");
    let (before, after) = (item("Node", ""), item("Event", "  note: x\n"));
    let text = format!(
        "apiVersion: v1\nitems:\n{before}{}{after}kind: List\n",
        item("Lease", &said)
    );
    same_by_both(text.as_bytes());
}

/// Whatever a CustomResourceDefinition says, checking by it comes to an end, and says it in bounds.
pub(crate) fn check_by_any(data: &[u8]) {
    const DRAFT: &str = "apiVersion: g/v1\nkind: PostgresCluster\nmetadata: {name: a}\nspec: {a: [1, x, {b: c}], d: text, e: 1.5}\n";
    let drafts = read(
        DRAFT
            .replace("g/v1", "postgres-operator.crunchydata.com/v1beta1")
            .as_bytes(),
    );
    let loaded = read(data);
    let definitions = loaded.objects.iter();
    for definition in definitions.filter(|object| object.kind == Kind::CustomResourceDefinition) {
        let Ok(schemas) = CrdSchemas::from_crd(definition.root()) else {
            continue;
        };
        let _ = schemas.unchecked();
        for object in drafts.objects.iter().chain([definition]) {
            let text: usize = schemas
                .validate(object.root())
                .violations
                .iter()
                .map(|violation| violation.message.len() + violation.path.len())
                .sum();
            assert!(
                text <= (64 << 10) + 128 * data.len().max(DRAFT.len()),
                "{text}"
            );
        }
    }
}

/// Whatever a configuration says is understood, or told with its place.
pub(crate) fn configure_by_any(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for line in configuration_problems(&text)
        .iter()
        .flat_map(|words| words.lines())
    {
        assert!(
            line.trim_start().starts_with(".pgo-preflight.yaml:"),
            "{line}"
        );
    }
}

/// Whatever a kubeconfig says is read, or told by its place and never with a word of it.
#[cfg(feature = "live")]
pub(crate) fn connect_by_any(data: &[u8]) {
    use pgo_preflight::source::kube::kubeconfig_problem;

    const PLACE: &str = "any";
    let text = String::from_utf8_lossy(data);
    let Some(told) = kubeconfig_problem(PLACE.as_ref(), &text) else {
        return;
    };
    let rest = told.strip_prefix(PLACE).unwrap_or_else(|| panic!("{told}"));
    let numbers = rest.trim_start_matches(|c: char| c == ':' || c.is_ascii_digit());
    // What is left is our own sentence, whatever the text is.
    let empty = kubeconfig_problem(PLACE.as_ref(), "[").unwrap_or_default();
    assert!(empty.ends_with(numbers), "{told}");
}

/// Whatever an archive holds, and whatever its coverage says, becomes evidence, or is told. The same bytes are the archive, a file
/// in one, and the coverage of one.
pub(crate) fn unpack_any(data: &[u8]) {
    const FILE: &[u8] = b"apiVersion: crunchydata.com/v1\nkind: Pgcluster\nmetadata: {name: a, namespace: pgo}\nspec: {clustername: a}\n";
    const COVERAGE: &[u8] = br#"{"kind": "pgo-preflight bundle", "version": 1, "objects": 1, "listed": [{"resource": "pods"}]}"#;
    let archives = [
        (data.to_vec(), false),
        (tar(&[("coverage.json", data), ("pgo/a.yaml", FILE)]), true),
        (
            tar(&[("coverage.json", COVERAGE), ("pgo/a.yaml", data)]),
            false,
        ),
    ];
    for (bytes, is_small) in archives {
        if let Ok(dump) = bundle::read_bytes("any.tar", bytes, Limits::default()) {
            assert!(
                dump.texts
                    .iter()
                    .all(|text| text.uri.starts_with("any.tar/"))
            );
            let claims = !dump.listings.is_empty();
            let gathered = gather_dump(dump, OriginId(1), SourceId(0));
            let nothing = Assume::nothing();
            let evidence = Evidence::of(gathered, &nothing);
            // Whatever manifests say is judged by `judge_any`.
            if is_small && claims {
                is_sound(&check::check(evidence, &RULES, &OPTIONS));
            }
        }
    }
}

/// The rules of the program.
static RULES: LazyLock<RuleSet> = LazyLock::new(|| {
    RuleSet::built_in(check::names_of).unwrap_or_else(|problems| panic!("{problems:?}"))
});

/// Everything is asked.
static OPTIONS: LazyLock<Options> = LazyLock::new(|| Options {
    facts: true,
    lint_live: true,
    living: true,
    ..Options::at(
        "2026-11-20T12:00:00Z".parse().unwrap_or_default(),
        Version::parse("5.8.2"),
    )
});

/// Whatever objects say, they are judged, planned for, drafted from and shown, and no rule of ours is at fault.
pub(crate) fn judge_any(data: &[u8]) {
    let gathered = gather_texts(vec![("any.yaml".to_owned(), data.to_vec())]);
    let evidence = Evidence::of(gathered, &Assume::everything());
    let report = check::check_courses(&evidence, &RULES, &OPTIONS);
    is_sound(&report);
    let choices = Choices::default();
    let wanted = Wanted {
        is_meant: &|_, _| true,
        method: None,
        choices: &choices,
        names: &[],
        anyway: true,
        comments: true,
        hidden: &[],
    };
    for drafted in convert::drafts(&evidence, &report, &OPTIONS.run, &wanted) {
        let Ok(draft) = drafted.draft else { continue };
        let read = read(draft.text.as_bytes());
        assert!(
            read.problems.is_empty() && read.duplicates.is_empty(),
            "{:?}\n{}",
            read.problems,
            draft.text
        );
        assert_eq!(read.objects.len(), 1, "{}", draft.text);
    }
    let mut text = Vec::new();
    render::write_json(&mut text, &report, 0, None).unwrap_or_default();
    let document = render::document::read(&text).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(document.findings.len(), report.findings.len());
    drop(render::lead(
        &document,
        render::Screen::PLAIN,
        render::Extent::Screen,
        &|_, _| None,
    ));
    drop(render::plan_values(
        &report,
        &plan::plans(&report, &|_| true),
        render::EvidenceAge {
            taken: None,
            now: OPTIONS.run.now,
        },
    ));
}

/// No rule is at fault, and what is pointed at is there.
fn is_sound(report: &Report) {
    assert!(report.bugs.is_empty(), "{:?}", report.bugs);
    for label in report.findings.iter().flat_map(|one| &one.labels) {
        let span = label.span;
        let source = report.sources.get(span.source.0 as usize);
        let range = span.start as usize..span.end as usize;
        assert!(
            source.is_some_and(|source| source.text.get(range).is_some()),
            "{span:?}"
        );
    }
}

fn written(
    write: impl Fn(&mut dyn Write, &render::document::Document<'_>) -> io::Result<()>,
    document: &render::document::Document<'_>,
) -> String {
    let mut text = Vec::new();
    write(&mut text, document).unwrap();
    String::from_utf8(text).unwrap()
}

/// Whatever a JSON report says is refused in words, or shown in every format.
pub(crate) fn show_any(data: &[u8]) {
    let Ok(document) = render::document::read(data) else {
        return;
    };
    let pages = [
        render::lead(
            &document,
            render::Screen::PLAIN,
            render::Extent::Full,
            &|_, _| None,
        ),
        render::document_json(&document),
        render::html(&document),
        render::markdown(&document),
        render::csv(&document),
        written(render::write_junit, &document),
        render::github(&document),
        written(render::write_gitlab, &document),
        written(render::write_policyreport, &document),
        render::document_sarif(&document, None),
    ];
    assert!(
        pages
            .iter()
            .all(|page| !page.contains('\u{1b}') || page == &pages[0])
    );
}

/// An archive of these files.
fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = Vec::new();
    for (name, bytes) in files {
        let mut header = [0_u8; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[100..107].copy_from_slice(b"0000644");
        header[124..135].copy_from_slice(format!("{:011o}", bytes.len()).as_bytes());
        header[156] = b'0';
        header[257..265].copy_from_slice(b"ustar\x0000");
        header[148..156].fill(b' ');
        let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
        header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        archive.extend(header);
        archive.extend(*bytes);
        archive.resize(archive.len().next_multiple_of(512), 0);
    }
    archive.resize(archive.len() + 1024, 0);
    archive
}

fn read(data: &[u8]) -> Loaded {
    load(SourceId(7), OriginId(0), "any".to_owned(), data.to_vec())
}

fn lies_in(loaded: &Loaded, span: Span) {
    assert_eq!(span.source, SourceId(7));
    let range = span.start as usize..span.end as usize;
    assert!(
        loaded.source.text.get(range).is_some(),
        "{span:?} is not in the text"
    );
}

/// Every node can be asked everything.
fn holds_together(loaded: &Loaded, root: Node<'_>) {
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        lies_in(loaded, node.span());
        let collection = node.is_map() || node.is_seq();
        assert_eq!(node.scalar().is_none(), collection);
        assert!(!collection || node.text().is_empty());
        for (key, value) in node.entries() {
            assert!(node.get(&key.key()).is_some());
            open.extend([key, value]);
        }
        open.extend(node.items());
    }
}
