data { int N; vector[N] y; }
parameters { simplex[2] theta1; simplex[2] theta2; positive_ordered[2] mu; }
model {
  matrix[2, 2] step = append_row(theta1', theta2');
  matrix[2, N] seen;
  vector[2] p;
  for (t in 1:N)
    for (k in 1:2)
      seen[k, t] = normal_lpdf(y[t] | mu[k], 1);
  mu[1] ~ normal(3, 1);
  mu[2] ~ normal(10, 1);
  // The first state weighs the same either way, so that the chain's sum is the forward recursion's.
  p = [0.5, 0.5]';
  target += hmm_marginal(seen, step, p);
}
