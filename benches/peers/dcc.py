"""NumPyro's DCC and ours on the models and settings of NumPyro's own tests, one after the other in one run.

    python benches/peers/dcc.py

from the root of the repository. NumPyro compiles the chains of each program anew in every run. Its second column keeps
the compiled chains of a first run for the following ones: what a run costs without its compile. Five runs of each; the
median, and the root mean square error of the weight of the second program.
"""
import json
import statistics
import subprocess
import time

import jax
import numpy as np
import numpyro
import numpyro.distributions as dist
from numpyro.contrib.stochastic_support.dcc import DCC
from numpyro.handlers import condition
from numpyro.infer import MCMC

numpyro.enable_x64()

RUNS = 5
BRANCH = {"branching": True}
Y = np.loadtxt("tests/dcc/normals.csv")


class Compiled(DCC):
    """Keeps the compiled chains of each program."""

    kept = None

    def _run_inference(self, rng_key, branching_trace, *args, **kwargs):
        self.kept = self.kept or {}
        key = str(branching_trace)
        if key not in self.kept:
            kernel = self.kernel_cls(condition(self.model, data=branching_trace))
            self.kept[key] = MCMC(kernel, **self.mcmc_kwargs)
        self.kept[key].run(rng_key, *args, **kwargs)
        return self.kept[key].get_samples()


def doc():
    second = numpyro.sample("second", dist.Bernoulli(0.5), infer=BRANCH)
    if second == 0:
        mean = numpyro.sample("a", dist.Normal(0.0, 1.0))
    else:
        mean = numpyro.sample("b", dist.Normal(1.0, 1.0))
    numpyro.sample("y", dist.Normal(mean, 1.0), obs=0.2)


def address():
    second = numpyro.sample("second", dist.Bernoulli(0.5), infer=BRANCH)
    if second == 0:
        numpyro.sample("a1", dist.Normal(9.0, 1.0))
    else:
        numpyro.sample("a2", dist.Normal(9.0, 1.0))
        numpyro.sample("a3", dist.Normal(9.0, 1.0))
    numpyro.sample("y", dist.Normal(1.0 if second == 0 else 2.0, 1.0), obs=0.2)


def two_scales(first_scale, second_scale):
    def model():
        z = numpyro.sample("z", dist.Normal(0.0, 1.0))
        second = numpyro.sample("second", dist.Bernoulli(0.5), infer=BRANCH)
        with numpyro.plate("data", len(Y)):
            scale = first_scale if second == 0 else second_scale
            numpyro.sample("y", dist.Normal(z, scale), obs=Y)

    return model


LONG = dict(num_warmup=500, num_samples=1000, progress_bar=False)
SHORT = dict(num_warmup=50, num_samples=50, progress_bar=False)
MODELS = {
    "doc": (doc, LONG),
    "address": (address, SHORT),
    "kernels": (two_scales(1.0, 2.0), dict(SHORT, num_chains=2, chain_method="sequential")),
    "weights": (two_scales(2.0, 0.62177), LONG),
}


def run(dcc, seed):
    start = time.perf_counter()
    result = dcc.run(jax.random.PRNGKey(seed))
    weight = float(result.slp_weights["1"])
    return time.perf_counter() - start, weight


def main():
    bench = ["cargo", "bench", "--quiet", "--bench", "dcc"]
    lines = subprocess.run(bench, check=True, capture_output=True, text=True).stdout
    ours = {row["model"]: row for row in map(json.loads, lines.splitlines()) if row}
    print("| model | ours, s | with compile, s | ratio | without, s | ratio | our error | theirs | exact |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name, (model, settings) in MODELS.items():
        mine = ours[name]
        run(DCC(model, settings), 1000)  # what JAX compiles once a process
        cold = [run(DCC(model, settings), seed) for seed in range(RUNS)]
        kept = Compiled(model, settings)
        run(kept, 1000)
        warm = [run(kept, seed) for seed in range(RUNS)]
        with_compile = statistics.median(t for t, _ in cold)
        without = statistics.median(t for t, _ in warm)
        errors = [w - mine["exact"] for _, w in cold + warm]
        error = float(np.sqrt(np.mean(np.square(errors))))
        print(
            f"| {name} | {mine['seconds']:.4f} | {with_compile:.2f} | 1/{with_compile / mine['seconds']:.0f} "
            f"| {without:.2f} | 1/{without / mine['seconds']:.0f} | {mine['error']:.1e} | {error:.1e} "
            f"| {mine['exact']:.3g} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
