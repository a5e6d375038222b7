use super::*;

#[model]
fn program(flag: bool) {
    factor(0.84);
    #[enumerate]
    let z1: usize = sample(Categorical::new([0.62, 0.79]));
    let v2 = z1 as f64;
    for i3 in 0..0 {
        let c4 = 0.3 * f64::from(i3);
        let x5: f64 = sample(Normal::new(v2, (c4 * 0.3).exp()));
        let x6: f64 = sample(Normal::new(x5, (c4 * 0.3).exp()));
    }
    let x7: f64 = sample(Normal::new(v2, 1.93));
    for i8 in 0..1 {
        let c9 = 0.3 * f64::from(i8);
        factor((v2 - 0.25 * v2));
    }
}

fn straight(flag: bool, u: &mut Point<'_>) -> f64 {
    let mut lp = 0.0;
    lp += 0.84;
    let z1w: [f64; 2] = [0.62, 0.79];
    let (z1start, z1before) = (u.at, lp);
    let mut z1terms = Vec::new();
    for z1 in 0..2 {
        u.at = z1start;
        let mut lp = (z1w[z1] / z1w.iter().sum::<f64>()).ln();
        let v2 = z1 as f64;
        for i3 in 0..0 {
            let c4 = 0.3 * f64::from(i3);
            let x5 = u.next();
            lp += normal(x5, v2, (c4 * 0.3).exp());
            let x6 = u.next();
            lp += normal(x6, x5, (c4 * 0.3).exp());
        }
        let x7 = u.next();
        lp += normal(x7, v2, 1.93);
        for i8 in 0..1 {
            let c9 = 0.3 * f64::from(i8);
            lp += (v2 - 0.25 * v2);
        }
        z1terms.push(lp);
    }
    lp = z1before + log_sum_exp(&z1terms);
    lp
}

#[test]
fn is_as_written() {
    as_written(program, straight);
}
