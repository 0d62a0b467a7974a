//! What a terminal can show.

/// What a terminal can show.
#[derive(Clone, Copy, Debug)]
pub struct Screen {
    /// Its width in columns.
    pub width: usize,
    /// Whether ANSI styles are written.
    pub colour: bool,
    /// Whether it knows hyperlinks.
    pub links: bool,
}

impl Screen {
    /// A file, a pipe, or a terminal of which nothing is known.
    pub const PLAIN: Screen = Screen {
        width: 80,
        colour: false,
        links: false,
    };
}
