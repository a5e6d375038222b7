data { int N; array[N] int switched; vector[N] dist; vector[N] arsenic; }
transformed data {
  vector[N] c = (dist - mean(dist)) / 100;
  vector[N] a = arsenic - mean(arsenic);
  matrix[N, 3] X = append_col(append_col(c, a), c .* a);
}
parameters { real alpha; vector[3] beta; }
model { switched ~ bernoulli_logit_glm(X, alpha, beta); }
