//! The parts of the warning in the page: how they are written, and how they are found again.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, HtmlDialogElement, HtmlElement, HtmlInputElement};

use crate::browser;

const PLACE: &str = "ending";
const DONE: &str = "ending-done";
const WARNING: &str = "ending-warning";
const ASK: &str = "ending-ask";
const DIALOG: &str = "again-dialog";
const FORM: &str = "again-form";
const PASSWORD: &str = "again";
const ERROR: &str = "again-error";
const BUSY: &str = "aria-busy";
const CANCEL: &str = "again-cancel";

/// The parts, in a page.
pub struct Parts {
    place: HtmlElement,
    done: HtmlElement,
    warning: HtmlElement,
    ask: HtmlElement,
    dialog: HtmlDialogElement,
    form: HtmlElement,
    password: HtmlInputElement,
    error: HtmlElement,
    cancel: HtmlElement,
}

/// The parts as HTML. The live regions are there before they have something to say.
pub fn html() -> impl IntoView {
    view! {
        <div class="ending" id=PLACE tabindex="-1">
            <div role="status">
                <p class="notice notice--ok" id=DONE hidden></p>
            </div>
            <div role="status">
                <p class="notice notice--warn" id=WARNING hidden></p>
            </div>
            <button class="btn btn--primary" type="button" id=ASK hidden>
                "Stay signed in"
            </button>
        </div>
        <dialog
            class="card"
            role="alertdialog"
            id=DIALOG
            aria-labelledby="again-title"
            aria-describedby="again-text"
        >
            <form class="stack" method="post" novalidate id=FORM>
                <h2 id="again-title">"Stay signed in?"</h2>
                <p id="again-text">
                    "This session is about to end, however much it is used. Your password opens the next one, and this \
                     page stays as it is."
                </p>
                <div class="field">
                    <label for=PASSWORD>"Password"</label>
                    <input
                        id=PASSWORD
                        name="password"
                        type="password"
                        autocomplete="current-password"
                        required
                        aria-invalid="false"
                        aria-describedby=ERROR
                    />
                    <p class="field__error" id=ERROR hidden></p>
                </div>
                <p class="actions">
                    <button class="btn btn--primary" type="submit">
                        "Stay signed in"
                    </button>
                    <button class="btn btn--quiet" type="button" id=CANCEL>
                        "Not now"
                    </button>
                </p>
            </form>
        </dialog>
    }
}

impl Parts {
    /// Finds them; `None` where this page has none.
    pub fn find() -> Option<Self> {
        Some(Self {
            place: browser::element(PLACE)?,
            done: browser::element(DONE)?,
            warning: browser::element(WARNING)?,
            ask: browser::element(ASK)?,
            dialog: browser::element(DIALOG)?.unchecked_into(),
            form: browser::element(FORM)?,
            password: browser::element(PASSWORD)?.unchecked_into(),
            error: browser::element(ERROR)?,
            cancel: browser::element(CANCEL)?,
        })
    }

    /// Calls what belongs to the buttons, for as long as the page lives.
    pub fn listen(&self, on_ask: impl Fn() + 'static, on_submit: impl Fn() + 'static) {
        let dialog = self.dialog.clone();
        listen(&self.ask, "click", on_ask);
        listen(&self.form, "submit", on_submit);
        listen(&self.cancel, "click", move || dialog.close());
    }

    /// Says what is about to happen.
    pub fn warn(&self, sentence: &str) {
        say(&self.done, "");
        say(&self.warning, sentence);
        self.ask.set_hidden(false);
    }

    /// Has nothing to say any more, and asks nothing.
    pub fn rest(&self) {
        say(&self.warning, "");
        self.ask.set_hidden(true);
        if self.dialog.open() {
            self.dialog.close();
        }
    }

    /// Says that the next session is open.
    pub fn done(&self) {
        say(&self.done, "You stay signed in.");
    }

    /// Asks for the password. The browser gives the focus back when the dialog is closed.
    pub fn ask(&self) {
        self.object("");
        self.password.set_value("");
        if !self.dialog.open() {
            let _ = self.dialog.show_modal(); // fails where it is not in the page any more
        }
    }

    /// Says what is wrong with the password; nothing, where `sentence` is empty.
    pub fn object(&self, sentence: &str) {
        say(&self.error, sentence);
        let is_wrong = !sentence.is_empty();
        set(&self.password, "aria-invalid", is_wrong);
        if is_wrong {
            let _ = self.password.focus(); // an input that can not be focused is not there any more
            self.password.select();
        }
    }

    /// What was typed.
    pub fn password(&self) -> String {
        self.password.value()
    }

    /// Whether it is being tried.
    pub fn is_busy(&self) -> bool {
        self.form.get_attribute(BUSY).as_deref() == Some("true")
    }

    /// Notes whether it is being tried.
    pub fn set_busy(&self, is_busy: bool) {
        set(&self.form, BUSY, is_busy);
    }

    /// Takes the focus, if what had it is gone.
    pub fn take_lost_focus(&self) {
        if browser::is_focus_lost() {
            let _ = self.place.focus(); // as above
        }
    }
}

fn say(place: &HtmlElement, sentence: &str) {
    place.set_text_content(Some(sentence));
    place.set_hidden(sentence.is_empty());
}

fn set(element: &HtmlElement, attribute: &str, is_so: bool) {
    let _ = element.set_attribute(attribute, if is_so { "true" } else { "false" }); // the names are good ones
}

fn listen(element: &HtmlElement, event: &str, deed: impl Fn() + 'static) {
    let listener = Closure::<dyn Fn(Event)>::new(move |event: Event| {
        event.prevent_default();
        deed();
    });
    // Never removed: the parts live as long as the page.
    let _ =
        element.add_event_listener_with_callback(event, listener.into_js_value().unchecked_ref());
}
