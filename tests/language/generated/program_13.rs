use super::*;

#[model]
fn program(flag: bool) {
    let x1 = submodel(part(-0.42));
    let x2: f64 = sample(Normal::new(x1, (x1 * 0.3).exp()));
    let x3: f64 = sample(Normal::new(x1, (x2 * 0.3).exp()));
    let x4: f64 = sample(Normal::new(x3, (x3 * 0.3).exp()));
    if !flag {
        if flag {
            let y5 = 1.65;
            observe(y5, Normal::new(x3, 1.75));
        } else {
            let x6: f64 = sample(Normal::new(x1, 0.65));
        }
    } else {
        factor(-0.43);
        for i7 in 0..1 {
            let c8 = 0.3 * f64::from(i7);
            let x9: f64 = sample(Normal::new(x2, (x4 * 0.3).exp()));
        }
    }
    plate(2, |i10| {
        let c11 = 0.3 * i10 as f64;
        factor((0.5 * x3));
        plate(0, |i12| {
            let c13 = 0.3 * i12 as f64;
            #[enumerate]
            let z14: usize = sample(Categorical::new([0.52, 0.60, 0.14]));
            let v15 = z14 as f64;
            let y16 = 0.61;
            observe(y16, Normal::new(x3, 1.61));
        });
    });
}

fn straight(flag: bool, u: &mut Point<'_>) -> f64 {
    let mut lp = 0.0;
    let x1 = u.next();
    lp += normal(x1, -0.42, 1.5) + normal(0.3, x1, 1.0);
    let x2 = u.next();
    lp += normal(x2, x1, (x1 * 0.3).exp());
    let x3 = u.next();
    lp += normal(x3, x1, (x2 * 0.3).exp());
    let x4 = u.next();
    lp += normal(x4, x3, (x3 * 0.3).exp());
    if !flag {
        if flag {
            lp += normal(1.65, x3, 1.75);
        } else {
            let x6 = u.next();
            lp += normal(x6, x1, 0.65);
        }
    } else {
        lp += -0.43;
        for i7 in 0..1 {
            let c8 = 0.3 * f64::from(i7);
            let x9 = u.next();
            lp += normal(x9, x2, (x4 * 0.3).exp());
        }
    }
    for i10 in 0..2 {
        let c11 = 0.3 * i10 as f64;
        lp += (0.5 * x3);
        for i12 in 0..0 {
            let c13 = 0.3 * i12 as f64;
            let z14w: [f64; 3] = [0.52, 0.60, 0.14];
            let (z14start, z14before) = (u.at, lp);
            let mut z14terms = Vec::new();
            for z14 in 0..3 {
                u.at = z14start;
                let mut lp = (z14w[z14] / z14w.iter().sum::<f64>()).ln();
                let v15 = z14 as f64;
                lp += normal(0.61, x3, 1.61);
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
