//! A question that is asked in front of the page: a title, a sentence or two, one field, and two buttons. The browser
//! keeps the focus in it, closes it on Escape and gives the focus back.

use leptos::html;
use leptos::prelude::*;

use super::field::{Asks, Field};

/// What a dialog shows.
#[derive(Clone, Copy)]
pub struct Dialog {
    /// The dialog, for [`Dialog::open`] and [`Dialog::close`].
    pub element: NodeRef<html::Dialog>,
    /// What is asked.
    words: RwSignal<Words>,
    /// The field.
    pub input: NodeRef<html::Input>,
    /// What is wrong with what was typed; empty while nothing is.
    pub error: RwSignal<String>,
}

/// The words of a dialog.
#[derive(Clone, Default)]
pub struct Words {
    /// What is asked.
    pub title: String,
    /// More about it.
    pub text: String,
    /// What the button says that does it.
    pub deed: &'static str,
}

impl Dialog {
    /// A dialog that asks nothing yet.
    pub fn new() -> Self {
        Self {
            element: NodeRef::new(),
            words: RwSignal::default(),
            input: NodeRef::new(),
            error: RwSignal::default(),
        }
    }

    /// Asks in these words. `value` stands in the field at first.
    pub fn open(self, words: Words, value: &str) {
        self.words.set(words);
        self.error.set(String::new());
        if let Some(input) = self.input.get_untracked() {
            input.set_value(value);
        }
        if let Some(dialog) = self.element.get_untracked()
            && !dialog.open()
        {
            let _ = dialog.show_modal(); // fails where it is not in the page any more
        }
    }

    /// Asks no more, and forgets what was typed.
    pub fn close(self) {
        if let Some(input) = self.input.get_untracked() {
            input.set_value("");
        }
        if let Some(dialog) = self.element.get_untracked() {
            dialog.close();
        }
    }

    /// What was typed.
    pub fn value(self) -> String {
        let input = self.input.get_untracked();
        input.map(|input| input.value()).unwrap_or_default()
    }

    /// Says what is wrong with what was typed.
    pub fn object(self, sentence: String) {
        self.error.set(sentence);
        if let Some(input) = self.input.get_untracked() {
            let _ = input.focus(); // an input that can not be focused is not there any more
            input.select();
        }
    }
}

/// The dialog in the page, closed.
#[component]
pub fn Ask(
    /// What it shows.
    dialog: Dialog,
    /// Whether it is being done.
    is_busy: RwSignal<bool>,
    /// What the field asks for; its name tells this dialog from others in the page.
    asks: Asks,
    /// `dialog`, or `alertdialog` for what can not wait.
    role: &'static str,
    /// Does what was asked about.
    #[prop(into)]
    act: Callback<()>,
) -> impl IntoView {
    let title_id = [asks.name, "-title"].concat();
    let text_id = [asks.name, "-text"].concat();
    let words = dialog.words;
    let title = move || words.with(|words| words.title.clone());
    let text = move || words.with(|words| words.text.clone());
    let deed = move || words.with(|words| words.deed);
    let is_waiting = move || is_busy.get().to_string();
    let on_submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if !is_busy.get_untracked() {
            act.run(());
        }
    };
    view! {
        <dialog
            class="card"
            role=role
            node_ref=dialog.element
            aria-labelledby=title_id
            aria-describedby=text_id
        >
            <form class="stack" method="post" novalidate on:submit=on_submit>
                <h2 id=title_id.clone()>{title}</h2>
                <p id=text_id.clone()>{text}</p>
                <Field asks input=dialog.input error=dialog.error />
                <p class="actions">
                    <button class="btn btn--primary" type="submit" aria-disabled=is_waiting>
                        {deed}
                    </button>
                    <button class="btn btn--quiet" type="button" on:click=move |_| dialog.close()>
                        "Cancel"
                    </button>
                </p>
            </form>
        </dialog>
    }
}
