//! What every endpoint has in common: other methods are refused by name, and `OPTIONS` describes it.

use axum::Json;
use axum::handler::Handler;
use axum::http::{HeaderName, Method, header};
use axum::routing::{MethodRouter, post};
use serde_json::{Value, json};

use crate::auth::CurrentUser;
use crate::error::Error;
use crate::state::AppState;

/// What an endpoint says about itself on `OPTIONS`.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// Its name.
    pub name: &'static str,
    /// What it does, in a sentence.
    pub description: &'static str,
    /// The header `Allow`.
    pub allow: &'static str,
    /// The fields of its body, all of them required strings.
    pub fields: &'static [&'static str],
}

/// The methods of an endpoint that is only posted to.
pub const POST_ONLY: &str = "POST, OPTIONS";

impl About {
    /// The answer to `OPTIONS`, in Django REST framework's shape.
    pub fn describe(&self) -> ([(HeaderName, &'static str); 1], Json<Value>) {
        self.describe_with(&[])
    }

    /// The same, with the fields that may be given, each with its type.
    fn describe_with(
        &self,
        more: &[(&str, &str)],
    ) -> ([(HeaderName, &'static str); 1], Json<Value>) {
        let mut description = json!({
            "name": self.name,
            "description": self.description,
            "renders": ["application/json"],
            "parses": ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"],
        });
        if !self.fields.is_empty() {
            let field = json!({"type": "string", "required": true, "read_only": false});
            let fields = self.fields.iter().map(|name| (*name, field.clone()));
            let more = more.iter().map(|(name, kind)| {
                let about = json!({"type": kind, "required": false, "read_only": false});
                (*name, about)
            });
            let fields = fields.chain(more);
            let fields = fields.map(|(name, about)| (name.to_owned(), about));
            description["actions"] = json!({"POST": Value::Object(fields.collect())});
        }
        ([(header::ALLOW, self.allow)], Json(description))
    }

    /// The refusal of a method that is not there.
    pub fn refuse(&self, method: &Method) -> Error {
        Error::MethodNotAllowed {
            method: method.to_string(),
            allow: self.allow,
        }
    }
}

/// An endpoint for users: whoever asks what it is, or for a method that is not there, has to be one, too.
pub fn for_users(methods: MethodRouter<AppState>, about: &'static About) -> MethodRouter<AppState> {
    methods
        .options(async move |_: CurrentUser| about.describe())
        .fallback(async move |_: CurrentUser, method: Method| about.refuse(&method))
}

/// An endpoint that is only posted to, by anyone.
pub fn post_only<H, T>(handler: H, about: &'static About) -> MethodRouter<AppState>
where
    H: Handler<T, AppState>,
    T: 'static,
{
    post_only_with(handler, about, &[])
}

/// The same, of whose body these are fields, too, which need not be given; each with its type.
pub fn post_only_with<H, T>(
    handler: H,
    about: &'static About,
    more: &'static [(&'static str, &'static str)],
) -> MethodRouter<AppState>
where
    H: Handler<T, AppState>,
    T: 'static,
{
    post(handler)
        .options(async move || about.describe_with(more))
        .fallback(async move |method: Method| about.refuse(&method))
}
