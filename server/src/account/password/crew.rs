//! The threads that hash. Each does one hash at a time, and who refreshes or verifies a token does not wait for them:
//! the scheduler takes a core from a thread of theirs the moment anybody else wants it. Where others want all cores for
//! long, as a build beside the server does, logins would starve; then threads that claim a little of a core take over.
//! Who waits too long for a thread is told to come back.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

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

/// How many times as long as usual a hash takes where others want all cores, and what it takes at least.
const STARVED: (u32, Duration) = (20, Duration::from_millis(500));

/// How long logins are served by the threads that claim something, once others were found to want all.
const CLAIM_FOR: Duration = Duration::from_secs(10);

/// How long is waited for a thread of one kind before the other kind may serve.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// The niceness of the threads that claim something (setpriority(2)).
#[cfg(target_os = "linux")]
const NICE: i32 = 15;

type Job = Box<dyn FnOnce(&mut Memory) + Send>;

/// Threads that wait for work, as many of either kind as were asked for: while logins starve, twice as many can be at it.
/// They end when the crew is dropped and what they are doing is done.
pub struct Crew {
    /// Those who wait or are being served.
    places: Arc<Semaphore>,
    /// Threads that take what nobody else wants of the cores.
    modest: Lane,
    /// Threads that claim a little.
    claiming: Lane,
    /// How long a hash may take before it is taken to starve.
    starved_after: Duration,
    began: Instant,
    /// Until when the claiming threads serve, in milliseconds after `began`.
    claim_until: AtomicU64,
}

/// Threads of one kind.
struct Lane {
    /// As many as there are threads.
    turns: Arc<Semaphore>,
    idle: Idle,
}

/// What the threads of a lane take of a core that somebody else wants.
#[derive(Clone, Copy)]
enum Claim {
    /// Nothing.
    None,
    /// A little.
    Some,
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
    /// So many threads, for hashes that take about `usual`.
    pub fn new(size: usize, usual: Duration) -> Self {
        Self::resting_after(size, usual, REST)
    }

    fn resting_after(size: usize, usual: Duration, rest: Duration) -> Self {
        let (times, least) = STARVED;
        Self {
            places: Arc::new(Semaphore::new(MAX_WAITING + size)),
            modest: Lane::new(size, Claim::None, rest),
            claiming: Lane::new(size, Claim::Some, rest),
            starved_after: least.max(usual * times),
            began: Instant::now(),
            claim_until: AtomicU64::new(0),
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
        let (answer, mut answered) = oneshot::channel();
        let job = Box::new(move |memory: &mut Memory| {
            let done = work(memory);
            drop(turn);
            let _ = answer.send(done);
        });
        thread.send(job).map_err(|_| Busy)?;
        if let Ok(done) = timeout(self.starved_after, &mut answered).await {
            return done.map_err(|_| Busy);
        }
        self.claim();
        answered.await.map_err(|_| Busy)
    }

    async fn turn(&self) -> Result<Turn, Busy> {
        let place = Arc::clone(&self.places)
            .try_acquire_owned()
            .map_err(|_| Busy)?;
        let (lane, turn) = timeout(PATIENCE, self.permit()).await.map_err(|_| Busy)?;
        let thread = lock(&lane.idle, Vec::pop).ok_or(Busy)?;
        Ok(Turn {
            thread,
            idle: Arc::clone(&lane.idle),
            _permit: turn,
            _place: place,
        })
    }

    /// The right to a thread of the lane that serves. Which one that is can change while it is waited for.
    async fn permit(&self) -> (&Lane, OwnedSemaphorePermit) {
        loop {
            let lane = self.lane();
            let turn = Arc::clone(&lane.turns).acquire_owned();
            if let Ok(Ok(turn)) = timeout(LOOK_AGAIN, turn).await {
                return (lane, turn);
            }
        }
    }

    fn lane(&self) -> &Lane {
        let until = Duration::from_millis(self.claim_until.load(Ordering::Relaxed));
        if self.began.elapsed() < until {
            &self.claiming
        } else {
            &self.modest
        }
    }

    /// From now on, and for some time, logins claim a little of the cores.
    fn claim(&self) {
        let until = (self.began.elapsed() + CLAIM_FOR).as_millis();
        let until = u64::try_from(until).unwrap_or(u64::MAX);
        self.claim_until.fetch_max(until, Ordering::Relaxed);
    }
}

impl Lane {
    fn new(size: usize, claim: Claim, rest: Duration) -> Self {
        let threads: Vec<_> = (0..size).filter_map(|_| start(claim, rest).ok()).collect();
        if threads.len() < size {
            tracing::error!(
                threads = threads.len(),
                "fewer threads hash than there are cores"
            );
        }
        Self {
            turns: Arc::new(Semaphore::new(threads.len())),
            idle: Arc::new(Mutex::new(threads)),
        }
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

fn start(claim: Claim, rest: Duration) -> io::Result<Sender<Job>> {
    let (jobs, to_do) = channel();
    thread::Builder::new()
        .name("hash".to_owned())
        .spawn(move || work(&to_do, claim, rest))?;
    Ok(jobs)
}

fn work(to_do: &Receiver<Job>, claim: Claim, rest: Duration) {
    step_back(claim);
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

/// Lowers the priority of this thread, which needs no privilege; a sandbox that forbids it costs speed and nothing else.
/// `SCHED_IDLE` (sched(7)) is more than a high niceness: whoever wakes up takes the core at once, and need not wait for
/// the end of a slice of some milliseconds. On systems other than Linux the priority stays as it is.
#[cfg(target_os = "linux")]
fn step_back(claim: Claim) {
    use rustix::process::{getpriority_process, setpriority_process};
    use thread_priority::{
        NormalThreadSchedulePolicy, ThreadPriority, ThreadSchedulePolicy,
        set_thread_priority_and_policy, thread_native_id,
    };
    // The niceness of the thread, here, not of the process.
    if getpriority_process(None).is_ok_and(|nice| nice < NICE) {
        let _ = setpriority_process(None, NICE);
    }
    if let Claim::None = claim {
        let idle = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle);
        let _ = set_thread_priority_and_policy(thread_native_id(), ThreadPriority::Min, idle);
    }
}

#[cfg(not(target_os = "linux"))]
fn step_back(_: Claim) {}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: Duration = Duration::from_millis(20);

    /// The scheduling policy of this thread and its niceness (proc(5), fields 41 and 19 of `stat`).
    #[cfg(target_os = "linux")]
    fn standing() -> (i32, i32) {
        let stat = std::fs::read_to_string("/proc/thread-self/stat").expect("Linux");
        let fields: Vec<_> = stat
            .rsplit(')')
            .next()
            .expect("fields")
            .split_whitespace()
            .collect();
        let field = |n: usize| fields[n - 3].parse().expect("a number");
        (field(41), field(19))
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn hashing_steps_back_and_nobody_else_does() {
        const SCHED_IDLE: i32 = 5;
        let ours = standing();
        let crew = Crew::new(2, USUAL);
        let theirs = crew.run(move |_| standing()).await;
        assert_eq!(theirs.map(|(policy, _)| policy), Ok(SCHED_IDLE));
        assert_eq!(standing(), ours);
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn logins_that_starve_claim_something_for_a_while() {
        let mut crew = Crew::new(1, USUAL);
        crew.starved_after = Duration::from_millis(20);
        let slow = crew.run(|_| thread::sleep(Duration::from_millis(200)));
        assert_eq!(slow.await, Ok(()));
        let (policy, nice) = crew.run(|_| standing()).await.expect("a turn");
        assert_eq!((policy, nice >= NICE), (0, true));
        crew.claim_until.store(0, Ordering::Relaxed);
        let (policy, _) = crew.run(|_| standing()).await.expect("a turn");
        assert_eq!(policy, 5, "modest again");
    }

    #[tokio::test]
    async fn the_memory_of_the_last_hash_is_there_for_the_next() {
        let crew = Crew::new(4, USUAL);
        assert_eq!(
            crew.run(|memory| memory.blocks(64).map(drop)).await,
            Ok(Ok(()))
        );
        assert_eq!(crew.run(|memory| memory.is_empty()).await, Ok(false));
    }

    #[tokio::test]
    async fn memory_is_given_back_at_rest() {
        let crew = Crew::resting_after(1, USUAL, Duration::from_millis(1));
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
        let crew = Crew::new(1, USUAL);
        let broken = crew.run(|_| panic!("a test panics on purpose")).await;
        assert_eq!(broken, Err::<(), _>(Busy));
        assert_eq!(crew.run(|_| 1).await, Ok(1));
    }

    #[tokio::test]
    async fn no_more_work_at_once_than_there_are_threads() {
        let crew = Arc::new(Crew::new(1, USUAL));
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
        assert_eq!(crew.modest.turns.available_permits(), 0);
        first.abort();
        assert_eq!(
            crew.modest.turns.available_permits(),
            0,
            "gone, but not done"
        );
        drop(release);
        assert_eq!(crew.run(|_| 1).await, Ok(1), "the turn comes back");
    }

    #[tokio::test(start_paused = true)]
    async fn a_queue_that_is_full_is_said_at_once() {
        let crew = Arc::new(Crew::new(0, USUAL));
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
