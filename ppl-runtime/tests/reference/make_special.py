"""Writes special.json: 40-digit values of the special functions, rounded once to doubles.

Numbers are strings, so that a reader's decimal conversion is the only one.
Run:  python3 make_special.py
"""
import json
import pathlib

from mpmath import mp, mpf

from incomplete import beta_tails, gamma_tails

mp.dps = 50


def number(x):
    return repr(float(x))


def lgamma1p(x):
    return mp.loggamma(1 + mpf(x))


def ln_1p_minus(t):
    with mp.workdps(700):
        return mp.log1p(t) - t


ONE = {
    "ln_gamma": (mp.loggamma, [1e-300, 1e-10, 0.01, 0.5, 1.3, 2.7, 10.5, 171.5, 493472.0, 1e15]),
    "ln_gamma_1p": (lgamma1p, [-0.9, -0.2, -1e-8, 1e-20, 1e-5, 0.1, 0.2, 0.21, 0.7, 3.5, 99.0]),
    "digamma": (mp.digamma, [1e-300, 1e-8, 0.01, 0.5, 1.0, 1.4616321449683622, 2.0, 5.5, 9.99, 10.0, 33.3, 1e6, 1e300]),
    "trigamma": (lambda x: mp.psi(1, x), [1e-100, 1e-8, 0.01, 0.5, 1.0, 2.0, 5.5, 11.99, 12.0, 33.3, 1e6, 1e100]),
    "erf": (mp.erf, [-3.0, -1e-10, 1e-300, 0.3, 1.0, 2.5, 5.9]),
    "erfc": (mp.erfc, [-3.0, 1e-10, 0.3, 1.0, 2.5, 6.0, 15.0, 26.0]),
    "erf_inv": (mp.erfinv, [-0.99, -1e-300, 1e-10, 0.3, 0.5, 0.9, 0.999999]),
    "normal_cdf": (lambda z: mp.erfc(-z / mp.sqrt(2)) / 2, [-37.0, -20.3, -5.5, -1.0, 0.0, 1e-9, 0.7, 3.3, 8.0]),
    "ln_1p_exp": (lambda x: mp.log1p(mp.exp(x)), [-700.0, -40.0, -1.0, 0.0, 1e-10, 3.0, 37.0, 800.0]),
    "log_sigmoid": (lambda x: -mp.log1p(mp.exp(-x)), [-800.0, -37.0, -1.0, 0.0, 3.0, 40.0, 700.0]),
    "sigmoid": (lambda x: 1 / (1 + mp.exp(-x)), [-700.0, -37.0, -1.0, 0.0, 3.0, 40.0]),
    "ln_1m_exp": (lambda x: mp.log1p(-mp.exp(x)) if x < -1 else mp.log(-mp.expm1(x)), [-1e-300, -1e-10, -0.5, -0.7, -3.0, -40.0, -700.0]),
    "ln_1p_minus": (ln_1p_minus, [-0.999, -0.41, -0.39, -0.1, -1e-8, 1e-300, 1e-150, 1e-5, 0.3, 0.64, 0.66, 5.0, 1e10]),
    "stirling_error": (
        lambda n: mp.loggamma(n + 1) - (n + mpf(0.5)) * mp.log(n) + n - mp.log(2 * mp.pi) / 2,
        [0.01, 0.5, 1.0, 3.3, 7.5, 14.99, 15.0, 20.0, 100.5, 493472.0, 1e12],
    ),
}

LOWER = [2.0**-1022, 1e-305, 1e-300, 1e-100, 1e-20, 1e-8, 1e-3, 0.02425, 0.2, 0.25, 0.4]
UPPER = [0.5 + 2.0**-30, 0.6, 0.75, 0.9, 0.999, 1 - 1e-10, 1 - 2.0**-53]


def normal_quantile(u):
    u = mpf(u)
    if u > mpf(0.5):
        return -normal_quantile(1 - u)
    from scipy.special import ndtri

    z = mpf(float(ndtri(float(u))))
    for _ in range(6):
        f = mp.erfc(-z / mp.sqrt(2)) / 2
        z -= f * mp.log(f / u) / mp.npdf(z)
    return z


def main():
    rows = []

    def add(name, arguments, value):
        rows.append({"f": name, "x": [number(v) for v in arguments], "value": number(value)})

    for name, (f, points) in ONE.items():
        for x in points:
            add(name, [x], f(mpf(x)))
    for u in LOWER + UPPER:
        add("normal_quantile", [u], normal_quantile(u))
    for x, m in [(0.0, 3.0), (5.0, 5.0), (5.0, 5.0000001), (1e6, 1.001e6), (3.0, 1e-10), (1e-5, 40.0), (1e6, 2.0), (7.0, 12.0), (493472.0, 493000.5)]:
        x_, m_ = mpf(x), mpf(m)
        add("bd0", [x, m], (x_ * mp.log(x_ / m_) if x else 0) + m_ - x_)
    for a, b in [(1e-10, 1e-10), (1e-5, 3.0), (0.5, 0.5), (0.3, 1e8), (2.5, 14.9), (14.0, 15.5), (3.0, 1e6), (16.0, 16.0), (50.0, 1e10), (1e6, 2e6), (1e12, 1e12)]:
        add("ln_beta", [a, b], mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(mpf(a) + mpf(b)))
    for a, x in [
        (1e-10, 1e-5), (1e-10, 0.5), (1e-10, 3.0), (1e-3, 1e-300), (1e-3, 0.3), (1e-3, 1.4), (1e-3, 20.0), (0.3, 0.01), (0.3, 1.0), (0.3, 1.6), (0.3, 600.0),
        (1.0, 1e-20), (1.0, 0.7), (1.0, 690.0), (3.5, 1e-80), (3.5, 3.0), (3.5, 4.6), (3.5, 400.0), (30.0, 1.0), (30.0, 29.0), (30.0, 32.0), (30.0, 700.0),
        (999.0, 500.0), (999.0, 998.0), (999.0, 1003.0), (999.0, 2000.0), (1001.0, 400.0), (1001.0, 700.0), (1001.0, 1000.0), (1001.0, 1004.5), (1001.0, 1400.0), (1001.0, 2100.0),
        (1e6, 0.97e6), (1e6, 999_990.0), (1e6, 1_000_700.0), (1e6, 1.03e6),
    ]:
        lower, upper = gamma_tails(a, x)
        add("gamma_lower", [a, x], lower)
        add("gamma_upper", [a, x], upper)
    for a, b, x in [
        (1e-10, 1e-10, 0.3), (1e-3, 2.0, 1e-200), (1e-3, 2.0, 0.5), (0.5, 0.5, 1e-300), (0.5, 0.5, 0.4), (0.5, 0.5, 0.999), (0.3, 50.0, 1e-4), (0.3, 50.0, 0.3), (2.0, 3.0, 1e-100),
        (2.0, 3.0, 0.39), (2.0, 3.0, 0.41), (2.0, 3.0, 0.999999), (30.0, 1.5, 1e-9), (30.0, 1.5, 0.95), (30.0, 1.5, 0.99), (400.0, 700.0, 0.2), (400.0, 700.0, 0.36), (400.0, 700.0, 0.55),
        (0.5, 2e5, 1e-9), (0.5, 2e5, 3e-6), (0.5, 2e5, 1e-3), (1100.0, 2000.0, 0.2), (1100.0, 2000.0, 0.35), (1100.0, 2000.0, 0.36), (1100.0, 2000.0, 0.5),
        (1e5, 3e5, 0.24), (1e5, 3e5, 0.25), (1e5, 3e5, 0.2501), (1e5, 3e5, 0.26),
    ]:
        # x and the double next to 1 − x: the pair means their exact sum, scaled to one.
        y = mpf(float(1 - mpf(x)))
        total = mpf(x) + y
        lower, upper = beta_tails(a, b, mpf(x) / total, y / total)
        add("beta_lower", [a, b, x, y], lower)
        add("beta_upper", [a, b, x, y], upper)
    path = pathlib.Path(__file__).with_name("special.json")
    path.write_text("[\n" + ",\n".join(json.dumps(r) for r in rows) + "\n]\n")


main()
