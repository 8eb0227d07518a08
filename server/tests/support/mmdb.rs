//! Writes a database of places (`MaxMind` DB File Format Specification, version 2.0), as small as a test wants it: a tree of 32-bit records over the bits of IPv6 addresses, then the data, then what is to be known of both.

use std::net::IpAddr;

use ipnet::IpNet;

/// A network and where it is: country, latitude and longitude.
pub type Entry = (&'static str, &'static str, Option<(f64, f64)>);

/// The bytes of a database of these places, each exact to 50 km.
pub fn database(entries: &[Entry]) -> Vec<u8> {
    // A node has two records; a record is a node, nothing, or a place in the data.
    let mut nodes: Vec<[Record; 2]> = vec![[Record::Nothing; 2]];
    let mut data = Vec::new();
    for (network, country, point) in entries {
        let place = Record::Data(data.len());
        data.extend(city(country, *point));
        insert(&mut nodes, network.parse().expect("a network"), place);
    }
    let mut file = Vec::new();
    for record in nodes.iter().flatten() {
        let value = match record {
            Record::Node(n) => *n,
            Record::Nothing => nodes.len(),
            Record::Data(at) => nodes.len() + 16 + at,
        };
        file.extend(u32::try_from(value).expect("small").to_be_bytes());
    }
    file.extend([0; 16]);
    file.extend(data);
    file.extend(b"\xab\xcd\xefMaxMind.com");
    file.extend(metadata(nodes.len()));
    file
}

#[derive(Clone, Copy)]
enum Record {
    Node(usize),
    Nothing,
    Data(usize),
}

fn insert(nodes: &mut Vec<[Record; 2]>, network: IpNet, place: Record) {
    // IPv4 addresses stand below ::/96.
    let (bits, length) = match network.addr() {
        IpAddr::V4(address) => (u128::from(u32::from(address)), 96 + network.prefix_len()),
        IpAddr::V6(address) => (u128::from(address), network.prefix_len()),
    };
    let side = |depth: u8| usize::from(bits >> (127 - depth) & 1 == 1);
    let mut node = 0;
    for depth in 0..length - 1 {
        if let Record::Node(next) = nodes[node][side(depth)] {
            node = next;
            continue;
        }
        let next = nodes.len();
        nodes.push([Record::Nothing; 2]);
        nodes[node][side(depth)] = Record::Node(next);
        node = next;
    }
    nodes[node][side(length - 1)] = place;
}

fn city(country: &str, point: Option<(f64, f64)>) -> Vec<u8> {
    let country = map(&[("iso_code", text(country))]);
    let Some((latitude, longitude)) = point else {
        return map(&[("country", country)]);
    };
    let location = map(&[
        ("accuracy_radius", number(5, 50)),
        ("latitude", double(latitude)),
        ("longitude", double(longitude)),
    ]);
    map(&[("country", country), ("location", location)])
}

fn metadata(nodes: usize) -> Vec<u8> {
    let nodes = u32::try_from(nodes).expect("small");
    let array_of_none = vec![0, 11 - 7];
    map(&[
        ("binary_format_major_version", number(5, 2)),
        ("binary_format_minor_version", number(5, 0)),
        // An extended type: what is above 7 stands in a byte of its own.
        ("build_epoch", vec![4, 9 - 7, 0x6b, 0x49, 0xd2, 0x00]),
        ("database_type", text("Test-City")),
        ("description", map(&[])),
        ("ip_version", number(5, 6)),
        ("languages", array_of_none),
        ("node_count", number(6, nodes)),
        ("record_size", number(5, 32)),
    ])
}

fn map(pairs: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = vec![7 << 5 | u8::try_from(pairs.len()).expect("small")];
    for (name, value) in pairs {
        bytes.extend(text(name));
        bytes.extend(value);
    }
    bytes
}

fn text(text: &str) -> Vec<u8> {
    let length = u8::try_from(text.len()).expect("short");
    assert!(length < 29, "longer lengths are written otherwise");
    [&[2 << 5 | length], text.as_bytes()].concat()
}

fn double(value: f64) -> Vec<u8> {
    [&[3 << 5 | 8][..], &value.to_be_bytes()].concat()
}

/// An unsigned number: type 5 has two bytes at the most, type 6 four.
fn number(kind: u8, value: u32) -> Vec<u8> {
    let bytes = value.to_be_bytes();
    let zeros = usize::try_from(value.leading_zeros() / 8).expect("small");
    let bytes = &bytes[zeros..];
    [
        &[kind << 5 | u8::try_from(bytes.len()).expect("short")],
        bytes,
    ]
    .concat()
}
