"""Writes vector.json: Dirichlet, multivariate normal, categorical and LKJ log densities with their partials.

Textbook formulas at 60 digits (the normal by explicit inverse and determinant of L L^T), partials by central
differences at that precision. Numbers are strings, so that a reader's decimal conversion is the only one.
Run:  python3 make_vector_reference.py
"""
import json
import pathlib
import random

from mpmath import mp, mpf

mp.dps = 60
random.seed(5)


def number(x):
    return repr(float(x))


def gradient(f, at):
    out = []
    for i, v in enumerate(at):
        h = (abs(v) if v else mpf(1)) * mpf(10) ** -20
        out.append((f(at[:i] + [v + h] + at[i + 1:]) - f(at[:i] + [v - h] + at[i + 1:])) / (2 * h))
    return [number(g) for g in out]


def numbers(xs):
    return [number(x) for x in xs]


def dirichlet(x, a):
    return mp.loggamma(sum(a)) + sum((ai - 1) * mp.log(xi) - mp.loggamma(ai) for xi, ai in zip(x, a))


def mv_normal(x, m, factor):
    n = len(x)
    lower = mp.matrix(n, n)
    for i in range(n):
        for j in range(i + 1):
            lower[i, j] = factor[i * n + j]
    covariance = lower * lower.T
    d = mp.matrix([xi - mi for xi, mi in zip(x, m)])
    return -(d.T * mp.inverse(covariance) * d)[0] / 2 - mp.log(mp.det(covariance)) / 2 - n * mp.log(2 * mp.pi) / 2


def categorical(k, w):
    return mp.log(w[k] / sum(w))


def categorical_logits(k, l):
    return l[k] - mp.log(sum(mp.exp(v) for v in l))


def lkj(diagonal, eta, by_factor):
    """Lewandowski, Kurowicka & Joe (2009), eq. 16; by the factor with the Jacobian of R = L L^T."""
    d = len(diagonal)
    c = sum((2 * eta - 2 + d - k) * (d - k) * mp.log(2) + (d - k) * mp.log(mp.beta(eta + mpf(d - k - 1) / 2, eta + mpf(d - k - 1) / 2)) for k in range(1, d))
    determinant = sum(2 * (eta - 1) * mp.log(l) for l in diagonal[1:])
    jacobian = sum((d - i) * mp.log(diagonal[i - 1]) for i in range(2, d + 1))
    return determinant + (jacobian if by_factor else 0) - c


def main():
    out = {"dirichlet": [], "mv_normal": [], "categorical": [], "categorical_logits": [], "lkj": []}
    for diagonal in [[1.0], [1.0, 0.6], [1.0, 0.9, 0.3], [1.0, 1e-100, 0.5], [1.0, 0.5, 0.9, 0.2], [1.0] + [0.7] * 9]:
        for eta in [1.0, 0.1, 2.5, 300.0]:
            by_factor = eta != 2.5
            dm, em = [mpf(v) for v in diagonal], mpf(eta)
            out["lkj"].append({"diagonal": numbers(diagonal), "eta": number(eta), "by_factor": by_factor, "value": number(lkj(dm, em, by_factor)),
                               "by_diagonal": ["0.0"] + gradient(lambda t: lkj(dm[:1] + t, em, by_factor), dm[1:]),
                               "by_eta": gradient(lambda t: lkj(dm, t[0], by_factor), [em])})
    for x, a in [
        ([0.2, 0.3, 0.5], [1.0, 1.0, 1.0]), ([0.2, 0.3, 0.5], [0.5, 2.0, 14.9]), ([0.25, 0.75], [15.1, 0.1]), ([1e-300, 0.5, 0.5], [0.1, 3.0, 2.0]),
        ([1e-9, 1e-5, 0.99998999900000], [0.01, 0.01, 40.0]), ([0.4, 0.6], [2e5, 3e5]), ([0.1, 0.2, 0.3, 0.4], [1e4, 2.1e4, 2.9e4, 4e4]), ([1.0], [3.0]),
        ([0.1] * 10, [0.3] * 10), ([0.02] * 50, [20.0] * 50), ([0.3, 0.7], [300.0, 1e-3]), ([0.5, 0.25, 0.25], [16.0, 1.0, 1.0]),
    ]:
        xm, am = [mpf(v) for v in x], [mpf(v) for v in a]
        out["dirichlet"].append({"x": numbers(x), "a": numbers(a), "value": number(dirichlet(xm, am)),
                                 "by_x": gradient(lambda t: dirichlet(t, am), xm), "by_a": gradient(lambda t: dirichlet(xm, t), am)})
    for n, scale in [(1, 1.0), (1, 1e-3), (2, 1.0), (2, 30.0), (3, 1.0), (3, 0.01), (4, 1.0), (5, 1.0), (5, 1e3), (6, 1.0), (8, 1.0), (10, 2.0)]:
        factor = [0.0] * (n * n)
        for i in range(n):
            for j in range(i):
                factor[i * n + j] = scale * random.gauss(0, 0.5)
            factor[i * n + i] = scale * random.uniform(0.5, 2)
        m = [scale * random.gauss(0, 1) for _ in range(n)]
        x = [scale * random.gauss(0, 2) for _ in range(n)]
        f, mm, xm = [[mpf(v) for v in t] for t in (factor, m, x)]
        by_factor = gradient(lambda t: mv_normal(xm, mm, t), f)
        out["mv_normal"].append({"x": numbers(x), "m": numbers(m), "factor": numbers(factor), "value": number(mv_normal(xm, mm, f)),
                                 "by_x": gradient(lambda t: mv_normal(t, mm, f), xm), "by_m": gradient(lambda t: mv_normal(xm, t, f), mm), "by_factor": by_factor})
    for w in [[1.0], [0.2, 0.3, 0.5], [1e-300, 1.0], [1.0, 1e-17, 2e-17], [3.0, 4.0, 5.0, 6.0], [1e200, 2e200], [0.1] * 10]:
        wm = [mpf(v) for v in w]
        for k in (0, len(w) - 1):
            with mp.workdps(1200):
                slopes = gradient(lambda t: categorical(k, t), wm)
            out["categorical"].append({"k": k, "w": numbers(w), "value": number(categorical(k, wm)), "by_w": slopes})
    for l in [[3.0], [0.0, 1.0, 2.0], [-800.0, 0.0], [40.0, 0.0, -1.0], [1000.0, 1001.0], [1e-9, 0.0], [0.3] * 10]:
        lm = [mpf(v) for v in l]
        for k in (0, len(l) - 1):
            with mp.workdps(800):
                value, slopes = number(categorical_logits(k, lm)), gradient(lambda t: categorical_logits(k, t), lm)
            out["categorical_logits"].append({"k": k, "w": numbers(l), "value": value, "by_w": slopes})
    lists = [f'"{key}": [\n' + ",\n".join(json.dumps(r) for r in rows) + "\n]" for key, rows in out.items()]
    pathlib.Path(__file__).with_name("vector.json").write_text("{\n" + ",\n".join(lists) + "\n}\n")


main()
