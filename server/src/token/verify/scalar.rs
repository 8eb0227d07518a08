//! The value of a claim as it came. Whether it is of the right form is judged later, in the order of the checks.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::clock::UnixSeconds;

/// The largest time a token may carry: 9999-12-31T23:59:59Z.
const LAST_SECOND: i64 = 253_402_300_799;

/// A value of a claim; what no claim here may be is `Other`.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Scalar<'p> {
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Cow<'p, str>),
    /// `null`, or an object.
    Other,
    /// A list, of which only the texts are kept, and whether there was anything else in it.
    List(Vec<String>, bool),
}

impl Scalar<'_> {
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A `NumericDate`: a JSON number, fractions cut off. Booleans count as 0 and 1, as they do in Python; a number
    /// written as a string does not.
    pub fn time(&self) -> Option<UnixSeconds> {
        match self {
            Self::Bool(bit) => Some(i64::from(*bit)),
            Self::Int(seconds) => (-LAST_SECOND..=LAST_SECOND)
                .contains(seconds)
                .then_some(*seconds),
            Self::Float(seconds) => whole(*seconds),
            Self::Text(_) | Self::Other | Self::List(..) => None,
        }
    }
}

fn whole(seconds: f64) -> Option<UnixSeconds> {
    let seconds = seconds.trunc();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "bounded on the same line"
    )]
    let whole = (seconds.abs() <= LAST_SECOND as f64).then_some(seconds as i64);
    whole
}

impl<'de> Deserialize<'de> for Scalar<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Scalar::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Scalar::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        // Beyond any time and any number of a user.
        Ok(i64::try_from(value).map_or(Scalar::Other, Scalar::Int))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Scalar::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Borrowed(value)))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Scalar::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let (mut texts, mut others) = (Vec::new(), false);
        while let Some(item) = list.next_element::<Scalar<'de>>()? {
            match item {
                Scalar::Text(text) => texts.push(text.into_owned()),
                _ => others = true,
            }
        }
        Ok(Scalar::List(texts, others))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Other)
    }
}
