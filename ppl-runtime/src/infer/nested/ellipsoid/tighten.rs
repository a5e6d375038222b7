//! Bounds that follow the region as it shrinks without a search for islands and clusters.

use super::cluster::expected_widening;
use super::multi::{MultiEllipsoid, smallest};
use super::one::Ellipsoid;
use rayon::prelude::*;

/// Ellipsoids that a thread takes at a time, at least, and points.
const GRAIN: usize = 8;
const FEWEST_POINTS: usize = 50;

impl MultiEllipsoid {
    /// Each ellipsoid anew around those of the points `rows` that are nearest to its centre, and as much wider than they
    /// need as its bootstrap found, or more if they are fewer. One that has lost most of its points stays as it is.
    pub(crate) fn tightened(
        &self,
        points: &[f64],
        dim: usize,
        rows: &[usize],
        log_region: f64,
        key: (u64, u64),
    ) -> MultiEllipsoid {
        let log_share = log_region - (rows.len() as f64).ln();
        let nearest = |scratch: &mut Vec<f64>, &r: &usize| {
            self.nearest(&points[r * dim..(r + 1) * dim], scratch)
        };
        let nearest: Vec<(usize, bool)> = rows
            .par_iter()
            .with_min_len(FEWEST_POINTS)
            .map_init(|| vec![0.0; dim], nearest)
            .collect();
        let mut members = vec![(Vec::new(), false); self.ellipsoids.len()];
        for (&r, (nearest, inside)) in rows.iter().zip(nearest) {
            members[nearest].0.push(r);
            members[nearest].1 |= !inside;
        }
        let anew = |(old, (rows, outside)): (&Ellipsoid, &(Vec<usize>, bool))| {
            let Some((widening, before)) = old.widening.filter(|_| rows.len() >= smallest(dim))
            else {
                return old.clone();
            };
            let expected = |n| expected_widening(dim, n);
            let mut found = Ellipsoid::enclosing(points, dim, rows);
            found.scale(widening * f64::max(1.0, expected(rows.len()) / expected(before)));
            found.grow_to(log_share + (rows.len() as f64).ln());
            found.widening = old.widening;
            match *outside || found.log_volume < old.log_volume {
                true => found,
                false => old.clone(),
            }
        };
        let pairs = self.ellipsoids.par_iter().zip(&members);
        let ellipsoids = pairs.with_min_len(GRAIN).map(anew).collect();
        MultiEllipsoid::of(ellipsoids, dim, self.metric.clone(), key)
    }

    /// The ellipsoid of which `x` is the fewest radii from the centre, and whether it is inside.
    fn nearest(&self, x: &[f64], scratch: &mut [f64]) -> (usize, bool) {
        let closer = |best: (f64, usize), i: usize, scratch: &mut [f64]| {
            let distance = self.ellipsoids[i].distance2(x, scratch);
            if distance < best.0 {
                (distance, i)
            } else {
                best
            }
        };
        let mut best = (f64::INFINITY, 0);
        for i in self.boxes.holding(x) {
            best = closer(best, i, scratch);
        }
        // Outside of all, and each has to be asked.
        if best.0 > 1.0 {
            for i in 0..self.ellipsoids.len() {
                best = closer(best, i, scratch);
            }
        }
        (best.1, best.0 <= 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, keyed};
    use rand::RngExt;

    /// Two squares that shrink: the bound follows, and holds their points.
    #[test]
    fn bounds_follow_a_region_that_shrinks() {
        let mut rng = keyed(12, Purpose::User, 0, 0);
        let mut square = |side: f64| -> Vec<f64> {
            let corner = |i: usize| 0.3 + 0.4 * (i % 2) as f64;
            let mut draw = || rng.random::<f64>() - 0.5;
            (0..300)
                .flat_map(|i| [corner(i) + side * draw(), corner(i) + side * draw()])
                .collect()
        };
        let rows: Vec<usize> = (0..300).collect();
        let region = |side: f64| (2.0 * side * side).ln();
        let (wide, narrow) = (square(0.2), square(0.1));
        let before = MultiEllipsoid::new(&wide, 2, &rows, region(0.2), None, (1, 0));
        let after = before.tightened(&narrow, 2, &rows, region(0.1), (1, 1));
        let ratio = after.log_volume - before.log_volume;
        assert!((ratio + 4f64.ln()).abs() < 0.3, "{ratio}");
        let mut scratch = [0.0; 2];
        for x in narrow.chunks(2) {
            let mut all = after.ellipsoids.iter();
            assert!(all.any(|e| e.distance2(x, &mut scratch) <= 1.0 + 1e-9));
        }
    }
}
