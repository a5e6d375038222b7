"""The workloads of `benches/gradients` in Stan, on the same data.

    python benches/peers/gradients_stan.py

Stan gives no loop over its gradient, so this divides its own clock of one chain (warm-up and sampling) by the leapfrog
steps that the chain took. That includes the building of trees, which for the smallest models is most of it.
"""
import asyncio
import json
import os
import tempfile

import numpy as np

LOGISTIC = """
data {int N; int K; matrix[N, K] x; array[N] int<lower=0, upper=1> y; real width;}
parameters {vector[K] coefs; real intercept;}
model {coefs ~ normal(0, 1); intercept ~ normal(0, width); %s}
"""
PLAIN = LOGISTIC % "y ~ bernoulli_logit(x * coefs + intercept);"
FUSED = LOGISTIC % "y ~ bernoulli_logit_glm(x, intercept, coefs);"
HIERARCHICAL = """
data {int N; array[N] int<lower=1, upper=8> g; vector[N] y;}
parameters {real mu; real<lower=0> spread; vector[8] theta;}
model {mu ~ normal(0, 5); spread ~ normal(0, 5); theta ~ normal(mu, spread); y ~ normal(theta[g], 1);}
"""
SCHOOLS = """
data {vector[8] y; vector<lower=0>[8] s;}
parameters {real mu; real<lower=0> tau; vector[8] raw;}
model {mu ~ normal(0, 5); tau ~ cauchy(0, 5); raw ~ normal(0, 1); y ~ normal(mu + tau * raw, s);}
"""
MIXTURE = """
data {int N; vector[N] y;}
parameters {simplex[3] w; vector[3] means; real<lower=0> scale;}
model {
  vector[3] lw = log(w);
  means ~ normal(0, 10); scale ~ normal(0, 5);
  for (n in 1:N) {
    vector[3] t = lw;
    for (k in 1:3) t[k] += normal_lpdf(y[n] | means[k], scale);
    target += log_sum_exp(t);
  }
}
"""
CHAIN = """
data {int T; vector[T] y;}
parameters {array[4] simplex[4] rows; vector[4] means; real<lower=0> scale;}
model {
  matrix[4, T] e; matrix[4, 4] p;
  means ~ normal(0, 5); scale ~ normal(0, 5);
  for (j in 1:4) p[j] = rows[j]';
  for (t in 1:T) for (k in 1:4) e[k, t] = normal_lpdf(y[t] | means[k], scale);
  target += hmm_marginal(e, p, rows[1]);
}
"""
PROCESS = """
data {int N; array[N] real x; vector[N] y;}
parameters {real<lower=0> amplitude; real<lower=0> length; real<lower=0> noise;}
model {
  amplitude ~ normal(0, 2); length ~ normal(0, 2); noise ~ normal(0, 1);
  y ~ multi_normal_cholesky(rep_vector(0, N),
    cholesky_decompose(add_diag(gp_exp_quad_cov(x, amplitude, length), square(noise))));
}
"""
NETWORK = """
data {matrix[100, 13] x; vector[100] y;}
parameters {matrix[13, 50] hidden; row_vector[50] b; vector[50] o; real c; real<lower=0> noise;}
model {
  to_vector(hidden) ~ normal(0, 1); b ~ normal(0, 1); o ~ normal(0, 1); c ~ normal(0, 1); noise ~ normal(0, 1);
  y ~ normal(tanh(x * hidden + rep_matrix(b, 100)) * o + c, noise);
}
"""


def wave(i):
    return ((np.asarray(i) * 7919 + 13) % 2003) / 1001.0 - 1.0


def logistic(n, k, width):
    x = 1.7 * wave(np.arange(n * k)).reshape(n, k)
    return dict(N=n, K=k, x=x.tolist(), y=((np.arange(n) * 7919) % 13 < 6).astype(int).tolist(), width=width)


def workloads():
    i, t, h = np.arange(10_000), np.arange(1000), np.arange(100)
    group = t % 8
    small, large = logistic(2000, 3, 10.0), logistic(1000, 24, 1.0)
    return [
        ("logistic regression 2,000 × 4", PLAIN, small),
        ("logistic regression 2,000 × 4, fused", FUSED, small),
        ("logistic regression 1,000 × 25", PLAIN, large),
        ("logistic regression 1,000 × 25, fused", FUSED, large),
        ("hierarchical normal, 1,000 data", HIERARCHICAL,
         dict(N=1000, g=(group + 1).tolist(), y=(0.3 * group + 2.0 * wave(t)).tolist())),
        ("eight schools", SCHOOLS, dict(y=[28, 8, -3, 7, -1, 1, 18, 12], s=[15, 10, 16, 11, 9, 11, 10, 18])),
        ("mixture of three, 10,000 data", MIXTURE,
         dict(N=10_000, y=(4.0 * ((i * 5) % 3) - 4.0 + 1.5 * wave(i)).tolist())),
        ("hidden Markov chain, 1,000 × 4", CHAIN,
         dict(T=1000, y=(2.0 * ((t // 7) % 4) - 3.0 + wave(t)).tolist())),
        ("Gaussian process, n = 100", PROCESS,
         dict(N=100, x=(5.0 * wave(h)).tolist(), y=(wave(5 * h) + 0.3 * wave(7 * h + 2)).tolist())),
        ("neural network 13-50-1, batch 100", NETWORK,
         dict(x=(1.7 * wave(np.arange(1300)).reshape(100, 13)).tolist(), y=wave(3 * h + 1).tolist())),
    ]


def clock(fit):
    """Seconds of warm-up and sampling, from the messages of the chain."""
    seconds = 0.0
    for line in fit.stan_outputs[0].splitlines():
        message = json.loads(line)
        if message.get("topic") == "logger":
            for text in map(str, message["values"]):
                if "seconds (Warm-up)" in text or "seconds (Sampling)" in text:
                    seconds += float(text.replace("info:", "").replace("Elapsed Time:", "").split()[0])
    return seconds


def measure():
    import stan
    print("| workload | Stan, µs |\n|---|---|")
    for name, code, data in workloads():
        # Stan tells its seconds to three decimals: of the smallest model, many draws.
        draws = 30 if "mixture" in name or "network" in name else 20_000 if "schools" in name else 200
        posterior = stan.build(code, data=data, random_seed=1)
        fit = posterior.sample(num_chains=1, num_warmup=draws, num_samples=draws, save_warmup=True, max_depth=6)
        steps = int(np.sum(fit["n_leapfrog__"]))
        print(f"| {name} | {1e6 * clock(fit) / steps:.2f} |", flush=True)


if __name__ == "__main__":
    asyncio.set_event_loop(asyncio.new_event_loop())
    # The compiler that Stan calls leaves a folder where it runs.
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        measure()
        os.chdir("/")
