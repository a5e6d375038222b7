use super::*;

#[model]
fn program(flag: bool) {
    let x1: f64 = sample(Normal::new(-0.61, 1.25));
    for i2 in 0..2 {
        let c3 = 0.3 * f64::from(i2);
        let y4 = -1.93;
        observe(y4, Normal::new((0.5 * c3), (x1 * 0.3).exp()));
        let y5 = -0.28;
        observe(y5, Normal::new((x1 - 0.25 * c3), (c3 * 0.3).exp()));
    }
    let x6 = submodel(part(x1));
    let x7: f64 = sample(Normal::new(-1.25, 1.87));
    factor((x6 - 0.25 * x7));
    let x8 = submodel(part((x6 - 0.25 * x6)));
}

fn straight(flag: bool, u: &mut Point<'_>) -> f64 {
    let mut lp = 0.0;
    let x1 = u.next();
    lp += normal(x1, -0.61, 1.25);
    for i2 in 0..2 {
        let c3 = 0.3 * f64::from(i2);
        lp += normal(-1.93, (0.5 * c3), (x1 * 0.3).exp());
        lp += normal(-0.28, (x1 - 0.25 * c3), (c3 * 0.3).exp());
    }
    let x6 = u.next();
    lp += normal(x6, x1, 1.5) + normal(0.3, x6, 1.0);
    let x7 = u.next();
    lp += normal(x7, -1.25, 1.87);
    lp += (x6 - 0.25 * x7);
    let x8 = u.next();
    lp += normal(x8, (x6 - 0.25 * x6), 1.5) + normal(0.3, x8, 1.0);
    lp
}

#[test]
fn is_as_written() {
    as_written(program, straight);
}
