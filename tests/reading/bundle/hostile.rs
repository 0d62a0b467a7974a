//! Archives made to harm: nothing is written, nothing grows, nothing hangs, and what was not read is said.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use tar::EntryType;

use super::making::{POD, dump, dump_within, gzip, live, raw, read, tar, told, uris, zip};

#[test]
fn paths_that_lead_elsewhere_are_refused() {
    let bad = [
        "/etc/pod.yaml",
        "../pod.yaml",
        "a/../../pod.yaml",
        "C:\\pod.yaml",
    ];
    let mut files: Vec<(&str, &str)> = bad.iter().map(|path| (*path, POD)).collect();
    files.push(("good.yaml", POD));
    for (name, bytes) in [("a.tar", tar(&files)), ("a.zip", zip(&files))] {
        let dump = dump(name, &bytes);
        assert_eq!(uris(&dump), [format!("{name}/good.yaml")]);
        let told = told(&dump);
        assert_eq!(told.len(), bad.len(), "{told:?}");
        assert!(told.iter().all(|told| told.starts_with('!')), "{told:?}");
    }
}

#[test]
fn links_and_devices_are_not_followed() {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, kind) in [
        ("link.yaml", EntryType::Symlink),
        ("hard.yaml", EntryType::Link),
        ("device.yaml", EntryType::Char),
        ("pipe.yaml", EntryType::Fifo),
        ("sparse.yaml", EntryType::XHeader),
        ("folder-link", EntryType::Symlink),
        ("log.txt", EntryType::Symlink),
    ] {
        if kind != EntryType::XHeader {
            raw(&mut builder, name, kind, b"");
        }
    }
    raw(
        &mut builder,
        "good.yaml",
        EntryType::Regular,
        POD.as_bytes(),
    );
    let dump = dump("a.tar", &builder.into_inner().unwrap());
    assert_eq!(uris(&dump), ["a.tar/good.yaml"]);
    assert_eq!(
        told(&dump),
        [
            "!a.tar/link.yaml: a link, not a file",
            "!a.tar/hard.yaml: a link, not a file",
            "!a.tar/device.yaml: a device, not a file",
            "!a.tar/pipe.yaml: a pipe, not a file",
            "!a.tar/folder-link: a link, not a file",
        ]
    );
}

#[test]
fn a_link_in_a_zip_archive_is_not_followed() {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    writer
        .add_symlink("a.yaml", "/etc/passwd", options)
        .unwrap();
    let dump = dump("a.zip", &writer.finish().unwrap().into_inner());
    assert_eq!(dump.texts, []);
    assert_eq!(told(&dump), ["!a.zip/a.yaml: a link, not a file"]);
}

/// A gzip stream of zeros, which shrink to a thousandth.
fn bomb(before: &[u8], megabytes: usize) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(before).unwrap();
    let zeros = vec![0; 1 << 20];
    for _ in 0..megabytes {
        encoder.write_all(&zeros).unwrap();
    }
    encoder.finish().unwrap()
}

#[test]
fn a_bomb_is_cut_off_and_what_came_before_it_counts() {
    let mut header = tar::Header::new_gnu();
    header.set_path("bomb.yaml").unwrap();
    header.set_size(200 << 20);
    header.set_cksum();
    let mut start = tar(&[("good.yaml", POD)]);
    start.truncate(1024);
    start.extend_from_slice(header.as_bytes());
    let bytes = bomb(&start, 4);
    assert!(bytes.len() < 1 << 14);
    let dump = dump_within(2, "a.tgz", &bytes);
    assert_eq!(uris(&dump), ["a.tgz/good.yaml"]);
    let told = told(&dump);
    assert!(
        told.iter()
            .any(|told| told.starts_with("!a.tgz: ") && told.contains("far more than it is")),
        "{told:?}"
    );
}

#[test]
fn a_bomb_behind_the_end_of_the_archive_is_cut_off() {
    let dump = dump_within(2, "a.tgz", &bomb(&tar(&[("good.yaml", POD)]), 4));
    assert_eq!(uris(&dump), ["a.tgz/good.yaml"]);
    assert!(told(&dump)[0].contains("far more than it is"));
}

#[test]
fn a_bomb_in_a_zip_archive_is_cut_off() {
    let zeros = " ".repeat(30 << 20);
    let bytes = zip(&[
        ("a.yaml", POD),
        ("b.yaml", &zeros),
        ("c.yaml", &zeros),
        ("d.yaml", POD),
    ]);
    assert!(bytes.len() < 1 << 20);
    let dump = dump("a.zip", &bytes);
    assert_eq!(uris(&dump), ["a.zip/a.yaml", "a.zip/b.yaml"]);
    assert!(
        told(&dump)
            .iter()
            .any(|told| told.contains("far more than it is"))
    );
}

#[test]
fn a_zip_archive_that_claims_countless_members_takes_no_memory() {
    let mut bytes = zip(&[("a.yaml", POD)]);
    let mut end = b"PK\x06\x06".to_vec();
    end.extend_from_slice(&[0; 28]);
    end.extend_from_slice(&u64::MAX.to_le_bytes());
    end.extend_from_slice(&[0; 40]);
    bytes.splice(0..0, end);
    bytes.splice(0..0, *b"PK\x03\x04");
    let dump = dump("a.zip", &bytes);
    assert_eq!(
        told(&dump),
        ["!a.zip: it cannot be read on: it has more than a million members"]
    );
}

#[test]
fn members_of_one_name_are_both_kept() {
    let other = POD.replace("pgo", "other");
    let dump = dump("a.tar", &tar(&[("a.yaml", POD), ("a.yaml", &other)]));
    assert_eq!(uris(&dump), ["a.tar/a.yaml", "a.tar/a.yaml#2"]);
}

#[test]
fn members_of_one_name_in_a_zip_archive_are_told_of() {
    let mut bytes = zip(&[("a.yaml", POD), ("b.yaml", POD)]);
    for at in 0..bytes.len() - 6 {
        if &bytes[at..at + 6] == b"b.yaml" {
            bytes[at] = b'a';
        }
    }
    let dump = dump("a.zip", &bytes);
    assert_eq!(dump.texts.len(), 1);
    assert!(told(&dump)[0].starts_with("!a.zip: two members of it have the same path"));
}

#[test]
fn an_encrypted_member_is_told_of_and_the_others_are_read() {
    let mut bytes = zip(&[("a.yaml", POD), ("b.yaml", POD)]);
    // The flag in the local header of the first member, and in its entry in the directory.
    bytes[6] |= 1;
    let entry = bytes
        .windows(4)
        .position(|window| window == b"PK\x01\x02")
        .unwrap();
    bytes[entry + 8] |= 1;
    let dump = dump("a.zip", &bytes);
    assert_eq!(uris(&dump), ["a.zip/b.yaml"]);
    assert_eq!(told(&dump), ["!a.zip/a.yaml: it is encrypted"]);
}

#[test]
fn a_zip_archive_with_wrong_sizes_gives_no_wrong_text() {
    let good = zip(&[("a.yaml", POD), ("b.yaml", POD)]);
    let entry = good
        .windows(4)
        .position(|window| window == b"PK\x01\x02")
        .unwrap();
    for size in [0_u32, 1, 10, u32::MAX - 1] {
        let mut bytes = good.clone();
        bytes[entry + 24..entry + 28].copy_from_slice(&size.to_le_bytes());
        let dump = dump("a.zip", &bytes);
        assert_eq!(uris(&dump), ["a.zip/b.yaml"], "{size}");
        assert!(
            told(&dump)[0].starts_with("!a.zip/a.yaml: "),
            "{size}: {:?}",
            told(&dump)
        );
    }
}

#[test]
fn an_archive_inside_an_archive_is_told_of() {
    let dump = dump("a.tar", &tar(&[("inner.tar.gz", "x"), ("good.yaml", POD)]));
    assert_eq!(
        told(&dump),
        ["!a.tar/inner.tar.gz: an archive inside an archive; unpack it and name it by itself"]
    );
}

#[test]
fn names_that_are_not_text_are_shown_as_they_can_be() {
    let mut bytes = tar(&[("a-.yaml", POD)]);
    bytes[1] = 0xff;
    let header = tar::Header::from_byte_slice(&bytes[..512]);
    let mut header = header.clone();
    header.set_cksum();
    bytes[..512].copy_from_slice(header.as_bytes());
    assert_eq!(uris(&dump("a.tar", &bytes)), ["a.tar/a\u{fffd}.yaml"]);
}

#[test]
fn wherever_an_archive_is_cut_off_it_is_said() {
    let whole = tar(&[("a.yaml", POD), ("b.yaml", POD), ("c.yaml", POD)]);
    let packed = gzip(&whole);
    for length in (1..packed.len())
        .step_by(7)
        .chain([packed.len() - 1, packed.len() - 8])
    {
        let (dumps, skipped) = read("a.tgz", &packed[..length]);
        let counts = dumps.iter().flat_map(|dump| &dump.skipped).chain(&skipped);
        assert!(
            counts
                .into_iter()
                .any(|skipped| skipped.reason.may_hide_objects()),
            "{length}"
        );
    }
    for length in (1..3 * 1024 + 511).step_by(13).chain([1024, 2048, 3072]) {
        let (dumps, skipped) = read("a.tar", &whole[..length]);
        let counts = dumps.iter().flat_map(|dump| &dump.skipped).chain(&skipped);
        assert!(
            counts
                .into_iter()
                .any(|skipped| skipped.reason.may_hide_objects()),
            "{length}"
        );
    }
}

#[test]
fn a_damaged_archive_is_never_quoted() {
    let secret = format!("password: hunter2\n{}", "token: hunter2 ".repeat(60));
    for (name, bytes) in [
        ("a.tar", secret.as_bytes().to_vec()),
        ("a.tgz", gzip(secret.as_bytes())),
    ] {
        let (dumps, skipped) = read(name, &bytes);
        let all = format!("{dumps:?} {skipped:?}");
        assert!(!all.contains("hunter2"), "{all}");
        assert!(all.contains("archive"), "{all}");
    }
}

#[test]
fn something_after_the_end_is_told_of() {
    let mut bytes = tar(&[("a.yaml", POD)]);
    bytes.extend(tar(&[("b.yaml", POD)]));
    let dump = dump("a.tar", &bytes);
    assert_eq!(uris(&dump), ["a.tar/a.yaml"]);
    assert_eq!(
        told(&dump),
        ["!a.tar: it cannot be read on after its first member: something follows its end"]
    );
}

#[test]
fn a_bundle_from_the_future_is_not_understood_by_halves() {
    let coverage = r#"{"kind": "pgo-preflight bundle", "version": 2, "objects": 1, "listed": [{"resource": "pods"}]}"#;
    let dump = dump(
        "a.tgz",
        &gzip(&tar(&[("coverage.json", coverage), ("a.yaml", POD)])),
    );
    assert_eq!(dump.listings, []);
    assert_eq!(
        told(&dump),
        ["!a.tgz: its coverage.json: a newer pgo-preflight wrote it; read it with that one"]
    );
    assert_eq!(dump.texts.len(), 1);
}

#[test]
fn a_bundle_without_all_its_objects_is_told_of() {
    let coverage = r#"{"kind": "pgo-preflight bundle", "version": 1, "objects": 2, "listed": [{"resource": "pods"}]}"#;
    let dump = dump(
        "a.tgz",
        &gzip(&tar(&[("coverage.json", coverage), ("a.yaml", POD)])),
    );
    assert_eq!(
        told(&dump),
        ["!a.tgz: it was written with 2 objects, and holds 1"]
    );
}

fn mutated(mut bytes: Vec<u8>, changes: &[(usize, u8)], length: usize) -> Vec<u8> {
    let size = bytes.len();
    for (at, value) in changes {
        bytes[at % size] = *value;
    }
    bytes.truncate(1 + length % size);
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is changed in an archive, it is read without a panic; and no text appears that nobody wrote, unless a byte of
    /// an unchecked tar archive itself was changed.
    #[test]
    fn a_mutated_archive_does_no_harm(
        form in 0..4,
        changes in prop::collection::vec((any::<usize>(), any::<u8>()), 0..6),
        length in prop_oneof![Just(usize::MAX - 1), any::<usize>()],
    ) {
        let files = [("a.yaml", POD), ("b/c.yaml", POD), ("d.txt", "x")];
        let (name, bytes) = match form {
            0 => ("a.tar", tar(&files)),
            1 => ("a.tgz", gzip(&tar(&files))),
            2 => ("a.zip", zip(&files)),
            _ => {
                let mut bytes = Vec::new();
                pgo_preflight::source::bundle::write(&live("prod", &[]), &mut bytes).unwrap();
                ("a.tar.gz", bytes)
            }
        };
        let (dumps, skipped) = read(name, &mutated(bytes, &changes, length));
        let said = skipped.iter().chain(dumps.iter().flat_map(|dump| &dump.skipped));
        let counts = said.into_iter().any(|skipped| skipped.reason.may_hide_objects());
        let texts: usize = dumps.iter().map(|dump| dump.texts.len()).sum();
        prop_assert!(texts <= 3);
        // In the checked forms nothing is lost in silence (zip marks what stands between members with nothing).
        if form == 1 && texts < 2 {
            prop_assert!(counts, "texts lost in silence");
        }
    }
}
