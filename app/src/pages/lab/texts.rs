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
                        "A program that signs in gets two texts it shows later (JSON Web Tokens: signed, so that nobody can change \
                         them). The " <strong>"access token"</strong>
                        " goes with every call, and lives for minutes: whoever has it is let in. The "
                        <strong>"refresh token"</strong>
                        " opens nothing. It goes to one address only, and buys the next pair. One token that lives for weeks would be \
                         with every call, and could be copied at each; a short one alone would ask for the password all day."
                    </p>
                </div>
                <div class="card">
                    <h3>"Each refresh token works once"</h3>
                    <p>
                        "A " <strong>"refresh"</strong> " (or renewal) spends the token and answers its successor: that is "
                        <strong>"rotation"</strong>
                        ". All tokens since one login are a family, which is the session: generation 0, 1, 2 … A spent token is \
                         blacklisted: on record as not to be used again."
                    </p>
                </div>
                <div class="card">
                    <h3>"A spent token that comes back"</h3>
                    <p>
                        "Usually somebody has a copy: that is " <strong>"reuse"</strong>
                        ". Two hold the same token, nobody can tell who is the thief, and the whole family ends. Two cases are forgiven, \
                         for the token just before the current one and the same kind of browser. Two tabs ask at once: within 10 \
                         seconds. An answer was lost on the way: within a minute, until its successor is used. Forgiven means the \
                         very same successor again, however often."
                    </p>
                </div>
                <div class="card">
                    <h3>"What a client does"</h3>
                    <ol>
                        <li>"Refreshes a little before the access token runs out, or when a call is answered 401 (not let in)."</li>
                        <li>"Once, for all calls that wait, in all tabs. Then it repeats the call, once."</li>
                        <li>"A refresh answered 401: the session is over, ask for the password. No answer, or 503: try later, and \
                             sign nobody out."</li>
                    </ol>
                </div>
            </div>
            <p class="muted">
                "Sign in below, choose a scene, and play it. Afterwards every arrow and every card can be opened."
            </p>
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
