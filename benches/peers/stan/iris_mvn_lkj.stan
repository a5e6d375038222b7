data { int N; array[N] vector[4] x; }
parameters { vector[4] mu; vector<lower=0>[4] s; cholesky_factor_corr[4] L; }
model {
  mu ~ normal(0, 10);
  s ~ normal(0, 1);
  L ~ lkj_corr_cholesky(2);
  x ~ multi_normal_cholesky(mu, diag_pre_multiply(s, L));
}
generated quantities { matrix[4, 4] Omega = multiply_lower_tri_self_transpose(L); }
