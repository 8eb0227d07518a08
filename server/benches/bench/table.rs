//! The one table: two figures, their ratio, what was promised and whether it was kept. Below it, what a ratio alone
//! does not say.

use std::fmt;

use crate::rounds::Ratio;

/// What was promised of a ratio.
#[derive(Clone, Copy, Debug)]
pub enum Target {
    /// It is a cost.
    AtMost(f64),
    /// It is a gain.
    AtLeast(f64),
    /// Nothing: it is there to be known.
    None,
}

/// Everything that was measured.
#[derive(Debug, Default)]
pub struct Table {
    rows: Vec<[String; 6]>,
    notes: Vec<String>,
}

impl Table {
    /// Adds a row: what is compared, and the two figures with their units.
    pub fn row(&mut self, what: &str, a: String, b: String, ratio: &Ratio, target: Target) {
        let (promised, kept) = match target {
            Target::AtMost(most) => (format!("at most {most}"), Some(ratio.median <= most)),
            Target::AtLeast(least) => (format!("at least {least}"), Some(ratio.median >= least)),
            Target::None => (String::new(), None),
        };
        let verdict = match kept {
            Some(true) => "met",
            Some(false) => "missed",
            None => "",
        };
        eprintln!("bench:   {what}: {a} / {b} = {ratio} {promised} {verdict}");
        self.rows.push([
            what.to_owned(),
            a,
            b,
            ratio.to_string(),
            promised,
            verdict.to_owned(),
        ]);
    }

    /// Whether nothing was measured that has a row or a line here.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.notes.is_empty()
    }

    /// Adds a line below the table.
    pub fn note(&mut self, note: String) {
        eprintln!("bench:   {note}");
        self.notes.push(note);
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = ["A against B", "A", "B", "A / B (min–max)", "target", ""].map(str::to_owned);
        let mut widths = [0; 6];
        for row in self.rows.iter().chain([&head]) {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = cell.chars().count().max(*width);
            }
        }
        let rule = widths.map(|width| "-".repeat(width));
        for row in [&head, &rule].into_iter().chain(&self.rows) {
            let cells = row.iter().zip(widths);
            let cells = cells.map(|(cell, width)| format!("{cell:width$}"));
            writeln!(f, "| {} |", cells.collect::<Vec<_>>().join(" | "))?;
        }
        writeln!(f)?;
        for note in &self.notes {
            writeln!(f, "- {note}")?;
        }
        Ok(())
    }
}
