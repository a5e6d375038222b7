data { int n_dogs; int n_trials; array[n_dogs, n_trials] int y; }
transformed data {
  matrix[n_dogs, n_trials] shocks;
  matrix[n_dogs, n_trials] avoided;
  for (j in 1:n_dogs) {
    shocks[j, 1] = 0;
    avoided[j, 1] = 0;
    for (t in 2:n_trials) {
      shocks[j, t] = shocks[j, t - 1] + y[j, t - 1];
      avoided[j, t] = avoided[j, t - 1] + 1 - y[j, t - 1];
    }
  }
}
parameters {
  vector[2] mu_logit_ab;
  vector<lower=0>[2] sigma_logit_ab;
  cholesky_factor_corr[2] L;
  matrix[2, n_dogs] z;
}
transformed parameters {
  real rho = L[2, 1];
  matrix[2, n_dogs] logit_ab = rep_matrix(mu_logit_ab, n_dogs) + diag_pre_multiply(sigma_logit_ab, L) * z;
  vector[n_dogs] a = inv_logit(logit_ab[1]');
  vector[n_dogs] b = inv_logit(logit_ab[2]');
}
model {
  mu_logit_ab ~ logistic(0, 1);
  sigma_logit_ab ~ normal(0, 1);
  L ~ lkj_corr_cholesky(2);
  to_vector(z) ~ std_normal();
  for (j in 1:n_dogs)
    y[j] ~ bernoulli(exp(shocks[j] * log_inv_logit(logit_ab[1, j]) + avoided[j] * log_inv_logit(logit_ab[2, j])));
}
