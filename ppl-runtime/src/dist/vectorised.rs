//! Univariate families with vectors of parameters: `Normal::new(&theta, &sigma)` is a distribution of a vector.

use super::family::Family;
use super::operand::Operands;
use super::reduced::{Learner, Reducing, Reduction, Scales};
use super::report::{Problem, Report};
use crate::real::kernels::LANES;
use crate::real::{Kept, Lift, Mode, Picked, Real};
use crate::support::ScalarLatent;

/// The number of elements that vectors of parameters agree on, or the two that differ.
pub fn common_length<const P: usize>(
    lengths: [Option<usize>; P],
) -> Result<Option<usize>, (usize, usize)> {
    let mut common = None;
    for n in lengths.into_iter().flatten() {
        match common {
            Some(m) if m != n => return Err((m, n)),
            _ => common = Some(n),
        }
    }
    Ok(common)
}

/// Two or three vectors of parameters, one after the other, so that blocks of them can be read and written.
pub trait Parameters<M: Mode, const P: usize> {
    /// Which of them are constants.
    const CONSTANT: [bool; P];
    /// The values of as many elements from `start` on as there is room for: where they lie, or else written there.
    fn columns<'b>(&'b self, start: usize, room: [&'b mut [f64]; P]) -> [&'b [f64]; P];
    /// Sends the partial derivatives on, by the elements whose values are `columns`.
    fn push(&self, start: usize, columns: &[&[f64]; P], partials: &[&[f64]; P], lift: &mut M::Lift);
    /// Keeps the data of elements that are asked for often.
    fn keep(&self, kept: &mut Kept);
    /// The values of these elements.
    fn columns_of(&self, picked: Picked<'_>, out: [&mut [f64]; P]);
    /// Sends the partial derivatives by these elements on.
    fn push_of(&self, picked: Picked<'_>, partials: &[&[f64]; P], lift: &mut M::Lift);
    /// Those of one element.
    fn at(&self, i: usize) -> [Real<M>; P];
}

macro_rules! parameters {
    ($p:literal, $($g:ident $i:tt),+) => {
        impl<M: Mode, $($g: Operands<M>),+> Parameters<M, $p> for ($(&$g,)+) {
            const CONSTANT: [bool; $p] = [$($g::CONSTANT),+];
            #[inline]
            fn columns<'b>(&'b self, start: usize, room: [&'b mut [f64]; $p]) -> [&'b [f64]; $p] {
                #[allow(non_snake_case, reason = "named after the type parameters")]
                let [$($g),+] = room;
                [$(self.$i.column(start, $g)),+]
            }
            #[inline]
            fn push(
                &self,
                start: usize,
                columns: &[&[f64]; $p],
                partials: &[&[f64]; $p],
                lift: &mut M::Lift,
            ) {
                $(if !$g::CONSTANT {
                    self.$i.push_known(start, columns[$i], partials[$i], lift);
                })+
            }
            fn keep(&self, kept: &mut Kept) {
                $(self.$i.keep(kept);)+
            }
            #[inline]
            fn columns_of(&self, picked: Picked<'_>, out: [&mut [f64]; $p]) {
                #[allow(non_snake_case, reason = "named after the type parameters")]
                let [$($g),+] = out;
                let mut before = 0;
                $(
                    self.$i.fill_of(picked.after(before), $g);
                    before += $g::DATA;
                )+
                let _ = before;
            }
            #[inline]
            fn push_of(&self, picked: Picked<'_>, partials: &[&[f64]; $p], lift: &mut M::Lift) {
                let mut before = 0;
                $(
                    if !$g::CONSTANT {
                        self.$i.push_of(picked.after(before), partials[$i], lift);
                    }
                    before += $g::DATA;
                )+
                let _ = before;
            }
            #[inline]
            fn at(&self, i: usize) -> [Real<M>; $p] {
                [$(self.$i.at(i)),+]
            }
        }
    };
}
parameters!(1, A 0);
parameters!(2, A 0, B 1);
parameters!(3, A 0, B 1, C 2);

/// Σ ln p_i(x\[i\]) of observations.
#[inline]
pub fn score<M: Mode, T: ScalarLatent, const P: usize, F: Family<P>>(
    parameters: &impl Parameters<M, P>,
    x: &[T],
) -> Real<M> {
    // Clearing large blocks would cost more than scoring few elements.
    if x.len() <= SHORT {
        score_blocks::<M, T, P, F, _, SHORT>(parameters, x)
    } else {
        score_blocks::<M, T, P, F, _, LANES>(parameters, x)
    }
}

/// The same, from statistics of the observations where they are known.
#[inline]
pub fn score_reduced<
    M: Mode,
    T: ScalarLatent,
    const P: usize,
    F: Family<P>,
    Ps: Parameters<M, P>,
>(
    parameters: &Ps,
    x: &[T],
    reducing: &mut Reducing<'_>,
) -> Real<M> {
    if !F::REDUCES || Ps::CONSTANT[0] {
        return score::<M, T, P, F>(parameters, x);
    }
    if M::SYMBOLIC {
        let mut learner = Learner::default();
        // Elements of a product are affine in its vector, whoever computes them.
        let before = M::library(false);
        for (i, x) in x.iter().enumerate() {
            let p = parameters.at(i);
            learner.element::<M>(p[0], p[P - 1], x.number());
            learner.scale::<M>(p[P - 1]);
        }
        M::library(before);
        let mut site = learner.finish();
        if let Some(site) = &mut site {
            parameters.keep(site.begin_kept());
        }
        reducing.learned(site);
        return Real::constant(0.0);
    }
    match reducing.next(x.len()) {
        Some(site) => match site.scales() {
            Some(scales) if x.len() <= SHORT => {
                with_scales::<M, T, P, F, Ps, SHORT>(parameters, x, scales)
            }
            Some(scales) => with_scales::<M, T, P, F, Ps, LANES>(parameters, x, scales),
            None => pivots::<M, P, F, Ps>(parameters, site),
        },
        None => score::<M, T, P, F>(parameters, x),
    }
}

/// The score of elements whose scales are known.
#[inline]
fn with_scales<
    M: Mode,
    T: ScalarLatent,
    const P: usize,
    F: Family<P>,
    Ps: Parameters<M, P>,
    const N: usize,
>(
    parameters: &Ps,
    x: &[T],
    scales: &Scales,
) -> Real<M> {
    let mut points = [0.0; N];
    let mut p = [[0.0; N]; P];
    let mut by = [0.0; N];
    let none: [&[f64]; P] = [&[]; P];
    let mut lift = M::Lift::begin();
    let mut sum = scales.value;
    for ((block, x), inverse) in x.chunks(N).enumerate().zip(scales.inverse.chunks(N)) {
        let (start, n) = (block * N, x.len());
        let points = T::numbers(x, &mut points[..n]);
        let columns = parameters.columns(start, p.each_mut().map(|row| &mut row[..n]));
        let by = &mut by[..if M::GRADIENT { n } else { 0 }];
        sum += F::by_inverse_scales(points, columns[0], inverse, by);
        if M::GRADIENT {
            let mut partials = none;
            partials[0] = by;
            parameters.push(start, &columns, &partials, &mut lift);
        }
    }
    lift.finish(sum)
}

/// The score from the pivots.
fn pivots<M: Mode, const P: usize, F: Family<P>, Ps: Parameters<M, P>>(
    parameters: &Ps,
    site: &Reduction,
) -> Real<M> {
    let mut sum = 0.0;
    let mut lift = M::Lift::begin();
    // Cleared once: each block writes all that it reads.
    let mut p = [[0.0; LANES]; P];
    let mut partials = [[0.0; LANES]; P];
    for block in 0..site.blocks() {
        let picked = site.picked(block);
        // Of one scale for all elements the first is enough.
        let mut lengths = [picked.places.len().min(LANES); P];
        if P > 1 && site.has_one_scale() {
            lengths[P - 1] = lengths[P - 1].min(1);
        }
        parameters.columns_of(picked, fronts(&mut p, lengths));
        let columns = std::array::from_fn(|k| &p[k][..lengths[k]]);
        let rows = &mut fronts(&mut partials, lengths);
        sum += F::reduced(site.block(block), &columns, rows);
        if M::GRADIENT {
            let by = std::array::from_fn(|k| &partials[k][..lengths[k]]);
            parameters.push_of(picked, &by, &mut lift);
        }
    }
    lift.finish(sum)
}

/// The beginnings of rows.
#[inline]
fn fronts<const P: usize>(rows: &mut [[f64; LANES]; P], lengths: [usize; P]) -> [&mut [f64]; P] {
    let mut k = 0;
    rows.each_mut().map(|row| {
        k += 1;
        &mut row[..lengths[k - 1]]
    })
}

const SHORT: usize = 8;

#[inline]
fn score_blocks<
    M: Mode,
    T: ScalarLatent,
    const P: usize,
    F: Family<P>,
    Ps: Parameters<M, P>,
    const N: usize,
>(
    parameters: &Ps,
    x: &[T],
) -> Real<M> {
    let mut points = [0.0; N];
    let mut p = [[0.0; N]; P];
    let mut partials = [[0.0; N]; P];
    let mut sum: Option<Real<M>> = None;
    for (block, chunk) in x.chunks(N).enumerate() {
        let (start, n) = (block * N, chunk.len());
        let points = T::numbers(chunk, &mut points[..n]);
        let columns = parameters.columns(start, p.each_mut().map(|row| &mut row[..n]));
        let one = if M::GRADIENT {
            let mut k = 0;
            let mut rows = partials.each_mut().map(|row| {
                let unwanted = F::LEAVES_OUT && Ps::CONSTANT[k];
                k += 1;
                &mut row[..if unwanted { 0 } else { n }]
            });
            let value = F::block_partials(points, &columns, &mut rows);
            let mut lift = M::Lift::begin();
            parameters.push(
                start,
                &columns,
                &std::array::from_fn(|k| &partials[k][..n]),
                &mut lift,
            );
            lift.finish(value)
        } else {
            Real::constant(F::block(points, &columns))
        };
        sum = Some(sum.map_or(one, |s| s + one));
    }
    sum.unwrap_or_else(|| Real::constant(0.0))
}

/// Σ ln p_i(x\[i\]) of latents.
#[inline]
pub fn log_prob<M: Mode, T: ScalarLatent, const P: usize, F: Family<P>>(
    parameters: &impl Parameters<M, P>,
    x: &[T::At<'_, M>],
) -> Real<M> {
    let mut p = [[0.0; 1]; P];
    let mut lift = M::Lift::begin();
    let mut sum = 0.0;
    for (i, x) in x.iter().enumerate() {
        let x = T::real::<M>(x);
        let room = p.each_mut().map(|row| &mut row[..]);
        let columns = parameters.columns(i, room);
        let values = columns.map(|column| column[0]);
        if M::GRADIENT {
            let one = F::partials(x.value(), &values);
            sum += one.value;
            lift.push(x, one.point);
            let partials = one.parameters.map(|q| [q]);
            let partials = std::array::from_fn(|k| &partials[k][..]);
            parameters.push(i, &columns, &partials, &mut lift);
        } else {
            sum += F::log_density(x.value(), &values);
        }
    }
    lift.finish(sum)
}

/// The values of a vector of parameters if they are constants.
pub fn constant<M: Mode, T: Operands<M>>(x: &T, n: usize) -> Option<Vec<f64>> {
    T::CONSTANT.then(|| {
        let mut v = vec![0.0; n];
        x.fill(0, &mut v);
        v
    })
}

/// Looks for an invalid parameter among those that are constants.
pub fn check_constants<const P: usize, F: Family<P>>(
    p: &[f64; P],
    constant: &[bool; P],
    report: &mut Report,
) {
    if let Err(invalid) = F::check(p)
        && constant[invalid.parameter]
    {
        report.problem(Problem::Parameter {
            family: F::NAME,
            parameter: F::PARAMETERS[invalid.parameter],
            value: p[invalid.parameter],
            requirement: invalid.requirement,
        });
    }
}
