//! The same densities with analytic gradients by hand, compiled for the machine's instruction set, on the array
//! kernels that the library uses.

use ppl::real::kernels::{self, LANES, Level, Strided};

const LN_SQRT_2PI: f64 = 0.918_938_533_204_672_8;

/// Calls a function compiled for AVX-512, AVX2 or the baseline.
macro_rules! fastest {
    (pub fn $name:ident $(<const $n:ident: usize>)? = $body:ident($($arg:ident: $type:ty),* $(,)?)) => {
        pub fn $name $(<const $n: usize>)? ($($arg: $type),*) -> f64 {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx2,fma")]
                fn avx512 $(<const $n: usize>)? ($($arg: $type),*) -> f64 { $body($($arg),*) }
                #[target_feature(enable = "avx2,fma")]
                fn avx2 $(<const $n: usize>)? ($($arg: $type),*) -> f64 { $body($($arg),*) }
                match kernels::level() {
                    // SAFETY: the machine has the features.
                    Level::Avx512 => return unsafe { avx512($($arg),*) },
                    // SAFETY: as above.
                    Level::Avx2 => return unsafe { avx2($($arg),*) },
                    Level::Baseline => {}
                }
            }
            $body($($arg),*)
        }
    };
}

/// ln N(x; m, s), with ∂/∂x.
fn normal(x: f64, m: f64, s: f64) -> (f64, f64) {
    let z = (x - m) / s;
    (-0.5 * z * z - s.ln() - LN_SQRT_2PI, -z / s)
}

/// A half-normal scale on the line: value with Jacobian, and ∂/∂u.
fn half_normal_line(s: f64, width: f64) -> (f64, f64) {
    let z = s / width;
    let value = 2f64.ln() - 0.5 * z * z - width.ln() - LN_SQRT_2PI + s.ln();
    (value, 1.0 - z * z)
}

#[inline(always)]
fn logistic_body<const P: usize>(
    x: &[[f64; P]],
    y: &[bool],
    intercept_scale: f64,
    u: &[f64],
    gradient: &mut [f64],
) -> f64 {
    let coefs: &[f64; P] = u[..P].try_into().expect("P coefficients");
    let (mut g, mut g_intercept, mut sum) = ([0.0; P], 0.0, 0.0);
    for k in 0..P {
        let (v, d) = normal(u[k], 0.0, 1.0);
        sum += v;
        g[k] = d;
    }
    let (v, d) = normal(u[P], 0.0, intercept_scale);
    sum += v;
    let (mut points, mut logits, mut slopes) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
    for (x, y) in x.chunks(LANES).zip(y.chunks(LANES)) {
        let n = x.len();
        for i in 0..n {
            points[i] = f64::from(u8::from(y[i]));
        }
        logits.fill(u[P]);
        if P >= 8 {
            kernels::rows_times(x.as_flattened(), P, coefs, &mut logits[..n]);
        } else {
            for i in 0..n {
                for k in 0..P {
                    logits[i] += x[i][k] * coefs[k];
                }
            }
        }
        sum += kernels::bernoulli_logit_partials(&points[..n], &logits[..n], &mut slopes[..n]);
        if P >= 8 {
            kernels::rows_weighted(x.as_flattened(), P, &slopes[..n], &mut g);
        } else {
            for i in 0..n {
                for k in 0..P {
                    g[k] += slopes[i] * x[i][k];
                }
            }
        }
        g_intercept += slopes[..n].iter().sum::<f64>();
    }
    gradient[..P].copy_from_slice(&g);
    gradient[P] = d + g_intercept;
    sum
}
fastest!(pub fn logistic<const P: usize> = logistic_body(
    x: &[[f64; P]], y: &[bool], intercept_scale: f64, u: &[f64], gradient: &mut [f64],
));

#[inline(always)]
fn hierarchical_body(group: &[usize], y: &[f64], u: &[f64], gradient: &mut [f64]) -> f64 {
    let (mean, spread) = (u[0], u[1].exp());
    let theta: &[f64; 8] = u[2..10].try_into().expect("eight groups");
    let (v, d) = normal(mean, 0.0, 5.0);
    let (w, e) = half_normal_line(spread, 5.0);
    let mut sum = v + w;
    (gradient[0], gradient[1]) = (d, e);
    let mut g = [0.0; 8];
    for j in 0..8 {
        let z = (theta[j] - mean) / spread;
        sum += -0.5 * z * z - spread.ln() - LN_SQRT_2PI;
        g[j] = -z / spread;
        gradient[0] += z / spread;
        gradient[1] += z * z - 1.0;
    }
    let (mut squares, mut slopes) = ([0.0; 8], [0.0; LANES]);
    for (group, y) in group.chunks(LANES).zip(y.chunks(LANES)) {
        for i in 0..y.len() {
            let r = y[i] - theta[group[i] & 7];
            squares[i % 8] += r * r;
            slopes[i] = r;
        }
        for i in 0..y.len() {
            g[group[i] & 7] += slopes[i];
        }
    }
    gradient[2..10].copy_from_slice(&g);
    sum - 0.5 * squares.iter().sum::<f64>() - y.len() as f64 * LN_SQRT_2PI
}
fastest!(pub fn hierarchical = hierarchical_body(
    group: &[usize], y: &[f64], u: &[f64], gradient: &mut [f64],
));

#[inline(always)]
fn eight_schools_body(y: &[f64; 8], error: &[f64; 8], u: &[f64], gradient: &mut [f64]) -> f64 {
    let (mean, spread) = (u[0], u[1].exp());
    let (v, d) = normal(mean, 0.0, 5.0);
    let t = spread / 5.0;
    let mut sum = v + (2.0 / std::f64::consts::PI).ln() - 5f64.ln() - (t * t).ln_1p() + u[1];
    (gradient[0], gradient[1]) = (d, 1.0 - 2.0 * t * t / (1.0 + t * t));
    let mut by_spread = 0.0;
    for j in 0..8 {
        let raw = u[2 + j];
        let r = 1.0 / error[j];
        let z = (y[j] - mean - spread * raw) * r;
        sum += -0.5 * (z * z + raw * raw) - error[j].ln() - 2.0 * LN_SQRT_2PI;
        gradient[0] += z * r;
        by_spread += z * r * raw;
        gradient[2 + j] = z * r * spread - raw;
    }
    gradient[1] += by_spread * spread;
    sum
}
fastest!(pub fn eight_schools = eight_schools_body(
    y: &[f64; 8], error: &[f64; 8], u: &[f64], gradient: &mut [f64],
));

/// A simplex by stick-breaking; returns the log Jacobian.
fn simplex<const N: usize>(u: &[f64], x: &mut [f64; N], z: &mut [f64; N]) -> f64 {
    let (mut rest, mut jacobian) = (1.0, 0.0);
    for k in 0..N - 1 {
        z[k] = 1.0 / (1.0 + ((N - 1 - k) as f64).ln().exp() * (-u[k]).exp());
        x[k] = z[k] * rest;
        jacobian += f64::ln(z[k] * (1.0 - z[k]) * rest);
        rest *= 1.0 - z[k];
    }
    x[N - 1] = rest;
    jacobian
}

/// The chain rule of [`simplex`], its Jacobian included.
fn simplex_back<const N: usize>(x: &[f64; N], z: &[f64; N], by: &[f64; N], gradient: &mut [f64]) {
    let mut by_rest = by[N - 1];
    for k in (0..N - 1).rev() {
        let rest = x[k] / z[k];
        let by_z = (by[k] - by_rest) * rest + 1.0 / z[k] - 1.0 / (1.0 - z[k]);
        by_rest = by[k] * z[k] + by_rest * (1.0 - z[k]) + 1.0 / rest;
        gradient[k] = by_z * z[k] * (1.0 - z[k]);
    }
}

#[inline(always)]
fn mixture_body(y: &[f64], u: &[f64], gradient: &mut [f64]) -> f64 {
    let (mut w, mut sticks) = ([0.0; 3], [0.0; 3]);
    let mut sum = simplex(&u[..2], &mut w, &mut sticks) + 2f64.ln();
    let means: [f64; 3] = u[2..5].try_into().expect("three means");
    let scale = u[5].exp();
    for k in 0..3 {
        let (v, d) = normal(means[k], 0.0, 10.0);
        sum += v;
        gradient[2 + k] = d;
    }
    let (v, d) = half_normal_line(scale, 5.0);
    sum += v;
    gradient[5] = d;
    let r = 1.0 / scale;
    let offsets = w.map(|w| w.ln() - scale.ln() - LN_SQRT_2PI);
    let (mut by_w, mut by_mean, mut by_scale) = ([[0.0; 8]; 3], [[0.0; 8]; 3], [0.0; 8]);
    let (mut terms, mut z) = ([[0.0; LANES]; 3], [[0.0; LANES]; 3]);
    for y in y.chunks(LANES) {
        let n = y.len();
        for k in 0..3 {
            for i in 0..n {
                z[k][i] = (y[i] - means[k]) * r;
                terms[k][i] = offsets[k] - 0.5 * z[k][i] * z[k][i];
            }
        }
        sum += kernels::log_sum_exp_lanes(&mut terms, n);
        for k in 0..3 {
            for i in 0..n {
                by_w[k][i % 8] += terms[k][i];
                by_mean[k][i % 8] += terms[k][i] * z[k][i];
                by_scale[i % 8] += terms[k][i] * z[k][i] * z[k][i];
            }
        }
    }
    let total = |v: &[f64; 8]| v.iter().sum::<f64>();
    for k in 0..3 {
        gradient[2 + k] += total(&by_mean[k]) * r;
    }
    gradient[5] += total(&by_scale) - y.len() as f64;
    let by: [f64; 3] = std::array::from_fn(|k| total(&by_w[k]) / w[k]);
    simplex_back(&w, &sticks, &by, &mut gradient[..2]);
    sum
}
fastest!(pub fn mixture = mixture_body(y: &[f64], u: &[f64], gradient: &mut [f64]));

/// Forward and backward, scaled at each step (Rabiner 1989).
#[inline(always)]
fn chain_body(y: &[f64], u: &[f64], gradient: &mut [f64]) -> f64 {
    let (mut rows, mut sticks) = ([[0.0; 4]; 4], [[0.0; 4]; 4]);
    let mut sum = 0.0;
    for j in 0..4 {
        sum += simplex(&u[3 * j..3 * j + 3], &mut rows[j], &mut sticks[j]) + 6f64.ln();
    }
    let means: [f64; 4] = u[12..16].try_into().expect("four means");
    let scale = u[16].exp();
    for k in 0..4 {
        let (v, d) = normal(means[k], 0.0, 5.0);
        sum += v;
        gradient[12 + k] = d;
    }
    let (v, d) = half_normal_line(scale, 5.0);
    sum += v;
    gradient[16] = d;
    let r = 1.0 / scale;
    sum -= y.len() as f64 * (scale.ln() + LN_SQRT_2PI);
    let mut forward = vec![[0.0; 4]; y.len() + 1];
    let (mut z, mut likelihood) = (vec![[0.0; 4]; y.len()], vec![[0.0; 4]; y.len()]);
    forward[0] = [1.0, 0.0, 0.0, 0.0];
    let mut scales = vec![0.0; y.len()];
    for t in 0..y.len() {
        for k in 0..4 {
            z[t][k] = (y[t] - means[k]) * r;
            likelihood[t][k] = -0.5 * z[t][k] * z[t][k];
        }
        let top = likelihood[t]
            .iter()
            .copied()
            .fold(f64::NEG_INFINITY, f64::max);
        sum += top;
        let mut next = [0.0; 4];
        for k in 0..4 {
            likelihood[t][k] = (likelihood[t][k] - top).exp();
            for j in 0..4 {
                next[k] += forward[t][j] * rows[j][k];
            }
            next[k] *= likelihood[t][k];
        }
        let total: f64 = next.iter().sum();
        sum += total.ln();
        scales[t] = 1.0 / total;
        forward[t + 1] = next.map(|a| a * scales[t]);
    }
    let mut back = [1.0; 4];
    let (mut by_rows, mut by_means, mut by_scale) = ([[0.0; 4]; 4], [0.0; 4], 0.0);
    for t in (0..y.len()).rev() {
        let mut into = [0.0; 4];
        for k in 0..4 {
            let share = forward[t + 1][k] * back[k];
            by_means[k] += share * z[t][k];
            by_scale += share * z[t][k] * z[t][k];
            into[k] = likelihood[t][k] * back[k] * scales[t];
        }
        let mut before = [0.0; 4];
        for j in 0..4 {
            for k in 0..4 {
                by_rows[j][k] += forward[t][j] * into[k];
                before[j] += rows[j][k] * into[k];
            }
        }
        back = before;
    }
    for j in 0..4 {
        simplex_back(
            &rows[j],
            &sticks[j],
            &by_rows[j],
            &mut gradient[3 * j..3 * j + 3],
        );
        gradient[12 + j] += by_means[j] * r;
    }
    gradient[16] += by_scale - y.len() as f64;
    sum
}
fastest!(pub fn chain = chain_body(y: &[f64], u: &[f64], gradient: &mut [f64]));

#[inline(always)]
fn process_body(x: &[f64], y: &[f64], u: &[f64], gradient: &mut [f64]) -> f64 {
    let n = y.len();
    let [amplitude, length, noise] = [u[0].exp(), u[1].exp(), u[2].exp()];
    let mut sum = 0.0;
    for (k, (s, width)) in [(amplitude, 2.0), (length, 2.0), (noise, 1.0)]
        .into_iter()
        .enumerate()
    {
        let (v, d) = half_normal_line(s, width);
        sum += v;
        gradient[k] = d;
    }
    let (mut k, mut squares) = (vec![0.0; n * n], vec![0.0; n * n]);
    for i in 0..n {
        for j in i..n {
            squares[i * n + j] = ((x[i] - x[j]) / length).powi(2);
            k[i * n + j] = -0.5 * squares[i * n + j];
        }
        kernels::exp(&mut k[i * n + i..(i + 1) * n]);
        for j in i..n {
            k[i * n + j] *= amplitude * amplitude;
        }
    }
    let (mut c, mut weights) = (k.clone(), vec![0.0; n]);
    for i in 0..n {
        c[i * n + i] += noise * noise;
    }
    assert!(kernels::cholesky(&mut c, &mut weights, n));
    let (mut root, mut inverse) = (vec![0.0; n * n], vec![0.0; n * n]);
    kernels::invert(&c, &mut root, &mut inverse, &mut weights, n);
    let mut alpha = vec![0.0; n];
    for i in 0..n {
        let z: f64 = (0..=i).map(|j| root[i * n + j] * y[j]).sum();
        sum += -0.5 * z * z - c[i * n + i].ln() - LN_SQRT_2PI;
        for j in 0..=i {
            alpha[j] += root[i * n + j] * z;
        }
    }
    for i in 0..n {
        let (mut by_amplitude, mut by_length) = ([0.0; 8], [0.0; 8]);
        let diagonal = alpha[i] * alpha[i] - inverse[i * n + i];
        gradient[0] += diagonal * k[i * n + i];
        gradient[2] += diagonal * noise * noise;
        for j in i + 1..n {
            let a = (alpha[i] * alpha[j] - inverse[j * n + i]) * k[i * n + j];
            by_amplitude[j % 8] += a;
            by_length[j % 8] += a * squares[i * n + j];
        }
        gradient[0] += 2.0 * by_amplitude.iter().sum::<f64>();
        gradient[1] += by_length.iter().sum::<f64>();
    }
    sum
}
fastest!(pub fn process = process_body(x: &[f64], y: &[f64], u: &[f64], gradient: &mut [f64]));

#[inline(always)]
fn network_body(x: &[[f64; 13]], y: &[f64], u: &[f64], gradient: &mut [f64]) -> f64 {
    const HIDDEN: usize = 50;
    const PADDED: usize = 56;
    let mut sum = 0.0;
    for (g, u) in gradient.iter_mut().zip(&u[..751]) {
        sum += -0.5 * u * u - LN_SQRT_2PI;
        *g = -u;
    }
    let noise = u[751].exp();
    let (v, d) = half_normal_line(noise, 1.0);
    sum += v;
    // By input, so that the units run in lanes, and padded to whole lanes.
    let mut weights = [[0.0; PADDED]; 13];
    let (mut bias, mut output) = ([0.0; PADDED], [0.0; PADDED]);
    for j in 0..HIDDEN {
        for k in 0..13 {
            weights[k][j] = u[13 * j + k];
        }
    }
    bias[..HIDDEN].copy_from_slice(&u[650..700]);
    output[..HIDDEN].copy_from_slice(&u[700..750]);
    let mut by_weights = [[0.0; PADDED]; 13];
    let (mut by_bias, mut by_output) = ([0.0; PADDED], [0.0; PADDED]);
    let (mut by_last, mut by_noise) = (0.0, 0.0);
    let (mut units, mut slopes) = ([[0.0; PADDED]; LANES], [[0.0; PADDED]; LANES]);
    let mut means = [0.0; LANES];
    for (x, y) in x.chunks(LANES).zip(y.chunks(LANES)) {
        let n = x.len();
        let (units, slopes) = (&mut units[..n], &mut slopes[..n]);
        units.fill(bias);
        let rows = Strided {
            numbers: x.as_flattened(),
            by_row: 13,
            by_column: 1,
        };
        let sizes = [n, 13, PADDED];
        kernels::add_product(
            rows,
            weights.as_flattened(),
            units.as_flattened_mut(),
            sizes,
        );
        kernels::tanh(units.as_flattened_mut(), slopes.as_flattened_mut());
        means.fill(u[750]);
        kernels::rows_times(units.as_flattened(), PADDED, &output, &mut means[..n]);
        for (mean, y) in means.iter_mut().zip(y) {
            let z = (y - *mean) / noise;
            sum += -0.5 * z * z - u[751] - LN_SQRT_2PI;
            *mean = z / noise;
            by_last += *mean;
            by_noise += z * z - 1.0;
        }
        kernels::rows_weighted(units.as_flattened(), PADDED, &means[..n], &mut by_output);
        for (slopes, by_mean) in slopes.iter_mut().zip(&means) {
            for j in 0..PADDED {
                slopes[j] *= by_mean * output[j];
                by_bias[j] += slopes[j];
            }
        }
        let columns = Strided {
            by_row: 1,
            by_column: 13,
            ..rows
        };
        let sizes = [13, n, PADDED];
        kernels::add_product(
            columns,
            slopes.as_flattened(),
            by_weights.as_flattened_mut(),
            sizes,
        );
    }
    for j in 0..HIDDEN {
        for k in 0..13 {
            gradient[13 * j + k] += by_weights[k][j];
        }
        gradient[650 + j] += by_bias[j];
        gradient[700 + j] += by_output[j];
    }
    gradient[750] += by_last;
    gradient[751] = d + by_noise;
    sum
}
fastest!(pub fn network = network_body(x: &[[f64; 13]], y: &[f64], u: &[f64], gradient: &mut [f64]));
