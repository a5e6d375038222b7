"""Writes families.json: log densities of vector and matrix families with their partials by everything they take.

Textbook formulas at 60 digits (explicit inverses, determinants, integrals); partials by central differences at that
precision. A row has the numbers `in` (the point, then the parameters, matrices by their lower triangles), the counts `k` of
a discrete family, the log density `value` and its partials `by`. Numbers are strings, so that a reader's decimal conversion
is the only one.
Run:  python3 make_families_reference.py
"""
import json
import pathlib
import random

from mpmath import mp, mpf

mp.dps = 60
random.seed(11)
ln, lg = mp.log, mp.loggamma


def number(x):
    return repr(float(x))


def gradient(f, at):
    out = []
    for i, v in enumerate(at):
        h = (abs(v) if v else mpf(1)) * mpf(10) ** -20
        out.append((f(at[:i] + [v + h] + at[i + 1:]) - f(at[:i] + [v - h] + at[i + 1:])) / (2 * h))
    return [number(g) for g in out]


def lower(v, n):
    m, it = mp.matrix(n, n), iter(v)
    for i in range(n):
        for j in range(i + 1):
            m[i, j] = next(it)
    return m


def symmetric(v, n):
    m = lower(v, n)
    return mp.matrix(n, n) + m + m.T - mp.diag([m[i, i] for i in range(n)])


def triangle(m, n):
    return [m[i, j] for i in range(n) for j in range(i + 1)]


def column(v):
    return mp.matrix(v)


def gauss(d, covariance):
    n = d.rows
    return -(d.T * mp.inverse(covariance) * d)[0] / 2 - ln(mp.det(covariance)) / 2 - n * ln(2 * mp.pi) / 2


def mv_normal_covariance(v):
    return gauss(column(v[:3]) - column(v[3:6]), symmetric(v[6:], 3))


def mv_normal_precision(v):
    return gauss(column(v[:3]) - column(v[3:6]), mp.inverse(symmetric(v[6:], 3)))


def multivariate_student_t(v):
    d, df, l = column(v[:3]) - column(v[4:7]), v[3], lower(v[7:], 3)
    s = l * l.T
    q = (d.T * mp.inverse(s) * d)[0]
    return lg((df + 3) / 2) - lg(df / 2) - 3 * ln(df * mp.pi) / 2 - ln(mp.det(s)) / 2 - (df + 3) / 2 * mp.log1p(q / df)


def low_rank(v):
    w = mp.matrix(4, 2)
    for i in range(4):
        for k in range(2):
            w[i, k] = v[8 + 2 * i + k]
    return gauss(column(v[:4]) - column(v[4:8]), w * w.T + mp.diag(v[16:]))


def ln_gamma_3(a):
    return 3 * ln(mp.pi) / 2 + sum(lg(a - mpf(j) / 2) for j in range(3))


def trace(m):
    return sum(m[i, i] for i in range(m.rows))


def wishart(v):
    c, df, s = lower(v[:6], 3), v[6], symmetric(v[7:], 3)
    x = c * c.T
    return (df - 4) / 2 * ln(mp.det(x)) - trace(mp.inverse(s) * x) / 2 - df * 3 / 2 * ln(2) - df / 2 * ln(mp.det(s)) - ln_gamma_3(df / 2)


def inverse_wishart(v):
    c, df, s = lower(v[:6], 3), v[6], symmetric(v[7:], 3)
    x = c * c.T
    return df / 2 * ln(mp.det(s)) - (df + 4) / 2 * ln(mp.det(x)) - trace(s * mp.inverse(x)) / 2 - df * 3 / 2 * ln(2) - ln_gamma_3(df / 2)


def jacobian(v):
    c = lower(v[:6], 3)
    return 3 * ln(2) + sum((3 - i) * ln(c[i, i]) for i in range(3))


def wishart_cholesky(v):
    return wishart(v) + jacobian(v)


def inverse_wishart_cholesky(v):
    return inverse_wishart(v) + jacobian(v)


def matrix_normal(v):
    d, a, b = column(v[:6]) - column(v[6:12]), lower(v[12:15], 2), lower(v[15:], 3)
    rows, columns = a * a.T, b * b.T
    big = mp.matrix(6, 6)
    for i in range(6):
        for j in range(6):
            big[i, j] = rows[i // 3, j // 3] * columns[i % 3, j % 3]
    return gauss(d, big)


def gaussian_random_walk(v):
    s, steps = v[5], [v[0]] + [v[i] - v[i - 1] for i in range(1, 5)]
    return sum(-(d / s) ** 2 / 2 - ln(s) - ln(2 * mp.pi) / 2 for d in steps)


GRAPH = [[0, 1, 0, 2], [1, 0, 1, 0.5], [0, 1, 0, 1], [2, 0.5, 1, 0]]


def car(v):
    w = mp.matrix([[mpf(x) for x in row] for row in GRAPH])
    degrees = mp.diag([sum(w[i, j] for j in range(4)) for i in range(4)])
    return gauss(column(v[:4]) - column(v[4:8]), mp.inverse(v[9] * (degrees - v[8] * w)))


def circulant(v):
    c = mp.matrix(5, 5)
    for i in range(5):
        for j in range(5):
            d = abs(i - j)
            c[i, j] = v[10 + min(d, 5 - d)]
    return gauss(column(v[:5]) - column(v[5:10]), c)


def circulant_spectrum(v):
    c = mp.matrix(4, 4)
    for i in range(4):
        for j in range(4):
            c[i, j] = sum(v[8 + min(k, 4 - k)] * mp.cos(2 * mp.pi * (i - j) * k / 4) for k in range(4)) / 4
    return gauss(column(v[:4]) - column(v[4:8]), c)


def probit(u):
    return mp.sqrt(2) * mp.erfinv(2 * u - 1)


def gaussian_copula(v):
    x, l = v[:2], lower(v[6:], 2)
    total, scores = mpf(0), []
    with mp.workdps(120):
        for i in range(2):
            k, s = v[2 + 2 * i], v[3 + 2 * i]
            total += ln(k / s) + (k - 1) * ln(x[i] / s) - (x[i] / s) ** k
            z = probit(-mp.expm1(-((x[i] / s) ** k)))
            total += z * z / 2 + ln(2 * mp.pi) / 2
            scores.append(z)
    return total + gauss(column(scores), l * l.T)


def projected_normal(n):
    def f(v):
        x, c = v[:n], v[n:]
        t = sum(a * b for a, b in zip(x, c))
        peak = (t + mp.sqrt(t * t + 4 * (n - 1))) / 2
        g = lambda r: r ** (n - 1) * mp.exp(-(r - t) ** 2 / 2 + (peak - t) ** 2 / 2) if r else mpf(1 if n == 1 else 0)
        cuts = sorted({max(mpf(0), peak + k) for k in (-14, -6, -3, -1, 0, 1, 3, 6, 14)} | {mpf(0)} | {peak * mpf(2) ** -k for k in range(1, 6)})
        whole = mp.quad(g, cuts)
        return ln(whole) - (peak - t) ** 2 / 2 + t * t / 2 - sum(a * a for a in c) / 2 - n * ln(2 * mp.pi) / 2

    return f


def ln_bivariate(k1, k2, l):
    # I0 and I1 through their own integrals would be slow; the trapezoidal rule is exact to all digits with enough nodes.
    n = 400
    total = sum(mp.besseli(0, mp.sqrt(k1 * k1 + (l * mp.sin(2 * mp.pi * i / n)) ** 2)) * mp.exp(k2 * mp.cos(2 * mp.pi * i / n)) for i in range(n))
    return ln(4 * mp.pi**2 * total / n)


def sine_bivariate_von_mises(v):
    f, s = v[0] - v[2], v[1] - v[3]
    return v[4] * mp.cos(f) + v[5] * mp.cos(s) + v[6] * mp.sin(f) * mp.sin(s) - ln_bivariate(*v[4:7])


def sine_skewed(v):
    x, m, k, s = v
    return k * mp.cos(x - m) - ln(2 * mp.pi * mp.besseli(0, k)) + ln(1 + s * mp.sin(x - m))


def sine_skewed_pair(v):
    return sine_bivariate_von_mises(v[:7]) + ln(1 + v[7] * mp.sin(v[0] - v[2]) + v[8] * mp.sin(v[1] - v[3]))


def gaussian_state_space(v):
    a, l = mp.matrix(2, 2), lower(v[10:], 2)
    a[0, 0], a[0, 1], a[1, 0], a[1, 1] = v[6:10]
    last, total = mp.matrix(2, 1), mpf(0)
    for t in range(3):
        now = column(v[2 * t:2 * t + 2])
        total += gauss(now - a * last, l * l.T)
        last = now
    return total


TIMES = [0.0, 0.1, 0.5, 2.0]


def euler_maruyama(v):
    rate, mean, noise = v[4:]
    total = -v[0] ** 2 / 2 - ln(2 * mp.pi) / 2
    for i in range(3):
        gap = mpf(TIMES[i + 1]) - mpf(TIMES[i])
        sd = noise * mp.sqrt(gap) * (1 + v[i] ** 2)
        total += -((v[i + 1] - v[i] - rate * (mean - v[i]) * gap) / sd) ** 2 / 2 - ln(sd) - ln(2 * mp.pi) / 2
    return total


def transformed(v):
    y, m, s, shift, scale = v
    w = (y - shift) / scale
    x = ln(mp.expm1(w))
    return -((x - m) / s) ** 2 / 2 - ln(s) - ln(2 * mp.pi) / 2 + mp.log1p(mp.exp(-x)) - ln(abs(scale))


def transformed_vector(v):
    l = lower(v[6:], 3)
    x = mp.inverse(l) * (column(v[:3]) - column(v[3:6]))
    return sum(x[i] - mp.exp(x[i]) for i in range(3)) - ln(mp.det(l))


def zero_sum_normal(v):
    s = v[4]
    return -sum(x * x for x in v[:4]) / (2 * s * s) - 3 * ln(s) - 3 * ln(2 * mp.pi) / 2


def multinomial(v, k):
    p = [w / sum(v) for w in v]
    return lg(sum(k) + 1) + sum(c * ln(q) - lg(c + 1) if c else mpf(0) for c, q in zip(k, p))


def multinomial_logits(v, k):
    top = ln(sum(mp.exp(l) for l in v))
    return lg(sum(k) + 1) + sum(c * (l - top) - lg(c + 1) for c, l in zip(k, v))


def dirichlet_multinomial(v, k):
    n, a = sum(k), sum(v)
    return lg(n + 1) + lg(a) - lg(n + a) + sum(lg(c + w) - lg(w) - lg(c + 1) for c, w in zip(k, v))


def normals(n, scale=1.0):
    return [scale * random.gauss(0, 1) for _ in range(n)]


def factor(n, scale=1.0):
    return [scale * (random.uniform(0.5, 2) if i == j else random.gauss(0, 0.5)) for i in range(n) for j in range(i + 1)]


def matrix(n, scale=1.0):
    l = lower([mpf(x) for x in factor(n, scale)], n)
    return [float(x) for x in triangle(l * l.T, n)]


def direction(n, towards=None, sign=1):
    v = [sign * t + 0.2 * random.gauss(0, 1) for t in towards] if towards else normals(n)
    size = sum(x * x for x in v) ** 0.5
    return [x / size for x in v]


def angles(n):
    return [random.uniform(-3.1, 3.1) for _ in range(n)]


SCALES = [1.0, 1.0, 1.0, 1e-3, 1e-3, 30.0, 1e4, 1.0, 1.0, 1.0, 0.1, 5.0]
FAR = [1, 1, 1, 1, 30, 1, 1, 30, 1e-6, 1, 1, 1]


def rows():
    both = list(zip(SCALES, FAR))
    yield "mv_normal_covariance", mv_normal_covariance, [normals(3, s * f) + normals(3, s) + matrix(3, s) for s, f in both]
    yield "mv_normal_precision", mv_normal_precision, [normals(3, f / s) + normals(3, 1 / s) + matrix(3, s) for s, f in both]
    dfs = [1.0, 0.05, 3.0, 30.0, 1e3, 1e6, 2.5, 0.5, 7.0, 200.0, 4.0, 1e8]
    yield "multivariate_student_t", multivariate_student_t, [normals(3, s * f) + [df] + normals(3, s) + factor(3, s) for (s, f), df in zip(both, dfs)]
    yield "low_rank", low_rank, [normals(4, s * f) + normals(4, s) + normals(8, s) + [s * s * random.uniform(0.2, 3) for _ in range(4)] for s, f in both]
    freedoms = [2.1, 3.0, 4.0, 5.5, 10.0, 40.0, 300.0, 2.001, 7.0, 20.0, 1000.0, 3.3]
    for name, f in [("wishart", wishart), ("wishart_cholesky", wishart_cholesky)]:
        yield name, f, [factor(3, s * df**0.5) + [df] + matrix(3, s) for s, df in zip(SCALES, freedoms)]
    for name, f in [("inverse_wishart", inverse_wishart), ("inverse_wishart_cholesky", inverse_wishart_cholesky)]:
        yield name, f, [factor(3, s / df**0.5) + [df] + matrix(3, s) for s, df in zip(SCALES, freedoms)]
    yield "matrix_normal", matrix_normal, [normals(6, s * f) + normals(6, s) + factor(2, 1.0) + factor(3, s) for s, f in both]
    yield "gaussian_random_walk", gaussian_random_walk, [normals(5, s * f) + [s] for s, f in both]
    correlations = [0.0, 0.5, 0.99, -0.9, 0.999999, 0.3, -0.3, 0.7, 0.1, -0.99, 0.9, 1e-9]
    yield "car", car, [normals(4, s * f) + normals(4, s) + [a, random.uniform(0.5, 2) / s**2] for (s, f), a in zip(both, correlations)]
    yield "circulant", circulant, [normals(5, s * f) + normals(5, s) + [s * s * random.uniform(1, 2), s * s * random.uniform(-0.2, 0.4), s * s * random.uniform(-0.1, 0.2)] for s, f in both]
    yield "circulant_spectrum", circulant_spectrum, [normals(4, s * f) + normals(4, s) + [s * s * random.uniform(0.1, 3) for _ in range(3)] for s, f in both]
    points = [[0.5, 2.0], [1e-8, 3.0], [1e-3, 1e-4], [9.0, 0.1], [4.0, 5.0], [1.0, 1.0], [0.01, 7.0], [2.0, 0.3], [1.5, 1.4], [6.0, 6.0], [0.7, 1e-6], [3.0, 2.0]]
    yield "gaussian_copula", gaussian_copula, [x + [random.uniform(0.6, 1.6), random.uniform(0.5, 3), random.uniform(0.6, 1.6), random.uniform(0.5, 3)] + factor(2) for x in points]
    for n in (2, 3, 5):
        data = []
        for size in [0.0, 0.1, 0.6, 1.0, 3.0, 3.0, 10.0, 10.0, 30.0, 30.0, 1e-8, 2.0]:
            c = [size * x for x in direction(n)]
            sign = 1 if len(data) % 2 == 0 else -1
            data.append((direction(n, c, sign) if size > 0.5 else direction(n)) + c)
        yield f"projected_normal_{n}", projected_normal(n), data
    spread = [(1.0, 1.0, 0.5), (0.0, 0.0, 0.0), (0.0, 2.0, 1.0), (5.0, 0.1, -2.0), (24.9, 30.0, 10.0), (1.0, 1.0, 8.0), (0.5, 0.3, -20.0), (40.0, 40.0, -39.0), (1e-6, 1e-6, 1e-6), (100.0, 3.0, 5.0), (3.0, 100.0, -5.0), (60.0, 80.0, 0.0)]
    yield "sine_bivariate_von_mises", sine_bivariate_von_mises, [angles(4) + list(k) for k in spread]
    yield "sine_skewed", sine_skewed, [angles(2) + [k, s] for k, s in [(0.0, 0.5), (1.0, -0.99), (1.0, 0.0), (30.0, 0.3), (24.9, -0.5), (5.0, 1.0), (1e4, 0.2), (0.01, 0.9), (2.0, 0.7), (3.0, -0.3), (1.0, 0.1), (0.5, -0.7)]]
    yield "sine_skewed_pair", sine_skewed_pair, [angles(4) + list(k) + [random.uniform(-0.5, 0.5), random.uniform(-0.5, 0.5)] for k in spread]
    yield "gaussian_state_space", gaussian_state_space, [normals(6, s * f) + normals(4, 0.6) + factor(2, s) for s, f in both]
    yield "euler_maruyama", euler_maruyama, [normals(4, f) + [random.uniform(0.1, 3), random.gauss(0, 1), random.uniform(0.2, 2)] for s, f in both]
    ends = [1e-8, 1e-3, 0.5, 1.0, 3.0, 20.0, 100.0, 0.1, 2.0, 5.0, 0.7, 40.0]
    data = []
    for w in ends:
        shift, scale = random.gauss(0, 1), random.choice([-1, 1]) * random.uniform(0.3, 3)
        y = shift + scale * w
        data.append([y, random.gauss(0, 1), random.uniform(0.5, 5), shift, scale])
    yield "transformed", transformed, data
    yield "transformed_vector", transformed_vector, [normals(3) + normals(3) + factor(3) for _ in range(12)]
    data = []
    for s, f in both:
        x = normals(3, s * f)
        data.append(x + [-sum(x)] + [s])
    yield "zero_sum_normal", zero_sum_normal, data


def counted():
    counts = [[0, 0, 0], [1, 0, 0], [3, 1, 2], [0, 20, 1], [15, 14, 16], [100, 3, 0], [400, 350, 250], [200000, 199000, 94472], [0, 0, 7], [1, 1, 1], [40, 0, 0], [1000000, 1, 2]]
    weights = [[1.0, 1.0, 1.0], [0.2, 0.3, 0.5], [3.0, 1.0, 2.0], [1e-3, 0.9, 1e-2], [0.3, 0.3, 0.3], [0.5, 0.02, 1e-200], [4.1, 3.4, 2.5], [0.4, 0.4, 0.2], [1e-10, 1.0, 1.0], [1e200, 1e200, 2e200], [0.9, 1e-9, 1e-3], [1e6, 1.0, 2.0]]
    yield "multinomial", multinomial, list(zip(weights, counts))
    yield "multinomial_logits", multinomial_logits, [([float(ln(w)) for w in ws], k) for ws, k in zip(weights, counts)] + [([-800.0, 0.0, 1.0], [1, 2, 3])]
    alpha = [[1.0, 1.0, 1.0], [0.2, 0.3, 0.5], [3.0, 1.0, 2.0], [1e-3, 0.9, 1e-2], [300.0, 300.0, 300.0], [0.5, 0.02, 1e-3], [4.1, 3.4, 2.5], [1e5, 1e5, 5e4], [1e-5, 1.0, 1.0], [1e6, 1e6, 2e6], [0.9, 1e-3, 1e-3], [1e6, 1.0, 2.0]]
    yield "dirichlet_multinomial", dirichlet_multinomial, list(zip(alpha, counts))


def main():
    parts = []
    for name, f, data in rows():
        out = []
        for row in data:
            v = [mpf(x) for x in row]
            out.append({"in": [number(x) for x in row], "k": [], "value": number(f(v)), "by": gradient(f, v)})
        parts.append((name, out))
        print(name, len(out), flush=True)
    for name, f, data in counted():
        out = []
        for row, k in data:
            v, c = [mpf(x) for x in row], [mpf(x) for x in k]
            with mp.workdps(900 if name == "multinomial_logits" else 300):
                out.append({"in": [number(x) for x in row], "k": k, "value": number(f(v, c)), "by": gradient(lambda t: f(t, c), v)})
        parts.append((name, out))
        print(name, len(out), flush=True)
    lists = [f'"{name}": [\n' + ",\n".join(json.dumps(r) for r in out) + "\n]" for name, out in parts]
    pathlib.Path(__file__).with_name("families.json").write_text("{\n" + ",\n".join(lists) + "\n}\n")


main()
