//! `/`: what Jotward is in three sentences, and where to go from here. Ships no script.

use leptos::prelude::*;

use crate::ui::document::Head;

pub const HEAD: Head = Head {
    title: "Sessions you can see and end",
    description: "Jotward issues, refreshes and revokes JSON Web Tokens, and shows which sessions are alive.",
    path: "/",
    has_island: false,
};

/// The page.
#[component]
pub fn Home() -> impl IntoView {
    view! {
        <section class="hero stack">
            <h1 class="page__title">"Sessions you can see, and end."</h1>
            <p class="lede">
                "Jotward issues, refreshes and revokes the tokens of your web applications, and speaks the HTTP API
                of SimpleJWT while doing so. It remembers every token it issued: a stolen one that is used twice ends
                its whole session, at once. Administrators see which sessions are alive, and end one with a click."
            </p>
            <p class="actions">
                <a class="btn btn--primary" href="/login">
                    "Sign in"
                </a>
                <a class="btn" href="/users">
                    "See the user list"
                </a>
            </p>
        </section>
        <div class="tiles">
            <section class="card">
                <h2>"For people"</h2>
                <p>
                    "The " <a href="/users">"user list"</a>
                    " is behind a sign-in. Watch there how an access token runs out and is renewed."
                </p>
            </section>
            <section class="card">
                <h2>"For administrators"</h2>
                <p>
                    "The " <a href="/admin/">"administration"</a>
                    " lists sessions and tokens, says why each ended, and works without any script."
                </p>
            </section>
            <section class="card">
                <h2>"For programs"</h2>
                <p>
                    "Point an existing SimpleJWT client at " <code>"/api/token/"</code> ". The answers are described in "
                    <a href="/api/openapi.json">"openapi.json"</a> "."
                </p>
            </section>
        </div>
    }
}
