"""Writes distributions.json: log densities, partials, distribution functions and quantiles to 40 digits or more.

Every log density is the textbook formula, written without regard to cancellation and evaluated at 50 digits;
partials are numerical derivatives of it at that precision (mpmath.diff). Numbers are strings, so that a reader's
decimal conversion is the only one.
Run:  python3 make_reference.py          all families
      python3 make_reference.py gumbel   those named, the others as they are
"""
import json
import pathlib
import sys

from mpmath import mp, mpf

from incomplete import beta_tails, gamma_tails

mp.dps = 50
lg = mp.loggamma
ln = mp.log


def number(x):
    return repr(float(x))


def phi(z):
    return mp.erfc(-z / mp.sqrt(2)) / 2


def student_cdf(x, v, m, s):
    z = (x - m) / s
    tail = beta_tails(v / 2, mpf(0.5), v / (v + z * z), z * z / (v + z * z))[0] / 2 if z else mpf(0.5)
    return tail if z < 0 else 1 - tail


def choose(n, k):
    return lg(n + 1) - lg(k + 1) - lg(n - k + 1)


def expit(l):
    return 1 / (1 + mp.exp(-l))


def ladder(k, down, up, ln_p):
    """P(X <= k) by summing probabilities away from k, on the side where they fall."""
    total, term, j, falling = mpf(0), mp.exp(ln_p(k)), k, down(k) < 1
    if not falling:
        term, j = term * up(k), k + 1
    while term > total * mpf(10) ** -40:
        total += term
        term, j = (term * down(j), j - 1) if falling else (term * up(j), j + 1)
    return total if falling else 1 - total


def binomial_cdf(k, n, p):
    return ladder(k, lambda j: j / (n - j + 1) * (1 - p) / p, lambda j: (n - j) / (j + 1) * p / (1 - p),
                  lambda j: choose(n, j) + j * ln(p) + (n - j) * mp.log1p(-p))


def binomial_logit_cdf(k, n, l):
    with mp.workdps(700):
        return binomial_cdf(k, n, expit(l))


def poisson_cdf(k, r):
    return ladder(k, lambda j: j / r, lambda j: r / (j + 1), lambda j: j * ln(r) - r - lg(j + 1))


def logistic_cdf(z):
    return 1 / (1 + mp.exp(-z))


def soft_laplace_cdf(x, m, s):
    return 2 / mp.pi * mp.atan(mp.exp((x - m) / s))


def asymmetric_laplace(x, m, s, k):
    return -abs(x - m) / (s * k if x < m else s / k) - ln(s * (k + 1 / k))


def asymmetric_laplace_cdf(x, m, s, k):
    z = (x - m) / s
    return k**2 / (1 + k**2) * mp.exp(z / k) if z < 0 else 1 - mp.exp(-k * z) / (1 + k**2)


def triangular(x, a, c, b):
    return ln(2 * (x - a) / (b - a) / (c - a)) if x < c else ln(2 * (b - x) / (b - a) / (b - c))


def triangular_cdf(x, a, c, b):
    return (x - a) ** 2 / (b - a) / (c - a) if x < c else 1 - (b - x) ** 2 / (b - a) / (b - c)


def power_integral(e, a, b):
    return ln(b / a) if e == -1 else (b ** (e + 1) - a ** (e + 1)) / (e + 1)


def von_mises_cdf(x, m, k):
    # In short pieces: a tail falls by many powers of e within a standard deviation.
    with mp.workdps(30):
        step = 1 / (20 * mp.sqrt(k)) if k > 1 else mpf(1)
        start = -mp.pi if k < 100 else max(-mp.pi, x - 300 * step)
        count = int((x - start) / step) + 1
        f = lambda t: mp.exp(k * (mp.cos(t - m) - 1))
        return mp.quad(f, [start + (x - start) * j / count for j in range(count + 1)], method="gauss-legendre") / (2 * mp.pi * mp.besseli(0, k) * mp.exp(-k))


def negative_binomial(k, n, p, q):
    return lg(n + k) - lg(n) - lg(k + 1) + n * ln(p) + k * ln(q)


def negative_binomial_cdf(k, n, p, q):
    return beta_tails(n, k + 1, p, q)[0]


def beta_binomial(k, n, a, b):
    return choose(n, k) + lg(k + a) + lg(n - k + b) - lg(n + a + b) - lg(a) - lg(b) + lg(a + b)


def beta_binomial_cdf(k, n, a, b):
    term, total = mp.exp(beta_binomial(k, n, a, b)), mpf(0)
    for j in range(int(k), -1, -1):
        total += term
        term *= j / (n - j + 1) * (n - j + b) / (j - 1 + a) if j else 0
    return total


def beta_negative_binomial(k, n, a, b):
    return lg(n + k) - lg(n) - lg(k + 1) + lg(a + n) + lg(b + k) - lg(a + n + b + k) - lg(a) - lg(b) + lg(a + b)


def beta_negative_binomial_cdf(k, n, a, b):
    term, total = mp.exp(beta_negative_binomial(mpf(0), n, a, b)), mpf(0)
    for j in range(int(k) + 1):
        total += term
        term *= (n + j) / (j + 1) * (b + j) / (a + n + b + j)
    return total


def odd_series(f):
    return mp.fsum((-1) ** j * f(mpf(2 * j + 1)) for j in range(60))


def polya_gamma(x):
    return ln(odd_series(lambda m: m * mp.exp(-m * m / (8 * x)) / mp.sqrt(2 * mp.pi * x**3)) if x < 0.5 else 2 * mp.pi * odd_series(lambda m: m * mp.exp(-mp.pi**2 * m * m * x / 2)))


def polya_gamma_cdf(x):
    return odd_series(lambda m: 2 * mp.erfc(m / mp.sqrt(8 * x))) if x < 0.5 else 1 - odd_series(lambda m: 4 / (mp.pi * m) * mp.exp(-mp.pi**2 * m * m * x / 2))


# name: (log density, cdf, is discrete)
FAMILIES = {
    "normal": (lambda x, m, s: -((x - m) / s) ** 2 / 2 - ln(s) - ln(2 * mp.pi) / 2, lambda x, m, s: phi((x - m) / s), False),
    "half_normal": (lambda x, s: ln(2) - (x / s) ** 2 / 2 - ln(s) - ln(2 * mp.pi) / 2, lambda x, s: mp.erf(x / s / mp.sqrt(2)), False),
    "log_normal": (lambda x, m, s: -((ln(x) - m) / s) ** 2 / 2 - ln(x) - ln(s) - ln(2 * mp.pi) / 2, lambda x, m, s: phi((ln(x) - m) / s), False),
    "student_t": (
        lambda x, v, m, s: lg((v + 1) / 2) - lg(v / 2) - ln(v * mp.pi) / 2 - ln(s) - (v + 1) / 2 * mp.log1p(((x - m) / s) ** 2 / v),
        student_cdf, False),
    "cauchy": (lambda x, m, s: -ln(mp.pi * s * (1 + ((x - m) / s) ** 2)), lambda x, m, s: mp.atan2(s, m - x) / mp.pi, False),
    "half_cauchy": (lambda x, s: ln(2) - ln(mp.pi * s * (1 + (x / s) ** 2)), lambda x, s: 2 * mp.atan(x / s) / mp.pi, False),
    "uniform": (lambda x, a, b: -ln(b - a) + 0 * x, lambda x, a, b: (x - a) / (b - a), False),
    "exponential": (lambda x, r: ln(r) - r * x, lambda x, r: -mp.expm1(-r * x), False),
    "gamma": (lambda x, a, r: a * ln(r) + (a - 1) * ln(x) - r * x - lg(a), lambda x, a, r: gamma_tails(a, r * x)[0], False),
    "inverse_gamma": (lambda x, a, b: a * ln(b) - (a + 1) * ln(x) - b / x - lg(a), lambda x, a, b: gamma_tails(a, b / x)[1], False),
    "beta": (lambda x, a, b: (a - 1) * ln(x) + (b - 1) * mp.log1p(-x) - lg(a) - lg(b) + lg(a + b), lambda x, a, b: beta_tails(a, b, x, 1 - x)[0], False),
    "laplace": (lambda x, m, s: -abs(x - m) / s - ln(2 * s), lambda x, m, s: mp.exp((x - m) / s) / 2 if x < m else 1 - mp.exp((m - x) / s) / 2, False),
    "bernoulli": (lambda x, p: x * ln(p) + (1 - x) * mp.log1p(-p), lambda x, p: 1 - p if x == 0 else mpf(1), True),
    "bernoulli_logit": (lambda x, l: x * ln(expit(l)) + (1 - x) * ln(expit(-l)), lambda x, l: expit(-l) if x == 0 else mpf(1), True),
    "binomial": (lambda k, n, p: choose(n, k) + k * ln(p) + (n - k) * mp.log1p(-p), binomial_cdf, True),
    "binomial_logit": (lambda k, n, l: choose(n, k) + k * ln(expit(l)) + (n - k) * ln(expit(-l)), binomial_logit_cdf, True),
    "poisson": (lambda k, r: k * ln(r) - r - lg(k + 1), poisson_cdf, True),
    "poisson_log": (lambda k, l: k * l - mp.exp(l) - lg(k + 1), lambda k, l: poisson_cdf(k, mp.exp(l)), True),
    "chi2": (lambda x, v: (v / 2 - 1) * ln(x) - x / 2 - v / 2 * ln(2) - lg(v / 2), lambda x, v: gamma_tails(v / 2, x / 2)[0], False),
    "beta_proportion": (lambda x, m, c: (m * c - 1) * ln(x) + ((1 - m) * c - 1) * mp.log1p(-x) - lg(m * c) - lg((1 - m) * c) + lg(c),
                        lambda x, m, c: beta_tails(m * c, (1 - m) * c, x, 1 - x)[0], False),
    "weibull": (lambda x, k, s: ln(k / s) + (k - 1) * ln(x / s) - (x / s) ** k, lambda x, k, s: -mp.expm1(-((x / s) ** k)), False),
    "gumbel": (lambda x, m, s: -(x - m) / s - mp.exp(-(x - m) / s) - ln(s), lambda x, m, s: mp.exp(-mp.exp(-(x - m) / s)), False),
    "logistic": (lambda x, m, s: -(x - m) / s - ln(s) - 2 * ln(1 + mp.exp(-(x - m) / s)), lambda x, m, s: logistic_cdf((x - m) / s), False),
    "pareto": (lambda x, m, a: ln(a) + a * ln(m) - (a + 1) * ln(x), lambda x, m, a: -mp.expm1(a * ln(m / x)), False),
    "log_uniform": (lambda x, a, b: -ln(x) - ln(ln(b / a)), lambda x, a, b: ln(x / a) / ln(b / a), False),
    "kumaraswamy": (lambda x, a, b: ln(a * b) + (a - 1) * ln(x) + (b - 1) * ln(1 - x**a), lambda x, a, b: -mp.expm1(b * mp.log1p(-(x**a))), False),
    "triangular": (triangular, triangular_cdf, False),
    "asymmetric_laplace": (asymmetric_laplace, asymmetric_laplace_cdf, False),
    "soft_laplace": (lambda x, m, s: ln(2 / (mp.pi * s * (mp.exp((x - m) / s) + mp.exp(-(x - m) / s)))), soft_laplace_cdf, False),
    "levy": (lambda x, m, s: ln(s / (2 * mp.pi)) / 2 - s / 2 / (x - m) - ln(x - m) * 3 / 2, lambda x, m, s: mp.erfc(mp.sqrt(s / 2 / (x - m))), False),
    "gompertz": (lambda x, c, r: ln(c * r) + r * x - c * mp.expm1(r * x), lambda x, c, r: -mp.expm1(-c * mp.expm1(r * x)), False),
    "dagum": (lambda x, p, a, b: ln(a * p / x) + a * p * ln(x / b) - (p + 1) * ln(1 + (x / b) ** a), lambda x, p, a, b: (1 + (x / b) ** (-a)) ** (-p), False),
    "relaxed_bernoulli": (lambda x, l, t: ln(t) + l - (t + 1) * ln(x) + (t - 1) * ln(1 - x) - 2 * ln(1 + mp.exp(l) * (x / (1 - x)) ** (-t)),
                          lambda x, l, t: logistic_cdf(t * ln(x / (1 - x)) - l), False),
    "lower_truncated_power_law": (lambda x, e, a: e * ln(x) + ln(-1 - e) - (e + 1) * ln(a), lambda x, e, a: -mp.expm1((e + 1) * ln(x / a)), False),
    "doubly_truncated_power_law": (lambda x, e, a, b: e * ln(x) - ln(power_integral(e, a, b)), lambda x, e, a, b: power_integral(e, a, x) / power_integral(e, a, b), False),
    "von_mises": (lambda x, m, k: k * mp.cos(x - m) - ln(2 * mp.pi * mp.besseli(0, k)), von_mises_cdf, False),
    "geometric": (lambda k, p: k * mp.log1p(-p) + ln(p), lambda k, p: 1 - (1 - p) ** (k + 1), True),
    "negative_binomial": (lambda k, n, p: negative_binomial(k, n, p, 1 - p), lambda k, n, p: negative_binomial_cdf(k, n, p, 1 - p), True),
    "negative_binomial_mean": (lambda k, m, d: negative_binomial(k, d, d / (m + d), m / (m + d)), lambda k, m, d: negative_binomial_cdf(k, d, d / (m + d), m / (m + d)), True),
    "negative_binomial_log_mean": (lambda k, l, d: negative_binomial(k, d, d / (mp.exp(l) + d), mp.exp(l) / (mp.exp(l) + d)),
                                   lambda k, l, d: negative_binomial_cdf(k, d, d / (mp.exp(l) + d), mp.exp(l) / (mp.exp(l) + d)), True),
    "gamma_poisson": (lambda k, a, r: negative_binomial(k, a, r / (1 + r), 1 / (1 + r)), lambda k, a, r: negative_binomial_cdf(k, a, r / (1 + r), 1 / (1 + r)), True),
    "beta_binomial": (beta_binomial, beta_binomial_cdf, True),
    "beta_negative_binomial": (beta_negative_binomial, beta_negative_binomial_cdf, True),
    "truncated_polya_gamma": (lambda x, t: polya_gamma(x) - ln(polya_gamma_cdf(t)), lambda x, t: polya_gamma_cdf(x) / polya_gamma_cdf(t), False),
    "discrete_uniform": (lambda k, a, b: -ln(b - a + 1), lambda k, a, b: (k - a + 1) / (b - a + 1), True),
}

# name: [(parameters, points)]
POINTS = {
    "normal": [((0.0, 1.0), [-37.0, -8.0, -1.0, 0.0, 1e-9, 0.5, 6.0]), ((3.0, 0.01), [2.7, 2.99, 3.0, 3.05]), ((-1e6, 1e3), [-1.03e6, -1e6, -0.9985e6])],
    "half_normal": [((1.0,), [0.0, 1e-300, 1e-10, 0.3, 1.0, 4.0, 8.0, 30.0]), ((5.0,), [0.01, 2.0, 20.0, 41.0])],
    "log_normal": [((0.0, 1.0), [1e-16, 0.01, 0.5, 1.0, 3.0, 1e3]), ((2.0, 0.1), [0.4, 7.0, 7.5, 15.0]), ((-3.0, 5.0), [1e-80, 1e-3, 1e5])],
    "student_t": [((1.0, 0.0, 1.0), [-1e100, -3.0, 0.0, 0.5]), ((3.0, 1.0, 2.0), [-1e60, -4.0, 1.0, 1.001, 2.0, 50.0]), ((0.05, 0.0, 1.0), [-1e9, 0.1, 1e20]),
                  ((30.0, -2.0, 0.3), [-9.0, -2.1, 0.0]), ((1e3, 0.0, 1.0), [-20.0, 1.5, 7.0]), ((1e6, 0.0, 1.0), [-30.0, -1.5, 3.0]), ((493472.0, 5.0, 2.0), [5.5, 1.0])],
    "cauchy": [((0.0, 1.0), [-1e200, -1e9, -3.0, -1.0, 0.0, 1e-10, 0.7, 2.0, 1e5]), ((1.0, 0.01), [-3.0, 0.99, 1.0, 1.3])],
    "half_cauchy": [((1.0,), [0.0, 1e-300, 1e-9, 0.3, 1.0, 3.0, 1e6, 1e200]), ((5.0,), [0.01, 4.0, 6.0, 1e4])],
    "uniform": [((0.0, 1.0), [0.0, 1e-300, 0.25, 0.5, 0.999, 1.0]), ((-3.0, 5.0), [-3.0, -2.9, 0.0, 4.0, 5.0]), ((1e6, 1.000001e6), [1e6, 1000000.25])],
    "exponential": [((1.0,), [0.0, 1e-300, 1e-9, 0.5, 3.0, 30.0, 700.0]), ((0.1,), [0.01, 5.0, 90.0]), ((1e5,), [1e-7, 1e-5, 2e-4])],
    "gamma": [((1.0, 1.0), [1e-300, 0.5, 20.0]), ((0.01, 2.0), [1e-200, 1e-9, 0.1, 3.0]), ((2.5, 0.1), [1e-100, 1.0, 25.0, 400.0]), ((14.9, 3.0), [0.5, 5.0, 12.0]),
              ((15.1, 3.0), [0.5, 5.0, 12.0]), ((300.0, 2.0), [30.0, 149.0, 200.0]), ((493472.0, 7.0), [68000.0, 70496.0, 70600.0, 72500.0])],
    "inverse_gamma": [((1.0, 1.0), [0.0015, 0.5, 20.0]), ((0.01, 2.0), [0.1, 1e9, 1e100]), ((2.5, 0.1), [0.0002, 0.05, 3.0]), ((14.9, 3.0), [0.005, 0.2, 1.0]),
                      ((300.0, 2.0), [0.002, 0.0067, 0.008]), ((493472.0, 7.0), [1.38e-5, 1.4186e-5, 1.42e-5])],
    "beta": [((10.0, 10.0), [1e-30, 0.1, 0.5, 0.9, 0.999]), ((1.0, 1.0), [1e-300, 0.3]), ((0.5, 0.5), [1e-300, 1e-5, 0.5, 0.999999]), ((0.01, 3.0), [1e-100, 1e-5, 0.7]),
             ((2.0, 0.02), [1e-4, 0.5, 0.9999999]), ((3.0, 40.0), [1e-20, 0.05, 0.3]), ((0.5, 1e5), [1e-12, 1e-6, 1e-3]), ((700.0, 300.0), [0.3, 0.7, 0.8]), ((2e5, 3e5), [0.375, 0.4, 0.402])],
    "laplace": [((0.0, 1.0), [-690.0, -30.0, -1.0, -1e-9, 0.3, 2.0, 30.0]), ((3.0, 0.1), [-10.0, 2.9, 3.05, 4.0]), ((-1e6, 10.0), [-1000300.0, -999999.0])],
    "bernoulli": [((p,), [0.0, 1.0]) for p in (1e-300, 1e-9, 0.1, 0.5, 0.7, 1 - 2.0**-40)],
    "bernoulli_logit": [((l,), [0.0, 1.0]) for l in (-700.0, -40.0, -1.0, 0.0, 2.5, 37.0, 650.0)],
    "binomial": [((10.0, 0.3), [0.0, 1.0, 3.0, 9.0, 10.0]), ((1.0, 0.7), [0.0, 1.0]), ((0.0, 0.4), [0.0]), ((40.0, 1e-12), [0.0, 2.0, 40.0]), ((1000.0, 0.999), [990.0, 999.0, 1000.0]),
                 ((493472.0, 0.5117), [240000.0, 252400.0, 252900.0, 260000.0]), ((1e9, 3e-9), [0.0, 3.0, 12.0])],
    "binomial_logit": [((10.0, -0.8), [0.0, 1.0, 3.0, 9.0, 10.0]), ((40.0, -30.0), [0.0, 2.0, 40.0]), ((1000.0, 7.0), [990.0, 999.0, 1000.0]), ((30.0, 650.0), [3.0, 30.0]), ((30.0, 599.0), [3.0, 29.0]),
                       ((493472.0, 0.0468), [240000.0, 254000.0, 260000.0])],
    "poisson": [((3.0,), [0.0, 1.0, 3.0, 14.0, 15.0, 80.0]), ((1e-5,), [0.0, 1.0, 5.0]), ((40.0,), [0.0, 14.0, 39.0, 90.0]), ((493472.0,), [470000.0, 493000.0, 493999.0, 510000.0])],
    "poisson_log": [((1.1,), [0.0, 1.0, 3.0, 14.0, 15.0, 80.0]), ((-20.0,), [0.0, 1.0, 5.0]), ((3.7,), [0.0, 14.0, 39.0, 90.0]), ((13.1,), [470000.0, 486000.0, 510000.0]), ((-700.0,), [0.0, 2.0])],
    "chi2": [((1.0,), [1e-200, 1e-5, 1.0, 30.0]), ((5.0,), [0.1, 3.0, 80.0]), ((29.5,), [3.0, 28.0, 90.0]), ((1e6,), [993000.0, 1e6, 1004000.0])],
    "beta_proportion": [((0.5, 20.0), [1e-30, 0.1, 0.5, 0.999]), ((0.01, 3.0), [1e-100, 1e-5, 0.7]), ((0.9, 0.5), [1e-9, 0.5, 0.9999]), ((0.7, 1000.0), [0.6, 0.7, 0.75])],
    "weibull": [((1.0, 1.0), [1e-300, 0.5, 20.0]), ((0.3, 2.0), [1e-100, 1e-3, 2.0, 1e5]), ((2.0, 0.1), [1e-9, 0.1, 0.100001, 0.9]), ((40.0, 5.0), [1.0, 4.9, 5.0, 5.4])],
    "gumbel": [((0.0, 1.0), [-6.0, -3.0, -1e-9, 0.0, 1.0, 30.0, 700.0]), ((3.0, 0.01), [2.95, 3.0, 3.2]), ((-1e6, 1e3), [-1.004e6, -1e6, -9.8e5])],
    "logistic": [((0.0, 1.0), [-690.0, -30.0, -1e-9, 0.0, 0.3, 5.0, 30.0]), ((3.0, 0.01), [2.9, 3.0, 3.001]), ((-1e6, 1e3), [-1.03e6, -1e6, -9.98e5])],
    "pareto": [((1.0, 1.0), [1.0, 1.000000001, 2.0, 1e200]), ((1e-3, 0.2), [0.0010001, 1.0, 1e100]), ((5.0, 3.0), [5.0, 5.1, 40.0]), ((2.0, 100.0), [2.0001, 2.1, 9.0])],
    "log_uniform": [((1.0, 2.0), [1.0, 1.000000001, 1.5, 2.0]), ((1e-300, 1e300), [1e-299, 1e-5, 1.0, 1e290]), ((3.0, 3.001), [3.0, 3.0005, 3.0009]), ((0.01, 100.0), [0.02, 1.0, 99.0])],
    "kumaraswamy": [((1.0, 1.0), [1e-300, 0.3, 0.999]), ((0.5, 0.5), [1e-100, 1e-5, 0.5, 0.999999]), ((2.0, 5.0), [1e-20, 0.1, 0.5, 0.99]), ((30.0, 0.1), [0.1, 0.9, 0.999999]), ((0.05, 40.0), [1e-200, 1e-40, 1e-10])],
    "triangular": [((0.0, 1.0, 2.0), [1e-12, 1e-9, 0.5, 1.5, 1.999]), ((-3.0, 4.0, 5.0), [-2.999, 0.0, 3.9, 4.5]), ((1.0, 1.5, 1e6), [1.2, 2.0, 1e5, 999999.0])],
    "asymmetric_laplace": [((0.0, 1.0, 1.0), [-600.0, -1.0, 0.3, 30.0]), ((3.0, 0.1, 0.2), [2.5, 2.99, 3.2, 9.0]), ((-10.0, 4.0, 7.0), [-900.0, -30.0, -10.1, -9.9, -2.0])],
    "soft_laplace": [((0.0, 1.0), [-690.0, -30.0, -1e-9, 0.0, 0.3, 5.0, 30.0]), ((3.0, 0.01), [2.9, 3.0, 3.001]), ((-1e6, 1e3), [-1.03e6, -1e6, -9.98e5])],
    "levy": [((0.0, 1.0), [0.001, 0.1, 1.0, 5.0, 1e9, 1e100]), ((3.0, 0.01), [3.0001, 3.01, 1e4]), ((-5.0, 100.0), [-4.9, 0.0, 95.0, 1e6])],
    "gompertz": [((1.0, 1.0), [0.0, 1e-300, 1e-5, 0.5, 4.0]), ((1e-4, 0.1), [1.0, 50.0, 95.0, 140.0]), ((50.0, 3.0), [1e-5, 0.005, 0.3])],
    "dagum": [((1.0, 1.0, 1.0), [1e-200, 0.5, 1.0, 1e100]), ((0.3, 4.0, 2.0), [1e-50, 0.1, 2.0, 1e4]), ((20.0, 0.5, 0.1), [1e-5, 1.0, 1e9]), ((3.0, 30.0, 5.0), [0.5, 4.99, 5.2, 20.0])],
    "relaxed_bernoulli": [((0.0, 1.0), [1e-300, 0.3, 0.999]), ((2.0, 0.1), [1e-100, 1e-5, 0.5, 0.999999]), ((-3.0, 0.5), [1e-9, 0.01, 0.7]), ((1.0, 10.0), [0.01, 0.5, 0.55, 0.9])],
    "lower_truncated_power_law": [((-2.0, 1.0), [1.0, 1.000000001, 2.0, 1e200]), ((-1.2, 1e-3), [0.0010001, 1.0, 1e100]), ((-4.0, 5.0), [5.0, 5.1, 40.0]), ((-101.0, 2.0), [2.0001, 2.1, 9.0])],
    "doubly_truncated_power_law": [((0.0, 1.0, 3.0), [1.0, 1.5, 2.9]), ((-1.0, 1.0, 2.0), [1.0, 1.2, 1.99]), ((-1.0000001, 1.0, 2.0), [1.000001, 1.2, 1.99]), ((-2.35, 0.1, 100.0), [0.1, 0.11, 1.0, 99.0]), ((3.0, 2.0, 5.0), [2.1, 4.0, 4.9999]), ((-0.7, 1.0, 3.0), [1.001, 2.9])],
    "von_mises": [((0.0, 1.0), [-3.1, -1.0, 0.0, 2.0]), ((2.0, 4.0), [-3.0, -1.0, 1.9, 3.0]), ((0.5, 24.9), [-1.0, 0.4, 2.0]), ((-3.0, 30.0), [-3.1, -2.8, 3.0]), ((1.0, 1e4), [0.8, 1.0, 1.01]), ((7.0, 0.01), [-2.0, 1.0])],
    "geometric": [((0.3,), [0.0, 1.0, 5.0, 60.0]), ((1e-6,), [0.0, 10.0, 1e6, 2e7]), ((0.999,), [0.0, 1.0, 30.0]), ((0.5,), [0.0, 1.0, 900.0])],
    "negative_binomial": [((3.0, 0.4), [0.0, 1.0, 4.0, 60.0]), ((0.01, 0.5), [0.0, 1.0, 20.0]), ((200.0, 0.9), [0.0, 22.0, 90.0]), ((1e5, 0.01), [9.7e6, 9.9e6, 1e7]), ((2.5, 1e-4), [10.0, 24000.0, 2e5])],
    "negative_binomial_mean": [((3.0, 2.0), [0.0, 1.0, 4.0, 90.0]), ((100.0, 1e8), [60.0, 100.0, 140.0]), ((0.01, 0.3), [0.0, 1.0, 9.0]), ((1e5, 5.0), [100.0, 1e5, 9e5]), ((40.0, 0.01), [0.0, 30.0, 900.0])],
    "negative_binomial_log_mean": [((1.1, 2.0), [0.0, 1.0, 4.0, 90.0]), ((4.6, 1e8), [60.0, 100.0, 140.0]), ((-4.0, 0.3), [0.0, 1.0, 9.0]), ((11.5, 5.0), [100.0, 1e5, 9e5]), ((3.7, 0.01), [0.0, 30.0, 900.0])],
    "gamma_poisson": [((3.0, 0.4), [0.0, 1.0, 4.0, 60.0]), ((0.01, 1.0), [0.0, 1.0, 20.0]), ((200.0, 9.0), [0.0, 22.0, 90.0]), ((1e5, 0.01), [9.7e6, 1e7, 1.01e7])],
    "beta_binomial": [((10.0, 2.0, 3.0), [0.0, 1.0, 5.0, 10.0]), ((0.0, 1.0, 1.0), [0.0]), ((40.0, 0.1, 0.2), [0.0, 20.0, 39.0, 40.0]), ((30.0, 1e6, 2e6), [0.0, 10.0, 29.0]), ((2000.0, 50.0, 3.0), [1500.0, 1900.0, 2000.0])],
    "beta_negative_binomial": [((3.0, 2.0, 1.5), [0.0, 1.0, 4.0, 60.0, 3000.0]), ((0.01, 0.5, 0.1), [0.0, 1.0, 20.0]), ((200.0, 90.0, 9.0), [0.0, 22.0, 90.0]), ((1.0, 1e6, 2e6), [0.0, 2.0, 40.0]), ((1e5, 300.0, 4.0), [10.0, 1400.0, 9000.0])],
    "truncated_polya_gamma": [((2.5,), [1e-3, 0.02, 0.1, 0.15999, 0.16001, 0.3, 1.0, 2.4, 2.5]), ((0.1,), [1e-3, 0.05, 0.0999]), ((20.0,), [0.2, 5.0, 15.0])],
    "discrete_uniform": [((0.0, 5.0), [0.0, 2.0, 3.0, 5.0]), ((3.0, 3.0), [3.0]), ((10.0, 1000.0), [10.0, 11.0, 500.0, 1000.0]), ((7.0, 1e9), [7.0, 1e8, 1e9])],
}

# Integer parameters have no derivative.
INTEGERS = {"binomial": [0], "binomial_logit": [0], "beta_binomial": [0], "discrete_uniform": [0, 1]}

U = [1e-300, 1e-20, 1e-3, 0.1, 0.4999, 0.5, 0.7, 0.99, 1 - 1e-10, 1 - 2.0**-53]


def normal_z(u):
    """Phi^-1 by Newton on ln Phi, from scipy's value."""
    from scipy.special import ndtri

    if u > mpf(0.5):
        return -normal_z(1 - u)
    z = mpf(float(ndtri(float(u))))
    for _ in range(6):
        f = phi(z)
        z -= f * ln(f / u) / mp.npdf(z)
    return z


# Quantiles in closed form, or by search for the least count.
CLOSED = {
    "normal": ([(0.0, 1.0), (3.0, 0.01)], lambda u, m, s: m + s * normal_z(u)),
    "half_normal": ([(1.0,), (5.0,)], lambda u, s: -s * normal_z((1 - u) / 2) if u > 0.01 else s * mp.sqrt(2) * mp.erfinv(u)),
    "log_normal": ([(0.0, 1.0), (-3.0, 5.0)], lambda u, m, s: mp.exp(m + s * normal_z(u))),
    "student_t": ([(2.0, 0.0, 1.0)], lambda u, v, m, s: (2 * u - 1) / mp.sqrt(2 * u * (1 - u))),
    "cauchy": ([(0.0, 1.0), (1.0, 0.01)], lambda u, m, s: m - s * mp.cot(mp.pi * u) if u < 0.4 else m + s * mp.tan(mp.pi * (u - mpf(0.5)))),
    "half_cauchy": ([(1.0,), (5.0,)], lambda u, s: s * mp.tan(mp.pi * u / 2)),
    "uniform": ([(0.0, 1.0), (-3.0, 5.0)], lambda u, a, b: a + (b - a) * u),
    "exponential": ([(1.0,), (1e5,)], lambda u, r: -mp.log1p(-u) / r),
    "gamma": ([(1.0, 3.0)], lambda u, a, r: -mp.log1p(-u) / r),
    "inverse_gamma": ([(1.0, 3.0)], lambda u, a, b: -b / ln(u)),
    "beta": ([(0.5, 0.5), ], lambda u, a, b: mp.sin(mp.pi * u / 2) ** 2),
    "laplace": ([(0.0, 1.0), (3.0, 0.1)], lambda u, m, s: m + s * ln(2 * u) if u < 0.5 else m - s * ln(2 * (1 - u))),
    "chi2": ([(2.0,)], lambda u, v: -2 * mp.log1p(-u)),
    "weibull": ([(1.0, 1.0), (0.3, 2.0), (40.0, 5.0)], lambda u, k, s: s * (-mp.log1p(-u)) ** (1 / k)),
    "gumbel": ([(0.0, 1.0), (3.0, 0.01)], lambda u, m, s: m - s * ln(-ln(u))),
    "logistic": ([(0.0, 1.0), (3.0, 0.01)], lambda u, m, s: m + s * ln(u / (1 - u))),
    "pareto": ([(1.0, 1.0), (5.0, 3.0)], lambda u, m, a: m * mp.exp(-mp.log1p(-u) / a)),
    "log_uniform": ([(1.0, 2.0), (0.01, 100.0)], lambda u, a, b: a * (b / a) ** u),
    "kumaraswamy": ([(1.0, 1.0), (2.0, 5.0), (0.5, 0.5)], lambda u, a, b: (-mp.expm1(mp.log1p(-u) / b)) ** (1 / a)),
    "asymmetric_laplace": ([(0.0, 1.0, 1.0), (3.0, 0.1, 0.2)], lambda u, m, s, k: m + s * k * ln(u * (1 + k**2) / k**2) if u < k**2 / (1 + k**2) else m - s / k * ln((1 - u) * (1 + k**2))),
    "soft_laplace": ([(0.0, 1.0), (3.0, 0.01)], lambda u, m, s: m + s * ln(mp.tan(mp.pi * u / 2))),
    "levy": ([(0.0, 1.0)], lambda u, m, s: m + s / normal_z(u / 2) ** 2),
    "gompertz": ([(1.0, 1.0), (1e-4, 0.1)], lambda u, c, r: mp.log1p(-mp.log1p(-u) / c) / r),
    "dagum": ([(1.0, 1.0, 1.0), (0.3, 4.0, 2.0)], lambda u, p, a, b: b * (u ** (-1 / p) - 1) ** (-1 / a)),
    "relaxed_bernoulli": ([(0.0, 1.0), (-3.0, 0.5)], lambda u, l, t: logistic_cdf((ln(u / (1 - u)) + l) / t)),
    "doubly_truncated_power_law": ([(3.0, 2.0, 5.0), (-2.35, 0.1, 100.0), (-1.0, 1.0, 2.0)],
                                   lambda u, e, a, b: a * (b / a) ** u if e == -1 else (a ** (e + 1) + u * (b ** (e + 1) - a ** (e + 1))) ** (1 / (e + 1))),
}
COUNTS = {
    "bernoulli": [(1e-300,), (0.3,), (1 - 2.0**-40,)],
    "bernoulli_logit": [(-40.0,), (0.5,), (37.5,)],
    "binomial": [(10.0, 0.3), (0.0, 0.4), (1000.0, 0.999), (20000.0, 0.4)],
    "binomial_logit": [(10.0, -0.8), (500.0, 6.0)],
    "poisson": [(3.0,), (1e-5,), (40.0,), (20000.0,)],
    "poisson_log": [(1.1,), (-20.0,), (9.0,)],
    "geometric": [(0.3,), (0.999,), (1e-2,)],
    "negative_binomial": [(3.0, 0.4), (0.01, 0.5), (200.0, 0.9)],
    "negative_binomial_mean": [(3.0, 2.0), (100.0, 1e8), (400.0, 0.7)],
    "gamma_poisson": [(3.0, 0.4)],
    "beta_binomial": [(10.0, 2.0, 3.0), (40.0, 0.1, 0.2), (2000.0, 50.0, 3.0)],
    "beta_negative_binomial": [(3.0, 20.0, 1.5), (200.0, 90.0, 9.0)],
    "discrete_uniform": [(0.0, 5.0), (10.0, 1000.0)],
}


def least_count(name, u, p):
    log_density = FAMILIES[name][0]
    # A sum of n terms of 50 digits is exact enough to tell apart what differs.
    total, k = mpf(0), int(p[0]) if name == "discrete_uniform" else 0
    # Beyond it a tail that falls as a power is summed for too long.
    while k < 200000:
        total += mp.exp(log_density(mpf(k), *p))
        if total >= u:
            return k
        k += 1


def family(name):
    log_density, cdf, discrete = FAMILIES[name]
    points, quantiles = [], []
    for parameters, xs in POINTS[name]:
        p = [mpf(v) for v in parameters]
        for x in map(mpf, xs):
            row = {"p": [number(v) for v in parameters], "x": number(x), "log_density": number(log_density(x, *p)), "cdf": number(cdf(x, *p))}
            # Steps relative to the argument, well inside the precision.
            def partial(f, at):
                h = (abs(at) if at else mpf(1)) * mpf(10) ** -30
                with mp.workdps(110):
                    return (f(at + h) - f(at - h)) / (2 * h)
            row["point"] = number(0 if discrete or not x else partial(lambda t: log_density(t, *p), x))
            if not x and not discrete:
                with mp.workdps(110):
                    row["point"] = number((log_density(mpf(10) ** -40, *p) - log_density(mpf(0), *p)) / mpf(10) ** -40)
            row["partials"] = []
            for i in range(len(p)):
                d = 0 if i in INTEGERS.get(name, []) else partial(lambda t: log_density(x, *p[:i], t, *p[i + 1:]), p[i])
                row["partials"].append(number(d))
            if not discrete and name not in ("von_mises", "beta_proportion"):
                row["cdf_partials"] = [number(partial(lambda t: cdf(x, *p[:i], t, *p[i + 1:]), p[i])) for i in range(len(p))]
            points.append(row)
    for parameters in CLOSED.get(name, ([],))[0]:
        for u in U:
            x = CLOSED[name][1](mpf(u), *[mpf(v) for v in parameters])
            quantiles.append({"p": [number(v) for v in parameters], "u": number(u), "x": number(x)})
    for parameters in COUNTS.get(name, []):
        for u in U:
            x = least_count(name, mpf(u), [mpf(v) for v in parameters])
            if x is None:
                continue
            quantiles.append({"p": [number(v) for v in parameters], "u": number(u), "x": number(x)})
    return {"points": points, "quantiles": quantiles}


def main():
    path = pathlib.Path(__file__).with_name("distributions.json")
    known = json.loads(path.read_text()) if sys.argv[1:] else {}
    parts = []
    for name in FAMILIES:
        result = known[name] if name in known and name not in sys.argv[1:] else family(name)
        print(name, len(result["points"]), len(result["quantiles"]), flush=True)
        lists = [f'"{key}": [\n' + ",\n".join(json.dumps(r) for r in result[key]) + "\n]" for key in result]
        parts.append(f'"{name}": {{\n' + ",\n".join(lists) + "\n}")
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n")


main()
