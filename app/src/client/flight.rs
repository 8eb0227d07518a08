//! Single flight: work that several callers want at the same time is done once, and all get its result.
//! A result is not kept: who comes after it has landed starts the work anew.

use std::cell::RefCell;
use std::future::Future;
use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::{LocalBoxFuture, Shared};

/// The work under way, if any.
pub struct SingleFlight<T: Clone> {
    under_way: Rc<RefCell<Option<Shared<LocalBoxFuture<'static, T>>>>>,
}

impl<T: Clone + 'static> SingleFlight<T> {
    /// Nothing is under way.
    pub fn new() -> Self {
        Self {
            under_way: Rc::new(RefCell::new(None)),
        }
    }

    /// The result of the work under way, or of `work` if there is none.
    pub async fn join(&self, work: impl Future<Output = T> + 'static) -> T {
        let running = self.under_way.borrow().clone();
        if let Some(flight) = running {
            return flight.await;
        }
        let under_way = Rc::clone(&self.under_way);
        // Cleared by the work itself, so that no late caller can join a flight that has landed.
        let flight = async move {
            let result = work.await;
            under_way.borrow_mut().take();
            result
        }
        .boxed_local()
        .shared();
        self.under_way.borrow_mut().replace(flight.clone());
        flight.await
    }
}
