use super::*;

#[model]
fn program(flag: bool) {
    let y1 = 0.18;
    observe(y1, Normal::new(-0.24, 0.68));
    factor(1.14);
    factor(0.93);
    let x2: f64 = sample(Normal::new(0.21, 0.52));
    plate(1, |i3| {
        let c4 = 0.3 * i3 as f64;
        for i5 in 0..2 {
            let c6 = 0.3 * f64::from(i5);
            factor(c6);
            let y7 = 1.03;
            observe(y7, Normal::new((x2 - 0.25 * x2), 1.17));
        }
        plate(3, |i8| {
            let c9 = 0.3 * i8 as f64;
            #[enumerate]
            let z10: usize = sample(Categorical::new([0.20, 0.93, 0.44]));
            let v11 = z10 as f64;
            #[enumerate]
            let z12: usize = sample(Categorical::new([1.00, 0.67]));
            let v13 = z12 as f64;
            #[enumerate]
            let z14: usize = sample(Categorical::new([0.99, 0.52]));
            let v15 = z14 as f64;
        });
    });
    let x16 = submodel(part(x2));
}

fn straight(flag: bool, u: &mut Point<'_>) -> f64 {
    let mut lp = 0.0;
    lp += normal(0.18, -0.24, 0.68);
    lp += 1.14;
    lp += 0.93;
    let x2 = u.next();
    lp += normal(x2, 0.21, 0.52);
    for i3 in 0..1 {
        let c4 = 0.3 * i3 as f64;
        for i5 in 0..2 {
            let c6 = 0.3 * f64::from(i5);
            lp += c6;
            lp += normal(1.03, (x2 - 0.25 * x2), 1.17);
        }
        for i8 in 0..3 {
            let c9 = 0.3 * i8 as f64;
            let z10w: [f64; 3] = [0.20, 0.93, 0.44];
            let (z10start, z10before) = (u.at, lp);
            let mut z10terms = Vec::new();
            for z10 in 0..3 {
                u.at = z10start;
                let mut lp = (z10w[z10] / z10w.iter().sum::<f64>()).ln();
                let v11 = z10 as f64;
                let z12w: [f64; 2] = [1.00, 0.67];
                let (z12start, z12before) = (u.at, lp);
                let mut z12terms = Vec::new();
                for z12 in 0..2 {
                    u.at = z12start;
                    let mut lp = (z12w[z12] / z12w.iter().sum::<f64>()).ln();
                    let v13 = z12 as f64;
                    let z14w: [f64; 2] = [0.99, 0.52];
                    let (z14start, z14before) = (u.at, lp);
                    let mut z14terms = Vec::new();
                    for z14 in 0..2 {
                        u.at = z14start;
                        let mut lp = (z14w[z14] / z14w.iter().sum::<f64>()).ln();
                        let v15 = z14 as f64;
                        z14terms.push(lp);
                    }
                    lp = z14before + log_sum_exp(&z14terms);
                    z12terms.push(lp);
                }
                lp = z12before + log_sum_exp(&z12terms);
                z10terms.push(lp);
            }
            lp = z10before + log_sum_exp(&z10terms);
        }
    }
    let x16 = u.next();
    lp += normal(x16, x2, 1.5) + normal(0.3, x16, 1.0);
    lp
}

#[test]
fn is_as_written() {
    as_written(program, straight);
}
