use super::*;

#[model]
fn program(flag: bool) {
    factor(-0.31);
    let x1: f64 = sample(Normal::new(-0.16, 1.26));
    if flag {
        let x2: f64 = sample(Normal::new(x1, 1.36));
        let y3 = 0.64;
        observe(y3, Normal::new(x1, (x1 * 0.3).exp()));
    } else {
    }
}

fn straight(flag: bool, u: &mut Point<'_>) -> f64 {
    let mut lp = 0.0;
    lp += -0.31;
    let x1 = u.next();
    lp += normal(x1, -0.16, 1.26);
    if flag {
        let x2 = u.next();
        lp += normal(x2, x1, 1.36);
        lp += normal(0.64, x1, (x1 * 0.3).exp());
    } else {
    }
    lp
}

#[test]
fn is_as_written() {
    as_written(program, straight);
}
