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

const TEXTS: [Text; 12] = [
    Text {
        scene: Scene::Expiry,
        story: "An access token runs out while somebody works. (The lab asks for tokens that live for seconds, by access_lifetime in \
                its requests. Your client need not.)",
        expect: &[
            "A call with a fresh access token: 200.",
            "The client looks at the clock before the next call: the token has nearly run out. It refreshes, gets both tokens of the \
             next generation, and calls: 200. No 401 at all.",
            "Then it does not look at the clock. The call is answered 401; the client refreshes, and repeats the call: 200.",
        ],
        moral: "The person sees a list that loads, and nothing else. Do both: refresh ahead, and still handle the 401, because a \
                token can also be revoked.",
    },
    Text {
        scene: Scene::Crowd,
        story: "A page wakes up and asks for ten things at once, with an access token that has run out. First by a client that looks \
                at the clock, then by one that does not.",
        expect: &[
            "One refresh, made by the first of the ten. The other nine wait for its answer: that is called single flight. Then ten \
             calls, ten answers.",
            "Ten calls, ten times 401, and again one refresh. Ten calls once more, ten answers.",
        ],
        moral: "Without single flight ten refreshes race, nine of them with a token that is spent by then. This server would forgive \
                them, as the next scene shows; others end the session.",
    },
    Text {
        scene: Scene::Tabs,
        story: "Two tabs of one browser share a session, and wake up in the same moment. Then the same again in a browser without \
                a lock that tabs can share.",
        expect: &[
            "With the lock: one tab refreshes. The other waits, finds the new tokens in storage, and asks for nothing.",
            "Without it: both hand in the same refresh token. The server takes one after the other: the first is given the \
             successor, and the second, a moment late, is given the very same one again.",
        ],
        moral: "Two tabs are no theft. For 10 seconds, unless configured otherwise (REFRESH_REUSE_INTERVAL), the server forgives. It \
                never makes a second successor: there is one current refresh token, whoever asked first.",
    },
    Text {
        scene: Scene::Lost,
        story: "The train enters a tunnel just after the server has put the refresh on record. The old token is spent, and the new \
                one never arrived.",
        expect: &[
            "The client hears nothing. It does not sign anybody out, and keeps what it has.",
            "It asks again with the spent token. Neither of the new tokens was ever used, so for a minute (REFRESH_RETRY_WINDOW) \
             the server gives the same successor again.",
            "Compare the two answers: the refresh tokens are equal, letter by letter. The server keeps no token. It keeps what the \
             token says, and signs that again.",
        ],
        moral: "A client that signs people out on a network error punishes tunnels. A thief with a copy can use that minute, too, and \
                is let in, but into the same session: it ends as soon as one of the two comes back with a token that is too old.",
    },
    Text {
        scene: Scene::VictimFirst,
        story: "A thief has copied the refresh token out of the victim's storage. The victim goes on working, and refreshes twice; \
                then the thief tries the copy.",
        expect: &[
            "Two honest refreshes: generations 1 and 2.",
            "The thief hands in generation 0. The victim is two generations ahead, so this is no second tab: 401, and the whole \
             session ends. Watch \"On record\" turn red.",
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
            "The victim wakes, and hands in generation 0: the session ends, and the thief's newest token with it.",
        ],
        moral: "Detection needs the victim to come back. Until then the thief is in: that is why a session has an end that never moves \
                (SESSION_LIFETIME, 30 days unless configured otherwise), and why people should see where they are signed in.",
    },
    Text {
        scene: Scene::AsTab,
        story: "The thief hands in the copy within 10 seconds of the victim's refresh, from the same kind of browser. That is what \
                a second tab would do, too.",
        expect: &[
            "The thief is let in, with the same successor as the victim, letter by letter. This is the price of forgiving tabs. (Step by \
             step it takes quick hands: the 10 seconds are real.)",
            "But there is still one session. The victim goes on, twice; the thief's token is two generations old, and the session ends.",
        ],
        moral: "Forgiving costs seconds, not the session. From another browser (another User-Agent header) it would not have been \
                forgiven; but that header can be faked, so it is a help and no wall.",
    },
    Text {
        scene: Scene::Logout,
        story: "Somebody signs out. A thief had copied both tokens before, and tries them now.",
        expect: &[
            "Signing out blacklists the refresh token, and that ends the session.",
            "The copied access token is refused at once where the server remembers which sessions have ended \
             (IMMEDIATE_REVOCATION, which is on unless configured otherwise). That is a look into its memory, and costs no question to the database.",
            "A service that only checks signatures would let it in until it runs out. The scene says for how long.",
            "The copied refresh token is refused everywhere.",
        ],
        moral: "\"Stateless\" means that nobody can be thrown out before the token runs out. Pick short lives, or a look at a \
                list of what has ended.",
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
        scene: Scene::Storage,
        story: "Both tokens are in the browser's storage (localStorage), where any script of the page can read them; also one that \
                came in with an advertisement, or through a comment that was not escaped.",
        expect: &[
            "The script reads the refresh token, and sends it home.",
            "There the thief exchanges it without the page, and has tokens of their own.",
        ],
        moral: "What script can read can be carried away. From here on it is scene 5b: the thief is in until the victim comes back.",
    },
    Text {
        scene: Scene::Cookie,
        story: "The refresh token is in a cookie the browser keeps from every script (HttpOnly), a real one of this browser. The \
                access token is in the page's memory alone.",
        expect: &[
            "The answer to the login has no refresh token in its body, and no script finds it. Open the arrow: neither do you. The \
             developer tools show it, under cookies.",
            "But hostile script in the page can ask for a refresh, and the browser adds the cookie: an access token for the script.",
            "Signing out takes the cookie back, and the script has nothing that lasts.",
        ],
        moral: "Where you can choose, choose the cookie: the token can not be carried away. Another site can not use it either: the \
                browser sends it to this site's own pages only (SameSite=Strict), and the server wants a header that no form can \
                send. It does not keep hostile script out of your page: for that there is the page's policy (Content Security \
                Policy), and care.",
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
