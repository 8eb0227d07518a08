//! The form above a list: a search, and the other fields of its filter. A GET, so that the address says what is shown.

use leptos::prelude::*;

use super::Asked;

/// A list's form.
pub struct Form<'a> {
    /// The list's address.
    pub path: &'static str,
    /// What the search looks for.
    pub searched: &'static str,
    /// What it was asked for.
    pub asked: &'a Asked<'a>,
    /// The names of its other fields.
    pub names: &'static [&'static str],
}

impl Form<'_> {
    /// The form, with its other fields.
    pub fn view(self, fields: AnyView) -> impl IntoView + use<> {
        let asked = self.asked;
        let used = self.names.iter().filter(|name| asked.any(&[name])).count();
        let summary = match used {
            0 => "Filters".to_owned(),
            n => format!("Filters ({n} in use)"),
        };
        let clear = (used > 0 || asked.any(&["q"]))
            .then(|| view! { <a class="btn btn--quiet" href=self.path>"Show all"</a> });
        let kept = ["sort", "dir"].map(|name| {
            let value = asked.raw(name).to_owned();
            (!value.is_empty()).then(|| view! { <input type="hidden" name=name value=value /> })
        });
        let open = used > 0;
        let strange = asked.strange().map(str::to_owned);
        view! {
            {strange.map(|why| view! { <p class="notice notice--error" role="alert">{why}</p> })}
            <form class="filters" method="get" action=self.path role="search">
                {kept.into_iter().collect_view()}
                <div class="search">
                    {text(asked, "q", self.searched)} <button class="btn">"Search"</button> {clear}
                </div>
                <details open=open>
                    <summary>{summary}</summary>
                    <div class="filters__fields">
                        {fields} <button class="btn">"Apply"</button>
                    </div>
                </details>
            </form>
        }
    }
}

/// A field to type in.
pub fn text(asked: &Asked<'_>, name: &'static str, label: &'static str) -> impl IntoView + use<> {
    input(
        asked,
        name,
        label,
        if name == "q" { "search" } else { "text" },
    )
}

/// A day.
pub fn day(asked: &Asked<'_>, name: &'static str, label: &'static str) -> impl IntoView + use<> {
    input(asked, name, label, "date")
}

fn input(
    asked: &Asked<'_>,
    name: &'static str,
    label: &'static str,
    kind: &'static str,
) -> impl IntoView + use<> {
    let (value, wrong) = (asked.raw(name).to_owned(), asked.wrong(name));
    let note = wrong.map(|_| format!("{name}-note"));
    let invalid = wrong.map(|_| "true");
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <input
                id=name
                name=name
                type=kind
                value=value
                autocapitalize="none"
                autocomplete="off"
                spellcheck="false"
                aria-invalid=invalid
                aria-describedby=note.clone()
            />
            {wrong.map(|wrong| view! { <p class="field__error" id=note>{wrong}</p> })}
        </div>
    }
}

/// One of several values; the first choice is none of them.
pub fn choice(
    asked: &Asked<'_>,
    name: &'static str,
    label: &'static str,
    choices: &[(&'static str, &'static str)],
) -> impl IntoView + use<> {
    let chosen = asked.raw(name).to_owned();
    let wrong = asked.wrong(name);
    let note = wrong.map(|_| format!("{name}-note"));
    let options = choices.iter().map(|&(value, label)| {
        let selected = value == chosen;
        view! { <option value=value selected=selected>{label}</option> }
    });
    let options = options.collect_view();
    let invalid = wrong.map(|_| "true");
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <select id=name name=name aria-invalid=invalid aria-describedby=note.clone()>
                <option value="">"any"</option>
                {options}
            </select>
            {wrong.map(|wrong| view! { <p class="field__error" id=note>{wrong}</p> })}
        </div>
    }
}
