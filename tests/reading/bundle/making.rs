//! Archives for tests, good and bad, and dumps made from fixtures.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use pgo_preflight::manifest::KINDS;
use pgo_preflight::source::{Dump, Inputs, Limits, Listed, Listing, Skipped, Text, bundle};
use serde_json::Value;

pub const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: pgo}\n";

/// A tar archive of these files.
pub fn tar(files: &[(&str, &str)]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, text) in files {
        raw(&mut builder, path, tar::EntryType::Regular, text.as_bytes());
    }
    builder.into_inner().unwrap()
}

/// A member with any path at all: the builder itself would refuse some.
pub fn raw(builder: &mut tar::Builder<Vec<u8>>, path: &str, kind: tar::EntryType, bytes: &[u8]) {
    let mut header = tar::Header::new_gnu();
    header.as_gnu_mut().unwrap().name[..path.len()].copy_from_slice(path.as_bytes());
    header.set_entry_type(kind);
    header.set_size(bytes.len() as u64);
    header.set_mode(0o644);
    header.set_cksum();
    builder.append(&header, bytes).unwrap();
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn zip(files: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (path, text) in files {
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(*path, options).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Writes a file into a folder of its own and reads it as the user would name it.
pub fn read(name: &str, bytes: &[u8]) -> (Vec<Dump>, Vec<Skipped>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    named(&[&path], folder.path())
}

/// Reads an archive with less than the usual to spare: making and unpacking a large bomb takes its time.
pub fn dump_within(megabytes: u64, name: &str, bytes: &[u8]) -> Dump {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    let limits = Limits {
        total: megabytes << 20,
        ..Limits::default()
    };
    let (mut dumps, _) = found(Inputs::find([&path], limits).unwrap(), folder.path());
    dumps.remove(0)
}

/// Reads what is named; names below a folder are told without it.
pub fn named(paths: &[&Path], folder: &Path) -> (Vec<Dump>, Vec<Skipped>) {
    found(Inputs::find(paths, Limits::default()).unwrap(), folder)
}

fn found(mut inputs: Inputs, folder: &Path) -> (Vec<Dump>, Vec<Skipped>) {
    let mut dumps = bundle::read_all(&mut inputs);
    let prefix = format!("{}/", folder.to_string_lossy().replace('\\', "/"));
    for dump in &mut dumps {
        dump.name = dump.name.replace(&prefix, "");
        for text in &mut dump.texts {
            text.uri = text.uri.replace(&prefix, "");
        }
        for skipped in &mut dump.skipped {
            skipped.uri = skipped.uri.replace(&prefix, "");
        }
    }
    for skipped in &mut inputs.skipped {
        skipped.uri = skipped.uri.replace(&prefix, "");
    }
    (dumps, inputs.skipped)
}

/// The one dump that an archive gives.
pub fn dump(name: &str, bytes: &[u8]) -> Dump {
    let (mut dumps, skipped) = read(name, bytes);
    assert_eq!(skipped, []);
    assert_eq!(dumps.len(), 1);
    dumps.remove(0)
}

/// Names of the texts of a dump.
pub fn uris(dump: &Dump) -> Vec<&str> {
    dump.texts.iter().map(|text| text.uri.as_str()).collect()
}

/// What a dump says was not read: `uri: reason`, with `!` where it counts.
pub fn told(dump: &Dump) -> Vec<String> {
    dump.skipped
        .iter()
        .map(|skipped| {
            let counts = if skipped.reason.may_hide_objects() {
                "!"
            } else {
                ""
            };
            format!("{counts}{}: {}", skipped.uri, skipped.reason)
        })
        .collect()
}

/// The objects of a fixture as a live cluster would give them: one text each, every kind listed whole.
pub fn live(name: &str, files: &[PathBuf]) -> Dump {
    let mut texts = Vec::new();
    for file in files {
        for document in yaml_serde::Deserializer::from_str(&fs::read_to_string(file).unwrap()) {
            let value: Value = serde::Deserialize::deserialize(document).unwrap();
            objects(name, value, &mut texts);
        }
    }
    texts.sort_by(|left, right| left.uri.cmp(&right.uri));
    Dump {
        name: name.to_owned(),
        taken: Some("2026-11-20T12:00:00Z".parse().unwrap()),
        server: Some("v1.33.2".to_owned()),
        texts,
        listings: KINDS
            .iter()
            .map(|row| Listing {
                resource: row.plural.to_owned(),
                namespace: None,
                outcome: Listed::Whole,
            })
            .collect(),
        skipped: Vec::new(),
    }
}

fn objects(name: &str, value: Value, texts: &mut Vec<Text>) {
    match value {
        Value::Null => {}
        Value::Object(mut object) if object.contains_key("items") => {
            for item in object["items"].as_array_mut().unwrap() {
                objects(name, item.take(), texts);
            }
        }
        Value::Object(mut object) => {
            let of = |key: &str| object["metadata"][key].as_str().unwrap_or("");
            let kind = object["kind"].as_str().unwrap();
            let uri = [name, of("namespace"), kind, of("name")];
            let uri: Vec<&str> = uri.into_iter().filter(|part| !part.is_empty()).collect();
            let uri = uri.join("/");
            if kind == "Secret" {
                object.remove("data");
                object.remove("stringData");
            }
            let bytes = yaml_serde::to_string(&object).unwrap().into_bytes();
            texts.push(Text { uri, bytes });
        }
        other => panic!("{other}"),
    }
}
