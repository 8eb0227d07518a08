//! What pages do with an account beyond asking for something: registering, signing in in a browser whose tabs share a cookie,
//! and again without leaving the page.

use serde::{Deserialize, Serialize};

use super::answer::{self, SignInFailure, Trouble};
use super::engine::Client;
use super::request::{Cookies, Reply, Request, Unreachable};
use super::storage::{Keep, Place};
use super::world::World;

/// Adds a user.
const REGISTER: &str = "/api/register/";

/// Somebody who wants to become a user. It has no `Debug`: passwords belong into no log.
#[derive(Serialize)]
pub struct NewUser<'a> {
    /// The name to sign in with.
    pub username: &'a str,
    /// An address.
    pub email: &'a str,
    /// In the clear.
    pub password: &'a str,
}

/// What is wrong with a [`NewUser`]: with a field, or with it all. Empty where nothing is.
#[derive(Default)]
pub struct Objections {
    /// With the name.
    pub username: String,
    /// With the address.
    pub email: String,
    /// With the password.
    pub password: String,
    /// With no field.
    pub general: String,
}

#[derive(Default, Deserialize)]
struct Refused {
    detail: Option<String>,
    username: Option<Vec<String>>,
    email: Option<Vec<String>>,
    password: Option<Vec<String>>,
}

impl<W: World> Client<W> {
    /// Adds a user, who is not signed in by that.
    ///
    /// # Errors
    ///
    /// Says what is wrong.
    pub async fn register(&self, new: &NewUser<'_>) -> Result<(), Objections> {
        let json = serde_json::to_string(new).unwrap_or_default(); // strings always become JSON
        let request = Request::post(REGISTER, json);
        of_register(self.world().send(&request, None).await)
    }

    /// Opens a session as [`Client::sign_in`] does, while no other tab renews or signs out, or the cookie could be another's
    /// afterwards; a sign-out that is owed goes first.
    ///
    /// # Errors
    ///
    /// Those of [`Client::sign_in`].
    pub async fn sign_in_in_turn(
        &self,
        username: &str,
        password: &str,
        keep: Keep,
    ) -> Result<(), SignInFailure> {
        self.pay_what_is_owed().await;
        let _alone = self.world().alone().await;
        self.sign_in(username, password, keep).await
    }

    /// Opens another session for whoever is signed in, and keeps it where the one before was.
    ///
    /// # Errors
    ///
    /// Those of [`Client::sign_in`].
    pub async fn sign_in_again(&self, password: &str) -> Result<(), SignInFailure> {
        let username = self.session().map(|session| session.username);
        self.sign_in_in_turn(&username.unwrap_or_default(), password, self.kept())
            .await
    }

    /// How the session is kept.
    fn kept(&self) -> Keep {
        let in_place = |place| self.world().storage(place).load();
        let (place, session) = match (in_place(Place::Page), in_place(Place::Tab)) {
            (Some(session), _) => (Keep::Memory, Some(session)),
            (None, Some(_)) => (Keep::ThisTab, None),
            (None, None) => (Keep::Remembered, in_place(Place::Browser)),
        };
        match session.map(|session| session.cookies()) {
            Some(Cookies::Wanted) => Keep::Cookie,
            Some(Cookies::WantedUntilClosed) => Keep::SessionCookie,
            _ => place,
        }
    }
}

fn of_register(answer: Result<Reply, Unreachable>) -> Result<(), Objections> {
    let general = |general| Objections {
        general,
        ..Objections::default()
    };
    let reply = answer::settled(answer)
        .map_err(|(trouble, after): (Trouble, _)| general(trouble.with_advice(after)))?;
    if reply.status == 201 {
        return Ok(());
    }
    let refused: Refused = serde_json::from_str(&reply.body).unwrap_or_default();
    let first = |field: Option<Vec<String>>| {
        let sentence = field.and_then(|sentences| sentences.into_iter().next());
        sentence.unwrap_or_default()
    };
    let mut objections = Objections {
        username: first(refused.username),
        email: first(refused.email),
        password: first(refused.password),
        general: refused.detail.unwrap_or_default(),
    };
    let says_nothing = [
        &objections.username,
        &objections.email,
        &objections.password,
        &objections.general,
    ]
    .iter()
    .all(|sentence| sentence.is_empty());
    if says_nothing {
        let status = reply.status.to_string();
        objections.general = ["The server answered with status ", &status, "."].concat();
    }
    Err(objections)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Reply {
        Reply {
            status,
            body: body.to_owned(),
            ..Reply::default()
        }
    }

    #[test]
    fn each_objection_stands_at_its_field() {
        assert!(of_register(Ok(answer(201, "{}"))).is_ok());
        let taken = r#"{"username":["Taken."],"password":["Short.","Weak."]}"#;
        let objections = of_register(Ok(answer(400, taken))).expect_err("refused");
        assert_eq!(objections.username, "Taken.");
        assert_eq!(objections.password, "Short.");
        assert_eq!(
            (objections.email.as_str(), objections.general.as_str()),
            ("", "")
        );
    }

    #[test]
    fn what_is_about_no_field_is_said_all_the_same() {
        for (reply, expected) in [
            (Ok(answer(404, r#"{"detail":"Not found."}"#)), "Not found."),
            (
                Ok(answer(418, "<html>")),
                "The server answered with status 418.",
            ),
            (
                Err(Unreachable),
                "The server can not be reached. Please try again in a moment.",
            ),
            (
                Ok(answer(503, "")),
                "The server has a problem just now. Please try again in a moment.",
            ),
        ] {
            let objections = of_register(reply).expect_err("refused");
            assert_eq!(objections.general, expected);
        }
    }
}
