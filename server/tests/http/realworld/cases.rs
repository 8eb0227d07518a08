//! The conversations of RealWorld's own suite, one row a request. The token of an answer is sent with the next ones.

use serde_json::{Value, json};

/// A request and what must come back.
pub struct Step {
    pub name: &'static str,
    pub method: &'static str,
    pub path: &'static str,
    pub with_token: bool,
    /// What stands below `user`.
    pub user: Option<Value>,
    pub status: u16,
    /// What must stand below `user`, or all that stands below `errors`.
    pub expect: Value,
}

fn post(
    name: &'static str,
    path: &'static str,
    user: Value,
    (status, expect): (u16, Value),
) -> Step {
    Step {
        name,
        method: "POST",
        path,
        with_token: false,
        user: Some(user),
        status,
        expect,
    }
}

fn put(name: &'static str, user: Value, (status, expect): (u16, Value)) -> Step {
    Step {
        name,
        method: "PUT",
        path: "/api/user",
        with_token: true,
        user: Some(user),
        status,
        expect,
    }
}

fn get(name: &'static str, expect: Value) -> Step {
    Step {
        name,
        method: "GET",
        path: "/api/user",
        with_token: true,
        user: None,
        status: 200,
        expect,
    }
}

fn without_token(step: Step, errors: Value) -> Step {
    Step {
        with_token: false,
        status: 401,
        expect: errors,
        ..step
    }
}

/// `auth.hurl`.
pub fn auth() -> Vec<Step> {
    const REGISTER: &str = "/api/users";
    const LOGIN: &str = "/api/users/login";
    let user = json!({"username": "auth_1", "email": "auth_1@test.com", "password": "password123"});
    let plain =
        json!({"username": "auth_1", "email": "auth_1@test.com", "bio": null, "image": null});
    let credentials = json!({"email": "auth_1@test.com", "password": "password123"});
    let bio = |bio: Value| json!({"bio": bio});
    let image = |image: Value| json!({"image": image});
    let picture = || image(json!("https://example.com/photo.jpg"));
    let renamed = || json!({"username": "auth_1u", "email": "auth_1u@test.com"});
    vec![
        post("register", REGISTER, user, (201, plain.clone())),
        post("log in", LOGIN, credentials, (200, plain.clone())),
        get("current user", plain),
        put(
            "update bio",
            bio(json!("Updated bio")),
            (200, bio(json!("Updated bio"))),
        ),
        get("it persisted", bio(json!("Updated bio"))),
        put("empty bio", bio(json!("")), (200, bio(json!(null)))),
        get("is null", bio(json!(null))),
        put(
            "set bio",
            bio(json!("Temporary bio")),
            (200, bio(json!("Temporary bio"))),
        ),
        put("null bio", bio(json!(null)), (200, bio(json!(null)))),
        get("is null again", bio(json!(null))),
        put(
            "restore bio",
            bio(json!("Updated bio")),
            (200, bio(json!("Updated bio"))),
        ),
        put("set image", picture(), (200, picture())),
        get(
            "image and bio persisted",
            json!({"image": "https://example.com/photo.jpg", "bio": "Updated bio"}),
        ),
        put("empty image", image(json!("")), (200, image(json!(null)))),
        get("image is null", image(json!(null))),
        put("set image again", picture(), (200, picture())),
        put("null image", image(json!(null)), (200, image(json!(null)))),
        get("image is null again", image(json!(null))),
        put("username and email", renamed(), (200, renamed())),
        get("with the token that came back", renamed()),
    ]
}

/// `errors_auth.hurl`.
pub fn errors_auth() -> Vec<Step> {
    const REGISTER: &str = "/api/users";
    const LOGIN: &str = "/api/users/login";
    let register = |username: &str, email: &str, password: &str| json!({"username": username, "email": email, "password": password});
    let log_in = |email: &str, password: &str| json!({"email": email, "password": password});
    let blank = |field: &str| (422, json!({field: ["can't be blank"]}));
    let taken = |field: &str| (409, json!({field: ["has already been taken"]}));
    let user = json!({"username": "ea_1", "email": "ea_1@test.com", "bio": null, "image": null});
    let missing = json!({"token": ["is missing"]});
    let short = json!({"password": ["is too short (minimum is 8 characters)"]});
    vec![
        post(
            "empty username",
            REGISTER,
            register("", "e1@test.com", "password123"),
            blank("username"),
        ),
        post(
            "empty email",
            REGISTER,
            register("e1", "", "password123"),
            blank("email"),
        ),
        post(
            "empty password",
            REGISTER,
            register("e1", "e1@test.com", ""),
            blank("password"),
        ),
        post(
            "valid",
            REGISTER,
            register("ea_1", "ea_1@test.com", "password123"),
            (201, user.clone()),
        ),
        post(
            "duplicate username",
            REGISTER,
            register("ea_1", "other@test.com", "password123"),
            taken("username"),
        ),
        post(
            "duplicate email",
            REGISTER,
            register("other", "ea_1@test.com", "password123"),
            taken("email"),
        ),
        post(
            "login, empty email",
            LOGIN,
            log_in("", "password123"),
            blank("email"),
        ),
        post(
            "login, empty password",
            LOGIN,
            log_in("ea_1@test.com", ""),
            blank("password"),
        ),
        post(
            "login, wrong password",
            LOGIN,
            log_in("ea_1@test.com", "wrongpassword"),
            (401, json!({"credentials": ["invalid"]})),
        ),
        without_token(get("get without token", json!({})), missing.clone()),
        without_token(
            put("put without token", json!({"bio": "x"}), (401, json!({}))),
            missing,
        ),
        put("email empty", json!({"email": ""}), blank("email")),
        put("username empty", json!({"username": ""}), blank("username")),
        put("email null", json!({"email": null}), blank("email")),
        put(
            "username null",
            json!({"username": null}),
            blank("username"),
        ),
        put("password empty", json!({"password": ""}), blank("password")),
        put(
            "password null",
            json!({"password": null}),
            blank("password"),
        ),
        put(
            "password of seven characters",
            json!({"password": "short7c"}),
            (422, short),
        ),
        put(
            "password of eight characters",
            json!({"password": "bonjour1"}),
            (200, user.clone()),
        ),
        put(
            "password of 64 characters",
            json!({"password": "a".repeat(64)}),
            (200, user),
        ),
    ]
}
