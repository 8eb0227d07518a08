//! Real agents, and what people would call them.

use super::*;

/// What is shown, the operating system's version, the model, the kind, and the agent.
#[rustfmt::skip]
const AGENTS: &[(&str, &str, &str, Kind, &str)] = &[
    // Computers.
    ("Chrome 126 on Windows", "", "", Kind::Desktop, "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"),
    ("Chrome 109 on Windows", "7", "", Kind::Desktop, "Mozilla/5.0 (Windows NT 6.1; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/109.0.0.0 Safari/537.36"),
    ("Chrome 126 on macOS", "", "", Kind::Desktop, "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"),
    ("Chrome 126 on Linux", "", "", Kind::Desktop, "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"),
    ("Chrome 124 on ChromeOS", "", "", Kind::Desktop, "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36"),
    ("Firefox 127 on Windows", "", "", Kind::Desktop, "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0"),
    ("Firefox 127 on macOS", "", "", Kind::Desktop, "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:127.0) Gecko/20100101 Firefox/127.0"),
    ("Firefox 115 on Linux", "", "", Kind::Desktop, "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.0"),
    ("Firefox 128 on FreeBSD", "", "", Kind::Desktop, "Mozilla/5.0 (X11; FreeBSD amd64; rv:128.0) Gecko/20100101 Firefox/128.0"),
    ("Safari 17 on macOS", "", "", Kind::Desktop, "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15"),
    ("Safari 13 on macOS", "10.14.6", "", Kind::Desktop, "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_14_6) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.1.2 Safari/605.1.15"),
    ("Edge 126 on Windows", "", "", Kind::Desktop, "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.2592.68"),
    ("Edge 18 on Windows", "", "", Kind::Desktop, "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/64.0.3282.140 Safari/537.36 Edge/18.17763"),
    ("Opera 111 on Windows", "", "", Kind::Desktop, "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Safari/537.36 OPR/111.0.0.0"),
    ("Opera 12 on Windows", "7", "", Kind::Desktop, "Opera/9.80 (Windows NT 6.1; WOW64) Presto/2.12.388 Version/12.18"),
    ("Vivaldi 6 on Linux", "", "", Kind::Desktop, "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36 Vivaldi/6.7.3329.31"),
    ("Yandex Browser 24 on Windows", "", "", Kind::Desktop, "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.0.0 YaBrowser/24.4.0.0 Safari/537.36"),
    ("Whale 3 on Windows", "", "", Kind::Desktop, "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Whale/3.26.244.21 Safari/537.36"),
    ("DuckDuckGo 17 on macOS", "", "", Kind::Desktop, "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15 Ddg/17.5"),
    ("GNOME Web 605 on Linux", "", "", Kind::Desktop, "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.0 Safari/605.1.15 Epiphany/605.1.15"),
    ("Internet Explorer 11 on Windows", "7", "", Kind::Desktop, "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko"),
    ("Internet Explorer 8 on Windows", "XP", "", Kind::Desktop, "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 5.1; Trident/4.0)"),
    ("Slack 4 on macOS", "", "", Kind::Desktop, "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Slack/4.38.125 Chrome/124.0.6367.207 Electron/30.0.6 Safari/537.36 Slack_SSB/4.38.125"),
    ("Electron app 30 on Windows", "", "", Kind::Desktop, "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) my-app/1.2.3 Chrome/124.0.6367.243 Electron/30.1.2 Safari/537.36"),
    ("Postman 11 on macOS", "", "", Kind::Desktop, "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Postman/11.1.0 Chrome/120.0.0.0 Electron/28.0.0 Safari/537.36"),
    ("Headless Chrome 126 on Linux", "", "", Kind::Desktop, "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/126.0.0.0 Safari/537.36"),
    // Phones.
    ("Chrome 126 on Android", "", "", Kind::Phone, "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36"),
    ("Chrome 99 on Android", "12", "Pixel 6", Kind::Phone, "Mozilla/5.0 (Linux; Android 12; Pixel 6 Build/SD1A.210817.023) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/99.0.4844.58 Mobile Safari/537.36"),
    ("Samsung Internet 25 on Android", "14", "SM-S918B", Kind::Phone, "Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36"),
    ("Firefox 127 on Android", "14", "", Kind::Phone, "Mozilla/5.0 (Android 14; Mobile; rv:127.0) Gecko/127.0 Firefox/127.0"),
    ("Edge 125 on Android", "", "", Kind::Phone, "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Mobile Safari/537.36 EdgA/125.0.2535.96"),
    ("Opera 82 on Android", "13", "CPH2449", Kind::Phone, "Mozilla/5.0 (Linux; Android 13; CPH2449) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.6367.82 Mobile Safari/537.36 OPR/82.1.4342.79405"),
    ("Mi Browser 14 on Android", "13", "23049PCD8G", Kind::Phone, "Mozilla/5.0 (Linux; U; Android 13; en-us; 23049PCD8G Build/TKQ1.221114.001) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/109.0.5414.118 Mobile Safari/537.36 XiaoMi/MiuiBrowser/14.10.1"),
    ("UC Browser 13 on Android", "11", "RMX3085", Kind::Phone, "Mozilla/5.0 (Linux; U; Android 11; en-US; RMX3085 Build/RP1A.200720.011) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/78.0.3904.108 UCBrowser/13.4.0.1306 Mobile Safari/537.36"),
    ("Chrome 88 on Android", "10", "CUBOT X30", Kind::Phone, "Mozilla/5.0 (Linux; Android 10; CUBOT X30) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/88.0.4324.152 Mobile Safari/537.36"),
    ("Android Browser 4 on Android", "4.0.3", "HTC Sensation", Kind::Phone, "Mozilla/5.0 (Linux; U; Android 4.0.3; de-ch; HTC Sensation Build/IML74K) AppleWebKit/534.30 (KHTML, like Gecko) Version/4.0 Mobile Safari/534.30"),
    ("Safari 17 on iPhone", "17.5", "iPhone", Kind::Phone, "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"),
    ("Chrome 126 on iPhone", "17.5", "iPhone", Kind::Phone, "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1"),
    ("Firefox 127 on iPhone", "17.5", "iPhone", Kind::Phone, "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/127.0 Mobile/15E148 Safari/605.1.15"),
    ("Edge 125 on iPhone", "17.5", "iPhone", Kind::Phone, "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 EdgiOS/125.0.2535.96 Mobile/15E148 Safari/605.1.15"),
    ("Safari 12 on iPod", "12.5.7", "iPod", Kind::Phone, "Mozilla/5.0 (iPod touch; CPU iPhone OS 12_5_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.1.2 Mobile/15E148 Safari/604.1"),
    ("Firefox 48 on KaiOS", "2.5.4", "", Kind::Phone, "Mozilla/5.0 (Mobile; Nokia_8110_4G; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5.4"),
    ("Edge 14 on Windows Phone", "10.0", "", Kind::Phone, "Mozilla/5.0 (Windows Phone 10.0; Microsoft; Lumia 950) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/51.0.2704.79 Mobile Safari/537.36 Edge/14.14393"),
    // Tablets.
    ("Safari 12 on iPad", "12.5.5", "iPad", Kind::Tablet, "Mozilla/5.0 (iPad; CPU OS 12_5_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.1.2 Mobile/15E148 Safari/604.1"),
    ("Chrome 125 on iPad", "17.5", "iPad", Kind::Tablet, "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/125.0.6422.80 Mobile/15E148 Safari/604.1"),
    ("Chrome 120 on Android", "13", "SM-X906C", Kind::Tablet, "Mozilla/5.0 (Linux; Android 13; SM-X906C) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"),
    ("Firefox 127 on Android", "13", "", Kind::Tablet, "Mozilla/5.0 (Android 13; Tablet; rv:127.0) Gecko/127.0 Firefox/127.0"),
    ("Silk 120 on Android", "9", "KFMAWI", Kind::Tablet, "Mozilla/5.0 (Linux; Android 9; KFMAWI) AppleWebKit/537.36 (KHTML, like Gecko) Silk/120.4.1 like Chrome/120.0.6099.283 Safari/537.36"),
    // Televisions, consoles, and what one wears.
    ("Chrome 94 on webOS", "", "", Kind::Tv, "Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/94.0.4606.128 Safari/537.36 WebAppManager"),
    ("Samsung Internet 2 on Tizen", "", "", Kind::Tv, "Mozilla/5.0 (SMART-TV; LINUX; Tizen 5.0) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/2.2 Chrome/63.0.3239.84 TV Safari/537.36"),
    ("Silk 118 on Android", "7.1.2", "AFTMM", Kind::Tv, "Mozilla/5.0 (Linux; Android 7.1.2; AFTMM) AppleWebKit/537.36 (KHTML, like Gecko) Silk/118.3.1 like Chrome/118.0.5993.155 Safari/537.36"),
    ("Chrome 98 on Android", "10", "BRAVIA 4K VH2", Kind::Tv, "Mozilla/5.0 (Linux; Android 10; BRAVIA 4K VH2 Build/QTG3.200305.006.S292) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/98.0.4758.101 Safari/537.36"),
    ("Chrome 90 on Chromecast", "", "", Kind::Tv, "Mozilla/5.0 (X11; Linux armv7l) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/90.0.4430.225 Safari/537.36 CrKey/1.56.500000"),
    ("Safari 15 on PlayStation 5", "", "", Kind::Tv, "Mozilla/5.0 (PlayStation; PlayStation 5/6.50) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.4 Safari/605.1.15"),
    ("Edge 44 on Xbox", "", "", Kind::Tv, "Mozilla/5.0 (Windows NT 10.0; Win64; x64; Xbox; Xbox One) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/64.0.3282.140 Safari/537.36 Edge/44.18363.8131"),
    ("Nintendo Switch", "", "", Kind::Tv, "Mozilla/5.0 (Nintendo Switch; WifiWebAuthApplet) AppleWebKit/609.4 (KHTML, like Gecko) NF/6.0.2.21.3 NintendoBrowser/5.1.0.22474"),
    ("Meta Quest Browser 33 on Android", "12", "Quest 3", Kind::Unknown, "Mozilla/5.0 (Linux; Android 12; Quest 3) AppleWebKit/537.36 (KHTML, like Gecko) OculusBrowser/33.0.0.0 Chrome/124.0.0.0 VR Safari/537.36"),
    // Pages within apps.
    ("Android WebView 126 on Android", "14", "Pixel 8", Kind::Phone, "Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/AP1A.240505.005; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.50 Mobile Safari/537.36"),
    ("Facebook 466 on Android", "14", "SM-A546B", Kind::Phone, "Mozilla/5.0 (Linux; Android 14; SM-A546B Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/125.0.6422.165 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/466.1.0.55.85;]"),
    ("Instagram 334 on iPhone", "17.4.1", "iPhone", Kind::Phone, "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/21E236 Instagram 334.0.4.32.98 (iPhone15,4; iOS 17_4_1; en_US)"),
    ("WeChat 8 on iPhone", "16.6", "iPhone", Kind::Phone, "Mozilla/5.0 (iPhone; CPU iPhone OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.49(0x1800312b) NetType/WIFI Language/en"),
    ("iOS WebView on iPhone", "17.5", "iPhone", Kind::Phone, "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148"),
    ("Google app 318 on iPhone", "17.5", "iPhone", Kind::Phone, "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) GSA/318.0.638612018 Mobile/15E148 Safari/604.1"),
    // Programs.
    ("curl 8", "", "", Kind::Program, "curl/8.5.0"),
    ("Wget 1", "", "", Kind::Program, "Wget/1.21.4"),
    ("Python Requests 2", "", "", Kind::Program, "python-requests/2.32.3"),
    ("Python HTTPX 0", "", "", Kind::Program, "python-httpx/0.27.0"),
    ("Python 3", "", "", Kind::Program, "Python/3.11 aiohttp/3.9.5"),
    ("Python 3", "", "", Kind::Program, "Python-urllib/3.12"),
    ("OkHttp 4", "", "", Kind::Program, "okhttp/4.12.0"),
    ("Postman 7", "", "", Kind::Program, "PostmanRuntime/7.39.0"),
    ("Go 2", "", "", Kind::Program, "Go-http-client/2.0"),
    ("reqwest 0", "", "", Kind::Program, "reqwest/0.12.5"),
    ("Dart 3", "", "", Kind::Program, "Dart/3.4 (dart:io)"),
    ("axios 1", "", "", Kind::Program, "axios/1.7.2"),
    ("Node.js", "", "", Kind::Program, "node"),
    ("Node.js", "", "", Kind::Program, "undici"),
    ("Java 17", "", "", Kind::Program, "Java/17.0.11"),
    ("Apache HttpClient 4", "", "", Kind::Program, "Apache-HttpClient/4.5.14 (Java/17.0.11)"),
    ("Android app 2 on Android", "13", "SM-A536B", Kind::Program, "Dalvik/2.1.0 (Linux; U; Android 13; SM-A536B Build/TP1A.220624.014)"),
    ("Jotter 1", "", "", Kind::Program, "Jotter/1.4 CFNetwork/1496.0.7 Darwin/23.5.0"),
    ("WindowsPowerShell 5", "", "", Kind::Program, "Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.22621.2506"),
    ("acme-sync 2", "", "", Kind::Program, "acme-sync/v2.0 (+https://example.com)"),
    // Those who walk the web.
    ("Googlebot 2", "", "", Kind::Bot, "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"),
    ("Googlebot 2", "", "", Kind::Bot, "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.6478.55 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"),
    ("bingbot 2", "", "", Kind::Bot, "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/116.0.1938.76 Safari/537.36"),
    ("Baiduspider 2", "", "", Kind::Bot, "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)"),
    ("facebookexternalhit 1", "", "", Kind::Bot, "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"),
    ("Slackbot-LinkExpanding", "", "", Kind::Bot, "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"),
    // Nothing, and worse.
    ("Unknown device", "", "", Kind::Unknown, ""),
    ("Unknown device", "", "", Kind::Unknown, "   "),
    ("Unknown device", "", "", Kind::Unknown, "Mozilla/5.0"),
    ("Unknown device", "", "", Kind::Unknown, "<script>alert(1)</script>"),
    ("Unknown device", "", "", Kind::Unknown, "-"),
    ("Unknown device", "", "", Kind::Unknown, "asdf"),
    ("Unknown device", "", "", Kind::Unknown, "' or 1=1 --/1"),
    ("Unknown device", "", "", Kind::Unknown, "\u{fffd}\u{fffd}/1.0"),
    ("Unknown device", "", "", Kind::Unknown, "////////"),
];

fn hints(given: &[(Hint, &str)]) -> Hints {
    let mut hints = Hints::default();
    for (hint, value) in given {
        hints.add(*hint, value.as_bytes());
    }
    hints
}

fn plain(agent: &str) -> Description {
    Description::of(agent, &Hints::default())
}

#[test]
fn agents_as_people_know_them() {
    assert!(AGENTS.len() >= 60);
    for (shown, os_version, model, kind, agent) in AGENTS {
        let device = plain(agent);
        assert_eq!(
            (
                device.to_string().as_str(),
                device.os_version.as_str(),
                device.model.as_str(),
                device.kind
            ),
            (*shown, *os_version, *model, *kind),
            "{agent}"
        );
    }
}

#[test]
fn whatever_is_sent_stays_short_and_is_text() {
    let long = "A".repeat(10_000);
    for agent in [
        long.clone(),
        format!("{long}/1.0"),
        format!("curl/{}", "1".repeat(10_000)),
        format!(
            "Mozilla/5.0 (Linux; Android 14; {long}) Chrome/1{} Mobile",
            "2".repeat(10_000)
        ),
        format!("Mozilla/5.0 ({long}bot/1)"),
        "Mozilla/5.0 (Linux; Android 14; \u{1b}[31mred\u{7}) Chrome/1".to_owned(),
        "Mozilla/5.0 (Linux; Android ; ; ) ) (Version/ Safari/ rv:".to_owned(),
        "Android ".to_owned(),
        "ü/1 Mozilla/5.0 (Android ä)".to_owned(),
        String::from_utf8_lossy(&[0xff, 0xfe, b'/', b'1']).into_owned(),
    ] {
        let device = plain(&agent);
        for part in [
            &device.browser,
            &device.browser_version,
            &device.os,
            &device.os_version,
            &device.model,
        ] {
            assert!(part.chars().count() <= 40, "{part}");
            assert!(!part.contains(char::is_control), "{part:?}");
        }
        assert_eq!(device.mark().len(), 64);
    }
}

const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36";
const PHONE: &str = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36";

#[test]
fn a_brand_that_is_made_up_is_nobodys() {
    for grease in [
        r#""Not A;Brand";v="99""#,
        r#"" Not A;Brand";v="99""#,
        r#"" Not;A Brand";v="99""#,
        r#""Not/A)Brand";v="8""#,
        r#""Not_A Brand";v="24""#,
        r#""Not.A/Brand";v="8""#,
        r#""Not)A;Brand";v="99""#,
        r#""Not?A_Brand";v="8""#,
        r#""(Not(A:Brand";v="8""#,
        r#""\\Not\"A\\Brand";v="99""#,
        r#"";Not A Brand";v="99""#,
        r#""NotABrand";v="1""#,
    ] {
        for list in [
            format!(r#"{grease}, "Google Chrome";v="101", "Chromium";v="101""#),
            format!(r#""Chromium";v="101", {grease}, "Google Chrome";v="101""#),
        ] {
            let device = Description::of(CHROME, &hints(&[(Hint::Brands, &list)]));
            assert_eq!(device.to_string(), "Chrome 101 on Windows", "{list}");
        }
        let alone = Description::of(CHROME, &hints(&[(Hint::Brands, grease)]));
        assert_eq!(alone.to_string(), "Chrome 126 on Windows");
    }
}

#[test]
fn the_browsers_own_brand_is_preferred() {
    for (list, shown) in [
        (
            r#""Chromium";v="126", "Brave";v="126""#,
            "Brave 126 on Windows",
        ),
        (
            r#""Chromium";v="126", "Microsoft Edge";v="126""#,
            "Edge 126 on Windows",
        ),
        (
            r#""Opera";v="111", "Chromium";v="125""#,
            "Opera 111 on Windows",
        ),
        (r#""Chromium";v="126""#, "Chromium 126 on Windows"),
        (r#""Chromium";v=126"#, "Chromium on Windows"),
        (r#""Chromium"#, "Chrome 126 on Windows"),
        ("Chromium;v=1", "Chrome 126 on Windows"),
        (r#"("Brave" "Chromium")"#, "Chrome 126 on Windows"),
        ("", "Chrome 126 on Windows"),
    ] {
        let device = Description::of(CHROME, &hints(&[(Hint::Brands, list)]));
        assert_eq!(device.to_string(), shown, "{list}");
    }
}

#[test]
fn what_was_asked_for_says_more() {
    let told = hints(&[
        (
            Hint::Brands,
            r#""Chromium";v="126", "Google Chrome";v="126""#,
        ),
        (
            Hint::FullVersions,
            r#""Not/A)Brand";v="8.0.0.0", "Chromium";v="126.0.6478.127", "Google Chrome";v="126.0.6478.127""#,
        ),
        (Hint::Platform, r#""Windows""#),
        (Hint::PlatformVersion, r#""15.0.0""#),
        (Hint::Mobile, "?0"),
        (Hint::Model, r#""""#),
    ]);
    let device = Description::of(CHROME, &told);
    assert_eq!(device.browser_version, "126.0.6478.127");
    assert_eq!(
        (device.os.as_str(), device.os_version.as_str()),
        ("Windows", "11")
    );
    assert_eq!((device.model.as_str(), device.kind), ("", Kind::Desktop));
}

#[test]
fn windows_by_its_platform_version() {
    for (version, os_version) in [
        ("15.0.0", "11"),
        ("13.0.0", "11"),
        ("12.0.0", "10"),
        ("10.0.0", "10"),
        ("1.0.0", "10"),
        ("0.3.0", "8.1"),
        ("0.2.0", "8"),
        ("0.1.0", "7"),
        ("0", ""),
        ("x", ""),
        ("99999999999", ""),
    ] {
        let value = format!("{version:?}");
        let told = hints(&[
            (Hint::Platform, r#""Windows""#),
            (Hint::PlatformVersion, &value),
        ]);
        assert_eq!(
            Description::of(CHROME, &told).os_version,
            os_version,
            "{version}"
        );
    }
}

#[test]
fn no_stray_quotes() {
    let told = hints(&[
        (Hint::Platform, r#""Linux""#),
        (Hint::PlatformVersion, r#""6.8.0""#),
        (Hint::Model, r#""Pixel \"8\" \\ Pro""#),
    ]);
    let device = Description::of("", &told);
    assert_eq!(
        (device.os.as_str(), device.os_version.as_str()),
        ("Linux", "6.8.0")
    );
    assert_eq!(
        (device.model.as_str(), device.kind),
        (r#"Pixel "8" \ Pro"#, Kind::Desktop)
    );
}

#[test]
fn an_answer_to_a_question_is_no_new_device() {
    let before = Description::of(
        PHONE,
        &hints(&[(Hint::Mobile, "?1"), (Hint::Platform, r#""Android""#)]),
    );
    let after = Description::of(
        PHONE,
        &hints(&[
            (Hint::Mobile, "?1"),
            (Hint::Platform, r#""Android""#),
            (Hint::PlatformVersion, r#""14.0.0""#),
            (Hint::Model, r#""Pixel 8""#),
        ]),
    );
    assert_eq!(
        (after.model.as_str(), after.os_version.as_str()),
        ("Pixel 8", "14.0.0")
    );
    assert_eq!(before.mark(), after.mark());
}

#[test]
fn a_program_is_no_browser_whatever_it_hints() {
    let told = hints(&[
        (Hint::Brands, r#""Google Chrome";v="126""#),
        (Hint::Platform, r#""Windows""#),
    ]);
    assert_eq!(Description::of("curl/8.5.0", &told).to_string(), "curl 8");
}

#[test]
fn hints_that_are_too_much_are_not_kept() {
    let mut kept = Hints::default();
    kept.add(Hint::Model, "x".repeat(Hints::MAX_BYTES + 1).as_bytes());
    kept.add(Hint::Model, "\"ä\"".as_bytes());
    kept.add(Hint::Model, &[0xff]);
    assert_eq!(kept, Hints::default());
}

#[test]
fn an_update_is_no_new_device_and_another_browser_is_one() {
    let older = CHROME.replace("126", "125");
    assert_eq!(plain(CHROME).mark(), plain(&older).mark());
    for other in [
        PHONE,
        "curl/8.5.0",
        "",
        &CHROME.replace("Windows NT 10.0", "X11; Linux x86_64"),
    ] {
        assert_ne!(plain(CHROME).mark(), plain(other).mark(), "{other}");
    }
}

#[test]
fn a_mark_stays_what_it_is_because_it_is_kept() {
    assert_eq!(
        plain("curl/8.5.0").mark(),
        "7e97d08bf20e51f49415fde602c5864ff8975c8af1e11e0aa6e52648437efd37"
    );
}
