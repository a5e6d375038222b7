use super::*;

#[model]
fn program(flag: bool) {
    let y1: [f64; 4] = [-0.69, 0.04, 0.66, -1.28];
    markov(4, 0, |t, before| {
        #[enumerate]
        let s2: usize = sample(Categorical::new(CHAIN[before]));
        observe(y1[t], Normal::new(-1.20 + s2 as f64, 1.67));
        s2
    });
    let y3 = 1.94;
    observe(y3, Normal::new(-0.58, 1.56));
    plate(1, |i4| {
        let c5 = 0.3 * i4 as f64;
        let y6 = 0.18;
        observe(y6, Normal::new(0.84, (c5 * 0.3).exp()));
        let y7 = -0.80;
        observe(y7, Normal::new(c5, 1.79));
    });
    factor(0.83);
    let y8: [f64; 4] = [0.15, -1.96, 1.35, -1.31];
    markov(4, 0, |t, before| {
        #[enumerate]
        let s9: usize = sample(Categorical::new(CHAIN[before]));
        observe(y8[t], Normal::new(-0.75 + s9 as f64, 1.16));
        s9
    });
}

fn straight(flag: bool, u: &mut Point<'_>) -> f64 {
    let mut lp = 0.0;
    let y1: [f64; 4] = [-0.69, 0.04, 0.66, -1.28];
    let mut terms = Vec::new();
    for path in sequences(4, 3) {
        let (mut before, mut sum) = (0, 0.0);
        for (t, &s2) in path.iter().enumerate() {
            sum += CHAIN[before][s2].ln() + normal(y1[t], -1.20 + s2 as f64, 1.67);
            before = s2;
        }
        terms.push(sum);
    }
    lp += log_sum_exp(&terms);
    lp += normal(1.94, -0.58, 1.56);
    for i4 in 0..1 {
        let c5 = 0.3 * i4 as f64;
        lp += normal(0.18, 0.84, (c5 * 0.3).exp());
        lp += normal(-0.80, c5, 1.79);
    }
    lp += 0.83;
    let y8: [f64; 4] = [0.15, -1.96, 1.35, -1.31];
    let mut terms = Vec::new();
    for path in sequences(4, 3) {
        let (mut before, mut sum) = (0, 0.0);
        for (t, &s9) in path.iter().enumerate() {
            sum += CHAIN[before][s9].ln() + normal(y8[t], -0.75 + s9 as f64, 1.16);
            before = s9;
        }
        terms.push(sum);
    }
    lp += log_sum_exp(&terms);
    lp
}

#[test]
fn is_as_written() {
    as_written(program, straight);
}
