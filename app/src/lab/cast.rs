//! Who takes part in a scene. A scene has one client or two; the API and the database are always there.

/// A client: the first or the second column of the drawing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Actor {
    /// Whoever is there in every scene.
    First,
    /// The other tab, the thief, or a script.
    Second,
}

/// Who the clients of a scene are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Cast {
    /// One browser with one tab.
    Alone,
    /// Two tabs of one browser.
    Tabs,
    /// A victim, and a thief with a copy.
    Theft,
    /// A browser, and somebody with a copy of what it had.
    Copied,
    /// A browser, and a hostile script in its page.
    Script,
}

impl Cast {
    /// What its clients are called.
    pub fn names(self) -> &'static [&'static str] {
        match self {
            Cast::Alone => &["Browser"],
            Cast::Tabs => &["Tab 1", "Tab 2"],
            Cast::Theft => &["Victim", "Thief"],
            Cast::Copied => &["Browser", "Thief"],
            Cast::Script => &["Browser", "Script"],
        }
    }

    /// What `actor` is called.
    pub fn name(self, actor: Actor) -> &'static str {
        match (actor, self.names()) {
            (Actor::First, [first, ..]) | (Actor::Second, [_, first, ..]) => first,
            _ => "Browser",
        }
    }
}
