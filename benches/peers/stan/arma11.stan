data { int T; vector[T] y; }
parameters { real mu; real phi; real theta; real<lower=0> sigma; }
model {
  vector[T] nu;
  real error = 0;
  for (t in 1:T) {
    nu[t] = t == 1 ? mu + phi * mu : mu + phi * y[t - 1] + theta * error;
    error = y[t] - nu[t];
  }
  mu ~ normal(0, 10);
  phi ~ normal(0, 2);
  theta ~ normal(0, 2);
  sigma ~ cauchy(0, 2.5);
  y ~ normal(nu, sigma);
}
