data { int nmax; int m; array[m] int k; }
transformed data {
  vector[nmax] ways;
  vector[nmax] sent;
  real returned = sum(k);
  for (n in 1:nmax) {
    ways[n] = n < max(k) ? negative_infinity() : 0;
    if (n >= max(k)) for (i in 1:m) ways[n] += lchoose(n, k[i]);
    sent[n] = m * n;
  }
}
parameters { real<lower=0, upper=1> theta; }
model { target += log_sum_exp(ways + returned * log(theta) + (sent - returned) * log1m(theta)); }
