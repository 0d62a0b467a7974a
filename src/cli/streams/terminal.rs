//! What the environment says of hyperlinks: whether the terminal knows them, and where the documentation is.

use crate::cli::Failure;
use crate::render::address;

/// The variable that says where the folder `docs` of this program is published.
pub(in crate::cli) const DOCS: &str = "PGO_PREFLIGHT_DOCS";

/// Takes the address of the documentation from the environment, where it is there.
pub(in crate::cli) fn find_documentation() -> Result<(), Failure> {
    let Some(base) = variable(DOCS).filter(|base| !base.is_empty()) else {
        return Ok(());
    };
    if address::published_at(&base) {
        return Ok(());
    }
    Err(Failure::new(format!(
        "{DOCS} is no plain address of a folder with documentation, like https://git.example.org/pgo-preflight/docs"
    )))
}

/// Whether a terminal shows hyperlinks. There is no way to ask one; those that do say who they are.
pub(in crate::cli) fn knows_links(terminal: bool) -> bool {
    match variable("FORCE_HYPERLINK").as_deref() {
        Some("0") => return false,
        Some(wish) if !wish.is_empty() => return true,
        _ => {}
    }
    // Inside of tmux or screen it is they that would have to pass them on.
    if !terminal || variable("TMUX").is_some() || variable("STY").is_some() {
        return false;
    }
    let program = variable("TERM_PROGRAM").unwrap_or_default();
    let programs = ["iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio"];
    let kind = variable("TERM").unwrap_or_default();
    let kinds = [
        "xterm-kitty",
        "alacritty",
        "foot",
        "xterm-ghostty",
        "wezterm",
    ];
    let vte = variable("VTE_VERSION").and_then(|version| version.parse::<u32>().ok());
    let present = [
        "WT_SESSION",
        "KITTY_WINDOW_ID",
        "KONSOLE_VERSION",
        "DOMTERM",
    ];
    programs.contains(&program.as_str())
        || kinds.iter().any(|known| kind.starts_with(known))
        || vte.is_some_and(|version| version >= 5000)
        || present.iter().any(|name| variable(name).is_some())
}

#[allow(clippy::disallowed_methods)] // what tells terminals apart is read here and nowhere else
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
