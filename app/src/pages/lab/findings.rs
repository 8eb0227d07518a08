//! What came of a scene: what it promised, in the words of its text further up, and whether that is what happened.

use leptos::html::Div;
use leptos::prelude::*;
use web_sys::Node;

use super::bench::{Bench, stage};
use crate::lab::record::{Finding, Verdict};

/// The list.
#[component]
pub fn Findings(
    /// The state of the page.
    bench: Bench,
) -> impl IntoView {
    let found = move || {
        bench.mark.track();
        let record = stage();
        let record = record.record.borrow();
        record.findings.clone()
    };
    let count = Memo::new(move |_| found().len());
    let is_slow = move || {
        let found = found();
        found
            .iter()
            .any(|finding| finding.verdict == Verdict::TooSlow)
    };
    let entry = |finding: Finding| {
        let (class, word) = match finding.verdict {
            Verdict::Held => ("badge badge--live", "as expected"),
            Verdict::Failed => ("badge badge--blacklisted", "not as expected"),
            Verdict::TooSlow => ("badge badge--expired", "too slow to tell"),
        };
        view! {
            <li>
                <span class=class>{word}</span>
                " "
                {finding.text}
            </li>
        }
    };
    let expected = NodeRef::<Div>::new();
    Effect::new(move || {
        if let (Some(place), Some(list)) = (expected.get(), expectations(bench.number())) {
            place.set_text_content(None);
            let _ = place.append_child(&list); // it has just been copied, and is nobody's
        }
    });
    view! {
        <section class="card stack" aria-labelledby="found-title">
            <h2 id="found-title">"What happened"</h2>
            <details>
                <summary>"What to expect"</summary>
                <div class="lab__expected" node_ref=expected></div>
            </details>
            <p class="muted" hidden=move || { count.get() > 0 }>
                "Nothing yet. Play the scene, and compare with what was expected."
            </p>
            <p class="notice notice--warn" hidden=move || !is_slow()>
                "Between two steps a token ran out, or what is forgiven for seconds was not any more. Play it in one go, or with \
                 tokens that live longer."
            </p>
            <div role="log" aria-labelledby="found-title">
                <ol class="lab__findings" data-testid="findings" hidden=move || count.get() == 0>
                    {move || {
                        count.track();
                        found().into_iter().map(entry).collect_view()
                    }}
                </ol>
            </div>
        </section>
    }
}

/// A copy of the list of what to expect of the scene at this place, which stands in the page as text.
fn expectations(number: usize) -> Option<Node> {
    let articles = document().get_elements_by_tag_name("article");
    let article = articles.item(u32::try_from(number).ok()?)?;
    let lists = article.get_elements_by_tag_name("ol");
    lists.item(0)?.clone_node_with_deep(true).ok()
}
