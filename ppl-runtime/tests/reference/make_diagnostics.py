"""Writes diagnostics.json: chains of draws and what ArviZ 0.23 says of them.

    pip install "arviz==0.23.4"
    python make_diagnostics.py

Each case has `chains` (a list of chains), the values of the diagnostics, and of `bfmi` with the draws read as
energies. A NaN is written as null.
"""

import json
import math
from pathlib import Path

import arviz as az
import numpy as np
from scipy.signal import lfilter

QUANTILES = [0.05, 0.5, 0.9]


def ar1(rng, chains, draws, rho):
    noise = rng.standard_normal((chains, draws)) * math.sqrt(1.0 - rho**2)
    noise[:, 0] = rng.standard_normal(chains)
    return lfilter([1.0], [1.0, -rho], noise, axis=1)


def inputs():
    yield "iid", np.random.default_rng(1).standard_normal((4, 200))
    yield "iid_off_centre", 3.0 + 1e-3 * np.random.default_rng(11).standard_normal((4, 100))
    yield "ar1_0.9", 5.0 + 2.0 * ar1(np.random.default_rng(2), 4, 250, 0.9)
    yield "ar1_negative", ar1(np.random.default_rng(3), 4, 200, -0.6)
    apart = ar1(np.random.default_rng(4), 4, 150, 0.5)
    apart[0] += 3.0
    yield "not_converged", apart
    scales = np.random.default_rng(5).standard_normal((4, 150)) * np.array([[1.0], [1.0], [1.0], [4.0]])
    yield "scales_differ", scales
    yield "cauchy", np.random.default_rng(6).standard_cauchy((4, 200))
    yield "odd_length", ar1(np.random.default_rng(7), 3, 101, 0.3)
    yield "one_chain", ar1(np.random.default_rng(8), 1, 300, 0.7)
    yield "integers", np.random.default_rng(9).poisson(3.0, (4, 200)).astype(float)
    yield "trend", np.linspace(0.0, 2.0, 120) + np.random.default_rng(10).standard_normal((2, 120))
    yield "constant", np.full((4, 20), 0.125)
    yield "shortest", np.random.default_rng(12).standard_normal((2, 4))


def plain(x):
    x = float(x)
    return None if math.isnan(x) else x


def case(name, chains):
    low, high = az.hdi(chains.ravel(), hdi_prob=0.94)
    values = {
        "rhat": az.rhat(chains),
        "ess_bulk": az.ess(chains, method="bulk"),
        "ess_tail": az.ess(chains, method="tail"),
        "ess_mean": az.ess(chains, method="mean"),
        "ess_sd": az.ess(chains, method="sd"),
        "mcse_mean": az.mcse(chains, method="mean"),
        "mcse_sd": az.mcse(chains, method="sd"),
        "hdi_low": low,
        "hdi_high": high,
    }
    for p in QUANTILES:
        values[f"ess_quantile_{p}"] = az.ess(chains, method="quantile", prob=p)
        values[f"mcse_quantile_{p}"] = az.mcse(chains, method="quantile", prob=p)
    return {
        "name": name,
        "chains": chains.tolist(),
        "values": {key: plain(value) for key, value in values.items()},
        "bfmi": [plain(value) for value in az.bfmi(chains)],
    }


def main():
    cases = [case(name, chains) for name, chains in inputs()]
    lines = ",\n".join(json.dumps(c) for c in cases)
    header = json.dumps({"arviz": az.__version__, "numpy": np.__version__})
    text = f'{{"versions": {header},\n"cases": [\n{lines}\n]}}\n'
    Path(__file__).with_name("diagnostics.json").write_text(text)


if __name__ == "__main__":
    main()
