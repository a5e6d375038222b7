use super::*;

#[model]
fn program(flag: bool) {
    let y1: [f64; 2] = [-0.16, -0.84];
    markov(2, 0, |t, before| {
        #[enumerate]
        let s2: usize = sample(Categorical::new(CHAIN[before]));
        observe(y1[t], Normal::new(-0.81 + s2 as f64, 0.83));
        s2
    });
    let x3: f64 = sample(Normal::new(1.01, 1.33));
    let x4: f64 = sample(Normal::new((0.5 * x3), 1.00));
    let x5 = submodel(part(x3));
    plate(2, |i6| {
        let c7 = 0.3 * i6 as f64;
        if flag {
            let x8: f64 = sample(Normal::new(c7, (x5 * 0.3).exp()));
            let y9 = -1.65;
            observe(y9, Normal::new(x3, (x8 * 0.3).exp()));
        } else {
            let y10 = -0.04;
            observe(y10, Normal::new(-0.09, 1.77));
        }
        if flag {
            let x11: f64 = sample(Normal::new(0.81, 1.79));
        } else {
        }
        if !flag {
            factor((x3 - 0.25 * c7));
            let x12: f64 = sample(Normal::new(x4, 0.58));
        } else {
            let x13: f64 = sample(Normal::new(c7, 1.04));
        }
    });
    for i14 in 0..0 {
        let c15 = 0.3 * f64::from(i14);
        factor(x3);
        if flag {
            let x16: f64 = sample(Normal::new(0.90, (x5 * 0.3).exp()));
        } else {
        }
    }
}

fn straight(flag: bool, u: &mut Point<'_>) -> f64 {
    let mut lp = 0.0;
    let y1: [f64; 2] = [-0.16, -0.84];
    let mut terms = Vec::new();
    for path in sequences(2, 3) {
        let (mut before, mut sum) = (0, 0.0);
        for (t, &s2) in path.iter().enumerate() {
            sum += CHAIN[before][s2].ln() + normal(y1[t], -0.81 + s2 as f64, 0.83);
            before = s2;
        }
        terms.push(sum);
    }
    lp += log_sum_exp(&terms);
    let x3 = u.next();
    lp += normal(x3, 1.01, 1.33);
    let x4 = u.next();
    lp += normal(x4, (0.5 * x3), 1.00);
    let x5 = u.next();
    lp += normal(x5, x3, 1.5) + normal(0.3, x5, 1.0);
    for i6 in 0..2 {
        let c7 = 0.3 * i6 as f64;
        if flag {
            let x8 = u.next();
            lp += normal(x8, c7, (x5 * 0.3).exp());
            lp += normal(-1.65, x3, (x8 * 0.3).exp());
        } else {
            lp += normal(-0.04, -0.09, 1.77);
        }
        if flag {
            let x11 = u.next();
            lp += normal(x11, 0.81, 1.79);
        } else {
        }
        if !flag {
            lp += (x3 - 0.25 * c7);
            let x12 = u.next();
            lp += normal(x12, x4, 0.58);
        } else {
            let x13 = u.next();
            lp += normal(x13, c7, 1.04);
        }
    }
    for i14 in 0..0 {
        let c15 = 0.3 * f64::from(i14);
        lp += x3;
        if flag {
            let x16 = u.next();
            lp += normal(x16, 0.90, (x5 * 0.3).exp());
        } else {
        }
    }
    lp
}

#[test]
fn is_as_written() {
    as_written(program, straight);
}
