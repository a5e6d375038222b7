use super::*;

#[model]
fn program(flag: bool) {
    plate(1, |i1| {
        let c2 = 0.3 * i1 as f64;
        let y3 = -1.77;
        observe(y3, Normal::new((0.5 * c2), (c2 * 0.3).exp()));
        let x4: f64 = sample(Normal::new(c2, 0.65));
    });
    for i5 in 0..0 {
        let c6 = 0.3 * f64::from(i5);
        plate(0, |i7| {
            let c8 = 0.3 * i7 as f64;
            let x9: f64 = sample(Normal::new(c8, 1.29));
            let x10: f64 = sample(Normal::new((c8 - 0.25 * c6), 1.79));
            let x11: f64 = sample(Normal::new((x9 - 0.25 * c8), 1.07));
        });
    }
    let x12: f64 = sample(Normal::new(-1.22, 1.76));
}

fn straight(flag: bool, u: &mut Point<'_>) -> f64 {
    let mut lp = 0.0;
    for i1 in 0..1 {
        let c2 = 0.3 * i1 as f64;
        lp += normal(-1.77, (0.5 * c2), (c2 * 0.3).exp());
        let x4 = u.next();
        lp += normal(x4, c2, 0.65);
    }
    for i5 in 0..0 {
        let c6 = 0.3 * f64::from(i5);
        for i7 in 0..0 {
            let c8 = 0.3 * i7 as f64;
            let x9 = u.next();
            lp += normal(x9, c8, 1.29);
            let x10 = u.next();
            lp += normal(x10, (c8 - 0.25 * c6), 1.79);
            let x11 = u.next();
            lp += normal(x11, (x9 - 0.25 * c8), 1.07);
        }
    }
    let x12 = u.next();
    lp += normal(x12, -1.22, 1.76);
    lp
}

#[test]
fn is_as_written() {
    as_written(program, straight);
}
