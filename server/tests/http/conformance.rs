//! Recorded conversations with SimpleJWT, played against the router. `conformance/simplejwt.json` is data: what
//! djangorestframework-simplejwt answered, step by step. A token in a body is compared by what must hold of it;
//! extra claims in a token are allowed, extra keys in a body are not.

mod compare;
mod request;

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::harness::{Answer, Database, TestApp, on_both_databases};
use compare::{disagreements, observe};
pub use request::sign;

fn cases(profile: &str) -> Vec<Value> {
    let document: Value =
        serde_json::from_str(include_str!("conformance/simplejwt.json")).expect("JSON");
    let cases = document["cases"].as_array().expect("cases").clone();
    let of_profile = |case: &Value| {
        case.get("profile")
            .and_then(Value::as_str)
            .unwrap_or("default")
            == profile
    };
    cases.into_iter().filter(of_profile).collect()
}

async fn play(app: &TestApp, case: &Value, run: usize) -> Vec<String> {
    let mut saved = HashMap::from([("run".to_owned(), format!("{run:x}c0ffee"))]);
    let mut wrong = Vec::new();
    for (n, step) in case["steps"].as_array().expect("steps").iter().enumerate() {
        request::forge_all(step, &mut saved, app.state.clock.now());
        let answer = app.send(request::build(step, &saved)).await;
        save(step, &answer, &mut saved);
        let seen = observe(&answer);
        let mut found = disagreements(&step["expect"], &seen, "");
        let challenge = "www-authenticate";
        if seen.get(challenge).is_some() && step["expect"].get(challenge).is_none() {
            found.push(format!(".{challenge}: unexpected"));
        }
        wrong.extend(
            found
                .into_iter()
                .map(|found| format!("{} step {}{found}", case["name"], n + 1)),
        );
    }
    wrong
}

fn save(step: &Value, answer: &Answer, saved: &mut HashMap<String, String>) {
    let body: Value = serde_json::from_str(&answer.body).unwrap_or_default();
    for (name, key) in step
        .get("save")
        .and_then(Value::as_object)
        .unwrap_or(&Map::new())
    {
        let value = body[key.as_str().expect("a key")]
            .as_str()
            .unwrap_or("missing");
        saved.insert(name.clone(), value.to_owned());
    }
}

async fn play_all(database: Database, profile: &str, flags: &[&str], at_least: usize) {
    let flags = [&["--adopt-foreign-tokens=true"], flags].concat();
    let app = TestApp::new(database, &flags).await;
    let cases = cases(profile);
    assert!(cases.len() >= at_least, "{} cases", cases.len());
    let mut wrong = Vec::new();
    for (run, case) in cases.iter().enumerate() {
        wrong.extend(play(&app, case, run).await);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

on_both_databases! {
    async fn without_rotation(database) {
        play_all(database, "default", &["--rotate-refresh-tokens=false"], 106).await;
    }
}

on_both_databases! {
    async fn with_rotation(database) {
        play_all(database, "rotate", &[], 2).await;
    }
}
