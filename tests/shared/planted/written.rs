//! Objects as YAML in every way that YAML has: what is folded, quoted, escaped, tagged, anchored or turned round is the same object.

use serde_json::Value;

/// Objects written one way of many: each number is another.
pub fn written(objects: &[Value], way: usize) -> String {
    let mut writer = Writer {
        next: way,
        anchors: 0,
    };
    let documents = objects.iter().map(|object| {
        let mut text = String::from("---\n# of nobody\n");
        writer.block(object, 0, &mut text);
        text
    });
    documents.collect()
}

/// As JSON in which every character is escaped.
pub fn escaped(objects: &[Value]) -> String {
    fn of(value: &Value) -> String {
        let text = |text: &str| -> String {
            let units = text.encode_utf16().map(|unit| format!("\\u{unit:04x}"));
            format!("\"{}\"", units.collect::<String>())
        };
        match value {
            Value::String(string) => text(string),
            Value::Array(items) => {
                let items: Vec<String> = items.iter().map(of).collect();
                format!("[{}]", items.join(","))
            }
            Value::Object(fields) => {
                let fields = fields
                    .iter()
                    .map(|(key, value)| format!("{}:{}", text(key), of(value)));
                format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
            }
            other => other.to_string(),
        }
    }
    objects.iter().map(|object| of(object) + "\n").collect()
}

struct Writer {
    next: usize,
    anchors: usize,
}

impl Writer {
    /// One of so many ways: each in its turn, but not in step with what is written.
    fn one_of(&mut self, ways: usize) -> usize {
        self.next = self
            .next
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.next >> 33) % ways
    }

    /// A value that begins on a line of its own.
    fn block(&mut self, value: &Value, indent: usize, out: &mut String) {
        let pad = " ".repeat(indent);
        match value {
            Value::Object(fields) if !fields.is_empty() => {
                let mut fields: Vec<(&String, &Value)> = fields.iter().collect();
                if self.one_of(3) == 0 {
                    fields.reverse();
                }
                for (key, value) in fields {
                    let key = match self.one_of(4) {
                        0 => format!("{}:", serde_json::json!(key)),
                        1 => format!("? {}\n{pad}:", serde_json::json!(key)),
                        _ => format!("'{}':", key.replace('\'', "''")),
                    };
                    out.push_str(&format!("{pad}{key}"));
                    self.after(value, indent, out);
                }
            }
            Value::Array(items) if !items.is_empty() => {
                for item in items {
                    out.push_str(&format!("{pad}-"));
                    self.after(item, indent, out);
                }
            }
            other => out.push_str(&format!("{pad}{other}\n")),
        }
    }

    /// A value behind its key or its dash.
    fn after(&mut self, value: &Value, indent: usize, out: &mut String) {
        match value {
            Value::String(text) => {
                let text = self.scalar(text, Some(indent + 2));
                out.push_str(&format!(" {text}\n"));
            }
            Value::Object(_) | Value::Array(_) if self.one_of(5) > 0 => {
                let is_empty = value.as_array().is_some_and(Vec::is_empty)
                    || value.as_object().is_some_and(serde_json::Map::is_empty);
                out.push_str(if is_empty { " " } else { "\n" });
                self.block(value, if is_empty { 0 } else { indent + 2 }, out);
            }
            other => {
                let flow = self.flow(other);
                out.push_str(&format!(" {flow}\n"));
            }
        }
    }

    fn flow(&mut self, value: &Value) -> String {
        match value {
            Value::String(text) => self.scalar(text, None),
            Value::Array(items) => {
                let items: Vec<String> = items.iter().map(|item| self.flow(item)).collect();
                format!("[{}]", items.join(", "))
            }
            Value::Object(fields) => {
                let fields = fields.iter().map(|(key, value)| {
                    format!("{}: {}", serde_json::json!(key), self.flow(value))
                });
                format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
            }
            other => other.to_string(),
        }
    }

    /// A text; in a block, as deep as this.
    fn scalar(&mut self, text: &str, block: Option<usize>) -> String {
        let way = self.one_of(9);
        let before = match self.one_of(8) {
            0 => "!!str ".to_owned(),
            1 => {
                self.anchors += 1;
                format!("&a{} ", self.anchors)
            }
            _ => String::new(),
        };
        let plain = !text.contains(|c: char| c.is_control() || c == '\u{feff}');
        let written = match (way, block) {
            (0, _) if plain => format!("'{}'", text.replace('\'', "''")),
            (1 | 2, _) => hex(text, self.one_of(4) + 1),
            (3, Some(indent)) => broken(text, self.one_of(7) + 3, indent),
            (4 | 5, Some(indent)) if lines(text) => literal(text, indent),
            (6, Some(indent)) if plain && lines(text) => folded(text, indent),
            (7, Some(indent)) if plain && lines(text) => {
                // A blank may as well be a line's end.
                let pad = format!("\n{}", " ".repeat(indent));
                format!("'{}'", single(&text.replace('\'', "''"), &pad))
            }
            _ => serde_json::json!(text).to_string(),
        };
        format!("{before}{written}")
    }
}

/// Whether a text can stand on lines of its own.
fn lines(text: &str) -> bool {
    let odd = |c: char| c != '\n' && (c.is_control() || c == '\u{feff}' || c == '\u{85}');
    !text.is_empty()
        && !text.starts_with([' ', '\n', '\t'])
        && !text.contains(odd)
        && !text.contains("\n ")
}

/// With every so-manieth character escaped.
fn hex(text: &str, each: usize) -> String {
    let characters = text.chars().enumerate().map(|(at, c)| match c {
        '"' | '\\' => format!("\\{c}"),
        c if at % each == 0 && u32::from(c) < 256 => format!("\\x{:02x}", u32::from(c)),
        c if c.is_control() => format!("\\u{:04x}", u32::from(c)),
        c => c.to_string(),
    });
    format!("\"{}\"", characters.collect::<String>())
}

/// In quotes, over many lines, that are none of the text's.
fn broken(text: &str, each: usize, indent: usize) -> String {
    let pad = " ".repeat(indent);
    let characters = text.chars().enumerate().map(|(at, c)| {
        let c = match c {
            '"' | '\\' => format!("\\{c}"),
            c if c.is_control() => format!("\\u{:04x}", u32::from(c)),
            ' ' => "\\x20".to_owned(),
            c => c.to_string(),
        };
        if at % each == each - 1 {
            format!("{c}\\\n{pad}")
        } else {
            c
        }
    });
    format!("\"{}\"", characters.collect::<String>())
}

fn literal(text: &str, indent: usize) -> String {
    let pad = format!("\n{}", " ".repeat(indent));
    let chomp = if text.ends_with('\n') { "" } else { "-" };
    let body = text.strip_suffix('\n').unwrap_or(text);
    if body.ends_with('\n') || body.is_empty() {
        return serde_json::json!(text).to_string();
    }
    format!("|{chomp}{pad}{}", body.replace('\n', &pad))
}

fn folded(text: &str, indent: usize) -> String {
    let pad = format!("\n{}", " ".repeat(indent));
    format!(">-{pad}{}", single(text, &pad))
}

/// With the first blank between two words as a line's end.
fn single(text: &str, pad: &str) -> String {
    let bytes = text.as_bytes();
    let at = (1..bytes.len().saturating_sub(1))
        .find(|at| bytes[*at] == b' ' && bytes[at - 1] != b' ' && bytes[at + 1] != b' ');
    at.map_or_else(
        || text.to_owned(),
        |at| format!("{}{pad}{}", &text[..at], &text[at + 1..]),
    )
}
