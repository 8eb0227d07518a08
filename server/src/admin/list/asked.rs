//! What a list was asked for. A field that can not be read is said to be wrong, and nothing is shown: a filter that was
//! half understood would show, and revoke, what nobody asked for.

use time::macros::format_description;
use time::{Date, OffsetDateTime};

use crate::admin::listing::{Parameters, address};
use crate::admin::refusal::Refused;
use crate::admin::show::cut;
use crate::clock::UnixSeconds;
use crate::network::Block;
use crate::store::{Order, Part, Search};

/// Seconds of a day.
const DAY: i64 = 86_400;

/// Parameters that name a place in a list, or tell of something that was done; other links drop them.
const PASSING: [&str; 4] = ["next", "prev", "done", "whose"];

/// Parameters that every list knows, beside its own fields.
const KNOWN: [&str; 7] = ["q", "sort", "dir", "next", "prev", "done", "whose"];

/// The only one that may be there several times.
const SEVERAL: &str = "id";

/// The parameters of a list's address, and what is wrong with them.
pub struct Asked<'p> {
    parameters: &'p Parameters,
    /// What no list understands, or not twice, in words.
    strange: Option<String>,
    wrong: Vec<(&'static str, &'static str)>,
}

/// A filter as it was read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Read<F> {
    /// The filter; worth nothing where something is wrong.
    pub filter: F,
    /// The search stands for more than is looked at.
    pub more: Option<More>,
}

/// There are more than so many of these, such as `users`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct More(pub usize, pub &'static str);

impl<'p> Asked<'p> {
    /// Begins to read them, for a list with these fields.
    #[must_use]
    pub fn new(parameters: &'p Parameters, fields: &[&str]) -> Self {
        Self {
            parameters,
            strange: strange(parameters, fields),
            wrong: Vec::new(),
        }
    }

    /// A field as it was typed.
    #[must_use]
    pub fn raw(&self, name: &str) -> &'p str {
        self.parameters.get(name).trim()
    }

    /// All values of a field that may be there several times.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &'p str> {
        self.parameters.all(name)
    }

    /// A field's text, where there is one. No text on record has a NUL.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        let text = self.raw(name).replace('\0', "\u{fffd}");
        (!text.is_empty()).then_some(text)
    }

    /// A field that `read` understands.
    pub fn read<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
        wrong: &'static str,
    ) -> Option<T> {
        let text = self.raw(name);
        if text.is_empty() {
            return None;
        }
        let value = read(text);
        if value.is_none() {
            self.wrong.push((name, wrong));
        }
        value
    }

    /// A number, such as a user's.
    pub fn number(&mut self, name: &'static str) -> Option<i64> {
        self.read(name, |text| text.parse().ok(), "This is not a number.")
    }

    /// An address or a block of addresses.
    pub fn block(&mut self, name: &'static str) -> Option<Block> {
        let wrong = "This is neither an address nor a block such as 203.0.113.0/24.";
        self.read(name, Block::parse, wrong)
    }

    /// What the search is, by its form. Where it is what another field is for, that one has to be empty or the same: of two
    /// addresses only one would be heeded.
    pub fn search(&mut self) -> Search {
        let search = Search::of(self.raw("q"));
        let (name, is_other) = match &search {
            Search::Address(block) => {
                ("address", Block::parse(self.raw("address")) != Some(*block))
            }
            Search::Id(id) => {
                let session = self.raw("session").to_ascii_lowercase();
                ("session", session != id.to_string())
            }
            Search::Everything | Search::Token(_) | Search::Words(_) => return search,
        };
        if is_other && !self.raw(name).is_empty() && self.wrong(name).is_none() {
            let why = "The search says another one. Leave one of the two empty.";
            self.wrong.push((name, why));
        }
        search
    }

    /// The first second of a day, in UTC.
    pub fn day(&mut self, name: &'static str) -> Option<UnixSeconds> {
        let format = format_description!("[year]-[month]-[day]");
        let read = |text: &str| {
            let date = Date::parse(text, format).ok()?;
            Some(OffsetDateTime::new_utc(date, time::Time::MIDNIGHT).unix_timestamp())
        };
        self.read(name, read, "This is not a day such as 2026-01-31.")
    }

    /// The first second after a day, in UTC.
    pub fn end_of_day(&mut self, name: &'static str) -> Option<UnixSeconds> {
        self.day(name).map(|begin| begin + DAY)
    }

    /// The order that was asked for, out of those there are (one at least); the first where it is none of them.
    #[must_use]
    pub fn order(&self, orders: &'static [Order]) -> Order {
        let named = orders.iter().find(|order| order.name == self.raw("sort"));
        let order = *named.unwrap_or(&orders[0]);
        match self.raw("dir") {
            "asc" => order.descending(false),
            "desc" => order.descending(true),
            _ => order,
        }
    }

    /// The part of the list that was asked for; `None` where the place it begins at can not be read.
    #[must_use]
    pub fn part(&self, order: &Order) -> Option<Part> {
        match (self.raw("prev"), self.raw("next")) {
            ("", "") => Some(Part::First),
            ("", next) => order.read(next).map(Part::After),
            (prev, _) => order.read(prev).map(Part::Before),
        }
    }

    /// What is wrong with the address beside its fields.
    #[must_use]
    pub fn strange(&self) -> Option<&str> {
        self.strange.as_deref()
    }

    /// What is wrong with a field.
    #[must_use]
    pub fn wrong(&self, name: &str) -> Option<&'static str> {
        let found = self.wrong.iter().find(|(field, _)| *field == name);
        found.map(|(_, why)| *why)
    }

    /// Whether anything is.
    #[must_use]
    pub fn is_wrong(&self) -> bool {
        self.strange.is_some() || !self.wrong.is_empty()
    }

    /// A filter that was read from it whole.
    ///
    /// # Errors
    /// [`Refused::Filter`] when something is wrong.
    pub fn whole<F>(&self, filter: F) -> Result<F, Refused> {
        if self.is_wrong() {
            return Err(Refused::Filter);
        }
        Ok(filter)
    }

    /// Whether one of these fields is filled in.
    #[must_use]
    pub fn any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| !self.raw(name).is_empty())
    }

    /// The same filter at `path`, with some parameters changed. An empty value takes one away.
    #[must_use]
    pub fn address(&self, path: &str, changed: &[(&str, &str)]) -> String {
        let stays =
            |name: &str| !PASSING.contains(&name) && !changed.iter().any(|(n, _)| *n == name);
        let kept = self.parameters.iter().filter(|(name, _)| stays(name));
        let all: Vec<_> = kept.chain(changed.iter().copied()).collect();
        address(path, &all)
    }
}

/// A name that was misspelt would leave out a condition, and one that is there twice would have one of them ignored.
fn strange(parameters: &Parameters, fields: &[&str]) -> Option<String> {
    let mut seen: Vec<(&str, &str)> = Vec::new();
    for (name, value) in parameters.iter().filter(|(_, value)| !value.is_empty()) {
        if !KNOWN.contains(&name) && !fields.contains(&name) {
            return Some(format!(
                "\u{201c}{}\u{201d} is no field of this list.",
                cut(name, 40)
            ));
        }
        if name != SEVERAL && seen.iter().any(|(n, v)| *n == name && *v != value) {
            return Some(format!("\u{201c}{name}\u{201d} is there twice."));
        }
        seen.push((name, value));
    }
    None
}
