"""Both tails of the incomplete gamma and beta functions, by series of positive terms at enough digits."""
from mpmath import mp, mpf


def _series(ratio, digits):
    """1 + r(1) + r(1) r(2) + ..."""
    term, total, n = mpf(1), mpf(1), 0
    small = mpf(10) ** -digits
    while True:
        n += 1
        r = ratio(n)
        term *= r
        total += term
        if r < 1 and term < total * small * (1 - r):
            return total


def gamma_tails(a, x):
    """P and Q. DLMF 8.11.4; Q = 1 − P at 60 digits more than ln Q needs."""
    a, x = mpf(a), mpf(x)
    need = int(abs(a * mp.log(x) - x - mp.loggamma(a + 1)) / 2.3) if x > a else 0
    with mp.workdps(60 + need):
        p = mp.exp(a * mp.log(x) - x - mp.loggamma(a + 1)) * _series(lambda n: x / (a + n), 50 + need)
        return p, 1 - p


def beta_tails(a, b, x, y):
    """I and 1 − I, where x + y = 1 to every digit given. DLMF 8.17.8 from the end nearer to x."""
    a, b, x, y = mpf(a), mpf(b), mpf(x), mpf(y)
    if x > mpf(0.5):
        lower, upper = beta_tails(b, a, y, x)
        return upper, lower
    kernel = a * mp.log(x) + b * mp.log(y) - mp.loggamma(a) - mp.loggamma(b) + mp.loggamma(a + b)
    need = int(abs(kernel) / 2.3) if x > a / (a + b) else 0
    with mp.workdps(80 + need):
        y = 1 - x
        kernel = a * mp.log(x) + b * mp.log(y) - mp.loggamma(a) - mp.loggamma(b) + mp.loggamma(a + b)
        p = mp.exp(kernel) / a * _series(lambda n: (a + b + n - 1) / (a + n) * x, 55 + need)
        return p, 1 - p
