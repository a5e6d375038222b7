data { int T; int K; array[K] int seen; vector[K] y; }
parameters { real<lower=0> innovation_noise_scale; real<lower=0> observation_noise_scale; vector[T] locs; }
model {
  innovation_noise_scale ~ lognormal(0, 2);
  observation_noise_scale ~ lognormal(0, 2);
  locs[1] ~ normal(0, innovation_noise_scale);
  locs[2:T] ~ normal(locs[1:(T - 1)], innovation_noise_scale);
  y ~ normal(locs[seen], observation_noise_scale);
}
