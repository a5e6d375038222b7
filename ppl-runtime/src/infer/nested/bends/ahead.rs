//! Several places of a bent line at a time.
//!
//! A refusal shrinks the bracket to the place that was refused, whatever the likelihood there: so the places that come next,
//! should each be refused, are known before any of them is evaluated. Bending takes as long for a few of them as for one, since each shear
//! waits for the one before.

use super::Bend;
use crate::real::kernels::dispatch_plain;

/// Places that are bent together.
pub(super) const AHEAD: usize = 4;

/// What becomes of a bracket about 0 whose places are refused.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(super) struct Shrinks {
    /// The places, and how long the bracket was when each was chosen.
    pub t: [f64; AHEAD],
    pub length: [f64; AHEAD],
    /// The bracket after the last.
    pub bracket: (f64, f64),
}

impl Shrinks {
    #[inline(always)]
    fn of((mut lo, mut hi): (f64, f64), uniforms: &[f64; AHEAD]) -> Shrinks {
        let (mut t, mut length) = ([0.0; AHEAD], [0.0; AHEAD]);
        for k in 0..AHEAD {
            length[k] = hi - lo;
            t[k] = lo + length[k] * uniforms[k];
            // Either is as likely.
            lo = if t[k] < 0.0 { t[k] } else { lo };
            hi = if t[k] < 0.0 { hi } else { t[k] };
        }
        Shrinks {
            t,
            length,
            bracket: (lo, hi),
        }
    }
}

#[inline(always)]
fn look_ahead_body(
    bends: &[Bend],
    (w, v): (&[f64], &[f64]),
    bracket: (f64, f64),
    uniforms: &[f64; AHEAD],
    places: &mut [[f64; AHEAD]],
) -> (u32, Shrinks) {
    let shrinks = Shrinks::of(bracket, uniforms);
    for ((place, w), v) in places.iter_mut().zip(w).zip(v) {
        *place = shrinks.t.map(|t| w + t * v);
    }
    // Most go along the coordinate that was just restored: it has not to come from memory.
    let (mut last, mut along) = (usize::MAX, [0.0; AHEAD]);
    for bend in bends {
        if bend.along != last {
            along = places[bend.along];
        }
        let mut of = places[bend.of];
        for k in 0..AHEAD {
            of[k] += bend.off(along[k]);
        }
        places[bend.of] = of;
        (last, along) = (bend.of, of);
    }
    // Sums, for a running `and` over coordinates would be compiled to shuffles.
    let mut outside = [0.0; AHEAD];
    for place in places {
        for k in 0..AHEAD {
            let inside = (place[k] > 0.0) & (place[k] < 1.0);
            outside[k] += if inside { 0.0 } else { 1.0 };
        }
    }
    let bit = |k: usize| u32::from(outside[k] == 0.0) << k;
    ((0..AHEAD).fold(0, |bits, k| bits | bit(k)), shrinks)
}

dispatch_plain! {
    /// Shrinks a bracket about 0 on the line `w + t v` of straight coordinates by refused places, chosen by `uniforms`, and
    /// writes their coordinates in the cube, each coordinate of all places together. Says which of them lie in it, a bit each.
    pub(super) fn look_ahead = look_ahead_body(
        bends: &[Bend],
        line: (&[f64], &[f64]),
        bracket: (f64, f64),
        uniforms: &[f64; AHEAD],
        places: &mut [[f64; AHEAD]],
    ) -> (u32, Shrinks);
}

#[cfg(test)]
mod tests {
    use super::super::Bends;
    use super::*;

    #[test]
    fn places_are_those_that_come_one_after_the_other() {
        let bend = |of, along, centre, curve| Bend {
            of,
            along,
            centre,
            slope: 0.5,
            curve,
        };
        let bends = Bends(vec![
            bend(1, 0, 0.5, 2.0),
            bend(2, 0, 0.2, -1.0),
            bend(2, 1, 0.1, 3.0),
        ]);
        let (mut w, v) = ([0.0; 3], [0.2, -0.1, 0.3]);
        bends.straighten(&[0.3, 0.8, 0.6], &mut w);
        let uniforms = [0.9, 0.3, 0.2, 0.6];
        let mut places = [[0.0; AHEAD]; 3];
        let bracket = (-2.0, 1.0);
        let (inside, shrinks) = look_ahead(&bends.0, (&w, &v), bracket, &uniforms, &mut places);
        let (mut lo, mut hi) = (-2.0, 1.0);
        for (k, uniform) in uniforms.into_iter().enumerate() {
            let t = lo + (hi - lo) * uniform;
            assert_eq!((shrinks.t[k], shrinks.length[k]), (t, hi - lo));
            let mut place = [0, 1, 2].map(|i| w[i] + t * v[i]);
            bends.bend(&mut place);
            assert_eq!(places.map(|p| p[k]), place);
            let is_inside = place.iter().all(|x| *x > 0.0 && *x < 1.0);
            assert_eq!(inside >> k & 1 == 1, is_inside);
            if t < 0.0 { lo = t } else { hi = t }
        }
        assert_eq!(shrinks.bracket, (lo, hi));
        assert!(inside != 0 && inside != 15, "{inside}");
    }
}
