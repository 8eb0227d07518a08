//! Two things measured in turn, several times: what else the machine does meanwhile concerns both alike. The figure
//! that counts is the median of the ratios of neighbours.

use std::fmt;

use crate::Outcome;

/// How often both are measured.
pub const ROUNDS: usize = 5;

/// The ratios of pairs.
#[derive(Clone, Copy, Debug)]
pub struct Ratio {
    /// The one in the middle.
    pub median: f64,
    min: f64,
    max: f64,
}

impl Ratio {
    /// Of figures that were taken in turn.
    #[must_use]
    pub fn of(a: &[f64], b: &[f64]) -> Self {
        let mut ratios: Vec<f64> = a.iter().zip(b).map(|(a, b)| a / b).collect();
        ratios.sort_unstable_by(f64::total_cmp);
        Self {
            median: middle(&ratios),
            min: ratios.first().copied().unwrap_or(f64::NAN),
            max: ratios.last().copied().unwrap_or(f64::NAN),
        }
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2} ({:.2}–{:.2})", self.median, self.min, self.max)
    }
}

/// The median of figures.
#[must_use]
pub fn median(figures: &[f64]) -> f64 {
    let mut figures = figures.to_vec();
    figures.sort_unstable_by(f64::total_cmp);
    middle(&figures)
}

fn middle(sorted: &[f64]) -> f64 {
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Measures both in turn, after a first go each that does not count: caches fill, connections are made.
///
/// # Errors
/// Those of the measurements.
pub async fn in_turn(
    mut a: impl AsyncFnMut() -> Outcome<f64>,
    mut b: impl AsyncFnMut() -> Outcome<f64>,
) -> Outcome<(Vec<f64>, Vec<f64>)> {
    a().await?;
    b().await?;
    let (mut of_a, mut of_b) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        of_a.push(a().await?);
        of_b.push(b().await?);
    }
    Ok((of_a, of_b))
}
