use super::*;

#[model]
fn program(flag: bool) {
    plate(2, |i1| {
        let c2 = 0.3 * i1 as f64;
        for i3 in 0..0 {
            let c4 = 0.3 * f64::from(i3);
            let x5: f64 = sample(Normal::new(1.19, (c4 * 0.3).exp()));
            let x6: f64 = sample(Normal::new((0.5 * c4), 1.91));
        }
        let x7: f64 = sample(Normal::new(c2, (c2 * 0.3).exp()));
        if flag {
            let x8: f64 = sample(Normal::new((c2 - 0.25 * x7), (c2 * 0.3).exp()));
        } else {
        }
    });
    let x9 = submodel(part(-0.16));
    factor(x9);
    if flag {
        factor((0.5 * x9));
        let x10: f64 = sample(Normal::new(-0.21, 1.86));
    } else {
        let y11 = -0.89;
        observe(y11, Normal::new(x9, (x9 * 0.3).exp()));
        plate(0, |i12| {
            let c13 = 0.3 * i12 as f64;
            #[enumerate]
            let z14: usize = sample(Categorical::new([0.85, 0.29]));
            let v15 = z14 as f64;
            let y16 = -1.41;
            observe(y16, Normal::new((0.5 * c13), 1.64));
        });
    }
}

fn straight(flag: bool, u: &mut Point<'_>) -> f64 {
    let mut lp = 0.0;
    for i1 in 0..2 {
        let c2 = 0.3 * i1 as f64;
        for i3 in 0..0 {
            let c4 = 0.3 * f64::from(i3);
            let x5 = u.next();
            lp += normal(x5, 1.19, (c4 * 0.3).exp());
            let x6 = u.next();
            lp += normal(x6, (0.5 * c4), 1.91);
        }
        let x7 = u.next();
        lp += normal(x7, c2, (c2 * 0.3).exp());
        if flag {
            let x8 = u.next();
            lp += normal(x8, (c2 - 0.25 * x7), (c2 * 0.3).exp());
        } else {
        }
    }
    let x9 = u.next();
    lp += normal(x9, -0.16, 1.5) + normal(0.3, x9, 1.0);
    lp += x9;
    if flag {
        lp += (0.5 * x9);
        let x10 = u.next();
        lp += normal(x10, -0.21, 1.86);
    } else {
        lp += normal(-0.89, x9, (x9 * 0.3).exp());
        for i12 in 0..0 {
            let c13 = 0.3 * i12 as f64;
            let z14w: [f64; 2] = [0.85, 0.29];
            let (z14start, z14before) = (u.at, lp);
            let mut z14terms = Vec::new();
            for z14 in 0..2 {
                u.at = z14start;
                let mut lp = (z14w[z14] / z14w.iter().sum::<f64>()).ln();
                let v15 = z14 as f64;
                lp += normal(-1.41, (0.5 * c13), 1.64);
                z14terms.push(lp);
            }
            lp = z14before + log_sum_exp(&z14terms);
        }
    }
    lp
}

#[test]
fn is_as_written() {
    as_written(program, straight);
}
