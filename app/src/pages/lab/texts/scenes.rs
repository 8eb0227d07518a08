//! What each scene is about, and what to expect of it, in the order the scenes are listed in.

use leptos::prelude::*;

use crate::lab::scenes::Scene;
use crate::pages::lab::words::title;

/// What is said before a scene is played.
struct Text {
    scene: Scene,
    /// What it is about.
    story: &'static str,
    /// What to expect, in order.
    expect: &'static [&'static str],
    /// What to take home.
    moral: &'static str,
}

const TEXTS: [Text; 11] = [
    Text {
        scene: Scene::Expiry,
        story: "An access token runs out while somebody works. One client finds out by being refused; another one knows the \
                token's age, and is ahead of it.",
        expect: &[
            "A call with a fresh access token: 200.",
            "After its end the same call: 401. The client refreshes, gets access and refresh token of the next generation, and \
             repeats the call: 200.",
            "A client that looks at the clock refreshes before it calls. No 401 at all.",
        ],
        moral: "The person sees a list that loads, and nothing else. Do both: refresh ahead, and still handle the 401, because a \
                token can also be revoked.",
    },
    Text {
        scene: Scene::Crowd,
        story: "A page wakes up and asks for ten things at once, with an access token that has run out.",
        expect: &[
            "One refresh, made by the first of the ten. The other nine wait for its answer.",
            "Ten calls with the new access token, ten answers.",
        ],
        moral: "Single flight. Without it ten refreshes race, nine of them with a token that is already spent.",
    },
    Text {
        scene: Scene::Tabs,
        story: "Two tabs of one browser share a session, and wake up in the same moment. Then the same again in a browser without \
                a lock that tabs can share.",
        expect: &[
            "With the lock: one tab refreshes. The other waits, finds the new tokens in storage, and asks for nothing.",
            "Without it: both present the same refresh token. The server takes one after the other: the first rotates, and the \
             second, a moment late, is answered with the very same successor.",
        ],
        moral: "Two tabs are no theft. For 10 seconds (REFRESH_REUSE_INTERVAL) the server forgives, and never forks: there is one \
                current refresh token, whoever asked first.",
    },
    Text {
        scene: Scene::Lost,
        story: "The train enters a tunnel just after the server has committed the rotation. The old token is spent, and the new \
                one never arrived.",
        expect: &[
            "The client hears nothing. It does not sign anybody out, and keeps what it has.",
            "It asks again with the spent token. Nothing of the successor was ever used, so for a minute (REFRESH_RETRY_WINDOW) \
             the server answers the same successor again.",
            "Compare the two answers: the refresh tokens are equal, letter by letter. The server keeps no token. It keeps what the \
             token says, and signs that again.",
        ],
        moral: "A thief who asks in that minute gets the same successor, not one more; as soon as one of the two goes on and the other \
                comes with the old one, the family ends. A client that signs people out on a network error punishes tunnels. A server that answers with a new token each \
                time forks the family.",
    },
    Text {
        scene: Scene::VictimFirst,
        story: "A thief has copied the refresh token out of the victim's storage. The victim goes on working, and refreshes twice; \
                then the thief tries the copy.",
        expect: &[
            "Two honest refreshes: generations 1 and 2.",
            "The thief presents generation 0. Its owner is two generations ahead, so this is no second tab: 401, and the whole \
             family ends. Watch the tree.",
            "Nobody is let in any more: not the thief with the copied access token, and not the victim, who has to sign in again.",
        ],
        moral: "The server can not know which of the two is the thief. It ends both; only one knows the password (RFC 9700, \
                section 4.14.2).",
    },
    Text {
        scene: Scene::ThiefFirst,
        story: "This time the thief is faster, and refreshes twice while the victim sleeps. (A second stands for the night here.)",
        expect: &[
            "The thief's refreshes succeed. Until the victim comes back nobody can know.",
            "The victim wakes, and presents generation 0: the family ends, and the thief's newest token with it.",
        ],
        moral: "Detection needs the victim to come back. Until then the thief is in: that is why sessions must be short, and why \
                people should see where they are signed in.",
    },
    Text {
        scene: Scene::InWindow,
        story: "The thief presents the copy within 10 seconds of the victim's refresh, from the same kind of browser. Just then \
                a second tab would come, too.",
        expect: &[
            "The thief is let in: the same successor, letter by letter. This is the price of forgiving tabs.",
            "But there is still one family. The victim goes on, twice; the thief's copy is two generations late, and the family ends.",
        ],
        moral: "Forgiving costs seconds, not the session. From another browser (another User-Agent header) it would not have been \
                forgiven; but that header can be faked, so it is a help and no wall.",
    },
    Text {
        scene: Scene::Logout,
        story: "Somebody signs out, and both tokens were copied before.",
        expect: &[
            "Signing out blacklists the refresh token, and that ends the session.",
            "The copied access token is refused at once, because this server looks into its memory of revoked sessions \
             (IMMEDIATE_REVOCATION).",
            "A service that only checks signatures would let it in until it runs out. The scene says for how long.",
        ],
        moral: "\"Stateless\" means that nobody can be thrown out before the token runs out. Pick short lives, or a look at a \
                deny list.",
    },
    Text {
        scene: Scene::Tampered,
        story: "Tokens changed by hand, and tokens used for what they are not for.",
        expect: &[
            "Each is refused with 401, and with the same few words, because details help attackers.",
            "You are told what the server really found: a check that failed, in its own words.",
            "alg: none is no algorithm here. A verifier must know which one it expects, and never ask the token (RFC 8725).",
        ],
        moral: "Changing one letter breaks the signature. What is not broken, such as a refresh token used as an access token, has \
                to be checked by name.",
    },
    Text {
        scene: Scene::Clock,
        story: "The browser's clock is an hour ahead. Then somebody sets it right, and then wrong again.",
        expect: &[
            "While the error stays the same nothing happens: the client compares ages by one clock, its own, and never its clock \
             with the server's.",
            "A jump costs one refresh, in either direction, and nobody is signed out.",
        ],
        moral: "A client that compares exp with its own clock would refresh before every call, or never. exp − iat is a length of \
                time, and is true everywhere.",
    },
    Text {
        scene: Scene::Cookie,
        story: "The refresh token in storage, where script can read it, and in an HttpOnly cookie, where it can not. The cookie is a \
                real one of this browser.",
        expect: &[
            "In storage: hostile script reads the token, and uses it from anywhere, for as long as the session lives.",
            "In a cookie: the answer has no refresh token in its body, and no script finds it.",
            "But hostile script in the page can still ask for a refresh, and the browser adds the cookie.",
        ],
        moral: "Where you can choose, choose the cookie: it keeps the token from being carried away. It does not keep hostile script \
                out: for that there is the page's policy (Content Security Policy), and care.",
    },
];

/// The texts, one after the other.
#[component]
pub fn Scenes() -> impl IntoView {
    TEXTS
        .into_iter()
        .map(|text| {
            let (number, name) = title(text.scene);
            let expect = text
                .expect
                .iter()
                .map(|line| view! { <li>{*line}</li> })
                .collect_view();
            view! {
                <article class="stack">
                    <h3 class="lab__title">
                        {number} ". " {name}
                    </h3>
                    <p>{text.story}</p>
                    <h4>"What to expect"</h4>
                    <ol>{expect}</ol>
                    <p class="muted">{text.moral}</p>
                </article>
            }
        })
        .collect_view()
}
