//! Aligned plain-text tables.

use std::fmt;

/// The widest that a table may be before its names are shortened.
const WIDTH: usize = 100;

/// The most rows printed, unless all are asked for.
const ROWS: usize = 50;

/// Writes rows of a name and cells under their headings, the points of the numbers in a column below each other. More
/// than fifty rows are cut short unless the formatter is alternate (`{:#}`).
pub(super) fn write(
    f: &mut fmt::Formatter<'_>,
    headings: &[&str],
    names: &[String],
    cell: impl Fn(usize, usize) -> String,
) -> fmt::Result {
    let shown = if f.alternate() {
        names.len()
    } else {
        names.len().min(ROWS)
    };
    let columns: Vec<Vec<String>> = (0..headings.len())
        .map(|j| aligned(headings[j], (0..shown).map(|i| cell(i, j)).collect()))
        .collect();
    let cells: usize = columns.iter().map(|c| 2 + length(&c[0])).sum();
    let longest = names[..shown].iter().map(|n| length(n)).max().unwrap_or(0);
    let room = longest.min(WIDTH.saturating_sub(cells).max(8));
    for i in 0..=shown {
        let name = if i == 0 {
            String::new()
        } else {
            shortened(&names[i - 1], room)
        };
        let mut line = format!("{name:<room$}");
        for column in &columns {
            line += "  ";
            line += &column[i];
        }
        f.write_str(line.trim_end())?;
        if i < shown {
            writeln!(f)?;
        }
    }
    if shown < names.len() {
        write!(
            f,
            "\n… and {} more ({{:#}} prints all)",
            names.len() - shown
        )?;
    }
    Ok(())
}

/// The heading and its cells, padded to one width with the points below each other.
fn aligned(heading: &str, cells: Vec<String>) -> Vec<String> {
    let fraction = |c: &str| c.find('.').map_or(0, |at| length(&c[at..]));
    let after = cells.iter().map(|c| fraction(c)).max().unwrap_or(0);
    let mut column = vec![heading.to_owned()];
    for c in cells {
        let pad = if c.contains(|d: char| d.is_ascii_digit()) {
            after - fraction(&c)
        } else {
            0
        };
        column.push(c + &" ".repeat(pad));
    }
    let width = column.iter().map(|c| length(c)).max().unwrap_or(0);
    column.iter().map(|c| format!("{c:>width$}")).collect()
}

/// The end of a name tells more than its middle: `survey…[12][3]`.
fn shortened(name: &str, room: usize) -> String {
    let letters: Vec<char> = name.chars().collect();
    if letters.len() <= room {
        return name.to_owned();
    }
    let head = (room - 1) / 2;
    let tail = room - 1 - head;
    let end = &letters[letters.len() - tail..];
    letters[..head].iter().chain(&['…']).chain(end).collect()
}

fn length(text: &str) -> usize {
    text.chars().count()
}
