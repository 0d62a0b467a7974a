//! Examples of what expressions mean.

use std::collections::BTreeMap;

use super::*;
use crate::manifest::{Fact, Gap};

/// Facts `a`, `b`, `c.d`, `c.d.e`, `list`, `map`, `ver`.
pub(super) struct Table;

const FACTS: &[&str] = &["a", "b", "c.d", "c.d.e", "list", "map", "ver"];

impl Names for Table {
    fn fact(&self, dotted: &str) -> Option<u16> {
        let index = FACTS.iter().position(|fact| *fact == dotted)?;
        u16::try_from(index).ok()
    }
    fn fact_name(&self, number: u16) -> &str {
        FACTS[usize::from(number)]
    }
    fn similar(&self, dotted: &str) -> Option<String> {
        nearest(dotted, FACTS.iter().copied()).map(str::to_owned)
    }
}

/// Values by dotted name; a missing fact is unknown, a missing `self` path absent.
#[derive(Default)]
pub(super) struct Values(BTreeMap<String, Value>);

fn gap(name: &str) -> Gap {
    Gap {
        missing: name.to_owned(),
        because: "hidden".to_owned(),
        ask: "look".to_owned(),
    }
}

fn dotted(name: &Name) -> String {
    match name {
        Name::Fact(number) => Table.fact_name(*number).to_owned(),
        Name::Own(path) => format!("self.{}", path.join(".")),
        Name::Item(_) | Name::Now => name.written(&Table),
    }
}

impl Lookup for Values {
    fn read(&self, name: &Name) -> Fact<Value> {
        let name = dotted(name);
        match self.0.get(&name) {
            Some(value) => Fact::known(value.clone()),
            None if name.starts_with("self.") => Fact::known(Value::Absent),
            None => Fact::unknown(gap(&name)),
        }
    }
}

/// Values given as programs: `[("a", "1 + 1")]`.
pub(super) fn values(given: &[(&str, &str)]) -> Values {
    let value = |source| Program::compile(source, &[]).unwrap().eval(&[]).unwrap();
    Values(
        given
            .iter()
            .map(|(name, source)| ((*name).to_owned(), value(source)))
            .collect(),
    )
}

fn eval(source: &str, given: &[(&str, &str)]) -> Evaluation {
    let expr = Expr::compile(source, &Table).unwrap_or_else(|error| panic!("{source}: {error}"));
    expr.eval(&values(given))
}

fn outcome(source: &str, given: &[(&str, &str)]) -> Outcome {
    eval(source, given).outcome
}

fn reads(source: &str, given: &[(&str, &str)]) -> Vec<String> {
    eval(source, given).reads.iter().map(dotted).collect()
}

fn refused(source: &str) -> (usize, String) {
    let error = Expr::compile(source, &Table).unwrap_err();
    (error.offset, error.message)
}

fn unknown(names: &[&str]) -> Outcome {
    Outcome::Unknown(names.iter().map(|name| gap(name)).collect())
}

#[test]
fn a_false_part_decides_whatever_the_unknown_one_is() {
    assert_eq!(outcome("a == 1 && b", &[("b", "false")]), Outcome::False);
    assert_eq!(outcome("a == 1 || b", &[("b", "true")]), Outcome::True);
    assert_eq!(outcome("a == 1 && b", &[("b", "true")]), unknown(&["a"]));
    assert_eq!(outcome("a && b", &[]), unknown(&["a", "b"]));
    assert_eq!(outcome("a ? b : b", &[("b", "true")]), Outcome::True);
    assert_eq!(outcome("a ? b : !b", &[("b", "true")]), unknown(&["a"]));
}

#[test]
fn an_operation_on_an_unknown_value_never_decides() {
    for source in [
        "a == null",
        "a != a",
        "a in [1, 2]",
        "1 in a",
        "size(a) == 0",
        "a.x == 1",
        "has(a.x)",
        "a.?x.hasValue()",
        "a[?'x'].orValue(true)",
        "a.?x.orValue(true)",
        "set(a)",
        "a.exists(x, true)",
        "a.all(x, true)",
        "type(a) == int",
        "[a].exists(x, has(x.y))",
        "[a] == [1]",
        "{'k': a}.?k.hasValue()",
        "has({'k': a}.k)",
        "a.optMap(v, true).orValue(false)",
        "[?a] == []",
    ] {
        assert_eq!(outcome(source, &[]), unknown(&["a"]), "{source}");
    }
}

#[test]
fn an_unknown_item_leaves_the_others_known() {
    let fine = |source| outcome(source, &[("b", "2")]);
    assert_eq!(fine("[a, b].exists(x, x == 2)"), Outcome::True);
    assert_eq!(fine("[a, b].all(x, x != 2)"), Outcome::False);
    assert_eq!(fine("2 in [a, b]"), Outcome::True);
    assert_eq!(fine("3 in [a, b]"), unknown(&["a"]));
    assert_eq!(fine("[a, b] == [1, 3]"), Outcome::False);
    assert_eq!(fine("size([a, b]) == 2"), Outcome::True);
    assert_eq!(fine("[a, b, b].exists_one(x, x == 2)"), Outcome::False);
    assert_eq!(fine("[a, b].filter(x, x == 2).size() > 0"), unknown(&["a"]));
}

#[test]
fn the_reads_are_those_that_decide() {
    let both = [("a", "false"), ("b", "false")];
    assert_eq!(reads("a && b", &both), ["a"]);
    assert_eq!(reads("a || b", &both), ["a", "b"]);
    assert_eq!(reads("b || !a", &[("a", "false"), ("b", "true")]), ["b"]);
    assert_eq!(reads("c.d == 1 && b", &both), ["b"]);
    assert_eq!(reads("a ? c.d : b", &both), ["a", "b"]);
    assert_eq!(
        reads("list.exists(x, x == a)", &[("list", "[1, 2]"), ("a", "2")]),
        ["list", "a"]
    );
    assert_eq!(
        reads(
            "self.spec.x == '1' && has(self.metadata)",
            &[("self.spec.x", "'1'")]
        ),
        ["self.metadata"]
    );
}

#[test]
fn an_absent_path_equals_null_and_nothing_else() {
    for (source, expected) in [
        ("has(self.a.b)", Outcome::False),
        ("self.a == null", Outcome::True),
        ("self.a != null", Outcome::False),
        ("self.a == ''", Outcome::False),
        ("self.a in ['x', 'y']", Outcome::False),
        ("set(self.a)", Outcome::False),
        ("self.?a.b.orValue('x') == 'x'", Outcome::True),
        ("self.a.?b.hasValue()", Outcome::False),
        ("self.a[?'b'].hasValue()", Outcome::False),
        ("self['a']['b'] == null", Outcome::True),
    ] {
        assert_eq!(outcome(source, &[]), expected, "{source}");
    }
    for source in [
        "self.a > 1",
        "size(self.a) == 0",
        "self.a",
        "!self.a",
        "self.a.exists(x, x)",
    ] {
        assert!(matches!(outcome(source, &[]), Outcome::Bug(_)), "{source}");
    }
}

#[test]
fn an_empty_field_is_there_but_not_set() {
    for empty in ["''", "null", "[]", "{}"] {
        assert_eq!(
            outcome("has(self.a.b)", &[("self.a.b", empty)]),
            Outcome::True
        );
        assert_eq!(
            outcome("set(self.a.b)", &[("self.a.b", empty)]),
            Outcome::False
        );
    }
    assert_eq!(
        outcome("set(self.a.b)", &[("self.a.b", "'x'")]),
        Outcome::True
    );
}

#[test]
fn the_longest_dotted_name_is_the_fact() {
    let given = [("c.d", "{'e': 1, 'f': 2}"), ("c.d.e", "3")];
    assert_eq!(reads("c.d.e == 3", &given), ["c.d.e"]);
    assert_eq!(reads("c.d.f == 2", &given), ["c.d"]);
    assert_eq!(outcome("has(c.d.g)", &given), Outcome::False);
    assert_eq!(
        outcome("c.d.g == 2", &given),
        Outcome::Bug("no such key: g".into())
    );
}

#[test]
fn a_type_error_is_a_bug_unless_something_was_unknown() {
    assert_eq!(
        outcome("a < 'x'", &[("a", "1")]),
        Outcome::Bug("`<` does not take an integer and a string".into())
    );
    assert_eq!(outcome("a < 'x' && b", &[("a", "1")]), unknown(&["b"]));
    assert_eq!(
        outcome("a < 'x' && b", &[("a", "1"), ("b", "false")]),
        Outcome::False
    );
    assert!(matches!(
        outcome("ver == '13'", &[("ver", "version('13')")]),
        Outcome::Bug(_)
    ));
    assert!(matches!(outcome("a", &[("a", "1")]), Outcome::Bug(_)));
}

#[test]
fn a_bad_value_of_the_input_is_unknown_and_no_bug_of_the_rule() {
    let because = |source: &str, given: &[(&str, &str)]| match outcome(source, given) {
        Outcome::Unknown(gaps) => gaps[0].because.clone(),
        other => panic!("{source}: {other:?}"),
    };
    for (source, value, expected) in [
        (
            "quantity(a) > quantity('1Gi')",
            "'1TB'",
            "\"1TB\" is no quantity",
        ),
        (
            "version(a) > version('4.2')",
            "'latest'",
            "\"latest\" is no version",
        ),
        (
            "timestamp(a) > timestamp('2026-01-01T00:00:00Z')",
            "'yesterday'",
            "\"yesterday\" is no timestamp",
        ),
        ("int(a) > 1", "'1e3'", "\"1e3\" is no int"),
        (
            "a + 1 > 0",
            "9223372036854775807",
            "a number does not fit into 64 bits",
        ),
    ] {
        assert_eq!(because(source, &[("a", value)]), expected, "{source}");
    }
    let hostile = format!("'\u{1b}[2J{}'", "x".repeat(500));
    let told = because("int(a) > 1", &[("a", &hostile)]);
    assert!(told.len() < 100 && !told.contains('\u{1b}'), "{told}");
    // What decides without the value still does.
    assert_eq!(
        outcome("int(a) > 1 || true", &[("a", "'x'")]),
        Outcome::True
    );
    assert_eq!(reads("int(a) > 1", &[("a", "'x'")]), ["a"]);
}

#[test]
fn a_kind_is_the_input_s_choice_only_where_it_is_read_as_written() {
    let list = [("self.a", "['x']"), ("list", "['x']")];
    for source in ["self.a > 1", "self.a", "!self.a"] {
        assert!(
            matches!(outcome(source, &list), Outcome::Unknown(_)),
            "{source}"
        );
    }
    assert!(matches!(outcome("list > 1", &list), Outcome::Bug(_)));
    // That a field is absent is for the rule to ask.
    assert!(matches!(outcome("self.z > 1", &list), Outcome::Bug(_)));
}

#[test]
fn a_list_that_takes_too_many_steps_is_unknown() {
    let long = format!("[{}]", vec!["1"; 600].join(","));
    let source = "list.all(x, list.all(y, x == y))";
    let Outcome::Unknown(gaps) = outcome(source, &[("list", &long)]) else {
        panic!("decided");
    };
    assert!(gaps[0].because.contains("100000 steps"), "{gaps:?}");
}

#[test]
fn amounts_compare_by_what_they_mean() {
    for source in [
        "version('4.10') > version('4.7.12')",
        "quantity('1Gi') == quantity('1024Mi')",
        "quantity('1G').isLessThan(quantity('1Gi'))",
        "1 == 1.0 && 2 > 1.5",
        "duration('90m') == duration('1h30m')",
        "timestamp('2024-01-02T00:00:00Z') - timestamp('2024-01-01T00:00:00Z') == duration('24h')",
        "now - timestamp('2024-01-01T00:00:00Z') > duration('24h')",
    ] {
        let given = [("now", "timestamp('2024-06-01T00:00:00Z')")];
        assert_eq!(outcome(source, &given), Outcome::True, "{source}");
    }
}

#[test]
fn strings_and_lists_work_as_in_kubernetes() {
    for source in [
        "'a,b,c'.split(',') == ['a', 'b', 'c']",
        "['a', 'b'].join('-') == 'a-b'",
        "' x '.trim() == 'x'",
        "'ÄbC'.lowerAscii() == 'Äbc'",
        "'hello'.substring(1, 3) == 'el'",
        "'aaa'.replace('a', 'b', 2) == 'bba'",
        "'größe'.indexOf('e') == 4 && size('größe') == 5",
        "'repo1-path'.matches('^repo[0-9]+-')",
        "[3, 1, 2].max() == 3 && [1, 2].sum() == 3",
        "{'a': 1}.exists(k, k == 'a') && 'a' in {'a': null}",
        "optional.of(1).optMap(v, v + 1).orValue(0) == 2",
        "[1, 2, 3].map(x, x > 1, x * 2) == [4, 6]",
    ] {
        assert_eq!(outcome(source, &[]), Outcome::True, "{source}");
    }
}

#[test]
fn what_cannot_work_is_refused_with_its_place() {
    for (source, offset, message) in [
        (
            "a == 1 && lisst.size() > 0",
            10,
            "there is nothing named `lisst`; did you mean `list`?",
        ),
        (
            "has(c.d)",
            7 - 2,
            "`c.d` is a fact: it is known or unknown, never missing; compare it, or ask set(c.d)",
        ),
        (
            "a.startWith('x')",
            2,
            "there is no function `startWith`; did you mean `startsWith`?",
        ),
        (
            "list.exists(x, list.exists(y, list.exists(z, true)))",
            42,
            "loops nest deeper than 2; make a fact of it",
        ),
        ("a.matches('(')", 10, "bad pattern: unclosed group"),
        (
            "a.matches(b)",
            10,
            "the pattern of `matches` must be written out, so that it can be checked on loading",
        ),
        ("version('latest') < ver", 0, "\"latest\" is no version"),
        ("a = 1", 2, "a single `=` is no operator; compare with `==`"),
        ("a ==", 4, "the expression ends where a value was expected"),
        (
            "a && (b || true",
            15,
            "the expression ends where `)` was expected",
        ),
        (
            "1u == a",
            0,
            "unsigned integers are not supported; leave out the `u`",
        ),
        (
            "list.exists(self, true)",
            12,
            "`self` already names something; choose another variable",
        ),
        ("size() == 1", 0, "`size` takes 1 arguments, not 0"),
    ] {
        assert_eq!(refused(source), (offset, message.to_owned()), "{source}");
    }
}

#[test]
fn hostile_expressions_are_refused_not_survived_by_luck() {
    let many = |part: &str| part.repeat(4000 / part.len());
    for source in [
        many("("),
        many("["),
        many("{"),
        many("!"),
        many("-"),
        many("a."),
        many("a+"),
        many("a?a:"),
        many("[0]"),
        many("size("),
        many("'"),
        many("\\"),
        "a".repeat(5000),
        many("{'a':"),
        format!("a{}", many(".b")),
        format!("a{}", many("[0]")),
        format!("a{}", many("+1")),
    ] {
        assert!(Expr::compile(&source, &Table).is_err(), "{source}");
    }
    let long = vec!["a"; 500].join(" && ");
    assert_eq!(outcome(&long, &[("a", "true")]), Outcome::True);
}

#[test]
fn endless_work_is_stopped() {
    let long = format!("[{}]", vec!["1"; 600].join(","));
    let source = format!("{long}.all(x, {long}.all(y, x == y))");
    assert_eq!(
        outcome(&source, &[]),
        Outcome::Bug("the evaluation takes more than 100000 steps".into())
    );
    let text = format!("'{}'", "x".repeat(2000));
    let doubled = format!(
        "{text}.replace('x', {}).replace('x', 'yyyyyyyyyyyyyyyyyyyyyyyy') == ''",
        "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'"
    );
    assert!(matches!(outcome(&doubled, &[]), Outcome::Bug(_)));
}

#[test]
fn a_program_treats_a_missing_key_as_an_error() {
    let own = |source: &str| Program::compile(source, &[]).unwrap().eval(&[]).unwrap();
    let run = |source: &str, value: &str| {
        let program = Program::compile(source, &["self", "oldSelf"]).unwrap();
        program
            .eval(&[("self", own(value))])
            .map_err(|error| error.message)
    };
    assert_eq!(
        run("has(self.a) || self.b > 1", "{'b': 2}"),
        Ok(Value::Bool(true))
    );
    assert_eq!(run("self.a > 1", "{}"), Err("no such key: a".into()));
    assert_eq!(run("has(self.a.b)", "{}"), Err("no such key: a".into()));
    assert_eq!(run("has(self.?a.b)", "{}"), Ok(Value::Bool(false)));
    assert_eq!(
        run("self.a__dash__b == 1", "{'a-b': 1}"),
        Ok(Value::Bool(true))
    );
    assert_eq!(
        run("self.__namespace__ == 1", "{'namespace': 1}"),
        Ok(Value::Bool(true))
    );
    assert_eq!(
        run("type(self) == null_type", "null"),
        Ok(Value::Bool(true))
    );
}

#[test]
fn templates_show_values_lists_and_what_is_missing() {
    let text = "{c.d.e}/{self.metadata.name}: {list}; {map.k}; {{{b}}}; {self.spec.none}";
    let template = Template::parse(text, &Table).unwrap();
    let given = values(&[
        ("c.d.e", "'x y'"),
        ("self.metadata.name", "'hippo'"),
        ("list", "['s3', 'gcs']"),
        ("map", "{'k': 5}"),
    ]);
    assert_eq!(
        &*template.render(&given, Missing::Words),
        "x y/hippo: s3, gcs; 5; {unknown}; none"
    );
    assert_eq!(
        &*template.render(&given, Missing::Placeholder),
        "'x y'/hippo: s3, gcs; 5; {<b>}; <self.spec.none>"
    );
}

#[test]
fn a_value_that_could_not_stand_in_a_command_leaves_it_out() {
    let template = Template::parse(
        "It is {b}.\n\n    drop {b} -n {c.d.e}\n    patch -p '{b}'",
        &Table,
    );
    let template = template.unwrap();
    let drop = |value: &str| {
        let given = values(&[("b", value), ("c.d.e", "'pgo'")]);
        template.render(&given, Missing::Placeholder)
    };
    assert_eq!(
        &*drop("'hippo'"),
        "It is hippo.\n\n    drop hippo -n pgo\n    patch -p 'hippo'"
    );
    // Quoted where it stands alone, not inside a quote; never a flag; never with what cannot be copied.
    assert!(drop("'a;b'").ends_with("drop 'a;b' -n pgo\n    patch -p '<b>'"));
    assert!(drop("'--all'").contains("    drop <b> -n pgo"));
    assert!(drop("'-x y'").contains("    drop <b> -n pgo"));
    assert!(drop("'a\\nb'").contains("    drop <b> -n pgo"));
}

#[test]
fn templates_refuse_unknown_names_and_single_braces() {
    let refused = |text: &str| Template::parse(text, &Table).unwrap_err().message;
    assert_eq!(
        refused("{lisst}"),
        "there is nothing named `lisst`; did you mean `list`?"
    );
    assert!(refused("a } b").contains("write {{ or }}"));
    assert!(refused("{\"spec\": 1}").contains("write {{"));
}

#[test]
fn a_record_with_a_text_is_shown_by_it() {
    let template = Template::parse("{list}; {map}", &Table).unwrap();
    let given = values(&[
        (
            "list",
            "[{'name': 'a', 'text': 'a is lower'}, {'name': 'b'}]",
        ),
        ("map", "{'k': 5}"),
    ]);
    let text = template.render(&given, Missing::Words);
    assert_eq!(&*text, "a is lower, name=b; k=5");
}

#[test]
fn names_are_read_as_rules_write_them() {
    for written in [
        "self",
        "self.spec.x",
        "self.metadata.annotations[\"a.b/c\"]",
        "now",
        "c.d.e",
    ] {
        let (name, fields) = Name::parse(written, &Table).unwrap();
        assert_eq!((name.written(&Table).as_str(), fields.len()), (written, 0));
    }
    let (name, fields) = Name::parse("c.d.f.g", &Table).unwrap();
    assert_eq!(
        (name.written(&Table).as_str(), fields),
        ("c.d", vec!["f".to_owned(), "g".to_owned()])
    );
    let (name, _) = Name::parse("self.metadata.labels.pg-cluster", &Table).unwrap();
    assert_eq!(name.written(&Table), "self.metadata.labels[\"pg-cluster\"]");
    for bad in ["", "a b", "1", "c.d[0]", "now.x"] {
        assert!(Name::parse(bad, &Table).is_err(), "{bad}");
    }
    assert!(Template::parse("{self}", &Table).is_err());
}

#[test]
fn the_highest_expression_fits_a_small_stack() {
    let highest = |open: &str, inner: &str, close: &str| {
        let nested = |depth: usize| format!("{}{inner}{}", open.repeat(depth), close.repeat(depth));
        let accepted = |depth: &usize| Expr::compile(&nested(*depth), &Table).is_ok();
        let depth = (1..70).filter(accepted).max().unwrap();
        assert!(depth >= 6, "{open}: {depth}");
        nested(depth)
    };
    let sources = [
        highest("(", "b", ")"),
        highest("!(true && ", "b", ")"),
        highest("[", "b", "] == []"),
        highest("b ? true : (", "b", ")"),
        highest("size([", "b", "]) + 1"),
        highest("", "b", " == b"),
        highest("{'k': ", "b", "}.k"),
        highest("b || b && b == b + b * (", "b", ")"),
        highest("b || b && b == b + b * size(has(map.k) ? b : [", "b", "])"),
    ];
    for source in sources {
        let small = std::thread::Builder::new().stack_size(512 * 1024);
        let work = move || {
            let expr = Expr::compile(&source, &Table).unwrap();
            expr.eval(&values(&[("b", "true")]));
        };
        small.spawn(work).unwrap().join().unwrap();
    }
}

#[test]
fn a_program_says_which_fields_of_a_variable_it_reads() {
    let fields = |source: &str| {
        let program = Program::compile(source, &["self", "oldSelf"]).unwrap();
        program.fields_of("self").map(|fields| {
            let fields: Vec<String> = fields.iter().map(ToString::to_string).collect();
            fields.join(" ")
        })
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(fields("!has(self.a) || self.b.c < oldSelf.d"), some("a b"));
    assert_eq!(
        fields("self.a.exists(x, x in self.b) ? {'k': self.c} != {} : [self.d][0]"),
        some("a b c d")
    );
    assert_eq!(fields("true"), some(""));
    assert_eq!(fields("self.all(k, k != 'a')"), None);
    assert_eq!(fields("self == oldSelf || self.a"), None);
    assert_eq!(fields("self['a'] == 1"), None);
}
