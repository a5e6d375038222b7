"""Effective samples per second of NUTS on the models of tests/posteriordb: ours, Stan's (PyStan) and nutpie's (PyMC).

    pip install -r benches/peers/requirements-nuts.txt
    python benches/peers/nuts.py [model ...]

from the root of the repository builds and runs all three, model by model in turn, and prints the table. Each run is 4
chains of 1,000 + 1,000 at the defaults (target acceptance 0.8; 0.95 for the centred schools), with three seeds.

Seconds are those of one core: ours and nutpie run their chains one after the other on one thread, Stan's are the sum of
its chains' own clocks, which leave out PyStan's server. Compilation is left out everywhere. Of three runs the shortest
counts, since other processes only ever add. The effective size is the smallest bulk one of the parameters that the
reference knows, by the same estimator for all, its mean over the three runs.
"""
import json
import os
import pathlib
import subprocess
import sys
import time

import arviz as az
import numpy as np

import nuts_pymc

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
DATA = ROOT / "tests" / "posteriordb" / "data"
CHAINS, WARMUP, DRAWS, SEEDS = 4, 1000, 1000, (1, 2, 3)
TARGET = {"eight_schools_centered": 0.95}


def reference(model):
    return json.loads((DATA / f"{model}.json").read_text())


def least_ess(model, columns):
    """The smallest bulk effective size; `columns` holds arrays of (chain, draw, ...) by name."""
    least = np.inf
    for name in reference(model)["parameters"]:
        base, _, index = name.partition("[")
        if base not in columns:
            continue
        x = np.asarray(columns[base])
        for i in index.rstrip("]").split(",") if index else []:
            x = x[:, :, int(i) - 1]
        x = x.reshape(x.shape[0], x.shape[1])
        if x.std() > 1e-9:
            least = min(least, float(az.ess(x, method="bulk")))
    return least


def table_row(runs):
    """Effective samples a second, gradients, seconds of the shortest run."""
    seconds = min(r["seconds"] for r in runs)
    return dict(
        rate=np.mean([r["ess"] for r in runs]) / seconds,
        seconds=seconds,
        ess=np.mean([r["ess"] for r in runs]),
        gradients=np.mean([r["gradients"] for r in runs]),
    )


def ours(model):
    command = ["cargo", "bench", "--quiet", "--bench", "nuts", "--", model]
    environment = dict(os.environ, RAYON_NUM_THREADS="1")
    out = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in out.splitlines() if line.startswith("{")]


def stan_data(model):
    data = dict(reference(model)["data"])
    if model == "dogs_logistic":
        rows, outcomes = nuts_pymc.histories(data["y"])
        return dict(N=len(outcomes), X=rows.tolist(), y=outcomes.tolist())
    if model == "brownian_motion_missing":
        seen = [t for t, y in enumerate(data["y"]) if y is not None]
        return dict(T=data["T"], K=len(seen), seen=[t + 1 for t in seen], y=[data["y"][t] for t in seen])
    return data


def program(model):
    named = "survey_discrete_summed" if model == "survey_discrete" else model
    path = HERE / "stan" / f"{named}.stan"
    return path.read_text() if path.exists() else None


def clock(outputs):
    """The sum of what the chains say that they took."""
    total = 0.0
    for output in outputs:
        for line in output.splitlines():
            message = json.loads(line)
            for value in message.get("values", []) if message.get("topic") == "logger" else []:
                if "seconds (Total)" in str(value):
                    total += float(str(value).replace("info:", "").split()[0])
    return total


def by_stan(model):
    import stan

    code = program(model)
    if code is None:
        return None
    runs = []
    for seed in SEEDS:
        built = stan.build(code, data=stan_data(model), random_seed=seed)
        delta = TARGET.get(model, 0.8)
        fit = built.sample(num_chains=CHAINS, num_warmup=WARMUP, num_samples=DRAWS, save_warmup=True, delta=delta)
        columns = {}
        for name in fit.param_names:
            x = np.asarray(fit[name])
            # The last axis runs over draws, and within each over chains.
            x = np.moveaxis(x, -1, 0)
            x = x.reshape(WARMUP + DRAWS, CHAINS, *x.shape[1:])
            x = np.moveaxis(x, 1, 0)[:, WARMUP:]
            columns[name] = x[..., 0] if fit.dims[fit.param_names.index(name)] == [] or x.shape[2:] == (1,) else x
        runs.append(dict(seconds=clock(fit.stan_outputs), ess=least_ess(model, columns), gradients=int(fit["n_leapfrog__"].sum())))
    return runs


def by_nutpie(model):
    import nutpie

    built = nuts_pymc.model(model, reference(model)["data"])
    if built is None:
        return None
    compiled = nutpie.compile_pymc_model(built)
    settings = dict(chains=CHAINS, cores=1, progress_bar=False, save_warmup=True, target_accept=TARGET.get(model, 0.8))
    nutpie.sample(compiled, tune=50, draws=50, seed=0, **settings)
    runs = []
    for seed in SEEDS:
        start = time.perf_counter()
        trace = nutpie.sample(compiled, tune=WARMUP, draws=DRAWS, seed=seed, **settings)
        seconds = time.perf_counter() - start
        steps = trace.sample_stats["n_steps"].sum() + trace.warmup_sample_stats["n_steps"].sum()
        columns = {name: trace.posterior[name].values for name in trace.posterior.data_vars}
        runs.append(dict(seconds=seconds, ess=least_ess(model, columns), gradients=int(steps)))
    return runs


def main():
    models = sys.argv[1:] or sorted(p.stem for p in DATA.glob("*.json"))
    sizes = {m: nuts_pymc.size(reference(m)["data"]) for m in models}
    print("| model | data | ours, ESS/s | Stan | nutpie | ratio to the better | gradients: ours, Stan, nutpie | µs a gradient: ours, Stan, nutpie |")
    print("|---|---|---|---|---|---|---|---|", flush=True)
    for model in models:
        named = "survey_discrete_summed" if model == "survey_discrete" else model
        rows = []
        for run in (lambda: ours(named), lambda: by_stan(model), lambda: by_nutpie(model)):
            try:
                runs = run()
            except Exception as error:
                print(f"{model}: {error}", file=sys.stderr)
                runs = None
            rows.append(table_row(runs) if runs else None)
        number = lambda row, f: "–" if row is None else f(row)
        rates = [number(r, lambda r: f"{r['rate']:,.0f}") for r in rows]
        gradients = ", ".join(number(r, lambda r: f"{r['gradients']:,.0f}") for r in rows)
        micros = ", ".join(number(r, lambda r: f"{1e6 * r['seconds'] / r['gradients']:.3g}") for r in rows)
        peers = [r["rate"] for r in rows[1:] if r]
        ratio = f"{rows[0]['rate'] / max(peers):.2f}" if rows[0] and peers else "–"
        print(f"| {model} | {sizes[model]:,} | {' | '.join(rates)} | {ratio} | {gradients} | {micros} |", flush=True)


if __name__ == "__main__":
    main()
