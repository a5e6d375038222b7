use super::*;

#[model]
fn program(flag: bool) {
    let x1: f64 = sample(Normal::new(-0.26, 1.74));
    let x2: f64 = sample(Normal::new((0.5 * x1), (x1 * 0.3).exp()));
    let y3 = -1.54;
    observe(y3, Normal::new((0.5 * x1), 1.77));
}

fn straight(flag: bool, u: &mut Point<'_>) -> f64 {
    let mut lp = 0.0;
    let x1 = u.next();
    lp += normal(x1, -0.26, 1.74);
    let x2 = u.next();
    lp += normal(x2, (0.5 * x1), (x1 * 0.3).exp());
    lp += normal(-1.54, (0.5 * x1), 1.77);
    lp
}

#[test]
fn is_as_written() {
    as_written(program, straight);
}
