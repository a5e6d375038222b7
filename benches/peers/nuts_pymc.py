"""The models of tests/posteriordb in PyMC, for nutpie. Those that need a loop over time have none."""
import numpy as np


def histories(y):
    """A row a trial (1, earlier avoidances, earlier shocks), and the outcomes, dog after dog."""
    y = np.asarray(y)
    before = lambda x: np.cumsum(x, axis=1) - x
    rows = np.stack([np.ones(y.shape), before(1 - y), before(y)], axis=-1)
    return rows.reshape(-1, 3), y.reshape(-1)


def size(data):
    """How many observations: the length of the longest column."""
    return max(np.asarray(v, dtype=object).size if not isinstance(v[0], list) else len(v) * (len(v[0]) if "y" == k else 1)
               for k, v in data.items() if isinstance(v, list))


def model(name, data):
    """The model, or nothing."""
    build = globals().get("_" + name)
    if build is None:
        return None
    import pymc as pm

    arrays = {k: np.asarray(v, dtype=float) if isinstance(v, list) else v for k, v in data.items()}
    with pm.Model() as built:
        build(pm, arrays)
    return built


def _eight_schools_noncentered(pm, d):
    mu, tau = pm.Normal("mu", 0, 5), pm.HalfCauchy("tau", 5)
    theta = pm.Deterministic("theta", mu + tau * pm.Normal("theta_trans", 0, 1, shape=8))
    pm.Normal("y", theta, d["sigma"], observed=d["y"])


def _eight_schools_centered(pm, d):
    mu, tau = pm.Normal("mu", 0, 5), pm.HalfCauchy("tau", 5)
    theta = pm.Normal("theta", mu, tau, shape=8)
    pm.Normal("y", theta, d["sigma"], observed=d["y"])


def _wells_interaction(pm, d):
    c, a = (d["dist"] - d["dist"].mean()) / 100, d["arsenic"] - d["arsenic"].mean()
    x = np.stack([c, a, c * a], axis=1)
    alpha, beta = pm.Flat("alpha"), pm.Flat("beta", shape=3)
    pm.Bernoulli("switched", logit_p=alpha + x @ beta, observed=d["switched"].astype(int))


def _dogs_logistic(pm, d):
    rows, outcomes = histories(d["y"].astype(int))
    beta = pm.Normal("beta", 0, 100, shape=3)
    pm.Bernoulli("y", logit_p=rows @ beta, observed=outcomes)


def _earn_height(pm, d):
    beta, sigma = pm.Flat("beta", shape=2), pm.HalfFlat("sigma")
    pm.Normal("earn", beta[0] + beta[1] * d["height"], sigma, observed=d["earn"])


def _kidiq_interaction(pm, d):
    x = np.stack([np.ones_like(d["mom_hs"]), d["mom_hs"], d["mom_iq"], d["mom_hs"] * d["mom_iq"]], axis=1)
    beta, sigma = pm.Flat("beta", shape=4), pm.HalfCauchy("sigma", 2.5)
    pm.Normal("score", x @ beta, sigma, observed=d["kid_score"])


def _kilpisjarvi(pm, d):
    alpha, beta = pm.Normal("alpha", d["pmualpha"], d["psalpha"]), pm.Normal("beta", d["pmubeta"], d["psbeta"])
    sigma = pm.HalfFlat("sigma", initval=1.0)
    pm.Normal("y", alpha + beta * d["x"], sigma, observed=d["y"])


def _nes1980(pm, d):
    age = d["age_discrete"]
    columns = [np.ones_like(age), d["real_ideo"], d["race_adj"], age == 2, age == 3, age == 4, d["educ1"], d["gender"], d["income"]]
    x = np.stack(columns, axis=1).astype(float)
    beta, sigma = pm.Flat("beta", shape=9), pm.HalfFlat("sigma")
    pm.Normal("party", x @ beta, sigma, observed=d["partyid7"])


def _sblrc_blr(pm, d):
    beta, sigma = pm.Normal("beta", 0, 10, shape=5), pm.HalfNormal("sigma", 10)
    pm.Normal("y", d["X"] @ beta, sigma, observed=d["y"])


def _glm_poisson(pm, d):
    alpha = pm.Uniform("alpha", -20, 20)
    beta = [pm.Uniform(f"beta{k}", -10, 10) for k in (1, 2, 3)]
    t = d["year"]
    log_rate = alpha + beta[0] * t + beta[1] * t**2 + beta[2] * t**3
    pm.Poisson("C", pm.math.exp(log_rate), observed=d["C"].astype(int))


def _low_dim_gauss_mix(pm, d):
    from pymc.distributions.transforms import ordered

    mu = pm.Normal("mu", 0, 2, shape=2, transform=ordered, initval=np.array([-1.0, 1.0]))
    sigma, theta = pm.HalfNormal("sigma", 2, shape=2), pm.Beta("theta", 5, 5)
    weights = pm.math.stack([theta, 1 - theta])
    pm.NormalMixture("y", weights, mu, sigma, observed=d["y"])


def _radon_mn_hierarchical(pm, d):
    mu, beta = pm.Normal("mu_alpha", 0, 10), pm.Normal("beta", 0, 10, shape=2)
    spread, sigma = pm.HalfNormal("sigma_alpha", 1), pm.HalfNormal("sigma_y", 1)
    alpha = pm.Deterministic("alpha", mu + spread * pm.Normal("offset", 0, 1, shape=d["J"]))
    trend = beta[0] * d["log_uppm"] + beta[1] * d["floor_measure"]
    pm.Normal("y", alpha[d["county_idx"].astype(int) - 1] + trend, sigma, observed=d["log_radon"])


def _rats(pm, d):
    mu_alpha, mu_beta = pm.Normal("mu_alpha", 0, 100), pm.Normal("mu_beta", 0, 100)
    scales = [pm.HalfFlat(name, initval=1.0) for name in ("sigma_y", "sigma_alpha", "sigma_beta")]
    alpha = pm.Normal("alpha", mu_alpha, scales[1], shape=d["N"])
    beta = pm.Normal("beta", mu_beta, scales[2], shape=d["N"])
    pm.Deterministic("alpha0", mu_alpha - d["xbar"] * mu_beta)
    rat = d["rat"].astype(int) - 1
    pm.Normal("y", alpha[rat] + beta[rat] * (d["x"] - d["xbar"]), scales[0], observed=d["y"])


def _seeds_random_effects(pm, d):
    alpha = [pm.Normal(f"alpha{k}", 0, 1) for k in (0, 1, 2, 12)]
    sigma = pm.HalfCauchy("sigma", 1)
    b = pm.Deterministic("b", sigma * pm.Normal("offset", 0, 1, shape=d["I"]))
    logit = alpha[0] + alpha[1] * d["x1"] + alpha[2] * d["x2"] + alpha[3] * d["x1"] * d["x2"] + b
    pm.Binomial("n", d["N"].astype(int), logit_p=logit, observed=d["n"].astype(int))


def _gp_regr(pm, d):
    rho, alpha, sigma = pm.Gamma("rho", 25, 4), pm.HalfNormal("alpha", 2), pm.HalfNormal("sigma", 1)
    square = (d["x"][:, None] - d["x"][None, :]) ** 2
    covariance = alpha**2 * pm.math.exp(-0.5 * square / rho**2) + sigma * np.eye(len(d["x"]))
    pm.MvNormal("y", np.zeros(len(d["x"])), covariance, observed=d["y"])


def _iris_mvn_lkj(pm, d):
    mu = pm.Normal("mu", 0, 10, shape=4)
    factor, correlation, scales = pm.LKJCholeskyCov("factor", n=4, eta=2, sd_dist=pm.HalfNormal.dist(1, shape=4))
    pm.Deterministic("s", scales)
    pm.Deterministic("Omega", correlation)
    pm.MvNormal("x", mu, chol=factor, observed=d["x"])


def _dogs_hier_lkj(pm, d):
    y = d["y"].astype(int)
    rows, outcomes = histories(y)
    dog = np.repeat(np.arange(len(y)), y.shape[1])
    mu, sigma = pm.Logistic("mu_logit_ab", 0, 1, shape=2), pm.HalfNormal("sigma_logit_ab", 1, shape=2)
    # A 2 x 2 correlation from LKJ(2): (rho + 1)/2 is Beta(2, 2).
    rho = pm.Deterministic("rho", 2 * pm.Beta("half", 2, 2) - 1)
    z = pm.Normal("z", 0, 1, shape=(2, len(y)))
    logit_a = mu[0] + sigma[0] * z[0]
    logit_b = mu[1] + sigma[1] * (rho * z[0] + pm.math.sqrt(1 - rho**2) * z[1])
    a = pm.Deterministic("a", pm.math.invlogit(logit_a))
    b = pm.Deterministic("b", pm.math.invlogit(logit_b))
    pm.Bernoulli("y", pm.math.exp(rows[:, 2] * pm.math.log(a)[dog] + rows[:, 1] * pm.math.log(b)[dog]), observed=outcomes)


def _brownian_motion_missing(pm, d):
    step, noise = pm.LogNormal("innovation_noise_scale", 0, 2), pm.LogNormal("observation_noise_scale", 0, 2)
    locs = pm.GaussianRandomWalk("locs", sigma=step, init_dist=pm.Normal.dist(0, step), shape=len(d["y"]))
    seen = np.flatnonzero(~np.isnan(d["y"]))
    pm.Normal("y", locs[seen], noise, observed=d["y"][seen])


def _survey_discrete(pm, d):
    from scipy.special import gammaln

    n = np.arange(d["k"].max(), d["nmax"] + 1)
    ways = sum(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1) for k in d["k"])
    theta = pm.Uniform("theta", 0, 1)
    returned = d["k"].sum()
    terms = ways + returned * pm.math.log(theta) + (len(d["k"]) * n - returned) * pm.math.log(1 - theta)
    pm.Potential("sum", pm.math.logsumexp(terms))
