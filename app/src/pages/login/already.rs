//! What the login page shows instead of the form to somebody who is signed in: go on, or become somebody else.

use leptos::prelude::*;

use super::form::way_on;
use crate::browser;
use crate::client;

/// Who is signed in, the way on, and the way out.
#[component]
pub fn Already(
    /// The name of who is signed in, if anybody is.
    signed_in_as: RwSignal<Option<String>>,
) -> impl IntoView {
    let sign_out = move |_| {
        leptos::task::spawn_local(async {
            client::sign_out().await;
        });
    };
    view! {
        <div role="status">
            {move || {
                signed_in_as
                    .get()
                    .map(|name| {
                        view! {
                            <p>"You are signed in as " <strong>{name}</strong> "."</p>
                        }
                    })
            }}
        </div>
        <p class="actions" hidden=move || signed_in_as.with(Option::is_none)>
            <button class="btn btn--primary" type="button" on:click=move |_| browser::go_to(&way_on())>
                "Continue"
            </button>
            <button class="btn btn--quiet" type="button" on:click=sign_out>
                "Use another account"
            </button>
        </p>
    }
}
