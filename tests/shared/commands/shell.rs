//! A command line as a POSIX shell takes it apart, without anything that a remedy has no need of.

/// What a command line consists of.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Word(String),
    Pipe,
}

/// Whether a command goes on in the next line: after a backslash, in an open quote, or in a here-document.
pub(super) fn is_open(text: &str) -> bool {
    if text.ends_with('\\') || matches!(pieces(text), Err(what) if what == OPEN) {
        return true;
    }
    let here = text
        .lines()
        .next()
        .is_some_and(|first| first.contains("<<'EOF'"));
    here && !text.lines().skip(1).any(|line| line.trim() == "EOF")
}

const OPEN: &str = "a quote is open";

/// Whether what is substituted only reads: `kubectl get`, perhaps of a context.
fn reads(inner: &str) -> bool {
    let mut words = inner.split_whitespace();
    let mut verb = (words.next() == Some("kubectl"))
        .then(|| words.next())
        .flatten();
    if verb == Some("--context") {
        verb = words.nth(1);
    }
    verb == Some("get") && inner.contains(')') && !inner.contains([';', '|', '&', '`', '$'])
}

/// Takes a command apart. What would run another program, put it into the background or substitute a command is an error,
/// except where a double quote holds `$(date)`, `$(kubectl get ...)` or a variable; files and here-documents after `<` and `>` are passed over.
pub(super) fn pieces(text: &str) -> Result<Vec<Piece>, &'static str> {
    let text = match text.split_once("<<'EOF'") {
        Some((before, _)) => before,
        None => text,
    };
    let mut pieces = Vec::new();
    let mut word: Option<String> = None;
    let mut into_file = false;
    let mut chars = text.chars().peekable();
    let end = |word: &mut Option<String>, into_file: &mut bool, pieces: &mut Vec<Piece>| {
        if let Some(word) = word.take()
            && !std::mem::take(into_file)
        {
            pieces.push(Piece::Word(word));
        }
    };
    while let Some(c) = chars.next() {
        match c {
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next() {
                        Some('\'') => break,
                        Some(c) => word.push(c),
                        None => return Err(OPEN),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next() {
                        Some('"') => break,
                        Some('\\') => word.push(chars.next().ok_or(OPEN)?),
                        Some('`') => return Err("a command is substituted"),
                        Some(c) => word.push(c),
                        None => return Err(OPEN),
                    }
                }
                let harmless = |inner: &str| inner.starts_with("date)") || reads(inner);
                if !word.split("$(").skip(1).all(harmless) {
                    return Err("a command is substituted");
                }
            }
            '\\' => match chars.next() {
                Some('\n') => {}
                Some(c) => word.get_or_insert_default().push(c),
                None => return Err(OPEN),
            },
            ' ' | '\t' => end(&mut word, &mut into_file, &mut pieces),
            '#' if word.is_none() => break,
            '|' => {
                end(&mut word, &mut into_file, &mut pieces);
                pieces.push(Piece::Pipe);
            }
            '<' | '>' => {
                end(&mut word, &mut into_file, &mut pieces);
                into_file = true;
            }
            '\n' => return Err("a second line"),
            ';' | '&' | '(' | ')' | '`' | '$' | '*' | '?' | '!' | '~' => {
                return Err("a character that means something to the shell is not quoted");
            }
            c => word.get_or_insert_default().push(c),
        }
    }
    end(&mut word, &mut into_file, &mut pieces);
    Ok(pieces)
}
