use super::*;

#[model]
fn program(flag: bool) {
    let y1: [f64; 3] = [-1.60, 0.61, -1.84];
    markov(3, 0, |t, before| {
        #[enumerate]
        let s2: usize = sample(Categorical::new(CHAIN[before]));
        observe(y1[t], Normal::new(-0.74 + s2 as f64, 1.22));
        s2
    });
    let x3: f64 = sample(Normal::new(0.68, 0.98));
    if !flag {
        let x4: f64 = sample(Normal::new(1.24, (x3 * 0.3).exp()));
        let x5: f64 = sample(Normal::new((x3 - 0.25 * x4), (x4 * 0.3).exp()));
    } else {
    }
    let y6: [f64; 2] = [-1.64, 1.01];
    markov(2, 0, |t, before| {
        #[enumerate]
        let s7: usize = sample(Categorical::new(CHAIN[before]));
        observe(y6[t], Normal::new((x3 - 0.25 * x3) + s7 as f64, 1.73));
        s7
    });
    let x8: f64 = sample(Normal::new(x3, (x3 * 0.3).exp()));
    plate(0, |i9| {
        let c10 = 0.3 * i9 as f64;
        let y11 = -0.73;
        observe(y11, Normal::new(x8, 0.65));
        let x12: f64 = sample(Normal::new((0.5 * x3), 0.87));
        let x13: f64 = sample(Normal::new((x3 - 0.25 * x3), 0.51));
    });
}

fn straight(flag: bool, u: &mut Point<'_>) -> f64 {
    let mut lp = 0.0;
    let y1: [f64; 3] = [-1.60, 0.61, -1.84];
    let mut terms = Vec::new();
    for path in sequences(3, 3) {
        let (mut before, mut sum) = (0, 0.0);
        for (t, &s2) in path.iter().enumerate() {
            sum += CHAIN[before][s2].ln() + normal(y1[t], -0.74 + s2 as f64, 1.22);
            before = s2;
        }
        terms.push(sum);
    }
    lp += log_sum_exp(&terms);
    let x3 = u.next();
    lp += normal(x3, 0.68, 0.98);
    if !flag {
        let x4 = u.next();
        lp += normal(x4, 1.24, (x3 * 0.3).exp());
        let x5 = u.next();
        lp += normal(x5, (x3 - 0.25 * x4), (x4 * 0.3).exp());
    } else {
    }
    let y6: [f64; 2] = [-1.64, 1.01];
    let mut terms = Vec::new();
    for path in sequences(2, 3) {
        let (mut before, mut sum) = (0, 0.0);
        for (t, &s7) in path.iter().enumerate() {
            sum += CHAIN[before][s7].ln() + normal(y6[t], (x3 - 0.25 * x3) + s7 as f64, 1.73);
            before = s7;
        }
        terms.push(sum);
    }
    lp += log_sum_exp(&terms);
    let x8 = u.next();
    lp += normal(x8, x3, (x3 * 0.3).exp());
    for i9 in 0..0 {
        let c10 = 0.3 * i9 as f64;
        lp += normal(-0.73, x8, 0.65);
        let x12 = u.next();
        lp += normal(x12, (0.5 * x3), 0.87);
        let x13 = u.next();
        lp += normal(x13, (x3 - 0.25 * x3), 0.51);
    }
    lp
}

#[test]
fn is_as_written() {
    as_written(program, straight);
}
