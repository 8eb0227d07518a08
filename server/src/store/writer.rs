//! Group commit for SQLite: one writer takes whatever callers wait, the steps of sessions first and then everything
//! else, runs each in one transaction, commits once and then answers all. One caller's failure leaves the others alone:
//! it is undone by a savepoint, or found by taking the steps one by one. Only trouble with the database itself fails
//! them together. Nobody is answered before the commit.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sqlx::pool::PoolConnection;
use sqlx::{Sqlite, SqliteConnection, SqlitePool};
use tokio::sync::{mpsc, oneshot};

use super::steps::{Step, take_alone};
use super::{Result, StoreError, Tx};

/// How many callers may wait; more wait to wait.
const QUEUE: usize = 1024;

/// How many callers share a commit at most, which bounds how long the first of them waits for the last.
const TOGETHER: usize = 128;

/// The writer's door.
#[derive(Clone, Debug)]
pub struct Writer {
    queue: mpsc::Sender<Waiting>,
}

/// A caller who waits.
enum Waiting {
    /// Steps of sessions are many and alike, and are taken as one set.
    Step(Box<StepCall>),
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
    pub fn start(pool: SqlitePool) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        tokio::spawn(write_for_all(pool, waiting));
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
        self.enqueue(Waiting::Step(Box::new(call))).await?;
        answered.await.unwrap_or(Err(StoreError::gone()))
    }

    async fn enqueue(&self, waiting: Waiting) -> Result<()> {
        let sent = self.queue.send(waiting).await;
        sent.map_err(|_| StoreError::gone())
    }
}

async fn write_for_all(pool: SqlitePool, mut queue: mpsc::Receiver<Waiting>) {
    let mut waiting = Vec::with_capacity(TOGETHER);
    let mut connection = Connection { pool, kept: None };
    loop {
        let some = tokio::select! {
            count = queue.recv_many(&mut waiting, TOGETHER) => count > 0,
            () = connection.pool.close_event() => false,
        };
        if !some {
            return;
        }
        // Refreshes are many and quick; what takes longer has a commit of its own after theirs.
        let (steps, works) = Batch::split(waiting.drain(..));
        for batch in [steps, works] {
            let written = batch.write(&mut connection);
            if AssertUnwindSafe(written).catch_unwind().await.is_err() {
                tracing::error!("a write panicked; those who shared its commit were not served");
            }
        }
    }
}

/// The connection that writes. The writer keeps it as long as all goes well: lending one out costs the pool two
/// questions to it.
struct Connection {
    pool: SqlitePool,
    kept: Option<PoolConnection<Sqlite>>,
}

impl Connection {
    async fn take(&mut self) -> Result<PoolConnection<Sqlite>> {
        match self.kept.take() {
            Some(connection) => Ok(connection),
            None => Ok(self.pool.acquire().await?),
        }
    }
}

/// The callers that share a commit.
#[derive(Default)]
struct Batch {
    works: Vec<Box<dyn Work>>,
    steps: Vec<StepCall>,
}

impl Batch {
    /// Steps here, everything else there.
    fn split(waiting: impl Iterator<Item = Waiting>) -> (Self, Self) {
        let (mut quick, mut other) = (Self::default(), Self::default());
        for caller in waiting {
            match caller {
                Waiting::Step(call) => quick.steps.push(*call),
                Waiting::Work(work) => other.works.push(work),
            }
        }
        (quick, other)
    }

    fn is_empty(&self) -> bool {
        self.works.is_empty() && self.steps.is_empty()
    }

    async fn write(mut self, connection: &mut Connection) {
        let committed = self.run(connection).await;
        for work in self.works {
            work.answer(committed.clone());
        }
        for call in self.steps {
            let outcome = committed.clone().and(call.outcome);
            let _ = call.answer.send(outcome);
        }
    }

    /// Everything in one transaction, from its beginning to its commit.
    async fn run(&mut self, connection: &mut Connection) -> Result<()> {
        if self.is_empty() {
            return Ok(());
        }
        let mut well = connection.take().await?;
        if self.works.is_empty() {
            match self.take_alone(&mut well).await {
                // Something is wrong with one of them: which one, the long way shows.
                Err(StoreError::Conflict) => {}
                Err(trouble) => return Err(trouble),
                Ok(()) => {
                    connection.kept = Some(well);
                    return Ok(());
                }
            }
        }
        let mut tx = Tx::Sqlite(well);
        let committed = self.run_in(&mut tx).await;
        if committed.is_err() {
            // Where SQLite has given up the transaction already, there is nothing to undo.
            let _ = tx.run("rollback").await;
        } else if let Tx::Sqlite(well) = tx {
            connection.kept = Some(well);
        }
        committed
    }

    /// Steps alone, all or none; after an error nothing was written.
    async fn take_alone(&mut self, connection: &mut SqliteConnection) -> Result<()> {
        let calls = self.steps_that_agree();
        let steps: Vec<_> = calls.iter().map(|call| &call.step).collect();
        match take_alone(connection, &steps).await {
            Ok(taken) => {
                for call in calls {
                    call.outcome = Ok(taken.contains(&call.step.session));
                }
                Ok(())
            }
            Err(error) => {
                let _ = sqlx::query("rollback").execute(connection).await;
                Err(error)
            }
        }
    }

    async fn run_in(&mut self, tx: &mut Tx) -> Result<()> {
        // Taking the write lock at once: a reader that turns writer half-way could only fail.
        tx.run("begin immediate").await?;
        for work in &mut self.works {
            tx.savepoint().await?;
            let keep = work.run(tx).await;
            tx.leave_savepoint(keep).await?;
        }
        self.take_steps(tx).await?;
        tx.run("commit").await
    }

    /// One by one, so that whatever is wrong with one leaves the others alone.
    async fn take_steps(&mut self, tx: &mut Tx) -> Result<()> {
        for call in self.steps_that_agree() {
            tx.savepoint().await?;
            let taken = tx.take_steps(&[&call.step]).await;
            tx.leave_savepoint(taken.is_ok()).await?;
            call.outcome = taken.map(|taken| !taken.is_empty());
        }
        Ok(())
    }

    /// The steps without those that exclude each other: of these only the first can be taken.
    fn steps_that_agree(&mut self) -> Vec<&mut StepCall> {
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
        self.steps.iter_mut().filter(agrees).collect()
    }
}
