use super::*;

#[model]
fn program(flag: bool) {
    let x1: f64 = sample(Normal::new(-0.57, 1.91));
    let y2 = -0.34;
    observe(y2, Normal::new((x1 - 0.25 * x1), 1.78));
    factor(x1);
    let y3 = 1.31;
    observe(y3, Normal::new(x1, 1.02));
    factor(x1);
}

fn straight(flag: bool, u: &mut Point<'_>) -> f64 {
    let mut lp = 0.0;
    let x1 = u.next();
    lp += normal(x1, -0.57, 1.91);
    lp += normal(-0.34, (x1 - 0.25 * x1), 1.78);
    lp += x1;
    lp += normal(1.31, x1, 1.02);
    lp += x1;
    lp
}

#[test]
fn is_as_written() {
    as_written(program, straight);
}
