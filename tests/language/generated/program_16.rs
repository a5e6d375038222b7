use super::*;

#[model]
fn program(flag: bool) {
    for i1 in 0..1 {
        let c2 = 0.3 * f64::from(i1);
        let x3: f64 = sample(Normal::new(-1.36, (c2 * 0.3).exp()));
    }
    for i4 in 0..1 {
        let c5 = 0.3 * f64::from(i4);
        let x6: f64 = sample(Normal::new(c5, (c5 * 0.3).exp()));
        if flag {
            factor((0.5 * c5));
        } else {
            factor((c5 - 0.25 * c5));
            factor((c5 - 0.25 * c5));
        }
    }
    let y7: [f64; 1] = [-0.91];
    markov(1, 0, |t, before| {
        #[enumerate]
        let s8: usize = sample(Categorical::new(CHAIN[before]));
        observe(y7[t], Normal::new(1.02 + s8 as f64, 0.56));
        s8
    });
    let x9: f64 = sample(Normal::new(-1.23, 0.54));
    let y10 = 0.98;
    observe(y10, Normal::new((0.5 * x9), 1.45));
}

fn straight(flag: bool, u: &mut Point<'_>) -> f64 {
    let mut lp = 0.0;
    for i1 in 0..1 {
        let c2 = 0.3 * f64::from(i1);
        let x3 = u.next();
        lp += normal(x3, -1.36, (c2 * 0.3).exp());
    }
    for i4 in 0..1 {
        let c5 = 0.3 * f64::from(i4);
        let x6 = u.next();
        lp += normal(x6, c5, (c5 * 0.3).exp());
        if flag {
            lp += (0.5 * c5);
        } else {
            lp += (c5 - 0.25 * c5);
            lp += (c5 - 0.25 * c5);
        }
    }
    let y7: [f64; 1] = [-0.91];
    let mut terms = Vec::new();
    for path in sequences(1, 3) {
        let (mut before, mut sum) = (0, 0.0);
        for (t, &s8) in path.iter().enumerate() {
            sum += CHAIN[before][s8].ln() + normal(y7[t], 1.02 + s8 as f64, 0.56);
            before = s8;
        }
        terms.push(sum);
    }
    lp += log_sum_exp(&terms);
    let x9 = u.next();
    lp += normal(x9, -1.23, 0.54);
    lp += normal(0.98, (0.5 * x9), 1.45);
    lp
}

#[test]
fn is_as_written() {
    as_written(program, straight);
}
