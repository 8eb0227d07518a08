//! Each refusal, alone and in the order it is checked in.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::*;
use crate::hooks::CustomClaims;
use crate::token::{
    Algorithm, ClaimNames, Generation, Jti, Minted, Profile, Recipe, SessionId, UserId,
};

const NOW: UnixSeconds = 1_800_000_000;

const SECRET: &str = "a secret of more than thirty-two bytes";

fn keys_with(change: impl FnOnce(&mut Profile<'_>)) -> Keys {
    let signing = SECRET.into();
    let mut profile = Profile {
        algorithm: Algorithm::Hs256,
        signing: &signing,
        verifying: None,
        names: ClaimNames::default(),
        audience: Vec::new(),
        issuer: None,
    };
    change(&mut profile);
    Keys::new(profile).expect("long enough")
}

fn keys() -> Keys {
    keys_with(|_| {})
}

fn minted(token_type: TokenType) -> Minted {
    minted_by(&keys(), token_type)
}

fn minted_by(keys: &Keys, token_type: TokenType) -> Minted {
    keys.mint(Recipe {
        token_type,
        jti: Jti::at(NOW),
        iat: NOW,
        exp: NOW + 300,
        user_id: UserId(7),
        session_id: SessionId::at(NOW),
        generation: Generation(3),
        refresh_exp: (token_type == TokenType::Sliding).then_some(NOW + 900),
        password_mark: Some("mark".to_owned()),
        custom: CustomClaims::from_iter([("role".to_owned(), "reader".into())]),
    })
}

fn forge(header: &Value, payload: &str) -> String {
    let signed = [header.to_string(), payload.to_owned()]
        .map(|part| URL_SAFE_NO_PAD.encode(part))
        .join(".");
    let key = jsonwebtoken::EncodingKey::from_secret(SECRET.as_bytes());
    let signature =
        jsonwebtoken::crypto::sign(signed.as_bytes(), &key, jsonwebtoken::Algorithm::HS256)
            .expect("signs");
    format!("{signed}.{signature}")
}

fn refusal(claims: &Value) -> TokenError {
    let token = forge(&json!({"alg": "HS256", "typ": "JWT"}), &claims.to_string());
    keys()
        .verify(&token, Expect::Only(TokenType::Refresh), NOW, 0)
        .expect_err("refused")
}

fn good() -> Value {
    json!({"token_type": "refresh", "exp": NOW + 60, "iat": NOW, "jti": "a", "user_id": "7"})
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = good();
    claims[name] = value;
    claims
}

fn without(name: &str) -> Value {
    let mut claims = good();
    claims.as_object_mut().expect("an object").remove(name);
    claims
}

#[test]
fn what_was_minted_verifies() {
    let minted = minted(TokenType::Access);
    let verified = keys()
        .verify(&minted.compact, Expect::Only(TokenType::Access), NOW, 0)
        .expect("holds");
    assert_eq!(verified.claims.jti, minted.recipe.jti);
    assert_eq!(verified.claims.user_id, Some(UserId(7)));
    assert_eq!(
        verified.claims.session,
        Some((minted.recipe.session_id, Generation(3)))
    );
}

#[test]
fn the_same_recipe_gives_the_same_token() {
    let minted = minted(TokenType::Refresh);
    assert_eq!(keys().mint(minted.recipe.clone()).compact, minted.compact);
}

#[test]
fn the_header_and_the_claims_come_in_simplejwts_order() {
    let compact = minted(TokenType::Refresh).compact;
    let part = |n: usize| {
        let bytes = URL_SAFE_NO_PAD
            .decode(compact.split('.').nth(n).expect("a part"))
            .expect("base64url");
        String::from_utf8(bytes).expect("text")
    };
    assert_eq!(part(0), r#"{"alg":"HS256","typ":"JWT"}"#);
    let order =
        ["token_type", "exp", "iat", "jti", "user_id", "sid", "gen"].map(|name| part(1).find(name));
    assert!(order.is_sorted() && order[0].is_some(), "{}", part(1));
}

#[test]
fn one_kind_is_not_another() {
    let kinds = TokenType::ALL;
    for (issued, wanted) in kinds.into_iter().flat_map(|a| kinds.map(|b| (a, b))) {
        let verified = keys().verify(&minted(issued).compact, Expect::Only(wanted), NOW, 0);
        assert_eq!(
            verified.is_ok(),
            issued == wanted,
            "{issued:?} as {wanted:?}"
        );
    }
}

#[test]
fn a_token_ends_in_the_second_of_its_exp() {
    let token = minted(TokenType::Access).compact;
    let at = |now, leeway| keys().verify(&token, Expect::Any, now, leeway).err();
    assert_eq!(at(NOW + 299, 0), None);
    assert_eq!(at(NOW + 300, 0), Some(TokenError::Expired));
    assert_eq!(at(NOW + 309, 10), None);
    assert_eq!(at(NOW + 310, 10), Some(TokenError::Expired));
}

#[test]
fn claims_of_a_wrong_form_are_invalid() {
    for claims in [
        with("exp", json!("soon")),
        with("exp", json!("1900000000")),
        with("exp", json!(null)),
        with("exp", json!([1])),
        with("exp", json!(1e308)),
        with("exp", json!(u64::MAX)),
        with("exp", json!(i64::MIN)),
        with("iat", json!(i64::MIN)),
        with("iat", json!(NOW + 1)),
        with("nbf", json!(NOW + 1)),
        with("jti", json!(7)),
        with("jti", json!("")),
        with("jti", json!("a\0b")),
        with("jti", json!("x".repeat(256))),
        with("sub", json!(7)),
        with("sid", json!("0199")),
        with("gen", json!(1)),
    ] {
        assert_eq!(refusal(&claims), TokenError::Invalid, "{claims}");
    }
}

#[test]
fn a_token_of_ours_from_the_future_was_issued_before_the_clock_was_set_back() {
    let token = minted(TokenType::Access).compact;
    let verified = keys().verify(&token, Expect::Any, NOW - 3600, 0);
    assert!(verified.is_ok(), "{verified:?}");
}

#[test]
fn missing_claims_are_named() {
    assert_eq!(refusal(&without("exp")), TokenError::NoExp);
    assert_eq!(refusal(&without("jti")), TokenError::NoId);
    assert_eq!(refusal(&without("token_type")), TokenError::NoType);
    assert_eq!(
        refusal(&with("token_type", json!("zebra"))),
        TokenError::WrongType
    );
    assert_eq!(
        refusal(&with("token_type", json!(null))),
        TokenError::WrongType
    );
}

#[test]
fn expiry_is_told_before_the_type() {
    let mut claims = with("exp", json!(NOW - 1));
    claims["token_type"] = json!("access");
    assert_eq!(refusal(&claims), TokenError::Expired);
    assert_eq!(refusal(&with("exp", json!(false))), TokenError::Expired);
    assert_eq!(refusal(&with("exp", json!(-1))), TokenError::Expired);
}

#[test]
fn a_claim_given_twice_is_refused() {
    let payload = r#"{"token_type":"refresh","exp":1900000000,"jti":"a","jti":"b","user_id":"7"}"#;
    let token = forge(&json!({"alg": "HS256", "typ": "JWT"}), payload);
    assert_eq!(
        keys().verify(&token, Expect::Any, NOW, 0),
        Err(TokenError::Invalid)
    );
}

#[test]
fn headers_that_ask_for_more_are_refused() {
    for header in [
        json!({"alg": "none"}),
        json!({"alg": "None"}),
        json!({"alg": "noNE"}),
        json!({"alg": ""}),
        json!({"alg": "HS512", "typ": "JWT"}),
        json!({"alg": "RS256", "typ": "JWT"}),
        json!({"alg": "HS256", "crit": ["exp"]}),
        json!({"alg": "HS256", "crit": []}),
        json!({"alg": "HS256", "crit": ["b64"], "b64": false}),
    ] {
        let token = forge(&header, &good().to_string());
        assert_eq!(
            keys().verify(&token, Expect::Any, NOW, 0),
            Err(TokenError::Invalid),
            "{header}"
        );
    }
}

#[test]
fn nothing_but_one_encoding_of_a_token_is_a_token() {
    let token = minted(TokenType::Access).compact;
    let (signed, signature) = token.rsplit_once('.').expect("three parts");
    for changed in [
        String::new(),
        "x".to_owned(),
        "a.b".to_owned(),
        signed.to_owned(),
        format!("{signed}."),
        format!("{token}="),
        format!("{token}\n"),
        format!(" {token}"),
        format!("{token}.{signature}"),
        format!("{signed}.{}", signature.to_uppercase()),
        token.replacen('.', "..", 1),
        "é.é.é".to_owned(),
    ] {
        assert_eq!(
            keys().verify(&changed, Expect::Any, NOW, 0),
            Err(TokenError::Invalid),
            "{changed}"
        );
    }
}

#[test]
fn the_last_character_of_a_signature_has_one_spelling() {
    let token = minted(TokenType::Access).compact;
    let accepted = ('A'..='Z')
        .chain('a'..='z')
        .chain('0'..='9')
        .chain(['-', '_'])
        .filter(|last| {
            let mut other = token.clone();
            other.pop();
            other.push(*last);
            keys().verify(&other, Expect::Any, NOW, 0).is_ok()
        });
    assert_eq!(accepted.count(), 1);
}

#[test]
fn user_id_may_be_an_integer() {
    for (value, user_id) in [
        (json!("7"), Some(UserId(7))),
        (json!(7), Some(UserId(7))),
        (json!("zz"), None),
        (json!(7.5), None),
        (json!(null), None),
        (json!("99999999999999999999"), None),
    ] {
        let token = forge(
            &json!({"alg": "HS256"}),
            &with("user_id", value.clone()).to_string(),
        );
        let verified = keys().verify(&token, Expect::Any, NOW, 0).expect("holds");
        assert_eq!(verified.claims.user_id, user_id, "{value}");
    }
}

fn payload(compact: &str) -> String {
    let part = compact.split('.').nth(1).expect("a part");
    String::from_utf8(URL_SAFE_NO_PAD.decode(part).expect("base64url")).expect("text")
}

#[test]
fn claims_have_the_names_and_the_order_that_were_chosen() {
    let keys = keys_with(|profile| {
        profile.names = ClaimNames {
            user_id: "sub".into(),
            jti: "id".into(),
            token_type: Some("kind".into()),
            refresh_exp: "slides_until".into(),
            revoke: Some("mark".into()),
        };
        profile.audience = vec!["one".into(), "two".into()];
        profile.issuer = Some("here".into());
    });
    let minted = minted_by(&keys, TokenType::Sliding);
    let (jti, sid) = (minted.recipe.jti.as_str(), minted.recipe.session_id);
    assert_eq!(
        payload(&minted.compact),
        format!(
            r#"{{"kind":"sliding","exp":{},"iat":{NOW},"id":"{jti}","slides_until":{},"sub":"7","mark":"mark","sid":"{sid}","gen":3,"role":"reader","aud":["one","two"],"iss":"here"}}"#,
            NOW + 300,
            NOW + 900,
        )
    );
    let verified = keys.verify(&minted.compact, Expect::Only(TokenType::Sliding), NOW, 0);
    let claims = verified.expect("holds").claims;
    assert_eq!(claims.refresh_exp, Some(NOW + 900));
    assert_eq!(claims.password_mark.as_deref(), Some("mark"));
    assert_eq!(claims.user_id, Some(UserId(7)));
}

#[test]
fn the_mark_of_a_password_stands_in_tokens_only_where_it_is_looked_at() {
    assert!(!payload(&minted(TokenType::Access).compact).contains("mark"));
}

#[test]
fn a_token_is_for_one_of_our_audiences() {
    let keys = keys_with(|profile| profile.audience = vec!["here".into(), "there".into()]);
    for (aud, holds) in [
        (json!("here"), true),
        (json!("there"), true),
        (json!(["elsewhere", "there"]), true),
        (json!("elsewhere"), false),
        (json!(["elsewhere"]), false),
        (json!(["here", 7]), false),
        (json!([]), false),
        (json!(7), false),
        (json!(null), false),
        (json!({"here": true}), false),
    ] {
        let token = forge(
            &json!({"alg": "HS256"}),
            &with("aud", aud.clone()).to_string(),
        );
        let verified = keys.verify(&token, Expect::Any, NOW, 0);
        assert_eq!(verified.is_ok(), holds, "{aud}: {verified:?}");
        assert!(
            self::keys().verify(&token, Expect::Any, NOW, 0).is_ok(),
            "{aud}"
        );
    }
    let unaddressed = forge(&json!({"alg": "HS256"}), &good().to_string());
    assert_eq!(
        keys.verify(&unaddressed, Expect::Any, NOW, 0),
        Err(TokenError::Invalid)
    );
}

#[test]
fn a_token_is_by_our_issuer() {
    let keys = keys_with(|profile| profile.issuer = Some("here".into()));
    for (claims, holds) in [
        (with("iss", json!("here")), true),
        (with("iss", json!("there")), false),
        (with("iss", json!(["here"])), false),
        (good(), false),
    ] {
        let token = forge(&json!({"alg": "HS256"}), &claims.to_string());
        let verified = keys.verify(&token, Expect::Any, NOW, 0);
        assert_eq!(verified.is_ok(), holds, "{claims}");
    }
    let mut late = with("iss", json!("there"));
    late["exp"] = json!(NOW);
    let token = forge(&json!({"alg": "HS256"}), &late.to_string());
    let verified = keys.verify(&token, Expect::Any, NOW, 0);
    assert_eq!(verified, Err(TokenError::Expired), "expiry is told first");
}

#[test]
fn without_types_one_passes_for_another_but_none_for_the_admins() {
    let keys = keys_with(|profile| profile.names.token_type = None);
    let verify = |compact: &str, wanted| keys.verify(compact, Expect::Only(wanted), NOW, 0);
    let refresh = minted_by(&keys, TokenType::Refresh).compact;
    assert!(!payload(&refresh).contains("token_type"));
    assert!(verify(&refresh, TokenType::Access).is_ok());
    assert_eq!(verify(&refresh, TokenType::Admin), Err(TokenError::NoType));
    let admin = minted_by(&keys, TokenType::Admin).compact;
    assert!(verify(&admin, TokenType::Admin).is_ok());
    assert_eq!(
        verify(&admin, TokenType::Access),
        Err(TokenError::WrongType)
    );
    let typed = forge(&json!({"alg": "HS256"}), &good().to_string());
    let verified = verify(&typed, TokenType::Access).expect("holds");
    assert_eq!(verified.token_type, None, "what it says is not looked at");
}

#[test]
fn a_payload_is_an_object() {
    for payload in ["[]", "[\"refresh\",1900000000]", "7", "null", "{}{}", ""] {
        let token = forge(&json!({"alg": "HS256"}), payload);
        assert_eq!(
            keys().verify(&token, Expect::Any, NOW, 0),
            Err(TokenError::Invalid),
            "{payload}"
        );
    }
    for header in ["[\"HS256\"]", "\"HS256\"", "null"] {
        let token = forge(
            &serde_json::from_str(header).expect("JSON"),
            &good().to_string(),
        );
        assert_eq!(
            keys().verify(&token, Expect::Any, NOW, 0),
            Err(TokenError::Invalid),
            "{header}"
        );
    }
}

/// The first check of an explanation that fails says what verification answers; what holds passes every one.
#[track_caller]
fn assert_explained(keys: &Keys, token: &str, expect: Expect<'_>, now: UnixSeconds) {
    for leeway in [0, 10] {
        let verified = keys.verify(token, expect, now, leeway);
        let explained = keys.explain(token, expect, now, leeway);
        let failure = explained.failure().map(|(_, error)| error);
        assert_eq!(verified.as_ref().err(), failure.as_ref(), "{token}");
        assert_eq!(verified.ok(), explained.verified, "{token}");
        assert_eq!(explained.checks.len(), 16, "{token}");
        let outcomes = explained.checks.iter().map(|(_, outcome)| match outcome {
            Outcome::Passed => 0,
            Outcome::Failed(_) => 1,
            Outcome::NotReached => 2,
        });
        let mut failed = outcomes.clone().filter(|outcome| *outcome == 1);
        assert!(outcomes.is_sorted(), "{:?}", explained.checks);
        assert!(failed.next().is_none() || failed.next().is_none());
    }
}

const EXPECTED: [Expect<'_>; 6] = [
    Expect::Any,
    Expect::Only(TokenType::Access),
    Expect::Only(TokenType::Refresh),
    Expect::Only(TokenType::Admin),
    Expect::OneOf(&[TokenType::Access, TokenType::Sliding]),
    Expect::OneOf(&[]),
];

/// Every claim that counts, as nothing should be and as it should.
fn odd_claims() -> Vec<Value> {
    let names = [
        "token_type",
        "exp",
        "iat",
        "nbf",
        "jti",
        "sub",
        "user_id",
        "sid",
        "gen",
        "refresh_exp",
        "aud",
        "iss",
        "extra",
    ];
    let sid = SessionId::at(NOW).to_string();
    let values = [
        json!(null),
        json!(true),
        json!(7),
        json!(-1),
        json!(7.5),
        json!(1e300),
        json!(u64::MAX),
        json!(""),
        json!("a"),
        json!("refresh"),
        json!("access"),
        json!("admin"),
        json!(NOW),
        json!(NOW - 5),
        json!(NOW + 5),
        json!(NOW + 500),
        json!(sid),
        json!(["a"]),
        json!(["a", 1]),
        json!({"a": 1}),
        json!("a\0b"),
        json!("x".repeat(256)),
        json!("here"),
    ];
    let mut all: Vec<_> = names.iter().map(|name| without_any(name)).collect();
    for name in names {
        for value in &values {
            let mut claims = good();
            claims[name] = value.clone();
            all.push(claims.clone());
            claims["gen"] = json!(3);
            claims["sid"] = json!(sid);
            all.push(claims);
        }
    }
    all
}

fn without_any(name: &str) -> Value {
    let mut claims = good();
    claims.as_object_mut().expect("an object").remove(name);
    claims
}

#[test]
fn an_explanation_agrees_with_verification() {
    let kinds: [Keys; 3] = [
        keys(),
        keys_with(|profile| {
            profile.audience = vec!["here".into(), "a".into()];
            profile.issuer = Some("a".into());
        }),
        keys_with(|profile| {
            profile.names.token_type = None;
            profile.names.user_id = "sub".into();
        }),
    ];
    let minted = minted(TokenType::Access).compact;
    let (signed, signature) = minted.rsplit_once('.').expect("three parts");
    let mut tokens = vec![
        String::new(),
        "x".to_owned(),
        "a.b".to_owned(),
        "..".to_owned(),
        format!("{signed}."),
        format!("{minted}="),
        format!("{minted}.{signature}"),
        format!("{signed}.{}", signature.to_uppercase()),
        minted.replacen('.', "..", 1),
        "é.é.é".to_owned(),
        minted.clone(),
    ];
    for header in [
        json!({"alg": "none"}),
        json!({"alg": "HS512"}),
        json!({"alg": "HS256", "crit": []}),
        json!({"alg": "HS256", "kid": 7}),
        json!({"alg": "HS256", "kid": "theirs"}),
        json!(["HS256"]),
        json!(null),
    ] {
        tokens.push(forge(&header, &good().to_string()));
    }
    for payload in [
        "[]",
        "7",
        "null",
        "{}{}",
        "",
        "{\"jti\":\"a\",\"jti\":\"b\"}",
        "{}",
    ] {
        tokens.push(forge(&json!({"alg": "HS256"}), payload));
    }
    let header = json!({"alg": "HS256", "typ": "JWT"});
    let odd = odd_claims();
    tokens.extend(odd.iter().map(|claims| forge(&header, &claims.to_string())));
    for (keys, expect) in kinds
        .iter()
        .flat_map(|keys| EXPECTED.map(|expect| (keys, expect)))
    {
        for token in &tokens {
            for now in [NOW, NOW + 60, NOW + 400] {
                assert_explained(keys, token, expect, now);
            }
        }
    }
}

#[test]
fn an_explanation_says_which_check_fails() {
    let of = |claims: &Value| {
        let token = forge(&json!({"alg": "HS256", "typ": "JWT"}), &claims.to_string());
        let expect = Expect::Only(TokenType::Refresh);
        keys()
            .explain(&token, expect, NOW, 0)
            .failure()
            .map(|(check, _)| check)
    };
    for (claims, check) in [
        (with("iat", json!(NOW + 1)), ClaimCheck::IssuedAt),
        (with("nbf", json!(NOW + 1)), ClaimCheck::NotBefore),
        (with("exp", json!(NOW)), ClaimCheck::Expiry),
        (with("sub", json!(7)), ClaimCheck::Subject),
        (with("jti", json!(7)), ClaimCheck::IdForm),
        (without("exp"), ClaimCheck::HasExpiry),
        (without("jti"), ClaimCheck::HasId),
        (with("token_type", json!("access")), ClaimCheck::Type),
        (with("gen", json!(1)), ClaimCheck::Session),
        (
            with("refresh_exp", json!("soon")),
            ClaimCheck::RefreshExpiry,
        ),
    ] {
        assert_eq!(of(&claims), Some(Check::Claim(check)), "{claims}");
    }
    assert_eq!(of(&good()), None);
    let minted = minted(TokenType::Access).compact;
    let explained = |token: &str| keys().explain(token, Expect::Any, NOW, 0);
    let other = keys_with(|profile| profile.issuer = Some("there".into()));
    let forged = minted_by(&other, TokenType::Access).compact;
    assert_eq!(explained(&forged).signed_by, Some(SignedBy::Current));
    let (signed, _) = minted.rsplit_once('.').expect("three parts");
    let unsigned = explained(&format!("{signed}.c2ln"));
    assert_eq!(
        unsigned.failure(),
        Some((Check::Signature, TokenError::Invalid))
    );
    assert_eq!((unsigned.signed_by, unsigned.signature_chars), (None, 4));
    assert_eq!(
        unsigned.payload.expect("JSON")["user_id"],
        "7",
        "shown all the same"
    );
    assert_eq!(
        explained("a.b").failure(),
        Some((Check::Parts, TokenError::Invalid))
    );
}
