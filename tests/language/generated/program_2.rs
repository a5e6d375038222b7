use super::*;

#[model]
fn program(flag: bool) {
    let x1: f64 = sample(Normal::new(-0.14, 1.63));
    plate(1, |i2| {
        let c3 = 0.3 * i2 as f64;
        let x4: f64 = sample(Normal::new(x1, 0.60));
        let y5 = -0.98;
        observe(y5, Normal::new((0.5 * x4), 1.57));
        #[enumerate]
        let z6: usize = sample(Categorical::new([0.55, 0.20, 0.38]));
        let v7 = z6 as f64;
    });
    for i8 in 0..1 {
        let c9 = 0.3 * f64::from(i8);
        let y10 = -1.56;
        observe(y10, Normal::new(x1, (c9 * 0.3).exp()));
    }
}

fn straight(flag: bool, u: &mut Point<'_>) -> f64 {
    let mut lp = 0.0;
    let x1 = u.next();
    lp += normal(x1, -0.14, 1.63);
    for i2 in 0..1 {
        let c3 = 0.3 * i2 as f64;
        let x4 = u.next();
        lp += normal(x4, x1, 0.60);
        lp += normal(-0.98, (0.5 * x4), 1.57);
        let z6w: [f64; 3] = [0.55, 0.20, 0.38];
        let (z6start, z6before) = (u.at, lp);
        let mut z6terms = Vec::new();
        for z6 in 0..3 {
            u.at = z6start;
            let mut lp = (z6w[z6] / z6w.iter().sum::<f64>()).ln();
            let v7 = z6 as f64;
            z6terms.push(lp);
        }
        lp = z6before + log_sum_exp(&z6terms);
    }
    for i8 in 0..1 {
        let c9 = 0.3 * f64::from(i8);
        lp += normal(-1.56, x1, (c9 * 0.3).exp());
    }
    lp
}

#[test]
fn is_as_written() {
    as_written(program, straight);
}
