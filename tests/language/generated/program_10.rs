use super::*;

#[model]
fn program(flag: bool) {
    let x1 = submodel(part(-1.31));
    for i2 in 0..2 {
        let c3 = 0.3 * f64::from(i2);
        plate(1, |i4| {
            let c5 = 0.3 * i4 as f64;
            let y6 = 1.93;
            observe(y6, Normal::new((c3 - 0.25 * c5), 1.42));
            let x7: f64 = sample(Normal::new(x1, 0.98));
        });
    }
    #[enumerate]
    let z8: usize = sample(Categorical::new([0.31, 0.55]));
    let v9 = z8 as f64;
    #[enumerate]
    let z10: usize = sample(Categorical::new([0.74, 0.40]));
    let v11 = z10 as f64;
    let x12 = submodel(part((v11 - 0.25 * x1)));
    let x13: f64 = sample(Normal::new(0.79, (v11 * 0.3).exp()));
}

fn straight(flag: bool, u: &mut Point<'_>) -> f64 {
    let mut lp = 0.0;
    let x1 = u.next();
    lp += normal(x1, -1.31, 1.5) + normal(0.3, x1, 1.0);
    for i2 in 0..2 {
        let c3 = 0.3 * f64::from(i2);
        for i4 in 0..1 {
            let c5 = 0.3 * i4 as f64;
            lp += normal(1.93, (c3 - 0.25 * c5), 1.42);
            let x7 = u.next();
            lp += normal(x7, x1, 0.98);
        }
    }
    let z8w: [f64; 2] = [0.31, 0.55];
    let (z8start, z8before) = (u.at, lp);
    let mut z8terms = Vec::new();
    for z8 in 0..2 {
        u.at = z8start;
        let mut lp = (z8w[z8] / z8w.iter().sum::<f64>()).ln();
        let v9 = z8 as f64;
        let z10w: [f64; 2] = [0.74, 0.40];
        let (z10start, z10before) = (u.at, lp);
        let mut z10terms = Vec::new();
        for z10 in 0..2 {
            u.at = z10start;
            let mut lp = (z10w[z10] / z10w.iter().sum::<f64>()).ln();
            let v11 = z10 as f64;
            let x12 = u.next();
            lp += normal(x12, (v11 - 0.25 * x1), 1.5) + normal(0.3, x12, 1.0);
            let x13 = u.next();
            lp += normal(x13, 0.79, (v11 * 0.3).exp());
            z10terms.push(lp);
        }
        lp = z10before + log_sum_exp(&z10terms);
        z8terms.push(lp);
    }
    lp = z8before + log_sum_exp(&z8terms);
    lp
}

#[test]
fn is_as_written() {
    as_written(program, straight);
}
