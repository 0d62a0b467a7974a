//! What the user names becomes a list of texts: every file once, in a fixed order, and nothing skipped in silence.

use std::fs;
use std::path::Path;

use pgo_preflight::source::{InputError, Inputs, Limits, Reason};

fn find(paths: &[&Path]) -> Inputs {
    Inputs::find(paths, Limits::default()).unwrap()
}

/// Uris relative to the folder.
fn files(inputs: &Inputs, root: &Path) -> Vec<String> {
    inputs
        .files
        .iter()
        .map(|file| short(&file.uri, root))
        .collect()
}

fn skipped(inputs: &Inputs, root: &Path) -> Vec<(String, Reason)> {
    let skipped = inputs.skipped.iter();
    skipped
        .map(|skipped| (short(&skipped.uri, root), skipped.reason.clone()))
        .collect()
}

fn short(uri: &str, root: &Path) -> String {
    let root = root.to_string_lossy().replace('\\', "/");
    let below = uri.strip_prefix(&root).unwrap_or(uri);
    below.trim_start_matches('/').to_owned()
}

fn folder(files: &[&str]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for file in files {
        let path = root.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "a: 1\n").unwrap();
    }
    root
}

#[test]
fn folders_are_walked_and_sorted() {
    let root = folder(&[
        "b.yaml",
        "a/z.yml",
        "a/b/c.JSON",
        "notes.txt",
        "a.yaml",
        "a/Makefile",
    ]);
    let inputs = find(&[root.path()]);
    assert_eq!(
        files(&inputs, root.path()),
        ["a.yaml", "a/b/c.JSON", "a/z.yml", "b.yaml"]
    );
    assert_eq!(skipped(&inputs, root.path()), []);
}

#[test]
fn the_order_of_the_command_line_does_not_show() {
    let root = folder(&["b.yaml", "a/z.yaml", "a.yaml"]);
    let paths = ["b.yaml", "a", "a.yaml"].map(|name| root.path().join(name));
    let forth = find(&[&paths[0], &paths[1], &paths[2]]);
    let back = find(&[&paths[2], &paths[1], &paths[0]]);
    assert_eq!(files(&forth, root.path()), ["a.yaml", "a/z.yaml", "b.yaml"]);
    assert_eq!(files(&forth, root.path()), files(&back, root.path()));
}

#[test]
fn a_file_named_directly_may_have_any_name() {
    let root = folder(&["export", ".hidden.yaml", ".git/x.yaml"]);
    let [plain, hidden, git] =
        ["export", ".hidden.yaml", ".git"].map(|name| root.path().join(name));
    let inputs = find(&[&plain, &hidden, &git]);
    assert_eq!(
        files(&inputs, root.path()),
        [".git/x.yaml", ".hidden.yaml", "export"]
    );
}

#[test]
fn hidden_files_and_folders_are_left_out_of_folders() {
    let root = folder(&[
        "a.yaml",
        ".git/config.yaml",
        ".gitlab-ci.yml",
        "b/.cache/c.yaml",
    ]);
    assert_eq!(files(&find(&[root.path()]), root.path()), ["a.yaml"]);
}

#[test]
fn uris_are_the_paths_as_given() {
    let root = folder(&["a/b.yaml"]);
    let slash = format!("{}/a/", root.path().display());
    let inputs = find(&[Path::new(&slash)]);
    assert_eq!(inputs.files[0].uri, format!("{slash}b.yaml"));
    let stdin = find(&[Path::new("-"), Path::new("-")]);
    assert_eq!(stdin.files.len(), 1, "standard input is read once");
    assert_eq!(stdin.files[0].uri, "-");
}

#[test]
fn a_file_named_twice_is_read_once() {
    let root = folder(&["a/b.yaml"]);
    let [folder, file] = ["a", "a/b.yaml"].map(|name| root.path().join(name));
    let inputs = find(&[&folder, &file, &folder]);
    assert_eq!(files(&inputs, root.path()), ["a/b.yaml"]);
    assert_eq!(skipped(&inputs, root.path()), []);

    let roundabout = root.path().join("a/../a/b.yaml");
    let inputs = find(&[&roundabout, &file]);
    assert_eq!(files(&inputs, root.path()), ["a/../a/b.yaml"]);
    let [(uri, reason)] = &skipped(&inputs, root.path())[..] else {
        panic!("the other name is not mentioned");
    };
    assert_eq!(uri, "a/b.yaml");
    assert!(!reason.may_hide_objects());
}

#[test]
fn a_missing_path_is_the_users_mistake() {
    let root = folder(&["a.yaml"]);
    for name in ["gone.yaml", "a.yaml/inside", "gone/deeper"] {
        let path = root.path().join(name);
        let error = Inputs::find([&path], Limits::default()).unwrap_err();
        let InputError::Missing(missing) = error;
        assert_eq!(short(&missing, root.path()), name);
    }
}

#[test]
fn a_folder_without_manifests_is_mentioned() {
    let root = folder(&["notes.txt"]);
    let inputs = find(&[root.path()]);
    assert_eq!(inputs.files.len(), 0);
    assert_eq!(
        skipped(&inputs, root.path()),
        [(String::new(), Reason::NoManifests)]
    );
}

#[test]
fn an_empty_file_is_mentioned() {
    let root = folder(&[]);
    let file = root.path().join("a.yaml");
    fs::write(&file, "").unwrap();
    let inputs = find(&[root.path()]);
    let empty = ("a.yaml".to_owned(), Reason::Empty);
    assert_eq!(skipped(&inputs, root.path()), [empty]);
    let named = find(&[&file]);
    let skipped = named.files[0].read(Limits::default()).unwrap_err();
    assert_eq!(skipped.reason, Reason::Empty);
}

#[test]
fn files_over_the_limits_are_not_read() {
    let root = folder(&["a.yaml", "b.yaml", "c.yaml"]);
    fs::write(root.path().join("b.yaml"), "much too long").unwrap();
    let limits = Limits { file: 10, total: 9 };
    let inputs = Inputs::find([root.path()], limits).unwrap();
    assert_eq!(files(&inputs, root.path()), ["a.yaml"]);
    assert_eq!(
        skipped(&inputs, root.path()),
        [
            ("b.yaml".to_owned(), Reason::TooLarge(10)),
            ("c.yaml".to_owned(), Reason::TooMuch(9)),
        ]
    );
}

#[test]
fn a_file_that_vanishes_is_skipped() {
    let root = folder(&["a.yaml"]);
    let inputs = find(&[root.path()]);
    fs::remove_file(root.path().join("a.yaml")).unwrap();
    let skipped = inputs.files[0].read(Limits::default()).unwrap_err();
    assert!(skipped.reason.may_hide_objects());
}

#[test]
fn a_deep_folder_does_not_exhaust_the_stack() {
    let root = folder(&[]);
    let deep = vec!["d"; 1_500].join("/");
    fs::create_dir_all(root.path().join(&deep)).unwrap();
    fs::write(root.path().join(&deep).join("a.yaml"), "a: 1").unwrap();
    assert_eq!(
        files(&find(&[root.path()]), root.path()),
        [format!("{deep}/a.yaml")]
    );
}

#[cfg(unix)]
mod unix {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::process::Command;

    use super::*;

    #[test]
    fn symlinks_in_circles_end() {
        let root = folder(&["a/b.yaml"]);
        symlink(root.path(), root.path().join("a/up")).unwrap();
        symlink("self.yaml", root.path().join("a/self.yaml")).unwrap();
        symlink("gone", root.path().join("a/dangling.yaml")).unwrap();
        let inputs = find(&[root.path()]);
        assert_eq!(files(&inputs, root.path()), ["a/b.yaml"]);
        let skipped = skipped(&inputs, root.path());
        let uris: Vec<_> = skipped.iter().map(|(uri, _)| uri.as_str()).collect();
        assert_eq!(uris, ["a/dangling.yaml", "a/self.yaml", "a/up"]);
        assert_eq!(skipped[2].1, Reason::FolderLink);
        assert!(skipped.iter().all(|(_, reason)| reason.may_hide_objects()));
    }

    #[test]
    fn a_symlink_to_a_file_is_the_file() {
        // As Kubernetes mounts ConfigMaps.
        let root = folder(&["..data/a.yaml"]);
        symlink("..data/a.yaml", root.path().join("a.yaml")).unwrap();
        symlink("a.yaml", root.path().join("again.yaml")).unwrap();
        let inputs = find(&[root.path()]);
        assert_eq!(files(&inputs, root.path()), ["a.yaml"]);
        assert_eq!(inputs.files[0].read(Limits::default()).unwrap(), b"a: 1\n");
        let reason = &inputs.skipped[0].reason;
        assert!(matches!(reason, Reason::Repeated(first) if first.ends_with("/a.yaml")));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn pipes_devices_and_sockets_are_not_opened() {
        let root = folder(&["a.yaml"]);
        let pipe = root.path().join("pipe.yaml");
        assert!(
            Command::new("mkfifo")
                .arg(&pipe)
                .status()
                .unwrap()
                .success()
        );
        symlink("/dev/zero", root.path().join("zero.yaml")).unwrap();
        symlink("/dev/zero", root.path().join("other")).unwrap();
        symlink("/proc/self/maps", root.path().join("maps.yaml")).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(root.path().join("s.yaml")).unwrap();
        let inputs = find(&[root.path()]);
        assert_eq!(files(&inputs, root.path()), ["a.yaml"]);
        let skipped = skipped(&inputs, root.path());
        let uris: Vec<_> = skipped.iter().map(|(uri, _)| uri.as_str()).collect();
        assert_eq!(uris, ["maps.yaml", "pipe.yaml", "s.yaml", "zero.yaml"]);
        let special = |reason: &Reason| matches!(reason, Reason::Special(_) | Reason::LinkOut);
        assert!(skipped.iter().all(|(_, reason)| special(reason)));

        // Nor when named directly: nobody may ever write to it.
        let named = find(&[&pipe, Path::new("/dev/null")]);
        assert_eq!(named.files.len(), 0);
        assert_eq!(named.skipped.len(), 2);
    }

    #[test]
    fn a_name_that_is_not_utf8_is_read_and_shown() {
        let root = folder(&[]);
        let name = OsStr::from_bytes(b"caf\xe9.yaml");
        fs::write(root.path().join(name), "a: 1").unwrap();
        let inputs = find(&[root.path()]);
        assert_eq!(files(&inputs, root.path()), ["caf\u{fffd}.yaml"]);
        assert!(inputs.files[0].read(Limits::default()).is_ok());
    }

    #[test]
    fn what_may_not_be_read_is_skipped() {
        let root = folder(&["a.yaml", "shut/b.yaml", "c.yaml"]);
        let (shut, file) = (root.path().join("shut"), root.path().join("c.yaml"));
        for path in [&shut, &file] {
            fs::set_permissions(path, fs::Permissions::from_mode(0o000)).unwrap();
        }
        if fs::read_dir(&shut).is_ok() {
            eprintln!("skipped: this user may read everything");
        } else {
            let inputs = find(&[root.path()]);
            assert_eq!(files(&inputs, root.path()), ["a.yaml", "c.yaml"]);
            assert_eq!(inputs.skipped.len(), 1);
            assert!(inputs.skipped[0].uri.ends_with("/shut"));
            let skipped = inputs.files[1].read(Limits::default()).unwrap_err();
            assert_eq!(skipped.reason.to_string(), "no permission to read it");
        }
        fs::set_permissions(&shut, fs::Permissions::from_mode(0o700)).unwrap();
    }
}

/// Whoever reads it, root included.
#[cfg(target_os = "linux")]
#[test]
fn a_file_that_fails_on_reading_is_skipped() {
    let inputs = find(&[Path::new("/proc/self/mem")]);
    let skipped = inputs.files[0].read(Limits::default()).unwrap_err();
    assert!(
        matches!(skipped.reason, Reason::Unreadable(_)),
        "{skipped:?}"
    );
}

/// As in `check <(kubectl get ...)`.
#[cfg(target_os = "linux")]
#[test]
fn a_pipe_that_the_shell_opened_is_read() {
    use std::io::Write;
    use std::os::fd::AsRawFd;
    let (reader, mut writer) = std::io::pipe().unwrap();
    writer.write_all(b"a: 1").unwrap();
    drop(writer);
    let path = format!("/dev/fd/{}", reader.as_raw_fd());
    let inputs = find(&[Path::new(&path)]);
    assert_eq!(inputs.files[0].uri, path);
    assert_eq!(inputs.files[0].read(Limits::default()).unwrap(), b"a: 1");
}
