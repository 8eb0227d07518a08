//! The header `Forwarded` (RFC 7239). Strict: an element that breaks the grammar makes its whole line say nothing, because
//! an opening quote in what a client made up would swallow what the proxy appended.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whom each element of a line names with `for`, in their order; none for what is no address: `unknown`, an obfuscated
/// name such as `_hidden`, or no word about it. A line that can not be read is one such element.
pub fn nodes(line: &[u8]) -> Vec<Option<IpAddr>> {
    let text = str::from_utf8(line).ok();
    text.and_then(elements).unwrap_or_else(|| vec![None])
}

/// `None` for what is not of the grammar: `element *( OWS "," OWS element )`, `element = [ pair ] *( ";" [ pair ] )`.
fn elements(text: &str) -> Option<Vec<Option<IpAddr>>> {
    let mut elements = Vec::new();
    let (mut rest, mut named, mut is_named) = (text, None, false);
    loop {
        rest = rest.trim_start_matches([' ', '\t']);
        if !rest.is_empty() && !rest.starts_with([',', ';']) {
            let (name, after) = rest.split_once('=')?;
            let (value, after) = value(after)?;
            if !is_token(name) {
                return None;
            }
            if name.eq_ignore_ascii_case("for") {
                // Each parameter once an element (section 4).
                if is_named {
                    return None;
                }
                (named, is_named) = (node(&value), true);
            }
            rest = after.trim_start_matches([' ', '\t']);
        }
        let mut left = rest.chars();
        match left.next() {
            Some(';') => {}
            Some(',') => {
                elements.push(named);
                (named, is_named) = (None, false);
            }
            Some(_) => return None,
            None => {
                elements.push(named);
                return Some(elements);
            }
        }
        rest = left.as_str();
    }
}

/// A token or a quoted string (RFC 9110, sections 5.6.2 and 5.6.4), and what follows it.
fn value(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([',', ';', ' ', '\t']).unwrap_or(text.len());
        let (value, rest) = text.split_at(end);
        return is_token(value).then(|| (value.to_owned(), rest));
    };
    let mut value = String::new();
    let mut letters = quoted.chars();
    loop {
        match letters.next()? {
            '"' => return Some((value, letters.as_str())),
            '\\' => value.push(letters.next()?),
            letter => value.push(letter),
        }
    }
}

fn is_token(text: &str) -> bool {
    let is_letter = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    !text.is_empty() && text.bytes().all(is_letter)
}

/// `nodename [ ":" node-port ]`: the address, an IPv6 one in brackets; the port may be a number or obfuscated.
fn node(text: &str) -> Option<IpAddr> {
    let is_port = |port: &str| {
        let obfuscated = port.strip_prefix('_').is_some_and(|port| !port.is_empty());
        obfuscated || port.parse::<u16>().is_ok()
    };
    if let Some(inside) = text.strip_prefix('[') {
        let (address, port) = inside.split_once(']')?;
        let is_good = port.is_empty() || port.strip_prefix(':').is_some_and(is_port);
        let address = address.parse::<Ipv6Addr>().ok()?;
        return is_good.then_some(address.into());
    }
    let address = match text.split_once(':') {
        Some((address, port)) if is_port(port) => address,
        Some(_) => return None,
        None => text,
    };
    address.parse::<Ipv4Addr>().ok().map(IpAddr::from)
}
