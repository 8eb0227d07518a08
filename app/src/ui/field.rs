//! A labelled text input with a place for its error.
//! It keeps no copy of what was typed: the input element is the only place a password stands in.

use leptos::html::Input;
use leptos::prelude::*;

/// What sets one field apart from another.
#[derive(Clone, Copy, Debug)]
pub struct Asks {
    /// `id` and `name` of the input.
    pub name: &'static str,
    /// What the field is called on the page.
    pub label: &'static str,
    /// The input's `type`.
    pub kind: &'static str,
    /// The input's `autocomplete`, for password managers.
    pub autocomplete: &'static str,
}

/// The field; while there is an `error`, the input is marked invalid and described by it.
#[component]
pub fn Field(
    /// What it asks for.
    asks: Asks,
    /// The input element, for reading the text and moving the focus.
    input: NodeRef<Input>,
    /// What is wrong with the text.
    #[prop(into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let error_id = format!("{}-error", asks.name);
    let described_by = error_id.clone();
    view! {
        <div class="field">
            <label for=asks.name>{asks.label}</label>
            <input
                node_ref=input
                id=asks.name
                name=asks.name
                r#type=asks.kind
                autocomplete=asks.autocomplete
                autocapitalize="none"
                spellcheck="false"
                required
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=move || error.with(Option::is_some).then(|| described_by.clone())
            />
            <p class="field__error" id=error_id>
                {move || error.get()}
            </p>
        </div>
    }
}
