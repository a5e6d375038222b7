"""Effective samples per second of NUTS on the models of tests/posteriordb: ours, Stan's (PyStan) and nutpie's (PyMC).

    pip install -r benches/peers/requirements-nuts.txt
    python benches/peers/nuts.py [--sides ours,stan,nutpie] [--rounds N] [--keep FILE] [model ...]

from the root of the repository builds and runs all three, model by model in turn, and prints the table (Linux). With
`--keep`, what was measured is kept in a file, and the table is made of all that is there: so that it can be measured in
parts, or one side again. Each run is 4 chains of 1,000 + 1,000 at the defaults (target acceptance 0.8; 0.95 for the centred schools), with three seeds
a round; each round has other seeds, and the sides take turns.

Seconds are seconds on a processor, which other programs on the machine do not lengthen: of our process and of nutpie's,
the chains one after the other; of Stan's the worker processes alone, without PyStan's server. Compilation is left out
everywhere. The effective size is the smallest bulk one of the parameters that the reference knows, by the same estimator
for all. Rates are medians over the runs: with any of the three sides a chain can be stuck for a whole run. Stan begins Lotka and
Volterra's at a draw of the reference: from its own random places one chain takes longer than all else here.
"""
import argparse
import json
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import time

import arviz as az
import numpy as np

import nuts_pymc

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
DATA = ROOT / "tests" / "posteriordb" / "data"
SIDES = ("ours", "stan", "nutpie")
CHAINS, WARMUP, DRAWS, SEEDS = 4, 1000, 1000, 3
TARGET = {"eight_schools_centered": 0.95}
HARD_TO_START = {"lotka_volterra"}


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
        x = x.reshape(CHAINS, DRAWS)
        if x.std() > 1e-9:
            least = min(least, float(az.ess(x, method="bulk")))
    return least


def table_row(runs):
    """Effective samples a second, effective samples a gradient of the kept draws."""
    median = lambda key: np.median([r["ess"] / r[key] for r in runs])
    return dict(rate=median("seconds"), per_gradient=median("kept"))


def children_seconds():
    """What the processes that this one started have had of a processor."""
    reaped = resource.getrusage(resource.RUSAGE_CHILDREN)
    total = reaped.ru_utime + reaped.ru_stime
    for path in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            fields = (path / "stat").read_text().rsplit(")", 1)[1].split()
            if int(fields[1]) == os.getpid():
                threads = (path / "task").glob("*/schedstat")
                total += sum(1e-9 * float(t.read_text().split()[0]) for t in threads)
        except (OSError, IndexError):
            continue
    return total


def ours(model, seeds):
    command = ["cargo", "bench", "--quiet", "--bench", "nuts", "--", f"seeds={seeds[0]}-{seeds[-1]}", model]
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


def by_stan(model, seeds):
    import httpstan.cache
    import stan

    code = program(model)
    if code is None:
        return None
    # What was sampled before with the same seed is kept, and would come back in no time.
    for kept in pathlib.Path(httpstan.cache.cache_directory()).glob("models/*/fits"):
        shutil.rmtree(kept)
    options = {}
    if model in HARD_TO_START:
        options["init"] = [reference(model)["log_density"][0]["params"]] * CHAINS
    runs = []
    for seed in seeds:
        built = stan.build(code, data=stan_data(model), random_seed=seed)
        delta = TARGET.get(model, 0.8)
        before = children_seconds()
        fit = built.sample(num_chains=CHAINS, num_warmup=WARMUP, num_samples=DRAWS, delta=delta, **options)
        seconds = children_seconds() - before
        columns = {}
        for name in fit.param_names:
            x = np.asarray(fit[name])
            # The last axis runs over draws, and within each over chains.
            x = np.moveaxis(x, -1, 0)
            columns[name] = np.moveaxis(x.reshape(DRAWS, CHAINS, *x.shape[1:]), 1, 0)
        kept = int(np.sum(fit["n_leapfrog__"]))
        runs.append(dict(seconds=seconds, ess=least_ess(model, columns), kept=kept))
    return runs


def by_nutpie(model, seeds):
    import nutpie

    built = nuts_pymc.model(model, reference(model)["data"])
    if built is None:
        return None
    compiled = nutpie.compile_pymc_model(built)
    settings = dict(chains=CHAINS, cores=1, progress_bar=False, save_warmup=False, target_accept=TARGET.get(model, 0.8))
    nutpie.sample(compiled, tune=50, draws=50, seed=0, **settings)
    runs = []
    for seed in seeds:
        start = time.process_time()
        trace = nutpie.sample(compiled, tune=WARMUP, draws=DRAWS, seed=seed, **settings)
        seconds = time.process_time() - start
        kept = int(trace.sample_stats["n_steps"].sum())
        columns = {name: trace.posterior[name].values for name in trace.posterior.data_vars}
        runs.append(dict(seconds=seconds, ess=least_ess(model, columns), kept=kept))
    return runs


def measured(sides, model, rounds):
    """The runs of each side; none where a side has no such model or fails."""
    named = "survey_discrete_summed" if model == "survey_discrete" else model
    run = dict(
        ours=lambda seeds: ours(named, seeds),
        stan=lambda seeds: by_stan(model, seeds),
        nutpie=lambda seeds: by_nutpie(model, seeds),
    )
    found = {side: [] for side in sides}
    for turn in range(rounds):
        seeds = range(1 + turn * SEEDS, 1 + (turn + 1) * SEEDS)
        for side in sides:
            try:
                found[side] += run[side](seeds) or []
            except Exception as error:
                print(f"{model}, {side}: {error}", file=sys.stderr)
    return {side: runs for side, runs in found.items() if runs}


def line(model, sides):
    rows = [table_row(sides[s]) if s in sides else None for s in SIDES]
    cell = lambda row, f: "–" if row is None else f(row)
    rates = [cell(r, lambda r: f"{r['rate']:,.0f}") for r in rows]
    gradients = ", ".join(cell(r, lambda r: f"{1000 * r['per_gradient']:.3g}") for r in rows)
    peers = [r["rate"] for r in rows[1:] if r]
    ratio = f"{rows[0]['rate'] / max(peers):.2f}" if rows[0] and peers else "–"
    size = nuts_pymc.size(reference(model)["data"])
    return f"| {model} | {size:,} | {' | '.join(rates)} | {ratio} | {gradients} |"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sides", default=",".join(SIDES))
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--keep", type=pathlib.Path)
    parser.add_argument("models", nargs="*")
    options = parser.parse_args()
    models = options.models or sorted(p.stem for p in DATA.glob("*.json"))
    kept = json.loads(options.keep.read_text()) if options.keep and options.keep.exists() else {}
    print("| model | data | ours, ESS/s | Stan | nutpie | ratio to the better | ESS per 1,000 gradients: ours, Stan, nutpie |")
    print("|---|---|---|---|---|---|---|", flush=True)
    for model in models:
        sides = {**kept.get(model, {}), **measured([s for s in options.sides.split(",") if s], model, options.rounds)}
        kept[model] = sides
        if options.keep:
            options.keep.write_text(json.dumps(kept))
        print(line(model, sides), flush=True)


if __name__ == "__main__":
    main()
