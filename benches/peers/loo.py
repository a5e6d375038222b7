"""The table of tests/loo: log likelihoods and what ArviZ makes of them.

Run from the repository root, with the packages of benches/peers/requirements.txt:

    python benches/peers/loo.py > tests/loo/arviz.json
"""

import json
import warnings

import arviz
import numpy as np


def table(name, log_likelihood, reff):
    draws, data = log_likelihood.shape
    idata = arviz.from_dict(
        posterior={"x": np.zeros((1, draws))}, log_likelihood={"y": log_likelihood[None]}
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        loo = arviz.loo(idata, pointwise=True, reff=reff, scale="log")
        waic = arviz.waic(idata, pointwise=True, scale="log")
    return {
        "name": name,
        "reff": reff,
        "log_likelihood": log_likelihood.tolist(),
        "elpd_loo": loo.elpd_loo,
        "se": loo.se,
        "p_loo": loo.p_loo,
        "loo_i": loo.loo_i.values.tolist(),
        # JSON has no infinity.
        "pareto_k": [k if np.isfinite(k) else None for k in loo.pareto_k.values.tolist()],
        "good_k": loo.good_k,
        "elpd_waic": waic.elpd_waic,
        "p_waic": waic.p_waic,
    }


def main():
    rng = np.random.default_rng(20170504)
    tables = []
    # A normal mean; the last datum is far from the others, so that its weights have a heavy tail.
    y = np.append(rng.normal(1.0, 1.0, 9), 6.5)
    mu = rng.normal(y.mean(), 1.0 / np.sqrt(10), 400)
    normal = -0.5 * (y[None] - mu[:, None]) ** 2 - 0.5 * np.log(2 * np.pi)
    tables.append(table("normal", normal, 1.0))
    tables.append(table("normal, correlated draws", normal, 0.35))
    # Fewer draws, a heavier posterior.
    scale = np.exp(rng.standard_t(4, 150))
    tables.append(table("scale", -0.5 * (y[None] / scale[:, None]) ** 2 - np.log(scale)[:, None], 0.8))
    # Too few draws for a tail.
    tables.append(table("twenty draws", normal[:20], 1.0))
    print(json.dumps(tables))


if __name__ == "__main__":
    main()
