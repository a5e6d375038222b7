"""Nested samplers on the same problems, in one run on one machine:

    python benches/peers/nested.py [peer ...] [case ...]

from the root of the repository; without names all peers (ppl, dynesty, ultranest, jaxns, blackjax, nautilus) and cases. Each run
is a process of its own with a limit of 300 seconds. Compilation is left out of the seconds of those that compile.

`one PEER CASE [SEED [TIMES]]` is one run of one peer, with TIMES as many inner steps where the peer (blackjax) has them: on
Rosenbrock it needs more to be right.

Error bars differ, so that seconds and evaluations are also given for an error of 0.1: they grow with 1/sd².
"""
import json
import logging
import subprocess
import sys
import time

CASES = ["shells10", "shells30", "eggbox", "rosenbrock10", "logistic"]
PEERS = ["ppl", "dynesty", "ultranest", "jaxns", "blackjax", "nautilus"]
EXACT = {"shells10": -14.590491, "shells30": -60.127767, "eggbox": 235.855940, "rosenbrock10": -43.1084}
LIMIT = 300
LIVE = 500


def wave(i):
    return ((i * 7919 + 13) % 2003) / 1001.0 - 1.0


def problem(case):
    """Dimensions, map from the cube, log likelihood (over the last axis); xp is numpy or jax.numpy."""
    import numpy as np

    if case.startswith("shells"):
        d = int(case[6:])

        def log_likelihood(x, xp):
            rest = xp.sum(x[..., 1:] ** 2, axis=-1)
            shell = lambda c: -0.5 * ((xp.sqrt(rest + (x[..., 0] - c) ** 2) - 2.0) / 0.1) ** 2
            return xp.logaddexp(shell(-3.5), shell(3.5)) - np.log(0.1 * np.sqrt(2 * np.pi))

        return d, lambda u, xp: 12.0 * u - 6.0, log_likelihood
    if case == "eggbox":
        return 2, lambda u, xp: 10 * np.pi * u, \
            lambda x, xp: (2 + xp.cos(x[..., 0] / 2) * xp.cos(x[..., 1] / 2)) ** 5
    if case == "rosenbrock10":
        def log_likelihood(x, xp):
            a, b = x[..., :-1], x[..., 1:]
            return -xp.sum(100 * (b - a**2) ** 2 + (1 - a) ** 2, axis=-1)

        return 10, lambda u, xp: 10 * u - 5, log_likelihood
    i = np.arange(2000)
    x = 1.7 * wave(3 * i[:, None] + np.arange(3))
    y = (x @ np.array([1.0, 2.0, 3.0]) + 3.0 * wave(5 * i + 1) > 0).astype(float)
    rows, sd = np.hstack([x, np.ones((2000, 1))]), np.array([1.0, 1.0, 1.0, 10.0])

    def prior(u, xp):
        if xp is np:
            from scipy.special import ndtri
        else:
            from jax.scipy.special import ndtri
        return ndtri(u) * sd

    def log_likelihood(b, xp):
        logit = b @ rows.T
        return logit @ y - xp.sum(xp.logaddexp(0.0, logit), axis=-1)

    return 4, prior, log_likelihood


def dynesty(case, seed):
    import dynesty
    import numpy as np

    d, prior, log_likelihood = problem(case)
    sampler = dynesty.NestedSampler(
        lambda x: float(log_likelihood(x, np)), lambda u: prior(u, np), d, nlive=LIVE,
        rstate=np.random.default_rng(seed), **({"sample": "rslice"} if d >= 10 else {}))
    start = time.perf_counter()
    sampler.run_nested(dlogz=0.1, print_progress=False)
    seconds = time.perf_counter() - start
    r = sampler.results
    return seconds, int(np.sum(r.ncall)), r.logz[-1], r.logzerr[-1]


def ultranest(case, seed):
    import numpy as np
    import ultranest
    import ultranest.popstepsampler as steps

    logging.getLogger("ultranest").setLevel(logging.ERROR)
    np.random.seed(seed)
    d, prior, log_likelihood = problem(case)
    sampler = ultranest.ReactiveNestedSampler(
        [f"p{i}" for i in range(d)], lambda x: log_likelihood(x, np), lambda u: prior(u, np),
        vectorized=True, log_dir=None)
    if d >= 10:
        sampler.stepsampler = steps.PopulationSimpleSliceSampler(
            popsize=200, nsteps=2 * d, generate_direction=steps.generate_mixture_random_direction)
    start = time.perf_counter()
    r = sampler.run(show_status=False, viz_callback=None, min_num_live_points=LIVE)
    return time.perf_counter() - start, int(r["ncall"]), r["logz"], r["logzerr"]


def jaxns(case, seed):
    import jax

    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp
    import jaxns
    import tensorflow_probability.substrates.jax as tfp
    from jaxns.public import DefaultNestedSampler

    logging.getLogger("jaxns").setLevel(logging.ERROR)
    d, prior, log_likelihood = problem(case)

    def cube():
        u = yield jaxns.Prior(tfp.distributions.Uniform(jnp.zeros(d), jnp.ones(d)), name="u")
        return u

    model = jaxns.Model(prior_model=cube, log_likelihood=lambda u: log_likelihood(prior(u, jnp), jnp))
    live = max(LIVE, 25 * d)
    sampler = DefaultNestedSampler(model=model, num_live_points=live, max_samples=live * 150)
    end = jaxns.TerminationCondition(dlogZ=jnp.asarray(1e-3))
    run = jax.jit(lambda key: sampler(key, term_cond=end)).lower(jax.random.PRNGKey(0)).compile()
    start = time.perf_counter()
    reason, state = jax.block_until_ready(run(jax.random.PRNGKey(seed)))
    seconds = time.perf_counter() - start
    r = sampler.to_results(termination_reason=reason, state=state)
    return seconds, int(r.total_num_likelihood_evaluations), float(r.log_Z_mean), float(r.log_Z_uncert)


def blackjax(case, seed, times=1):
    import blackjax
    import jax

    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp
    import numpy as np
    from blackjax.ns.utils import finalise, log_weights

    d, prior, log_likelihood = problem(case)
    dying, slices = LIVE // 10, times * max(5, 2 * d)

    def inside(u):
        return jnp.all((u > 0) & (u < 1))

    def bounded(u):
        v = jnp.clip(u, 1e-300, 1 - 1e-16)
        return jnp.where(inside(u), log_likelihood(prior(v, jnp), jnp), -jnp.inf)

    sampler = blackjax.nss(lambda u: jnp.where(inside(u), 0.0, -jnp.inf), bounded,
                           num_inner_steps=slices, num_delete=dying)
    init, step = jax.jit(sampler.init), jax.jit(sampler.step)

    def go(key, batches=None):
        key, first = jax.random.split(key)
        live, dead = init(jax.random.uniform(first, (LIVE, d), dtype=jnp.float64)), []
        while float(live.integrator.logZ_live - live.integrator.logZ) > -3.0:
            if len(dead) == batches:
                break
            key, k = jax.random.split(key)
            live, info = step(k, live)
            dead.append(info)
        return jax.block_until_ready(live), dead

    go(jax.random.PRNGKey(0), batches=2)
    start = time.perf_counter()
    live, dead = go(jax.random.PRNGKey(seed))
    seconds = time.perf_counter() - start
    end = finalise(live, dead)
    weights = np.nan_to_num(np.asarray(log_weights(jax.random.PRNGKey(9), end, shape=200)), nan=-np.inf)
    log_z = np.logaddexp.reduce(weights, axis=0)
    info = end.update_info
    inner = sum(np.sum(np.asarray(getattr(info, f))) for f in info._fields if f in ("num_expansions", "num_shrink"))
    return seconds, int(inner) + 2 * slices * len(dead) * dying, log_z.mean(), log_z.std()


def nautilus(case, seed):
    import nautilus as package
    import numpy as np

    d, prior, log_likelihood = problem(case)
    sampler = package.Sampler(lambda u: prior(u, np), lambda x: log_likelihood(x, np), n_dim=d, seed=seed,
                              vectorized=True, pass_dict=False)
    start = time.perf_counter()
    sampler.run(verbose=False, timeout=LIMIT - 30)
    seconds = time.perf_counter() - start
    return seconds, sampler.n_like, sampler.log_z, sampler.n_eff**-0.5


def row(result):
    case, (seconds, evaluations) = result["case"], (result["seconds"], result["evaluations"])
    scale = (result["sd"] / 0.1) ** 2
    error = f"{result['ln_z'] - EXACT[case]:+.2f}" if case in EXACT else f"({result['ln_z']:.2f})"
    # What finds the modes costs the same whatever the error after it: no law scales a refined run.
    alike = result["peer"] != "ppl refined"
    scaled = [f"{x * scale:.3g}" if alike else "–" for x in (seconds, evaluations)]
    print(f"| {case} | {result['peer']} | {seconds:.3g} | {evaluations:.3g} | {error} | {result['sd']:.2g} "
          f"| {scaled[0]} | {scaled[1]} |", flush=True)


def main(names):
    peers = [n for n in names if n in PEERS] or PEERS
    cases = [n for n in names if n in CASES] or CASES
    print("| problem | sampler | seconds | evaluations | error of ln Z (or ln Z) | claimed sd | seconds to ±0.1 "
          "| evaluations to ±0.1 |\n|---|---|---|---|---|---|---|---|")
    if "ppl" in peers:
        ours = subprocess.run(["cargo", "bench", "--bench", "nested", "--", "peers"],
                              capture_output=True, text=True, check=True).stdout
        for line in ours.splitlines():
            if line.startswith("{") and json.loads(line)["case"] in cases:
                row(json.loads(line))
    for case in cases:
        for peer in [p for p in peers if p != "ppl"]:
            command = [sys.executable, "-W", "ignore", __file__, "one", peer, case]
            try:
                found = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT)
                lines = [line for line in found.stdout.splitlines() if line.startswith("{")]
                if lines:
                    row(json.loads(lines[-1]))
                else:
                    print(f"| {case} | {peer} | failed: {found.stderr.strip().splitlines()[-1:]} | | | | | |")
            except subprocess.TimeoutExpired:
                print(f"| {case} | {peer} | over {LIMIT} | | | | | |", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["one"]:
        peer, case = sys.argv[2:4]
        seed, *times = [int(n) for n in sys.argv[4:]] or [1]
        seconds, evaluations, ln_z, sd = globals()[peer](case, seed, *times)
        print(json.dumps(dict(peer=peer, case=case, seconds=seconds, evaluations=evaluations,
                              ln_z=float(ln_z), sd=float(sd))))
    else:
        main(sys.argv[1:])
