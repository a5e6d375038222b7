data { int N; matrix[N, 3] X; array[N] int y; }
parameters { vector[3] beta; }
model {
  beta ~ normal(0, 100);
  y ~ bernoulli_logit_glm(X, 0, beta);
}
