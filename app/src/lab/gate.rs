//! When the next request may go: as soon as it is ready, after a moment, or when the learner says so. Requests that wait
//! together go together, because "at once" is what some scenes are about.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::task::{Poll, Waker};

/// How a scene is played.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Pace {
    /// By itself, with a moment before each request.
    Play,
    /// Only when it is told to go on.
    Step,
}

/// The gate every request of the lab passes.
pub struct Gate {
    pace: Cell<Pace>,
    was_stepped: Cell<bool>,
    opened: Cell<u32>,
    waiting: RefCell<Vec<Waker>>,
}

impl Gate {
    /// A gate that lets everybody through.
    pub fn new() -> Self {
        Self {
            pace: Cell::new(Pace::Play),
            was_stepped: Cell::new(false),
            opened: Cell::new(0),
            waiting: RefCell::default(),
        }
    }

    /// A scene begins.
    pub fn begin(&self) {
        self.was_stepped.set(self.pace.get() == Pace::Step);
    }

    /// Whether it waited for a step since the scene began.
    pub fn was_stepped(&self) -> bool {
        self.was_stepped.get()
    }

    /// How it is played.
    pub fn pace(&self) -> Pace {
        self.pace.get()
    }

    /// Changes how it is played; playing lets everybody through who waits.
    pub fn set_pace(&self, pace: Pace) {
        self.pace.set(pace);
        match pace {
            Pace::Play => self.open(),
            Pace::Step => self.was_stepped.set(true),
        }
    }

    /// Lets through who waits now, and nobody else.
    pub fn open(&self) {
        self.opened.set(self.opened.get().wrapping_add(1));
        for waker in self.waiting.take() {
            waker.wake();
        }
    }

    /// Waits to be let through.
    pub async fn pass(&self) {
        let arrived = self.opened.get();
        poll_fn(|context| {
            if self.pace.get() == Pace::Play || self.opened.get() != arrived {
                return Poll::Ready(());
            }
            self.waiting.borrow_mut().push(context.waker().clone());
            Poll::Pending
        })
        .await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use std::pin::pin;

    #[test]
    fn a_step_lets_through_who_waits_and_nobody_else() {
        let gate = Gate::new();
        assert!(gate.pass().now_or_never().is_some());

        gate.set_pace(Pace::Step);
        let (mut first, mut second) = (pin!(gate.pass()), pin!(gate.pass()));
        assert!(first.as_mut().now_or_never().is_none());
        assert!(second.as_mut().now_or_never().is_none());
        gate.open();
        assert!(first.now_or_never().is_some() && second.now_or_never().is_some());
        assert!(gate.pass().now_or_never().is_none());

        let mut third = pin!(gate.pass());
        assert!(third.as_mut().now_or_never().is_none());
        gate.set_pace(Pace::Play);
        assert!(third.now_or_never().is_some());
    }
}
