//! What came of a scene: what it promised, and whether that is what happened.

use leptos::prelude::*;

use super::bench::{Bench, stage};
use crate::lab::record::Finding;

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
    let entry = |finding: Finding| {
        let (class, word) = if finding.held {
            ("badge badge--live", "as expected")
        } else {
            ("badge badge--blacklisted", "not as expected")
        };
        view! {
            <li>
                <span class=class>{word}</span>
                " "
                {finding.text}
            </li>
        }
    };
    view! {
        <section class="card stack" aria-labelledby="found-title">
            <h2 id="found-title">"What happened"</h2>
            <p class="muted" hidden=move || { count.get() > 0 }>
                "Nothing yet. Play the scene, and compare with what was expected."
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
