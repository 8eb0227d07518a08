//! A client in sixty lines, to be read and taken. The browser tests run these very lines.

use leptos::prelude::*;

const CLIENT: &str = include_str!("client.js");

/// The code, and what is left out of it.
#[component]
pub fn Code() -> impl IntoView {
    view! {
        <section class="stack" aria-labelledby="code-title">
            <h2 id="code-title">"A client in sixty lines"</h2>
            <p>
                "What the scenes show, as JavaScript without any library, with both tokens in the browser's storage. To have the refresh \
                 token in a cookie instead, send the header "
                <code>"jotward-refresh-transport: cookie"</code>
                " with login, refresh and logout, and no refresh token in the body; keep the access token in a variable, so each tab \
                 fetches its own, one at a time, by the same lock."
            </p>
            <details class="card">
                <summary>"Show the code"</summary>
                <pre class="lab__code" id="client" role="group" aria-label="The code" tabindex="0">{CLIENT}</pre>
            </details>
            <p class="muted">
                "Left out: trying again while the server is away, and one failure for all calls that wait; a browser that is offline or has no such locks, telling other tabs \
                 of a sign-out, storage that is forbidden. The clients of the scenes do all that: they are the \
                 token client of this project's own pages, which is made to be lifted into other programs in Rust."
            </p>
        </section>
    }
}
