"""NumPyro's side of `benches/stein` and of `examples/bnn`.

    python benches/peers/stein.py time           milliseconds a step on the workloads of `cargo bench --bench stein`
    python benches/peers/stein.py time 100       the same with the network of 100 particles, which takes long
    python benches/peers/stein.py bnn FILE       the network on the diabetes data, the splits and settings of
        `cargo run --release --example bnn -- compare > FILE`, and the paired differences from that file

Steps are jitted together by `lax.scan` and compiled before they are timed, which is kinder than `SteinVI.run`.
"""
import sys
import time
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from numpyro.contrib.einstein import SVGD, RBFKernel, SteinVI
from numpyro.infer import init_to_uniform
from numpyro.infer.autoguide import AutoNormal
from numpyro.optim import Adagrad, Adam

numpyro.enable_x64()
POSITIVE = dist.constraints.positive
HIDDEN, BATCH = 50, 100


def wave(i):
    return ((i * 7919 + 13) % 2003) / 1001.0 - 1.0


def coin(data):
    fairness = numpyro.sample("fairness", dist.Beta(10, 10))
    with numpyro.plate("N", data.shape[0]):
        numpyro.sample("obs", dist.Bernoulli(fairness), obs=data)


def coin_guide(data):
    alpha = numpyro.param("alpha_q", 15.0, constraint=POSITIVE)
    beta = numpyro.param("beta_q", lambda key: jax.random.exponential(key), constraint=POSITIVE)
    numpyro.sample("fairness", dist.Beta(alpha, beta))


def two_hills():
    centres = dist.MultivariateNormal(jnp.array([[-2.0, -2.0], [2.0, 2.0]]), jnp.eye(2))
    numpyro.sample("x", dist.MixtureSameFamily(dist.Categorical(jnp.ones(2) / 2), centres))


def network(x, y):
    prec_nn = numpyro.sample("prec_nn", dist.Gamma(1.0, 0.1))
    sd = 1.0 / jnp.sqrt(prec_nn)
    with numpyro.plate("l1_hidden", HIDDEN, dim=-1):
        b1 = numpyro.sample("nn_b1", dist.Normal(0.0, sd))
        with numpyro.plate("l1_feat", x.shape[1], dim=-2):
            w1 = numpyro.sample("nn_w1", dist.Normal(0.0, sd))
    with numpyro.plate("l2_hidden", HIDDEN, dim=-1):
        w2 = numpyro.sample("nn_w2", dist.Normal(0.0, sd))
    b2 = numpyro.sample("nn_b2", dist.Normal(0.0, sd))
    prec_obs = numpyro.sample("prec_obs", dist.Gamma(1.0, 0.1))
    with numpyro.plate("data", x.shape[0], subsample_size=BATCH, dim=-1):
        batch_x = numpyro.subsample(x, event_dim=1)
        batch_y = numpyro.subsample(y, event_dim=0)
        mean = jax.nn.relu(batch_x @ w1 + b1) @ w2 + b2
        numpyro.sample("y", dist.Normal(mean, 1.0 / jnp.sqrt(prec_obs)), obs=batch_y)


def stein_network(particles, draws):
    guide = AutoNormal(network, init_loc_fn=partial(init_to_uniform, radius=0.1))
    return SteinVI(network, guide, Adagrad(1.0), RBFKernel(),
                   num_stein_particles=particles, num_elbo_particles=draws)


def scanned(stein, steps):
    def run(state, *args):
        return jax.lax.scan(lambda s, _: stein.update(s, *args), state, None, length=steps)
    return jax.jit(run)


def timed(name, stein, steps, runs, *args):
    state = stein.init(jax.random.PRNGKey(1), *args)
    run = scanned(stein, steps)
    jax.block_until_ready(run(state, *args))
    each = []
    for seed in range(runs):
        state = stein.init(jax.random.PRNGKey(seed), *args)
        begun = time.perf_counter()
        jax.block_until_ready(run(state, *args))
        each.append(1e3 * (time.perf_counter() - begun) / steps)
    print(f"| {name} | {steps} | {min(each):.4f} | {sorted(each)[runs // 2]:.4f} |", flush=True)


def main_time(with_100):
    print("| numpyro, ms a step | steps | least | median |\n|---|---|---|---|", flush=True)
    flips = jnp.concatenate([jnp.ones(6), jnp.zeros(4)])
    stein = SteinVI(coin, coin_guide, Adam(5e-4), RBFKernel(),
                    num_stein_particles=10, num_elbo_particles=10)
    timed("coin, 10 particles × 10 draws", stein, 400, 3, flips)
    svgd = SVGD(two_hills, Adagrad(0.5), RBFKernel(), num_stein_particles=100,
                guide_kwargs=dict(init_loc_fn=partial(init_to_uniform, radius=3.0)))
    timed("SVGD in two dimensions, 100 particles", svgd, 1000, 3)
    i = np.arange(455)[:, None] * 13 + np.arange(13)
    x = 1.7 * wave(i)
    y = np.maximum(x[:, 0] + x[:, 1], 0.0) - x[:, 2] + 0.3 * wave(7 * np.arange(455))
    cases = [(5, 50, 20)] + ([(100, 10, 1)] if with_100 else [])
    for particles, draws, steps in cases:
        name = f"network 13-50-1, batch 100, {particles} particles × {draws} draws"
        timed(name, stein_network(particles, draws), steps, 2, jnp.asarray(x), jnp.asarray(y))


def mixture_draws(params, seed, n):
    """Draws from the mixture of normals, by site, on the support."""
    rng = np.random.default_rng(seed)
    sites = [k[: -len("_auto_loc")] for k in params if k.endswith("_auto_loc")]
    particles = len(params[sites[0] + "_auto_loc"])
    component = rng.integers(particles, size=n)
    draws = {}
    for site in sites:
        loc = np.asarray(params[site + "_auto_loc"])[component]
        scale = np.asarray(params[site + "_auto_scale"])[component]
        draws[site] = loc + scale * rng.normal(size=loc.shape)
        if site.startswith("prec"):
            draws[site] = np.exp(draws[site])
    return draws


def scores(draws, x, y, y_sd):
    """RMSE of the mean prediction and mean log likelihood, in the units of the data."""
    hidden = np.maximum(np.einsum("nf,sfh->snh", x, draws["nn_w1"]) + draws["nn_b1"][:, None], 0.0)
    mean = np.einsum("snh,sh->sn", hidden, draws["nn_w2"]) + draws["nn_b2"][:, None]
    prec = draws["prec_obs"][:, None]
    terms = 0.5 * np.log(prec / (2 * np.pi)) - 0.5 * prec * (y - mean) ** 2
    top = terms.max(0)
    log_likelihood = top + np.log(np.exp(terms - top).mean(0)) - np.log(y_sd)
    rmse = y_sd * np.sqrt(np.mean((mean.mean(0) - y) ** 2))
    return rmse, log_likelihood.mean()


def main_bnn(file):
    ours = {}
    for line in open(file):
        words = line.split()
        if words and words[0] == "split":
            ours[int(words[1])] = (float(words[3]), float(words[5]))
        if words and words[0] == "settings":
            particles, draws, steps = (int(w) for w in words[1:4])
    table = np.loadtxt("examples/data/diabetes.csv", delimiter=",", skiprows=1)
    run = differences = None
    for split in sorted(ours):
        order = (np.arange(len(table)) * 7919 + 1009 * split) % len(table)
        train, test = table[order >= 44], table[order < 44]
        mean, sd = train.mean(0), train.std(0)
        train, test = (train - mean) / sd, (test - mean) / sd
        x, y = jnp.asarray(train[:, :-1]), jnp.asarray(train[:, -1])
        stein = stein_network(particles, draws)
        state = stein.init(jax.random.PRNGKey(split), x, y)
        if run is None:
            kept, run = stein, scanned(stein, steps)
        state, _ = run(state, x, y)
        theirs = scores(mixture_draws(kept.get_params(state), split, 500),
                        test[:, :-1], test[:, -1], sd[-1])
        d = np.subtract(ours[split], theirs)
        differences = d[None] if differences is None else np.vstack([differences, d])
        print(f"split {split}: RMSE ours {ours[split][0]:.3f}, NumPyro's {theirs[0]:.3f}; "
              f"log likelihood {ours[split][1]:.4f}, {theirs[1]:.4f}", flush=True)
    mean = differences.mean(0)
    error = differences.std(0, ddof=1) / np.sqrt(len(differences))
    print(f"ours − NumPyro's over {len(differences)} splits: RMSE {mean[0]:+.3f} ± {error[0]:.3f}, "
          f"log likelihood {mean[1]:+.4f} ± {error[1]:.4f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["time"]:
        main_time("100" in sys.argv)
    elif sys.argv[1:2] == ["bnn"]:
        main_bnn(sys.argv[2])
    else:
        sys.exit(__doc__)
