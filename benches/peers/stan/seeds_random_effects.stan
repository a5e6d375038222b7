data { int I; array[I] int n; array[I] int N; vector[I] x1; vector[I] x2; }
transformed data { vector[I] both = x1 .* x2; }
parameters { real alpha0; real alpha1; real alpha2; real alpha12; real<lower=0> sigma; vector[I] offset_; }
transformed parameters { vector[I] b = sigma * offset_; }
model {
  alpha0 ~ std_normal();
  alpha1 ~ std_normal();
  alpha2 ~ std_normal();
  alpha12 ~ std_normal();
  sigma ~ cauchy(0, 1);
  offset_ ~ std_normal();
  n ~ binomial_logit(N, alpha0 + alpha1 * x1 + alpha2 * x2 + alpha12 * both + b);
}
