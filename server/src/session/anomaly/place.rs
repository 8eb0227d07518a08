//! A place on earth, as exactly as addresses tell: a country, and sometimes a point with a wide circle around it.

use std::fmt;

/// The mean radius of the earth in kilometres.
const EARTH: f64 = 6371.0;

/// A country: two letters (ISO 3166-1).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Country([u8; 2]);

impl Country {
    /// Takes two letters; `None` for everything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let letters: [u8; 2] = text.as_bytes().try_into().ok()?;
        let is_letters = letters.iter().all(u8::is_ascii_uppercase);
        is_letters.then_some(Self(letters))
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.0))
    }
}

/// Where an address is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// The country.
    pub country: Country,
    /// The point.
    point: Option<Point>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Point {
    latitude: f64,
    longitude: f64,
    /// How far off the truth may be, in kilometres.
    radius: f64,
}

impl Place {
    /// A place in this country, at latitude and longitude in degrees where they are known, exact to `radius` kilometres.
    #[must_use]
    pub fn new(country: &str, point: Option<(f64, f64)>, radius: f64) -> Option<Self> {
        let point = point
            .filter(|(latitude, longitude)| latitude.abs() <= 90.0 && longitude.abs() <= 180.0);
        Some(Self {
            country: Country::parse(country)?,
            point: point.map(|(latitude, longitude)| Point {
                latitude,
                longitude,
                radius,
            }),
        })
    }

    /// The kilometres that lie between two places at the least; `None` where one has no point.
    #[must_use]
    pub fn distance(self, other: Self) -> Option<f64> {
        let (a, b) = (self.point?, other.point?);
        Some((a.great_circle(b) - a.radius - b.radius).max(0.0))
    }
}

impl Point {
    /// The haversine formula.
    fn great_circle(self, other: Self) -> f64 {
        let (from, to) = (self.latitude.to_radians(), other.latitude.to_radians());
        let across = (other.longitude - self.longitude).to_radians();
        let half = ((to - from) / 2.0).sin().powi(2)
            + from.cos() * to.cos() * (across / 2.0).sin().powi(2);
        2.0 * EARTH * half.clamp(0.0, 1.0).sqrt().asin()
    }
}
