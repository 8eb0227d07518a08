//! What the lab says whether or not it is alive: what it is about, what to expect of each scene, and what none of this
//! protects from. Server-rendered only, so it weighs nothing in the module.

mod code;
mod limits;
mod scenes;

use leptos::prelude::*;

pub use code::Code;
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
            <div class="tiles lab__minute">
                <div class="card">
                    <h3>"Two tokens"</h3>
                    <p>
                        "A program that signs in gets two texts, which it sends with its later requests (JSON Web Tokens: signed, so \
                         that nobody can change them). The " <strong>"access token"</strong>
                        " goes with every call, and lives for minutes: whoever has it is let in. The "
                        <strong>"refresh token"</strong>
                        " opens nothing. It goes to one address only, and is exchanged there for the next pair. One token that lives \
                         for weeks would be with every call, and could be copied at each; a short one alone would ask for the \
                         password all day."
                    </p>
                </div>
                <div class="card">
                    <h3>"Each refresh token works once"</h3>
                    <p>
                        "A " <strong>"refresh"</strong> " hands in the refresh token, which is " <strong>"spent"</strong>
                        " then, and gets its " <strong>"successor"</strong> ", with a new access token: that is "
                        <strong>"rotation"</strong> ". All tokens since one login are one " <strong>"session"</strong>
                        " (books say family), and are counted: generation 0 is the login's, generation 1 that of the first refresh. \
                         A spent token stands on the " <strong>"blacklist"</strong>
                        " of what is not to be used again. A successor lives anew for as long as its predecessor did, but the session has an end that never moves."
                    </p>
                </div>
                <div class="card">
                    <h3>"A spent token that comes back"</h3>
                    <p>
                        "That is " <strong>"reuse"</strong>
                        ": most likely somebody has a copy. Nobody can tell which of the two is the thief, so the session ends for both. \
                         Two innocent cases are forgiven, but only for the last token before the current one, from the same kind of \
                         browser:"
                    </p>
                    <ul>
                        <li>"Two tabs asked at once. Within 10 seconds, even if the new tokens were used already."</li>
                        <li>
                            "The answer was lost on the way. Within a minute, as long as neither of the new tokens was used."
                        </li>
                    </ul>
                    <p>"Forgiven means that the very same successor is given again. There is never a second one."</p>
                </div>
                <div class="card">
                    <h3>"What a client does"</h3>
                    <ol>
                        <li>
                            "It refreshes when the access token has 10 seconds left (or a fifth of its life, if that is less), or when a \
                             call is answered 401 (not let in)."
                        </li>
                        <li>"It sends one refresh for all calls that wait, in all tabs. Then it repeats each call, once."</li>
                        <li>"When a refresh is answered 401, the session is over: it asks for the password."</li>
                        <li>
                            "Any other trouble (no answer, 429, 5xx) says nothing about the session: it keeps the tokens and what is on \
                             the screen, says so, and tries again after 1, 2, 4 … 30 seconds, or when the server says (Retry-After)."
                        </li>
                    </ol>
                    <p><a href="#client">"As code"</a></p>
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
