//! What overwriting leaves: it reads alike however it was written, and alike when it is read again, as a bundle is.

use pgo_preflight::manifest::{Loaded, load};
use pgo_preflight::source::{OriginId, SourceId};

fn read(text: &str) -> Loaded {
    let text = text.as_bytes().to_vec();
    load(SourceId(0), OriginId(0), "in.yaml".to_owned(), text)
}

/// What an entry of the first object says, now and when it is read again.
fn entry(text: &str, path: &[&str]) -> String {
    let once = read(text);
    let twice = read(&once.source.text);
    assert_eq!(once.source.text, twice.source.text, "{text}");
    let said = |loaded: &Loaded| loaded.objects[0].at(path).unwrap().text().to_owned();
    assert_eq!(said(&once), said(&twice), "{text}");
    assert!(!said(&once).contains("hunter2"), "{text}");
    said(&once)
}

const MAP: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";

/// A text in which line breaks stand as escapes passed for one that sets nothing.
#[test]
fn what_stays_beside_a_credential_means_the_same_in_json_and_in_yaml() {
    let said = "[global]\nrepo1-cipher-type=aes-256-cbc\n# https://u:_______@h/x\n";
    for data in [
        "data:\n  a.conf: |\n    [global]\n    repo1-cipher-type=aes-256-cbc\n    # https://u:hunter2@h/x\n",
        "data: {a.conf: \"[global]\\nrepo1-cipher-type=aes-256-cbc\\n# https://u:hunter2@h/x\\n\"}\n",
        "data: {a.conf: \"[global]\n\n    repo1-cipher-type=aes-256-cbc\n\n    # https://u:hunter2@h/x\\n\"}\n",
        "data:\n  a.conf: '[global]\n\n    repo1-cipher-type=aes-256-cbc\n\n    # https://u:hunter2@h/x\n\n    '\n",
    ] {
        let text = format!("{MAP}{data}");
        assert_eq!(entry(&text, &["data", "a.conf"]), said, "{data}");
    }
}

/// Of a script for psql only where it goes is read.
#[test]
fn of_a_script_stays_where_it_goes_however_it_is_written() {
    for data in [
        "data:\n  a.sql: |\n    \\c app\n    ALTER ROLE a\tPASSWORD = secretly hunter2\n",
        "data: {a.sql: \"\\\\c app\\nALTER ROLE a PASSWORD = secretly hunter2xx\\n\"}\n",
    ] {
        let text = format!("{MAP}{data}");
        let left = entry(&text, &["data", "a.sql"]);
        assert!(left.starts_with("\\c app\n"), "{left}");
        assert!(
            left.lines()
                .skip(1)
                .all(|line| line.bytes().all(|byte| byte == b'_')),
            "{left}"
        );
    }
    // What copies a table goes nowhere.
    let text = format!("{MAP}data: {{a.sql: \"\\\\copy a from 'hunter2'\"}}\n");
    assert!(
        entry(&text, &["data", "a.sql"])
            .bytes()
            .all(|byte| byte == b'_')
    );
}

/// What no fact reads of a ConfigMap goes, in copies of it as well; what one reads stays.
#[test]
fn of_a_map_stay_the_entries_that_facts_read() {
    let text = format!(
        "{MAP}data: {{.pgpass: 'h:5432:*:u:hunter2', pgo.yaml: 'Cluster: {{Port: 5432}}', schedule: '{{}}'}}\n"
    );
    assert_eq!(entry(&text, &["data", ".pgpass"]), "_".repeat(18));
    assert_eq!(entry(&text, &["data", "pgo.yaml"]), "Cluster: {Port: 5432}");
    let copied = |data: &str| {
        let text = format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: a, annotations: {{copy: '{{\"kind\":\"ConfigMap\",\"data\":{{{data}}}}}'}}}}\n"
        );
        entry(&text, &["metadata", "annotations", "copy"])
    };
    assert!(copied("\"userlist.txt\":\"hunter2\"").starts_with("___"));
    assert!(copied("\"pgo.yaml\":\"{}\"").starts_with("{\"kind\":\"ConfigMap\""));
}
