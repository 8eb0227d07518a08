//! The threads that hash. Each does one hash at a time, at the lowest claim to a core, so that who refreshes or
//! verifies a token does not wait for those who log in; and who waits too long for a thread is told to come back.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::time::timeout;

use super::{Busy, Memory};

/// How long a login waits for its turn.
const PATIENCE: Duration = Duration::from_secs(3);

/// How many wait at most. As many hashes take longer than anybody's patience, so that nothing is lost by telling the
/// next one at once.
const MAX_WAITING: usize = 1024;

/// How long a thread that has nothing to do keeps its memory.
const REST: Duration = Duration::from_secs(5);

/// The niceness of the threads (setpriority(2)): what they may claim of a core that somebody else wants.
#[cfg(target_os = "linux")]
const NICE: i32 = 15;

type Job = Box<dyn FnOnce(&mut Memory) + Send>;

/// Threads that wait for work. They end when the crew is dropped and what they are doing is done.
pub struct Crew {
    /// Those who wait or are being served.
    places: Arc<Semaphore>,
    /// As many as there are threads.
    turns: Arc<Semaphore>,
    idle: Idle,
}

/// The threads that do nothing. The one that stopped last is on top: its memory is still there, and the others come
/// to rest.
type Idle = Arc<Mutex<Vec<Sender<Job>>>>;

/// The right to one thread; it goes back when the work is done, even if whoever asked for it has gone away.
struct Turn {
    thread: Sender<Job>,
    idle: Idle,
    _permit: OwnedSemaphorePermit,
    _place: OwnedSemaphorePermit,
}

impl Crew {
    /// So many threads.
    pub fn new(size: usize) -> Self {
        Self::resting_after(size, REST)
    }

    fn resting_after(size: usize, rest: Duration) -> Self {
        let threads: Vec<_> = (0..size).filter_map(|_| start(rest).ok()).collect();
        if threads.len() < size {
            tracing::error!(
                threads = threads.len(),
                "fewer threads hash than there are cores"
            );
        }
        Self {
            places: Arc::new(Semaphore::new(MAX_WAITING + threads.len())),
            turns: Arc::new(Semaphore::new(threads.len())),
            idle: Arc::new(Mutex::new(threads)),
        }
    }

    /// Does the work on one of the threads.
    ///
    /// # Errors
    /// [`Busy`] when no turn came in time.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<T, Busy> {
        let turn = self.turn().await?;
        let thread = turn.thread.clone();
        let (answer, answered) = oneshot::channel();
        let job = Box::new(move |memory: &mut Memory| {
            let done = work(memory);
            drop(turn);
            let _ = answer.send(done);
        });
        thread.send(job).map_err(|_| Busy)?;
        answered.await.map_err(|_| Busy)
    }

    async fn turn(&self) -> Result<Turn, Busy> {
        let place = Arc::clone(&self.places)
            .try_acquire_owned()
            .map_err(|_| Busy)?;
        let turn = timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned()).await;
        let turn = turn.map_err(|_| Busy)?.map_err(|_| Busy)?;
        let thread = lock(&self.idle, Vec::pop).ok_or(Busy)?;
        Ok(Turn {
            thread,
            idle: Arc::clone(&self.idle),
            _permit: turn,
            _place: place,
        })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let thread = self.thread.clone();
        lock(&self.idle, |idle| idle.push(thread));
    }
}

fn lock<T>(idle: &Idle, then: impl FnOnce(&mut Vec<Sender<Job>>) -> T) -> T {
    then(&mut idle.lock().unwrap_or_else(PoisonError::into_inner))
}

fn start(rest: Duration) -> io::Result<Sender<Job>> {
    let (jobs, to_do) = channel();
    thread::Builder::new()
        .name("hash".to_owned())
        .spawn(move || work(&to_do, rest))?;
    Ok(jobs)
}

fn work(to_do: &Receiver<Job>, rest: Duration) {
    step_back();
    let mut memory = Memory::default();
    while let Some(job) = next(to_do, &mut memory, rest) {
        // Work that panics answers nothing, which is Busy to whoever waits for it; the thread goes on.
        let _ = catch_unwind(AssertUnwindSafe(|| job(&mut memory)));
    }
}

fn next(to_do: &Receiver<Job>, memory: &mut Memory, rest: Duration) -> Option<Job> {
    if !memory.is_empty() {
        match to_do.recv_timeout(rest) {
            Ok(job) => return Some(job),
            Err(RecvTimeoutError::Disconnected) => return None,
            Err(RecvTimeoutError::Timeout) => memory.give_back(),
        }
    }
    to_do.recv().ok()
}

/// Lowers the priority of this thread. On Linux the niceness is the thread's and not the process's; elsewhere it stays
/// as it is, and so it does when it is lower already.
#[cfg(target_os = "linux")]
fn step_back() {
    use rustix::process::{getpriority_process, setpriority_process};
    if getpriority_process(None).is_ok_and(|nice| nice < NICE) {
        // Lowering needs no privilege; a sandbox that forbids it costs speed and nothing else.
        let _ = setpriority_process(None, NICE);
    }
}

#[cfg(not(target_os = "linux"))]
fn step_back() {}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn hashing_steps_back_and_nobody_else_does() {
        let nice = || rustix::process::getpriority_process(None).expect("known");
        let ours = nice();
        let crew = Crew::new(2);
        let theirs = crew.run(move |_| nice()).await;
        assert_eq!(theirs, Ok(ours.max(NICE)));
        assert_eq!(nice(), ours);
    }

    #[tokio::test]
    async fn the_memory_of_the_last_hash_is_there_for_the_next() {
        let crew = Crew::new(4);
        assert_eq!(
            crew.run(|memory| memory.blocks(64).map(drop)).await,
            Ok(Ok(()))
        );
        assert_eq!(crew.run(|memory| memory.is_empty()).await, Ok(false));
    }

    #[tokio::test]
    async fn memory_is_given_back_at_rest() {
        let crew = Crew::resting_after(1, Duration::from_millis(1));
        let filled = crew.run(|memory| memory.blocks(64).map(drop)).await;
        assert_eq!(filled, Ok(Ok(())));
        let rested = async {
            while crew.run(|memory| memory.is_empty()).await == Ok(false) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        assert_eq!(timeout(Duration::from_secs(10), rested).await, Ok(()));
    }

    #[tokio::test]
    async fn work_that_panics_is_busy_and_the_thread_goes_on() {
        let crew = Crew::new(1);
        let broken = crew.run(|_| panic!("a test panics on purpose")).await;
        assert_eq!(broken, Err::<(), _>(Busy));
        assert_eq!(crew.run(|_| 1).await, Ok(1));
    }

    #[tokio::test]
    async fn no_more_work_at_once_than_there_are_threads() {
        let crew = Arc::new(Crew::new(1));
        let (release, held) = std::sync::mpsc::channel::<()>();
        let (started, has_started) = oneshot::channel();
        let first = tokio::spawn({
            let crew = Arc::clone(&crew);
            async move {
                crew.run(move |_| {
                    let _ = started.send(());
                    let _ = held.recv();
                })
                .await
            }
        });
        has_started.await.expect("started");
        assert_eq!(crew.turns.available_permits(), 0);
        first.abort();
        assert_eq!(crew.turns.available_permits(), 0, "gone, but not done");
        drop(release);
        assert_eq!(crew.run(|_| 1).await, Ok(1), "the turn comes back");
    }

    #[tokio::test(start_paused = true)]
    async fn a_queue_that_is_full_is_said_at_once() {
        let crew = Arc::new(Crew::new(0));
        let begun = tokio::time::Instant::now();
        let waiting: Vec<_> = (0..MAX_WAITING)
            .map(|_| {
                let crew = Arc::clone(&crew);
                tokio::spawn(async move { crew.run(|_| ()).await })
            })
            .collect();
        while crew.places.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(crew.run(|_| ()).await, Err(Busy));
        assert!(begun.elapsed() < PATIENCE);
        for one in waiting {
            assert_eq!(one.await.expect("ends"), Err(Busy));
        }
        assert!(begun.elapsed() >= PATIENCE);
    }
}
