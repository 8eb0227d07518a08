//! Numbers as people read them.

/// A number with a comma between thousands.
#[must_use]
pub fn number(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3 + 1);
    if n < 0 {
        text.push('-');
    }
    for (place, digit) in digits.char_indices() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number of things: "1 login", "2,000 logins".
#[must_use]
pub fn several(n: i64, one: &str, many: &str) -> String {
    let what = if n == 1 { one } else { many };
    format!("{} {what}", number(n))
}

/// How often; `most` or more are not told apart.
#[must_use]
pub fn times(n: usize, most: usize) -> String {
    match n {
        n if n >= most => format!("{most} times or more"),
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        n => format!("{n} times"),
    }
}

/// A number of bytes, in the unit of a thousand that makes it short.
#[must_use]
pub fn bytes(n: i64) -> String {
    const UNITS: [&str; 5] = ["bytes", "kB", "MB", "GB", "TB"];
    let (mut tenths, mut unit) = (n.max(0).saturating_mul(10), 0);
    while tenths >= 10_000 && unit + 1 < UNITS.len() {
        tenths = tenths.saturating_add(500) / 1000;
        unit += 1;
    }
    let (whole, tenth) = (number(tenths / 10), tenths % 10);
    match tenth {
        1.. if tenths < 1000 => format!("{whole}.{tenth} {}", UNITS[unit]),
        _ => format!("{whole} {}", UNITS[unit]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        for (n, text) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (-12_345, "-12,345"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(number(n), text);
        }
        assert_eq!(several(1, "login", "logins"), "1 login");
        assert_eq!(several(0, "login", "logins"), "0 logins");
    }

    #[test]
    fn times_have_words_and_an_end() {
        let said = [1, 2, 3, 19, 20, 21].map(|n| times(n, 20));
        assert_eq!(
            said,
            [
                "once",
                "twice",
                "3 times",
                "19 times",
                "20 times or more",
                "20 times or more"
            ]
        );
    }

    #[test]
    fn bytes_have_a_unit() {
        for (n, text) in [
            (0, "0 bytes"),
            (999, "999 bytes"),
            (1000, "1 kB"),
            (1_234_567, "1.2 MB"),
            (81_234_567, "81.2 MB"),
            (812_345_678, "812 MB"),
            (9_999_999_999, "10 GB"),
            (i64::MAX, "922,337 TB"),
        ] {
            assert_eq!(bytes(n), text);
        }
    }
}
