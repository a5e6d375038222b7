"""The workloads of `benches/gradients.rs` in JAX (float64), on the same data.

    python gradients.py reference > ../../tests/reference/gradients.json
    python gradients.py time

The first writes values and gradients at three points, which tests/gradients/reference.rs compares with. The second measures
µs a value-and-gradient, one thread, in one jitted loop whose position moves so that nothing can be hoisted.
"""
import json
import os
import sys
import time

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)

LN_SQRT_2PI = 0.5 * np.log(2 * np.pi)


def wave(i):
    return ((np.asarray(i) * 7919 + 13) % 2003) / 1001.0 - 1.0


def point(dim, k):
    return 0.5 * wave(31 * np.arange(dim) + 7 * k + 3)


def normal(x, m, s):
    z = (x - m) / s
    return jnp.sum(-0.5 * z * z - jnp.log(s) - LN_SQRT_2PI)


def half_normal_line(u, width):
    return jnp.log(2.0) + normal(jnp.exp(u), 0.0, width) + u


def simplex(u):
    n = len(u) + 1
    rest, jacobian, x = 1.0, 0.0, []
    for k in range(n - 1):
        a = u[k] - np.log(n - 1 - k)
        z = jax.nn.sigmoid(a)
        x.append(z * rest)
        jacobian += jax.nn.log_sigmoid(a) + jax.nn.log_sigmoid(-a) + jnp.log(rest)
        rest = rest * (1.0 - z)
    return jnp.stack(x + [rest]), jacobian


def logistic(rows, columns, intercept_scale):
    x = jnp.asarray(1.7 * wave(np.arange(rows * columns)).reshape(rows, columns))
    y = jnp.asarray((np.arange(rows) * 7919) % 13 < 6, dtype=float)

    def density(u):
        logit = x @ u[:columns] + u[columns]
        prior = normal(u[:columns], 0.0, 1.0) + normal(u[columns], 0.0, intercept_scale)
        return prior + logit @ y - jnp.sum(jnp.logaddexp(0.0, logit))
    return density, columns + 1


def hierarchical():
    group = np.arange(1000) % 8
    y = jnp.asarray(0.3 * group + 2.0 * wave(np.arange(1000)))

    def density(u):
        theta = u[2:]
        return (normal(u[0], 0.0, 5.0) + half_normal_line(u[1], 5.0)
                + normal(theta, u[0], jnp.exp(u[1])) + normal(y, theta[group], 1.0))
    return density, 10


def eight_schools():
    y = jnp.asarray([28.0, 8, -3, 7, -1, 1, 18, 12])
    error = jnp.asarray([15.0, 10, 16, 11, 9, 11, 10, 18])

    def density(u):
        t = jnp.exp(u[1])
        spread = jnp.log(2 / np.pi) - jnp.log(5.0) - jnp.log1p((t / 5) ** 2) + u[1]
        return normal(u[0], 0.0, 5.0) + spread + normal(u[2:], 0.0, 1.0) + normal(y, u[0] + t * u[2:], error)
    return density, 10


def mixture():
    i = np.arange(10_000)
    y = jnp.asarray(4.0 * ((i * 5) % 3) - 4.0 + 1.5 * wave(i))

    def density(u):
        w, jacobian = simplex(u[:2])
        means, scale = u[2:5], jnp.exp(u[5])
        z = (y[:, None] - means) / scale
        terms = jnp.log(w) - 0.5 * z * z - u[5] - LN_SQRT_2PI
        return (jacobian + jnp.log(2.0) + normal(means, 0.0, 10.0) + half_normal_line(u[5], 5.0)
                + jnp.sum(jax.nn.logsumexp(terms, axis=1)))
    return density, 6


def chain():
    t = np.arange(1000)
    y = jnp.asarray(2.0 * ((t // 7) % 4) - 3.0 + wave(t))

    def density(u):
        rows, jacobians = zip(*[simplex(u[3 * j:3 * j + 3]) for j in range(4)])
        log_rows = jnp.log(jnp.stack(rows))
        means, scale = u[12:16], jnp.exp(u[16])
        z = (y[:, None] - means) / scale
        emission = -0.5 * z * z - u[16] - LN_SQRT_2PI

        def step(a, e):
            return jax.nn.logsumexp(a[:, None] + log_rows, axis=0) + e, None
        last, _ = jax.lax.scan(step, log_rows[0] + emission[0], emission[1:])
        return (sum(jacobians) + 4 * jnp.log(6.0) + normal(means, 0.0, 5.0)
                + half_normal_line(u[16], 5.0) + jax.nn.logsumexp(last))
    return density, 17


def process():
    i = np.arange(100)
    x, y = jnp.asarray(5.0 * wave(i)), jnp.asarray(wave(5 * i) + 0.3 * wave(7 * i + 2))

    def density(u):
        amplitude, length, noise = jnp.exp(u)
        d = (x[:, None] - x[None, :]) / length
        factor = jnp.linalg.cholesky(amplitude ** 2 * jnp.exp(-0.5 * d * d) + noise ** 2 * jnp.eye(100))
        z = jax.scipy.linalg.solve_triangular(factor, y, lower=True)
        return (half_normal_line(u[0], 2.0) + half_normal_line(u[1], 2.0) + half_normal_line(u[2], 1.0)
                - 0.5 * z @ z - jnp.sum(jnp.log(jnp.diag(factor))) - 100 * LN_SQRT_2PI)
    return density, 3


def network():
    i = np.arange(100)
    x = jnp.asarray(1.7 * wave(np.arange(1300)).reshape(100, 13))
    y = jnp.asarray(wave(3 * i + 1))

    def density(u):
        units = jnp.tanh(x @ u[:650].reshape(50, 13).T + u[650:700])
        mean = units @ u[700:750] + u[750]
        return normal(u[:751], 0.0, 1.0) + half_normal_line(u[751], 1.0) + normal(y, mean, jnp.exp(u[751]) * jnp.ones(100))
    return density, 752


WORKLOADS = {
    "logistic regression 2,000 × 4": logistic(2000, 3, 10.0),
    "logistic regression 1,000 × 25": logistic(1000, 24, 1.0),
    "hierarchical normal, 1,000 data": hierarchical(),
    "eight schools": eight_schools(),
    "mixture of three, 10,000 data": mixture(),
    "hidden Markov chain, 1,000 × 4": chain(),
    "Gaussian process, n = 100": process(),
    "neural network 13-50-1, batch 100": network(),
}


def reference():
    out = []
    for name, (density, dim) in WORKLOADS.items():
        for k in range(3):
            u = point(dim, k)
            value, gradient = jax.value_and_grad(density)(jnp.asarray(u))
            out.append(dict(name=name, point=k, u=u.tolist(), value=float(value), gradient=np.asarray(gradient).tolist()))
    json.dump(dict(source="jax " + jax.__version__ + ", float64", rows=out), sys.stdout, indent=1, ensure_ascii=False)
    print()


def measure():
    print("| workload | JAX " + jax.__version__ + ", µs |\n|---|---|")
    for name, (density, dim) in WORKLOADS.items():
        both = jax.value_and_grad(density)

        def loop(u, n):
            def body(_, c):
                u, s = c
                v, g = both(u)
                return u + 1e-9 * g / (1.0 + jnp.abs(g)), s + v
            return jax.lax.fori_loop(0, n, body, (u, 0.0))
        run = jax.jit(loop)
        u = jnp.asarray(point(dim, 0))
        jax.block_until_ready(run(u, 2))
        n = 1
        while True:
            start = time.perf_counter()
            jax.block_until_ready(run(u, n))
            # Short enough that a busy machine leaves most batches whole.
            if time.perf_counter() - start > 0.002:
                break
            n *= 2
        times = []
        for _ in range(75):
            start = time.perf_counter()
            jax.block_until_ready(run(u, n))
            times.append((time.perf_counter() - start) / n * 1e6)
        print(f"| {name} | {sorted(times)[len(times) // 2]:.2f} |", flush=True)


if __name__ == "__main__":
    reference() if sys.argv[1:] == ["reference"] else measure()
