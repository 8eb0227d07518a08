//! What the lab says whether or not it is alive: what it is about, what to expect of each scene, and what none of this
//! protects from. Server-rendered only, so it weighs nothing in the module.

mod limits;
mod scenes;

use leptos::prelude::*;

pub use limits::Limits;
pub use scenes::Scenes;

/// What this is, in a minute.
#[component]
pub fn Introduction() -> impl IntoView {
    view! {
        <h1 class="page__title">"The lab"</h1>
        <p class="lede">
            "Refresh tokens, tried out. Nothing on this page is simulated: real clients in this tab talk to this very server, \
             what you see is what went over the wire, and the tree beside it is what the database has on record."
        </p>
        <section class="stack" aria-labelledby="minute-title">
            <h2 id="minute-title">"In a minute"</h2>
            <div class="tiles">
                <div class="card">
                    <h3>"Two tokens"</h3>
                    <p>
                        "An " <strong>"access token"</strong>
                        " opens the API, and lives for minutes: whoever holds it is let in. A "
                        <strong>"refresh token"</strong> " opens nothing, and only fetches the next pair."
                    </p>
                </div>
                <div class="card">
                    <h3>"Each refresh token works once"</h3>
                    <p>
                        "Using it spends it, and answers a successor. That is " <strong>"rotation"</strong>
                        ". All tokens since one login are a family: generation 0, 1, 2 …"
                    </p>
                </div>
                <div class="card">
                    <h3>"A spent token that comes back"</h3>
                    <p>
                        "Then two hold the same token, and nobody can tell who is the thief. So the whole family ends: "
                        <strong>"reuse detection"</strong> ". Two tabs and a lost answer look alike, and must not be punished."
                    </p>
                </div>
            </div>
        </section>
        <noscript>
            <p class="notice notice--warn">
                "The scenes are played by a program in your browser, which needs JavaScript and WebAssembly. Without them, "
                <a href="/lab/walk/">"walk through a session step by step"</a>
                ": the server makes the same requests for you, and shows them."
            </p>
        </noscript>
    }
}
