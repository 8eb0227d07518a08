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
    /// What is good to know before something is typed; empty where nothing is.
    pub hint: &'static str,
}

/// Who signs in.
pub const USERNAME: Asks = Asks {
    name: "username",
    label: "Username",
    kind: "text",
    autocomplete: "username",
    hint: "",
};

/// The proof that it is they: at a login, and before what only they may do.
pub const CURRENT_PASSWORD: Asks = Asks {
    name: "password",
    label: "Password",
    kind: "password",
    autocomplete: "current-password",
    hint: "",
};

/// The field; while there is an `error`, the input is marked invalid. The error describes it, and so is read with it.
#[component]
pub fn Field(
    /// What it asks for.
    asks: Asks,
    /// The input element, for reading the text and moving the focus.
    input: NodeRef<Input>,
    /// What is wrong with the text; empty while nothing is.
    error: RwSignal<String>,
) -> impl IntoView {
    let error_id = [asks.name, "-error"].concat();
    let hint_id = [asks.name, "-hint"].concat();
    let described_by = match asks.hint {
        "" => error_id.clone(),
        _ => [&*error_id, " ", &hint_id].concat(),
    };
    let is_right = move || error.with(String::is_empty);
    let is_invalid = move || (!is_right()).to_string();
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
                aria-invalid=is_invalid
                aria-describedby=described_by
            />
            <p class="field__hint" id=hint_id hidden=asks.hint.is_empty()>
                {asks.hint}
            </p>
            <p class="field__error" id=error_id hidden=is_right>
                {error}
            </p>
        </div>
    }
}
