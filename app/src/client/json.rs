//! JSON as far as this client reads it: texts, whole numbers, lists and objects. One reader for every body and for what is
//! stored, because a derived one for each of them would be a tenth of the module, most of it for wording errors that
//! nobody reads.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// A JSON value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Json {
    /// A text.
    Text(String),
    /// A whole number that is not negative.
    Number(u64),
    /// A list.
    List(Vec<Json>),
    /// An object, in the order of its members.
    Object(Vec<(String, Json)>),
    /// `true`.
    True,
    /// Anything else.
    Other,
}

impl Json {
    /// The value of `text`; [`Json::Other`] if it is no JSON.
    #[must_use]
    pub fn read(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or(Self::Other)
    }

    /// The text of the member `name`; of a list of them, the first.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        let member = self.member(name)?;
        match member {
            Self::List(texts) => texts.first(),
            _ => Some(member),
        }
        .and_then(|text| match text {
            Self::Text(text) => Some(text.as_str()),
            _ => None,
        })
    }

    /// The number of the member `name`.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<u64> {
        match self.member(name)? {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The members of a list; none of anything else.
    #[must_use]
    pub fn list(&self) -> &[Self] {
        match self {
            Self::List(list) => list,
            _ => &[],
        }
    }

    /// The member `name`.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else {
            return None;
        };
        members
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value)
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyJson)
    }
}

struct AnyJson;

/// Every kind that JSON has is visited, so none is ever an error to be worded.
impl<'de> Visitor<'de> for AnyJson {
    type Value = Json;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_bool<E>(self, is_true: bool) -> Result<Json, E> {
        Ok(if is_true { Json::True } else { Json::Other })
    }

    fn visit_i64<E>(self, _: i64) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_u64<E>(self, number: u64) -> Result<Json, E> {
        Ok(Json::Number(number))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = values.next_element()? {
            list.push(value);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut pairs: A) -> Result<Json, A::Error> {
        let mut members = Vec::new();
        while let Some(pair) = pairs.next_entry()? {
            members.push(pair);
        }
        Ok(Json::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_is_there_and_stumbles_over_nothing() {
        let json = Json::read(
            r#"{"a":"x","b":7,"c":["y","z"],"d":[],"e":null,"f":-1,"g":1.5,"h":true,"i":{"a":"no"}}"#,
        );
        assert_eq!((json.text("a"), json.number("b")), (Some("x"), Some(7)));
        assert_eq!(json.text("c"), Some("y"));
        for name in ["b", "d", "e", "f", "g", "h", "i", "j"] {
            assert_eq!(json.text(name), None, "{name}");
        }
        for name in ["a", "c", "e", "f", "g", "h", "i", "j"] {
            assert_eq!(json.number(name), None, "{name}");
        }
        assert_eq!(json.member("h"), Some(&Json::True));
        assert_eq!(Json::read("false"), Json::Other);
        assert_eq!(Json::read("[1,2]").list().len(), 2);
    }

    #[test]
    fn what_is_no_json_says_nothing() {
        for text in ["", "<html>", "{", r#"{"a":"x"}}"#, "nul"] {
            assert_eq!(Json::read(text), Json::Other, "{text}");
        }
    }
}
