use super::*;

#[model]
fn program(flag: bool) {
    factor(-0.02);
    let x1 = submodel(part(-0.17));
    plate(0, |i2| {
        let c3 = 0.3 * i2 as f64;
        let x4: f64 = sample(Normal::new((0.5 * c3), 1.17));
        let y5 = 1.89;
        observe(y5, Normal::new((0.5 * c3), 1.37));
    });
}

fn straight(flag: bool, u: &mut Point<'_>) -> f64 {
    let mut lp = 0.0;
    lp += -0.02;
    let x1 = u.next();
    lp += normal(x1, -0.17, 1.5) + normal(0.3, x1, 1.0);
    for i2 in 0..0 {
        let c3 = 0.3 * i2 as f64;
        let x4 = u.next();
        lp += normal(x4, (0.5 * c3), 1.17);
        lp += normal(1.89, (0.5 * c3), 1.37);
    }
    lp
}

#[test]
fn is_as_written() {
    as_written(program, straight);
}
