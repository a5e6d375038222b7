use super::*;

#[model]
fn program(flag: bool) {
    for i1 in 0..1 {
        let c2 = 0.3 * f64::from(i1);
        plate(3, |i3| {
            let c4 = 0.3 * i3 as f64;
            let x5: f64 = sample(Normal::new(c2, (c4 * 0.3).exp()));
            let x6: f64 = sample(Normal::new((0.5 * c4), 0.99));
        });
        factor((c2 - 0.25 * c2));
    }
    let x7: f64 = sample(Normal::new(0.94, 1.48));
    for i8 in 0..1 {
        let c9 = 0.3 * f64::from(i8);
        let y10 = -0.59;
        observe(y10, Normal::new((x7 - 0.25 * x7), 1.87));
        let y11 = 1.14;
        observe(y11, Normal::new(x7, 0.92));
    }
    let y12: [f64; 3] = [-1.46, 0.09, 0.30];
    markov(3, 0, |t, before| {
        #[enumerate]
        let s13: usize = sample(Categorical::new(CHAIN[before]));
        observe(y12[t], Normal::new(x7 + s13 as f64, (x7 * 0.3).exp()));
        s13
    });
}

fn straight(flag: bool, u: &mut Point<'_>) -> f64 {
    let mut lp = 0.0;
    for i1 in 0..1 {
        let c2 = 0.3 * f64::from(i1);
        for i3 in 0..3 {
            let c4 = 0.3 * i3 as f64;
            let x5 = u.next();
            lp += normal(x5, c2, (c4 * 0.3).exp());
            let x6 = u.next();
            lp += normal(x6, (0.5 * c4), 0.99);
        }
        lp += (c2 - 0.25 * c2);
    }
    let x7 = u.next();
    lp += normal(x7, 0.94, 1.48);
    for i8 in 0..1 {
        let c9 = 0.3 * f64::from(i8);
        lp += normal(-0.59, (x7 - 0.25 * x7), 1.87);
        lp += normal(1.14, x7, 0.92);
    }
    let y12: [f64; 3] = [-1.46, 0.09, 0.30];
    let mut terms = Vec::new();
    for path in sequences(3, 3) {
        let (mut before, mut sum) = (0, 0.0);
        for (t, &s13) in path.iter().enumerate() {
            sum += CHAIN[before][s13].ln() + normal(y12[t], x7 + s13 as f64, (x7 * 0.3).exp());
            before = s13;
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
