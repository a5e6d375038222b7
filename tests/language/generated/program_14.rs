use super::*;

#[model]
fn program(flag: bool) {
    let y1 = -0.07;
    observe(y1, Normal::new(1.10, 0.99));
    factor(1.39);
    factor(1.06);
    let x2 = submodel(part(-0.55));
    if flag {
        let x3: f64 = sample(Normal::new(0.38, 1.96));
        factor(x2);
    } else {
        let y4 = -0.16;
        observe(y4, Normal::new((0.5 * x2), (x2 * 0.3).exp()));
        let y5 = -0.76;
        observe(y5, Normal::new(x2, 0.81));
    }
    plate(0, |i6| {
        let c7 = 0.3 * i6 as f64;
        factor(c7);
        #[enumerate]
        let z8: usize = sample(Categorical::new([0.96, 0.14]));
        let v9 = z8 as f64;
    });
}

fn straight(flag: bool, u: &mut Point<'_>) -> f64 {
    let mut lp = 0.0;
    lp += normal(-0.07, 1.10, 0.99);
    lp += 1.39;
    lp += 1.06;
    let x2 = u.next();
    lp += normal(x2, -0.55, 1.5) + normal(0.3, x2, 1.0);
    if flag {
        let x3 = u.next();
        lp += normal(x3, 0.38, 1.96);
        lp += x2;
    } else {
        lp += normal(-0.16, (0.5 * x2), (x2 * 0.3).exp());
        lp += normal(-0.76, x2, 0.81);
    }
    for i6 in 0..0 {
        let c7 = 0.3 * i6 as f64;
        lp += c7;
        let z8w: [f64; 2] = [0.96, 0.14];
        let (z8start, z8before) = (u.at, lp);
        let mut z8terms = Vec::new();
        for z8 in 0..2 {
            u.at = z8start;
            let mut lp = (z8w[z8] / z8w.iter().sum::<f64>()).ln();
            let v9 = z8 as f64;
            z8terms.push(lp);
        }
        lp = z8before + log_sum_exp(&z8terms);
    }
    lp
}

#[test]
fn is_as_written() {
    as_written(program, straight);
}
