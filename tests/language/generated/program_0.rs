use super::*;

#[model]
fn program(flag: bool) {
    plate(0, |i1| {
        let c2 = 0.3 * i1 as f64;
        #[enumerate]
        let z3: usize = sample(Categorical::new([0.69, 0.81, 0.18]));
        let v4 = z3 as f64;
        let x5: f64 = sample(Normal::new(v4, (c2 * 0.3).exp()));
        #[enumerate]
        let z6: usize = sample(Categorical::new([0.75, 0.31, 0.95]));
        let v7 = z6 as f64;
    });
    for i8 in 0..0 {
        let c9 = 0.3 * f64::from(i8);
        let x10: f64 = sample(Normal::new(c9, (c9 * 0.3).exp()));
    }
    factor(0.68);
}

fn straight(flag: bool, u: &mut Point<'_>) -> f64 {
    let mut lp = 0.0;
    for i1 in 0..0 {
        let c2 = 0.3 * i1 as f64;
        let z3w: [f64; 3] = [0.69, 0.81, 0.18];
        let (z3start, z3before) = (u.at, lp);
        let mut z3terms = Vec::new();
        for z3 in 0..3 {
            u.at = z3start;
            let mut lp = (z3w[z3] / z3w.iter().sum::<f64>()).ln();
            let v4 = z3 as f64;
            let x5 = u.next();
            lp += normal(x5, v4, (c2 * 0.3).exp());
            let z6w: [f64; 3] = [0.75, 0.31, 0.95];
            let (z6start, z6before) = (u.at, lp);
            let mut z6terms = Vec::new();
            for z6 in 0..3 {
                u.at = z6start;
                let mut lp = (z6w[z6] / z6w.iter().sum::<f64>()).ln();
                let v7 = z6 as f64;
                z6terms.push(lp);
            }
            lp = z6before + log_sum_exp(&z6terms);
            z3terms.push(lp);
        }
        lp = z3before + log_sum_exp(&z3terms);
    }
    for i8 in 0..0 {
        let c9 = 0.3 * f64::from(i8);
        let x10 = u.next();
        lp += normal(x10, c9, (c9 * 0.3).exp());
    }
    lp += 0.68;
    lp
}

#[test]
fn is_as_written() {
    as_written(program, straight);
}
