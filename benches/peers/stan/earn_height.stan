data { int N; vector[N] height; vector[N] earn; }
transformed data { matrix[N, 1] X = to_matrix(height, N, 1); }
parameters { vector[2] beta; real<lower=0> sigma; }
model { earn ~ normal_id_glm(X, beta[1], beta[2:2], sigma); }
