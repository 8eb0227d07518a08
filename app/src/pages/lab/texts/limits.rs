//! What rotation does not protect from. The sources are RFC 9700 and the best practices for browser-based applications.

use leptos::prelude::*;

const LIMITS: [(&str, &str); 7] = [
    (
        "A victim who never comes back",
        "Reuse is noticed when two people use one session. A thief who takes the current token of somebody who closed the laptop \
         for good is alone in it, until the session's own end. That end never moves here (SESSION_LIFETIME).",
    ),
    (
        "Script in your page",
        "Whoever can run script in the page can make requests as you while you are there, wherever the tokens are kept. It can \
         also wait for the next rotation, and take each successor. A strict policy for scripts is the defence, not rotation.",
    ),
    (
        "A thief who comes like a second tab",
        "For 10 seconds after a refresh a copy from the same kind of browser passes for a second tab. It is counted at the \
         session, and it never makes a second line of tokens.",
    ),
    (
        "A copied access token",
        "It works until it runs out, or until the session ends where IMMEDIATE_REVOCATION is on. Nothing binds it to the browser \
         it was issued to; that would take DPoP (RFC 9449) or mutual TLS (RFC 8705).",
    ),
    (
        "Whoever knows the password",
        "They open a session of their own, and yours is not touched. Watch your sessions; change the password, which ends all the others.",
    ),
    (
        "A stolen signing key",
        "It makes tokens nobody can tell from real ones. What is made with it still belongs to no session on record, and is refused \
         as a refresh token.",
    ),
    (
        "A device that is not yours any more",
        "Malware on it has everything the person has.",
    ),
];

/// The limits, and where they come from.
#[component]
pub fn Limits() -> impl IntoView {
    let limits = LIMITS.map(|(name, why)| {
        view! {
            <li>
                <strong>{name}</strong>
                <br />
                {why}
            </li>
        }
    });
    view! {
        <section class="stack" aria-labelledby="limits-title">
            <h2 id="limits-title">"What rotation does not protect from"</h2>
            <ul class="lab__limits">{limits.to_vec()}</ul>
            <p class="muted">
                "Sources: "
                <a href="https://www.rfc-editor.org/rfc/rfc9700.html#section-4.14">"RFC 9700, section 4.14"</a>
                " (refresh token protection), "
                <a href="https://datatracker.ietf.org/doc/draft-ietf-oauth-browser-based-apps/">
                    "OAuth 2.0 for browser-based applications"
                </a> ", " <a href="https://www.rfc-editor.org/rfc/rfc8725.html">"RFC 8725"</a> " (JSON Web Token best practices)."
            </p>
        </section>
    }
}
