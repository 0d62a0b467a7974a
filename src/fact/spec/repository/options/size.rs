//! Sizes as pgBackRest reads them: `16MiB`, `10g`, `5120`.

/// A size in bytes, as `cfgParseSize` reads it; nothing for what is none.
pub(super) fn size(value: &str) -> Option<u128> {
    let value = value.to_ascii_lowercase();
    let unit = value.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let number: u128 = value.strip_suffix(unit)?.parse().ok()?;
    let power = match unit.chars().next() {
        None | Some('b') => 0,
        Some(letter) => 1 + "kmgtp".find(letter)?,
    };
    let power = u32::try_from(power).ok()?;
    is_size(&value).then(|| number.saturating_mul(1024_u128.pow(power)))
}

/// Whether it is a size (`cfgParseSize` in its src/config/parse.c).
pub(super) fn is_size(value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    let unit = value.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let scaled = unit.strip_suffix("ib").or_else(|| unit.strip_suffix('b'));
    let scale = scaled.unwrap_or(unit);
    let known = matches!(scale, "k" | "m" | "g" | "t" | "p") || matches!(unit, "" | "b");
    known && unit.len() < value.len()
}

#[cfg(test)]
mod tests {
    #[test]
    fn sizes_are_told_in_bytes() {
        assert_eq!(super::size("16MiB"), Some(16 << 20));
        assert_eq!(super::size("1g"), Some(1 << 30));
        assert_eq!(super::size("64"), Some(64));
        assert_eq!(super::size("10 GB"), None);
    }
}
