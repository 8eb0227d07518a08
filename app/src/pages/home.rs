//! `/`: what Jotward is in three sentences, and where to go from here. Ships no script.

use leptos::prelude::*;

use crate::ui::document::Head;

pub const HEAD: Head = Head {
    title: "Sessions you can see and end",
    description: "Jotward issues, refreshes and revokes JSON Web Tokens, and shows which sessions are alive.",
    path: "/",
    module: None,
};

/// What happens in a session whose refresh token was copied, step by step.
const STORY: [(&str, &str); 4] = [
    ("Signed in", "Token 0 is issued and put on record."),
    ("Renewed", "Token 1 takes its place; token 0 is spent."),
    ("Renewed", "Token 2 takes its place; token 1 is spent."),
    (
        "Token 0 comes back",
        "Somebody kept a copy. The session ends: a refresh token works once.",
    ),
];

/// The page.
#[component]
pub fn Home() -> impl IntoView {
    view! {
        <div class="hero">
            <section class="stack">
                <h1 class="page__title">"Sessions you can see, and end."</h1>
                <p class="lede">
                    "Jotward issues, refreshes and revokes the tokens of your web applications, and speaks the HTTP \
                     API of SimpleJWT while doing so. Every token it issued is on record: a refresh token works once, \
                     and when a session ends, all its tokens stop at that moment. Administrators see which are alive, \
                     and end a session with a click."
                </p>
                <p class="actions">
                    <a class="btn btn--primary" href="/login">
                        "Sign in"
                    </a>
                    <a class="btn" href="/lab">
                        "See a theft in the lab"
                    </a>
                </p>
            </section>
            <ol class="thread card" aria-label="What happens to a copied token">
                {STORY
                    .map(|(what, why)| {
                        view! {
                            <li>
                                <strong>{what}</strong>
                                <span class="muted">{why}</span>
                            </li>
                        }
                    })
                    .to_vec()}
            </ol>
        </div>
        <div class="tiles">
            <section class="card">
                <h2>"For people"</h2>
                <p>
                    "The " <a href="/users">"user list"</a>
                    " is behind a sign-in. Let its access token run out and reload: it is renewed unnoticed."
                </p>
            </section>
            <section class="card">
                <h2>"For the curious"</h2>
                <p>
                    "The " <a href="/lab">"lab"</a>
                    " plays lost answers, two tabs and thieves against this very server, and shows every request."
                </p>
            </section>
            <section class="card">
                <h2>"For administrators"</h2>
                <p>
                    "The " <a href="/admin/">"administration"</a>
                    " lists every token and its session, says why it ended, and works without any script."
                </p>
            </section>
            <section class="card">
                <h2>"For programs"</h2>
                <p>
                    "Point an existing SimpleJWT client at " <code>"/api/token/"</code>
                    ": paths, statuses and bodies are the same, so it does not notice the difference."
                </p>
            </section>
        </div>
    }
}
