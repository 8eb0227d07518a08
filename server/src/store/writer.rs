//! Group commit for SQLite: one writer takes whatever callers wait, the steps of sessions first and then everything
//! else, runs each in one transaction, commits once and then answers all. One caller's failure leaves the others alone:
//! it is undone by a savepoint, or found by taking the steps one by one. Only trouble with the database itself fails
//! them together. Nobody is answered before the commit.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sqlx::pool::PoolConnection;
use sqlx::{Sqlite, SqlitePool};
use tokio::sync::{mpsc, oneshot};

use super::steps::{Step, take, take_in_one_commit};
use super::{Lent, Outlet, Result, StoreError, Tx};

/// How many callers may wait; more wait to wait.
const QUEUE: usize = 1024;

/// How many callers share a commit at most, which bounds how long the first of them waits for the last.
const TOGETHER: usize = 128;

/// Taking the write lock at once: a reader that turns writer half-way could only fail.
const BEGIN: &str = "begin immediate";

const SAVEPOINT: &str = "savepoint work";

const COMMIT: &str = "commit";

/// The writer's door.
#[derive(Clone, Debug)]
pub struct Writer {
    queue: mpsc::Sender<Waiting>,
}

/// A caller who waits.
#[expect(
    clippy::large_enum_variant,
    reason = "nearly all are steps, and a box would be one more allocation for each"
)]
enum Waiting {
    /// Steps of sessions are many and alike, and are taken as one set.
    Step(StepCall),
    /// Everything else runs by itself.
    Work(Box<dyn Work>),
}

struct StepCall {
    step: Step,
    outcome: Result<bool>,
    answer: oneshot::Sender<Result<bool>>,
}

trait Work: Send {
    /// Does the work and says whether to keep it.
    fn run<'t>(&'t mut self, tx: &'t mut Tx) -> BoxFuture<'t, bool>;
    /// Answers the caller: after the commit, or with what prevented it.
    fn answer(self: Box<Self>, committed: Result<()>);
}

struct Call<F, T, E> {
    work: Option<F>,
    outcome: Option<std::result::Result<T, E>>,
    answer: oneshot::Sender<std::result::Result<T, E>>,
}

impl<F, T, E> Work for Call<F, T, E>
where
    F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, std::result::Result<T, E>> + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn run<'t>(&'t mut self, tx: &'t mut Tx) -> BoxFuture<'t, bool> {
        Box::pin(async move {
            let Some(work) = self.work.take() else {
                return false;
            };
            let outcome = self.outcome.insert(work(tx).await);
            outcome.is_ok()
        })
    }

    fn answer(self: Box<Self>, committed: Result<()>) {
        let outcome = match (self.outcome, committed) {
            (Some(Err(error)), _) => Err(error),
            (_, Err(trouble)) => Err(trouble.into()),
            (Some(done), Ok(())) => done,
            (None, Ok(())) => Err(StoreError::gone().into()),
        };
        // Who stopped listening learns it from the registry, like everybody else.
        let _ = self.answer.send(outcome);
    }
}

impl Writer {
    /// Starts the writer on the connection that writes. It ends with the last [`Writer`].
    pub fn start(pool: SqlitePool, outlet: Arc<Outlet>) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let connection = Connection {
            pool,
            outlet,
            kept: None,
        };
        tokio::spawn(write_for_all(connection, waiting));
        Self { queue }
    }

    /// Runs `work` in a transaction with others and answers after the commit. An error of its own undoes its own
    /// work only.
    pub async fn write<T, E, F>(&self, work: F) -> std::result::Result<T, E>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, std::result::Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let call = Call {
            work: Some(work),
            outcome: None,
            answer,
        };
        self.enqueue(Waiting::Work(Box::new(call))).await?;
        answered.await.unwrap_or(Err(StoreError::gone().into()))
    }

    /// Takes a step of a session; false when the session was not where the step begins.
    pub async fn step(&self, step: Step) -> Result<bool> {
        let (answer, answered) = oneshot::channel();
        let call = StepCall {
            step,
            outcome: Ok(false),
            answer,
        };
        self.enqueue(Waiting::Step(call)).await?;
        answered.await.unwrap_or(Err(StoreError::gone()))
    }

    async fn enqueue(&self, waiting: Waiting) -> Result<()> {
        let sent = self.queue.send(waiting).await;
        sent.map_err(|_| StoreError::gone())
    }
}

async fn write_for_all(mut connection: Connection, mut queue: mpsc::Receiver<Waiting>) {
    let mut waiting = Vec::with_capacity(TOGETHER);
    loop {
        let some = tokio::select! {
            count = queue.recv_many(&mut waiting, TOGETHER) => count > 0,
            () = connection.pool.close_event() => false,
        };
        if !some {
            return;
        }
        let (mut steps, mut works) = (Vec::new(), Vec::new());
        for caller in waiting.drain(..) {
            match caller {
                Waiting::Step(call) => steps.push(call),
                Waiting::Work(work) => works.push(work),
            }
        }
        // Refreshes are many and quick; what takes longer has a commit of its own after theirs.
        let written = async {
            connection.write_steps(steps).await;
            connection.write_works(works).await;
        };
        if AssertUnwindSafe(written).catch_unwind().await.is_err() {
            tracing::error!("a write panicked; those who shared its commit were not served");
        }
    }
}

/// The connection that writes. The writer keeps it as long as all goes well: lending one out costs the pool two
/// questions to it.
struct Connection {
    pool: SqlitePool,
    outlet: Arc<Outlet>,
    kept: Option<PoolConnection<Sqlite>>,
}

impl Connection {
    /// Takes steps in one commit and answers their callers.
    async fn write_steps(&mut self, mut calls: Vec<StepCall>) {
        if calls.is_empty() {
            return;
        }
        let mut committed = self.take_together(&mut calls).await;
        if let Err(StoreError::Conflict) = committed {
            // Something is wrong with one of them. The long way shows which.
            committed = self.take_one_by_one(&mut calls).await;
        }
        for call in calls {
            let outcome = committed.clone().and(call.outcome);
            let _ = call.answer.send(outcome);
        }
    }

    /// All of them or none, in two messages to the driver's thread.
    async fn take_together(&mut self, calls: &mut [StepCall]) -> Result<()> {
        let mut agreeing = agreeing(calls);
        let steps: Vec<_> = agreeing.iter().map(|call| &call.step).collect();
        let mut tx = self.take().await?;
        let taken = take_in_one_commit(tx.sqlite()?, &steps).await;
        let taken = self.settle(tx, taken).await?;
        for call in &mut agreeing {
            call.outcome = Ok(taken.contains(&call.step.session));
        }
        Ok(())
    }

    /// Each behind a savepoint, so that whatever is wrong with one leaves the others alone.
    async fn take_one_by_one(&mut self, calls: &mut [StepCall]) -> Result<()> {
        let mut tx = self.take().await?;
        let taken = async {
            tx.run(BEGIN).await?;
            for call in agreeing(calls) {
                tx.run(SAVEPOINT).await?;
                let taken = take(tx.sqlite()?, &[&call.step], "", "").await;
                tx.leave_savepoint(taken.is_ok()).await?;
                call.outcome = taken.map(|taken| !taken.is_empty());
            }
            tx.run(COMMIT).await
        };
        let taken = taken.await;
        self.settle(tx, taken).await
    }

    /// Does other work in one commit, each behind a savepoint, and answers the callers.
    async fn write_works(&mut self, mut works: Vec<Box<dyn Work>>) {
        if works.is_empty() {
            return;
        }
        let committed = self.do_all(&mut works).await;
        for work in works {
            work.answer(committed.clone());
        }
    }

    async fn do_all(&mut self, works: &mut [Box<dyn Work>]) -> Result<()> {
        let mut tx = self.take().await?;
        let done = async {
            tx.run(BEGIN).await?;
            for work in works {
                tx.run(SAVEPOINT).await?;
                let noted = tx.noted.len();
                let keep = work.run(&mut tx).await;
                if !keep {
                    tx.noted.truncate(noted);
                }
                tx.leave_savepoint(keep).await?;
            }
            tx.run(COMMIT).await
        };
        let done = done.await;
        self.settle(tx, done).await
    }

    async fn take(&mut self) -> Result<Tx> {
        let connection = match self.kept.take() {
            Some(connection) => connection,
            None => self.pool.acquire().await?,
        };
        Ok(Tx::new(Lent::Sqlite(connection), &self.outlet))
    }

    /// Keeps the connection if all went well, and tells what happened. If not, whatever is left of the transaction is
    /// undone.
    async fn settle<T>(&mut self, mut tx: Tx, done: Result<T>) -> Result<T> {
        if done.is_err() {
            // Where SQLite has given up the transaction already, there is nothing to undo.
            let _ = tx.run("rollback").await;
            return done;
        }
        self.outlet.publish(&tx.noted);
        if let Lent::Sqlite(connection) = tx.lent {
            self.kept = Some(connection);
        }
        done
    }
}

/// The steps without those that exclude each other: of these only the first can be taken.
fn agreeing(calls: &mut [StepCall]) -> Vec<&mut StepCall> {
    let mut begun = HashMap::new();
    let agrees = |call: &&mut StepCall| {
        let (from, stride) = (call.step.from, call.step.stride);
        match begun.entry(call.step.session) {
            Entry::Occupied(first) => call.step.goes_with(*first.get()),
            Entry::Vacant(none) => {
                none.insert((from, stride));
                true
            }
        }
    };
    calls.iter_mut().filter(agrees).collect()
}
