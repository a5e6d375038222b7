"""Writes distributions.json: log densities, partials, distribution functions and quantiles to 40 digits or more.

Every log density is the textbook formula, written without regard to cancellation and evaluated at 50 digits;
partials are numerical derivatives of it at that precision (mpmath.diff). Numbers are strings, so that a reader's
decimal conversion is the only one.
Run:  python3 make_reference.py
"""
import json
import pathlib

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
}

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
}
COUNTS = {
    "bernoulli": [(1e-300,), (0.3,), (1 - 2.0**-40,)],
    "bernoulli_logit": [(-40.0,), (0.5,), (37.5,)],
    "binomial": [(10.0, 0.3), (0.0, 0.4), (1000.0, 0.999), (20000.0, 0.4)],
    "binomial_logit": [(10.0, -0.8), (500.0, 6.0)],
    "poisson": [(3.0,), (1e-5,), (40.0,), (20000.0,)],
    "poisson_log": [(1.1,), (-20.0,), (9.0,)],
}


def least_count(name, u, p):
    log_density = FAMILIES[name][0]
    total, k = mpf(0), 0
    while True:
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
                counts = name.startswith("binomial") and i == 0
                d = 0 if counts else partial(lambda t: log_density(x, *p[:i], t, *p[i + 1:]), p[i])
                row["partials"].append(number(d))
            points.append(row)
    for parameters in CLOSED.get(name, ([],))[0]:
        for u in U:
            x = CLOSED[name][1](mpf(u), *[mpf(v) for v in parameters])
            quantiles.append({"p": [number(v) for v in parameters], "u": number(u), "x": number(x)})
    for parameters in COUNTS.get(name, []):
        for u in U:
            x = least_count(name, mpf(u), [mpf(v) for v in parameters])
            quantiles.append({"p": [number(v) for v in parameters], "u": number(u), "x": number(x)})
    return {"points": points, "quantiles": quantiles}


def main():
    path = pathlib.Path(__file__).with_name("distributions.json")
    parts = []
    for name in FAMILIES:
        result = family(name)
        print(name, len(result["points"]), len(result["quantiles"]), flush=True)
        lists = [f'"{key}": [\n' + ",\n".join(json.dumps(r) for r in result[key]) + "\n]" for key in result]
        parts.append(f'"{name}": {{\n' + ",\n".join(lists) + "\n}")
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n")


main()
