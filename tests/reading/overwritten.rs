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
