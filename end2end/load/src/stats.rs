//! Figures: percentiles of what was measured, and what a process used, from `/proc`. Linux only; elsewhere a
//! process has no figures.

use std::time::Duration;

/// Clock ticks a second in `/proc`: Linux shows 100 to programs, whatever the kernel uses inside.
const TICKS: u64 = 100;

/// The size of a page, in bytes, as `/proc` counts memory.
fn page() -> u64 {
    u64::try_from(rustix::param::page_size()).unwrap_or(4096)
}

/// Time a process's threads of now have spent on a processor, to the nanosecond, where [`Usage`] has hundredths of a
/// second; `None` when it has ended or there is no `/proc`. A thread that ended takes its time with it.
#[must_use]
pub fn fine_cpu(pid: u32) -> Option<Duration> {
    let threads = std::fs::read_dir(format!("/proc/{pid}/task")).ok()?;
    let spent = threads.flatten().filter_map(|thread| {
        let text = std::fs::read_to_string(thread.path().join("schedstat")).ok()?;
        text.split_ascii_whitespace().next()?.parse::<u64>().ok()
    });
    Some(Duration::from_nanos(spent.sum()))
}

/// Durations that were measured.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    sorted: Vec<Duration>,
}

impl Sample {
    /// Takes the measurements, in any order.
    #[must_use]
    pub fn new(mut measured: Vec<Duration>) -> Self {
        measured.sort_unstable();
        Self { sorted: measured }
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.sorted.len()
    }

    /// The measurements, the smallest first.
    pub fn iter(&self) -> impl Iterator<Item = Duration> {
        self.sorted.iter().copied()
    }

    /// The smallest measurement that `per_mille` thousandths of all do not exceed: 500 is the median, 990 the 99th
    /// percentile, 1000 the longest. Zero for an empty sample.
    #[must_use]
    pub fn quantile(&self, per_mille: usize) -> Duration {
        let rank = (self.count() * per_mille).div_ceil(1000);
        let index = rank.max(1) - 1;
        let last = self.sorted.last().copied().unwrap_or_default();
        self.sorted.get(index).copied().unwrap_or(last)
    }

    /// The arithmetic mean; zero for an empty sample.
    #[must_use]
    pub fn mean(&self) -> Duration {
        let count = u32::try_from(self.count()).unwrap_or(u32::MAX);
        let sum: Duration = self.sorted.iter().sum();
        sum.checked_div(count).unwrap_or_default()
    }
}

/// What a process has used.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Usage {
    /// Time on a processor since it began, in user and kernel mode, of all its threads.
    pub cpu: Duration,
    /// Memory it holds now, in bytes.
    pub resident: u64,
    /// The most memory it ever held, in bytes.
    pub peak: u64,
}

impl Usage {
    /// The figures of a process; `None` when it has ended or there is no `/proc`.
    #[must_use]
    pub fn of(pid: u32) -> Option<Self> {
        let read = |name| std::fs::read_to_string(format!("/proc/{pid}/{name}")).ok();
        let mut usage = Self::parse(&read("stat")?, page())?;
        usage.peak = peak(&read("status")?).unwrap_or(usage.resident);
        Some(usage)
    }

    /// Reads `/proc/PID/stat`. The second field is the program's name in parentheses and may contain anything.
    fn parse(stat: &str, page: u64) -> Option<Self> {
        let (_, fields) = stat.rsplit_once(") ")?;
        let fields: Vec<&str> = fields.split_ascii_whitespace().collect();
        let number = |field: usize| fields.get(field - 3)?.parse::<u64>().ok();
        let ticks = number(14)? + number(15)?;
        let resident = number(24)? * page;
        Some(Self {
            cpu: Duration::from_millis(ticks * 1000 / TICKS),
            resident,
            peak: resident,
        })
    }
}

/// `VmHWM` of `/proc/PID/status`, in bytes.
fn peak(status: &str) -> Option<u64> {
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kib: u64 = line.split_ascii_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_one_of_the_measurements() {
        let sample = Sample::new((1..=10).rev().map(Duration::from_secs).collect());
        for (per_mille, seconds) in [(0, 1), (100, 1), (101, 2), (500, 5), (990, 10), (1000, 10)] {
            assert_eq!(sample.quantile(per_mille).as_secs(), seconds, "{per_mille}");
        }
        assert_eq!(sample.mean(), Duration::from_millis(5500));
        assert_eq!(Sample::default().quantile(990), Duration::ZERO);
        assert_eq!(Sample::default().mean(), Duration::ZERO);
    }

    #[test]
    fn the_figures_of_a_process_are_read_past_a_name_with_parentheses() {
        let stat = "42 (a) b (c) S 1 42 42 0 -1 4194560 0 0 0 0 150 50 0 0 20 0 1 0 9 1000 7 18446744073709551615";
        let usage = Usage::parse(stat, 4096).expect("well-formed");
        assert_eq!(usage.cpu, Duration::from_secs(2));
        assert_eq!(usage.resident, 7 * 4096);
        assert_eq!(peak("Name:\tx\nVmHWM:\t      12 kB\n"), Some(12 * 1024));
    }

    #[test]
    fn this_process_has_figures_and_one_that_is_not_there_has_none() {
        let usage = Usage::of(std::process::id()).expect("it runs");
        assert!(usage.resident > 0 && usage.peak >= usage.resident / 2);
        assert_eq!(Usage::of(0), None);
        assert!(fine_cpu(std::process::id()).is_some_and(|spent| spent > Duration::ZERO));
    }
}
