//! Which names a misspelt one may have meant.

/// Up to `count` of `names`, those most like `name` first: those that `name` begins, or that begin it (`coefs` for
/// `coefs[0]`), then by edit distance, as far as at least half of the letters agree.
pub(crate) fn nearest(name: &str, names: &[String], count: usize) -> Vec<String> {
    let wanted: Vec<char> = name.chars().collect();
    let mut scored: Vec<(usize, usize)> = Vec::new();
    for (i, candidate) in names.iter().enumerate() {
        let letters: Vec<char> = candidate.chars().collect();
        let prefix = !wanted.is_empty()
            && (candidate.starts_with(name) || name.starts_with(candidate.as_str()));
        let distance = edit_distance(&wanted, &letters);
        if prefix {
            scored.push((0, i));
        } else if 2 * distance <= wanted.len().max(letters.len()) {
            scored.push((distance, i));
        }
    }
    scored.sort_unstable();
    scored.truncate(count);
    scored.into_iter().map(|(_, i)| names[i].clone()).collect()
}

/// The least number of letters inserted, deleted, replaced or swapped with a neighbour that makes `a` into `b`, no letter
/// edited twice (Damerau 1964).
fn edit_distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(before[j - 2] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distance(a: &str, b: &str) -> usize {
        edit_distance(
            &a.chars().collect::<Vec<_>>(),
            &b.chars().collect::<Vec<_>>(),
        )
    }

    #[test]
    fn distances() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", ""), 3);
        assert_eq!(distance("tua", "tau"), 1);
        assert_eq!(distance("θ", "theta"), 5);
        assert_eq!(distance("same", "same"), 0);
    }

    #[test]
    fn orders_by_likeness() {
        let names = ["intercept", "coefs[0]", "coefs[1]", "tau"].map(String::from);
        assert_eq!(nearest("coefs", &names, 3), ["coefs[0]", "coefs[1]"]);
        assert_eq!(nearest("coef[1]", &names, 1), ["coefs[1]"]);
        assert_eq!(nearest("interzept", &names, 3), ["intercept"]);
        assert!(nearest("zzzzzzzz", &names, 3).is_empty());
    }
}
