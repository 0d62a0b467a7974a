//! A dump to what of it may be written down: no Secret's data, no secret value, nothing that could not be read.

use rayon::prelude::*;

use crate::manifest::load::load;
use crate::manifest::{Kind, Object};
use crate::source::{Dump, Listed, OriginId, Reason, Skipped, SourceId, Text};

/// Overwrites secret values, as loading does, and leaves Secrets with data out. What is left out is said: what is
/// missing never passes for absent.
pub fn scrubbed(mut dump: Dump) -> Dump {
    let texts = std::mem::take(&mut dump.texts);
    let kept: Vec<Kept> = texts.into_par_iter().map(keep).collect();
    let mut has_secrets = false;
    for text in kept {
        match text {
            Kept::Text(text) => dump.texts.push(text),
            Kept::Secret => has_secrets = true,
            Kept::Not(skipped) => dump.skipped.push(skipped),
        }
    }
    if has_secrets {
        let secrets = Kind::Secret.info().plural;
        for listing in &mut dump.listings {
            if listing.resource == secrets {
                listing.outcome = Listed::Failed {
                    because: "Secrets with data are not written to bundles".to_owned(),
                    ask: String::new(),
                };
            }
        }
    }
    dump
}

/// What becomes of a text.
enum Kept {
    Text(Text),
    /// A Secret with data, and nothing else.
    Secret,
    Not(Skipped),
}

fn keep(text: Text) -> Kept {
    let uri = text.uri.clone();
    let loaded = load(SourceId(0), OriginId(0), text.uri, text.bytes);
    let not = |why: String| {
        let reason = Reason::Unreadable(why);
        Kept::Not(Skipped {
            uri: uri.clone(),
            reason,
        })
    };
    let mut problems = loaded.problems.iter();
    if let Some(problem) = problems.find(|problem| !problem.kind.is_harmless()) {
        return not(problem.kind.to_string());
    }
    if loaded.objects.iter().any(holds_data) {
        let alone = loaded.counted == 1 && loaded.lists.is_empty();
        return if alone {
            Kept::Secret
        } else {
            not("a Secret with data is in it, which is not written to bundles".to_owned())
        };
    }
    Kept::Text(Text {
        uri: loaded.source.uri.clone(),
        bytes: loaded.source.text.clone().into_bytes(),
    })
}

fn holds_data(object: &Object) -> bool {
    let has = |key| object.at(&[key]).is_some();
    object.kind == Kind::Secret && (has("data") || has("stringData"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Listing;

    fn dump(texts: &[&str]) -> Dump {
        Dump {
            texts: texts
                .iter()
                .zip(0..)
                .map(|(text, number)| Text {
                    uri: format!("prod/pgo/{number}"),
                    bytes: text.as_bytes().to_vec(),
                })
                .collect(),
            listings: vec![Listing {
                resource: "secrets".to_owned(),
                namespace: None,
                outcome: Listed::Whole,
            }],
            ..Dump::default()
        }
    }

    const SECRET: &str = "apiVersion: v1\nkind: Secret\nmetadata: {name: a, namespace: pgo}\n";

    #[test]
    fn a_secret_with_data_is_left_out_and_its_kind_no_longer_listed_whole() {
        let with_data = format!("{SECRET}data: {{password: aHVudGVyMg==}}\n");
        let kept = scrubbed(dump(&[
            &with_data,
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n",
        ]));
        assert_eq!(kept.texts.len(), 1);
        assert!(matches!(kept.listings[0].outcome, Listed::Failed { .. }));
        assert_eq!(kept.skipped, []);
    }

    #[test]
    fn the_metadata_of_a_secret_is_kept() {
        let kept = scrubbed(dump(&[SECRET]));
        assert_eq!(kept.texts.len(), 1);
        assert_eq!(kept.listings[0].outcome, Listed::Whole);
    }

    #[test]
    fn a_secret_among_others_takes_them_with_it_but_not_in_silence() {
        let with_data =
            format!("{SECRET}data: {{password: aHVudGVyMg==}}\n---\nkind: Pod\napiVersion: v1\n");
        let kept = scrubbed(dump(&[&with_data]));
        assert_eq!(kept.texts, []);
        assert!(kept.skipped[0].reason.may_hide_objects());
    }

    #[test]
    fn what_cannot_be_read_is_not_written_but_said() {
        let kept = scrubbed(dump(&["kind: Pod\napiVersion: v1\nmetadata: {name: [\n"]));
        assert_eq!(kept.texts, []);
        assert!(kept.skipped[0].reason.may_hide_objects());
    }
}
