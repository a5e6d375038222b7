functions {
  vector slope(vector z, vector theta) {
    return [(theta[1] - theta[2] * z[2]) * z[1], (theta[4] * z[1] - theta[3]) * z[2]]';
  }
}
data { int N; array[2] real y_init; array[N, 2] real y; }
transformed data { int steps = 40; real h = 1.0 / steps; }
parameters { vector<lower=0>[4] theta; vector<lower=0>[2] z_init; array[2] real<lower=0> sigma; }
model {
  vector[2] z = z_init;
  theta[{1, 3}] ~ normal(1, 0.5);
  theta[{2, 4}] ~ normal(0.05, 0.05);
  sigma ~ lognormal(-1, 1);
  z_init ~ lognormal(log(10), 1);
  y_init ~ lognormal(log(z), sigma);
  for (n in 1:N) {
    for (s in 1:steps) {
      vector[2] k1 = slope(z, theta);
      vector[2] k2 = slope(z + 0.5 * h * k1, theta);
      vector[2] k3 = slope(z + 0.5 * h * k2, theta);
      vector[2] k4 = slope(z + h * k3, theta);
      z += h / 6 * (k1 + 2 * (k2 + k3) + k4);
    }
    y[n] ~ lognormal(log(z), sigma);
  }
}
