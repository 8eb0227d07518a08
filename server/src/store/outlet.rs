//! Where committed events go: to the log, to the hooks of who embeds the server, and, where a webhook asks for them, to
//! whoever sends those; and they are counted. What was not committed is told to nobody.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};

use tokio::sync::Notify;

use crate::activity::{Activity, Counted};
use crate::event::{Event, Kind};
use crate::hooks::Hooks;

/// What is told of committed events, and to whom. All that share a database connection share one.
#[derive(Default)]
pub struct Outlet {
    hooks: OnceLock<Arc<dyn Hooks>>,
    webhook: OnceLock<Vec<Kind>>,
    /// How much happened.
    pub activity: Activity,
    /// Woken when there is something to send.
    pub to_send: Notify,
}

impl Outlet {
    /// Calls these hooks from now on. The first call counts.
    pub fn call(&self, hooks: Arc<dyn Hooks>) {
        let _ = self.hooks.set(hooks);
    }

    /// Puts events of these kinds into the outbox from now on. The first call counts.
    pub fn send(&self, kinds: Vec<Kind>) {
        let _ = self.webhook.set(kinds);
    }

    /// The hooks, where there are any.
    #[must_use]
    pub fn hooks(&self) -> Option<&dyn Hooks> {
        self.hooks.get().map(AsRef::as_ref)
    }

    /// Whether events of this kind are sent.
    #[must_use]
    pub fn sends(&self, kind: Kind) -> bool {
        let kinds = self.webhook.get();
        kinds.is_some_and(|kinds| kinds.contains(&kind))
    }

    /// Tells everybody of what was committed.
    pub(super) fn publish(&self, events: &[Event]) {
        for event in events {
            event.log();
            if let Some(what) = Counted::of(event.kind) {
                self.activity.count(what, event.at);
            }
            if let Some(hooks) = self.hooks()
                && catch_unwind(AssertUnwindSafe(|| hooks.on_event(event))).is_err()
            {
                tracing::error!(event = event.kind.as_str(), "a hook panicked");
            }
        }
        if events.iter().any(|event| self.sends(event.kind)) {
            self.to_send.notify_one();
        }
    }
}

impl fmt::Debug for Outlet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Outlet");
        shown
            .field("webhook", &self.webhook)
            .finish_non_exhaustive()
    }
}
