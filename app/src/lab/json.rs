//! JSON as people read it: indented, in the order it came in. Nothing is parsed, so nothing can be lost or put right.

/// `text`, one member a line. What is no JSON comes back with its brackets spread out, which does no harm.
pub fn pretty(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for symbol in text.trim().chars() {
        if quoted {
            out.push(symbol);
            quoted = escaped || symbol != '"';
            escaped = symbol == '\\' && !escaped;
            continue;
        }
        match symbol {
            '{' | '[' => {
                depth += 1;
                out.push(symbol);
                line(&mut out, depth);
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                if out.trim_end().ends_with(['{', '[']) {
                    out.truncate(out.trim_end().len()); // an empty pair stays together
                } else {
                    line(&mut out, depth);
                }
                out.push(symbol);
            }
            ',' => {
                out.push(symbol);
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            symbol if symbol.is_whitespace() => {}
            symbol => {
                quoted = symbol == '"';
                out.push(symbol);
            }
        }
    }
    out
}

fn line(out: &mut String, depth: usize) {
    out.push('\n');
    for _ in 0..depth {
        out.push_str("  ");
    }
}

#[cfg(test)]
mod tests {
    use super::pretty;

    #[test]
    fn members_stand_on_lines_in_their_order() {
        assert_eq!(
            pretty(r#"{"b":1,"a":{"c":[]},"d":"x:{,\"y"}"#),
            "{\n  \"b\": 1,\n  \"a\": {\n    \"c\": []\n  },\n  \"d\": \"x:{,\\\"y\"\n}"
        );
    }

    #[test]
    fn a_text_that_ends_in_a_backslash_ends() {
        assert_eq!(pretty(r#"["\\",1]"#), "[\n  \"\\\\\",\n  1\n]");
        assert_eq!(pretty("nothing"), "nothing");
    }
}
