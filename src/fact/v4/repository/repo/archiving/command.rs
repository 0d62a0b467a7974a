//! What an `archive_command` does, as far as its words tell: a shell reads it.
//!
//! It must not know any cluster.

pub(super) const PGBACKREST: &str = "pgbackrest";
/// pgBackRest, and Postgres is told of success where it failed.
pub(super) const UNCHECKED: &str = "pgbackrest without its failures";
pub(super) const OFF: &str = "nothing";
pub(super) const OTHER: &str = "another command";

/// PGO's scripts for several repositories bear pgBackRest's name in their path.
pub(super) fn by(command: &str) -> &'static str {
    let command = without_comment(command.trim());
    if command.is_empty() {
        return OFF;
    }
    match command.split_once("archive-push") {
        Some((before, rest)) if before.contains("pgbackrest") && is_reached(before) => {
            if hides_failures(command, rest) {
                UNCHECKED
            } else {
                PGBACKREST
            }
        }
        _ => OTHER,
    }
}

/// What a command gives as one of these options, `--stanza=db` or `--stanza db`.
pub(super) fn option<'a>(command: &'a str, names: &[&str]) -> Option<&'a str> {
    let mut words = command.split_whitespace();
    loop {
        let word = words.next()?;
        let (name, given) = match word.split_once('=') {
            Some((name, given)) => (name, Some(given)),
            None => (word, None),
        };
        if names.contains(&name) {
            let given = given.or_else(|| words.next())?;
            return Some(given.trim_matches(['"', '\'']));
        }
    }
}

/// The command without what a shell takes for a comment: from a `#` on that begins a word, outside of quotes.
fn without_comment(command: &str) -> &str {
    let (mut quote, mut before) = (None, b' ');
    for (at, byte) in command.bytes().enumerate() {
        match (quote, byte) {
            (None, b'#') if before.is_ascii_whitespace() || before == b';' => {
                return command.get(..at).unwrap_or(command).trim_end();
            }
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
        before = byte;
    }
    command
}

/// Whether the shell comes to what stands behind these words, and runs it: not after `exit`, nor after `true ||`, nor where it
/// is only printed.
fn is_reached(before: &str) -> bool {
    let before = before.trim_start();
    let own = before.rfind([';', '&', '|']).map_or(0, |end| end + 1);
    let (earlier, own) = before.split_at(own);
    let said = first_word(own);
    if matches!(said, "echo" | "printf" | ":" | "true" | "/bin/true") {
        return false;
    }
    let ends = |part: &str| matches!(first_word(part), "exit" | "return");
    if earlier.split([';', '\n']).any(ends) {
        return false;
    }
    let either = earlier.trim_end().strip_suffix("||");
    let either = either.and_then(|earlier| earlier.rsplit([';', '&', '|']).next());
    !either.is_some_and(|word| matches!(word.trim(), "true" | ":" | "/bin/true"))
}

fn first_word(part: &str) -> &str {
    let part = part.trim_start_matches([' ', '{', '(']);
    part.split_whitespace().next().unwrap_or("")
}

/// Whether what follows the push decides what Postgres is told: after `||`, after `;`, behind a pipe, or at once, where the push
/// goes on in the background. A segment that was not archived is then removed as if it were.
fn hides_failures(command: &str, rest: &str) -> bool {
    // What ends a group says nothing: `|| { echo failed; exit 1; }`.
    let rest = rest.trim_end_matches([' ', ';', '}', ')']);
    if is_in_background(rest) {
        return true;
    }
    let after = rest.rsplit_once("||").or_else(|| rest.split_once(';'));
    let Some((_, after)) = after else {
        return rest.contains('|') && !command.contains("pipefail");
    };
    let last = after.rsplit(';').next().unwrap_or("");
    let mut words = last.trim_start_matches([' ', '{', '(']).split_whitespace();
    match (words.next(), words.next()) {
        (None | Some("false" | "/bin/false"), _) => false,
        (Some("exit" | "return"), code) => code == Some("0"),
        _ => true,
    }
}

/// A single `&` that redirects nothing.
fn is_in_background(rest: &str) -> bool {
    let bytes = rest.as_bytes();
    let is = |at: Option<usize>, these: &[u8]| {
        let byte = at.and_then(|at| bytes.get(at));
        byte.is_some_and(|byte| these.contains(byte))
    };
    let mut ands = rest.match_indices('&').map(|(at, _)| at);
    ands.any(|at| !is(at.checked_sub(1), b"&>") && !is(Some(at + 1), b"&>"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PUSH: &str = "pgbackrest archive-push \"%p\"";

    #[test]
    fn the_option_that_a_command_names_is_read_in_both_spellings() {
        let push = |option| format!("pgbackrest {option} archive-push \"%p\"");
        for spelled in ["--stanza=db", "--stanza db", "--stanza=\"db\""] {
            assert_eq!(option(&push(spelled), &["--stanza"]), Some("db"));
        }
        let other = push("--log-level-console=info");
        assert_eq!(option(&other, &["--stanza"]), None);
    }

    #[test]
    fn only_pgbackrests_own_push_archives_into_the_repository() {
        for own in [
            "source /opt/crunchy/bin/postgres-ha/pgbackrest/pgbackrest-set-env.sh && pgbackrest archive-push \"%p\"",
            "source /opt/crunchy/bin/postgres-ha/pgbackrest/pgbackrest-archive-push-local-s3.sh %p",
            "bash -c 'pgbackrest archive-push %p'",
            "test -f /tmp/stop && exit 1; pgbackrest archive-push %p",
            "mountpoint -q /x || exit 1; pgbackrest archive-push %p # by hand",
            "cp %p /mnt/copy/%f && pgbackrest archive-push %p",
        ] {
            assert_eq!(by(own), PGBACKREST, "{own}");
        }
        for other in ["/bin/true", "wal-g wal-push %p", "pgbackrest info"] {
            assert_eq!(by(other), OTHER, "{other}");
        }
        assert_eq!(by(" "), OFF);
    }

    #[test]
    fn a_push_that_no_shell_comes_to_archives_nothing() {
        for words in [
            "true #",
            "exit 0;",
            "true ||",
            ": ||",
            "echo",
            "true; # was:",
        ] {
            assert_eq!(by(&format!("{words} {PUSH}")), OTHER, "{words}");
        }
        assert_eq!(by(&format!("# {PUSH}")), OFF);
    }

    #[test]
    fn what_follows_the_push_decides_what_postgres_is_told() {
        for tail in [
            "|| true",
            "; true",
            "; true;",
            "|| { echo failed; exit 0; }",
            "|| exit 0",
            "2>&1 | tee -a /tmp/log",
            "&",
            "> /tmp/log 2>&1 &",
        ] {
            assert_eq!(by(&format!("{PUSH} {tail}")), UNCHECKED, "{tail}");
        }
        for tail in [
            "|| exit 1",
            "|| { echo failed; exit 1; }",
            "|| (sleep 1; exit 1)",
            "; exit $?",
            ";",
            "|| false",
            "2>&1",
            "&> /tmp/log",
            "&& touch /tmp/archived",
        ] {
            assert_eq!(by(&format!("{PUSH} {tail}")), PGBACKREST, "{tail}");
        }
    }
}
