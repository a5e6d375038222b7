data { vector[8] y; vector[8] sigma; }
parameters { real mu; real<lower=0> tau; vector[8] theta_trans; }
transformed parameters { vector[8] theta = mu + tau * theta_trans; }
model {
  mu ~ normal(0, 5);
  tau ~ cauchy(0, 5);
  theta_trans ~ std_normal();
  y ~ normal(theta, sigma);
}
