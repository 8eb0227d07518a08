//! Somebody with an address and a browser.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, header};
use serde_json::{Value, json};

use super::{Answer, TestApp};

/// Who calls, and from where.
#[derive(Clone, Copy, Debug)]
pub struct Caller {
    pub ip: &'static str,
    pub agent: &'static str,
    /// Headers beside.
    pub headers: &'static [(&'static str, &'static str)],
}

impl Caller {
    pub const fn new(ip: &'static str, agent: &'static str) -> Self {
        Self {
            ip,
            agent,
            headers: &[],
        }
    }

    /// The same, elsewhere.
    pub const fn at(self, ip: &'static str) -> Self {
        Self { ip, ..self }
    }

    /// The same, with another browser.
    pub const fn with(self, agent: &'static str) -> Self {
        Self { agent, ..self }
    }

    pub async fn tries(self, app: &TestApp, name: &str) -> Answer {
        let password = format!("{name}-pass-1");
        let body = json!({"username": name, "password": password});
        self.posts(app, "/api/token/", &body).await
    }

    /// Logs in; answers the refresh and the access token.
    pub async fn logs_in(self, app: &TestApp, name: &str) -> (String, String) {
        let answer = self.tries(app, name).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        (answer.text("refresh"), answer.text("access"))
    }

    pub async fn refreshes(self, app: &TestApp, refresh: &str) -> Answer {
        let body = json!({"refresh": refresh});
        self.posts(app, "/api/token/refresh/", &body).await
    }

    /// Refreshes, which must work; answers what is to be presented next.
    pub async fn goes_on(self, app: &TestApp, refresh: &str) -> String {
        let answer = self.refreshes(app, refresh).await;
        assert_eq!(answer.status, 200, "{self:?} {answer:?}");
        let next = answer.json()["refresh"].as_str().map(str::to_owned);
        next.unwrap_or_else(|| refresh.to_owned())
    }

    /// Uses an access token.
    pub async fn reads(self, app: &TestApp, access: &str) -> Answer {
        let request = self.request(Method::GET, "/api/users/");
        let request = request.header(header::AUTHORIZATION, format!("Bearer {access}"));
        app.send(request.body(Body::empty()).expect("a request"))
            .await
    }

    pub async fn posts(self, app: &TestApp, path: &str, body: &Value) -> Answer {
        let request = self.request(Method::POST, path);
        let request = request.header(header::CONTENT_TYPE, "application/json");
        let body = Body::from(body.to_string());
        app.send(request.body(body).expect("a request")).await
    }

    /// `GET`, `PUT` and the like of RealWorld's API; empty credentials are none.
    pub async fn sends(
        self,
        app: &TestApp,
        (method, path): (Method, &str),
        credentials: &str,
        body: &Value,
    ) -> Answer {
        let mut request = self.request(method, path);
        request = request.header(header::CONTENT_TYPE, "application/json");
        if !credentials.is_empty() {
            request = request.header(header::AUTHORIZATION, credentials);
        }
        let body = Body::from(body.to_string());
        app.send(request.body(body).expect("a request")).await
    }

    fn request(self, method: Method, path: &str) -> axum::http::request::Builder {
        let peer = SocketAddr::new(self.ip.parse().expect("an address"), 4711);
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "localhost")
            .header(header::USER_AGENT, self.agent)
            .extension(ConnectInfo(peer));
        for (name, value) in self.headers {
            request = request.header(*name, *value);
        }
        request
    }
}
