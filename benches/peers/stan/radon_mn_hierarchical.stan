data { int N; int J; array[N] int county_idx; vector[N] log_uppm; vector[N] floor_measure; vector[N] log_radon; }
parameters { real mu_alpha; vector[2] beta; real<lower=0> sigma_alpha; real<lower=0> sigma_y; vector[J] offset_; }
transformed parameters { vector[J] alpha = mu_alpha + sigma_alpha * offset_; }
model {
  mu_alpha ~ normal(0, 10);
  beta ~ normal(0, 10);
  sigma_alpha ~ normal(0, 1);
  sigma_y ~ normal(0, 1);
  offset_ ~ std_normal();
  log_radon ~ normal(alpha[county_idx] + beta[1] * log_uppm + beta[2] * floor_measure, sigma_y);
}
