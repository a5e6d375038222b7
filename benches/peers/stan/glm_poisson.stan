data { int n; vector[n] year; array[n] int C; }
transformed data {
  matrix[n, 3] X;
  for (i in 1:n) X[i] = [year[i], square(year[i]), year[i]^3];
}
parameters {
  real<lower=-20, upper=20> alpha;
  real<lower=-10, upper=10> beta1;
  real<lower=-10, upper=10> beta2;
  real<lower=-10, upper=10> beta3;
}
model { C ~ poisson_log_glm(X, alpha, [beta1, beta2, beta3]'); }
