//! What the login page shows instead of the form to somebody who is signed in: go on, or become somebody else.

use leptos::prelude::*;

use super::form::way_on;
use crate::browser;
use crate::client;

/// Who is signed in, the way on, and the way out.
#[component]
pub fn Already(
    /// The name of who is signed in; empty while nobody is.
    signed_in_as: RwSignal<String>,
) -> impl IntoView {
    let sign_out = move |_| {
        leptos::task::spawn_local(async {
            client::sign_out().await;
        });
    };
    let nobody = move || signed_in_as.with(String::is_empty);
    view! {
        <div role="status">
            <p hidden=nobody>
                "You are signed in as "
                <strong>{signed_in_as}</strong>
                "."
            </p>
        </div>
        <p class="actions" hidden=nobody>
            <button class="btn btn--primary" type="button" on:click=move |_| browser::go_to(&way_on())>
                "Continue"
            </button>
            <button class="btn btn--quiet" type="button" on:click=sign_out>
                "Use another account"
            </button>
        </p>
    }
}
