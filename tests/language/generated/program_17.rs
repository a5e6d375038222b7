use super::*;

#[model]
fn program(flag: bool) {
    factor(0.26);
    let y1 = -0.60;
    observe(y1, Normal::new(0.59, 1.46));
    let x2: f64 = sample(Normal::new(0.14, 1.31));
    let x3 = submodel(part(x2));
}

fn straight(flag: bool, u: &mut Point<'_>) -> f64 {
    let mut lp = 0.0;
    lp += 0.26;
    lp += normal(-0.60, 0.59, 1.46);
    let x2 = u.next();
    lp += normal(x2, 0.14, 1.31);
    let x3 = u.next();
    lp += normal(x3, x2, 1.5) + normal(0.3, x3, 1.0);
    lp
}

#[test]
fn is_as_written() {
    as_written(program, straight);
}
