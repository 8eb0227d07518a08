// Paste the cookie from the browser's developer tools: Application, Cookies.
// cargo add reqwest tokio -F tokio/full
#[tokio::main]
async fn main() -> Result<(), reqwest::Error> {
    let response = reqwest::Client::new()
        .request(reqwest::Method::PATCH, "http://jotward.test/api/sessions/0197/")
        .header("Accept", "application/json")
        .header("Content-Type", "application/json")
        .header("jotward-refresh-transport", "cookie")
        .header("Cookie", "jotward-refresh=PASTE-IT-HERE")
        .body("{\"device_name\":\"Grüße \\\"x\\\" \\\\ o'neil\"}")
        .send()
        .await?;
    println!("{} {}", response.status(), response.text().await?);
    Ok(())
}
