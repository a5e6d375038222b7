//! Cholesterol by age and body mass index where both measurements have gaps: each gap is a latent of its own.
//!
//! Schafer, "Analysis of Incomplete Multivariate Data" (1997), table 6.14, in the version of `nhanes` of R's `mice`.

use ppl::prelude::*;

const NONE: f64 = f64::NAN;
/// 20–39, 40–59, 60 and older.
const AGE: [usize; 25] = [
    0, 1, 0, 2, 0, 2, 0, 0, 1, 1, 0, 1, 2, 1, 0, 0, 2, 1, 0, 2, 0, 0, 0, 2, 1,
];
const BMI: [f64; 25] = [
    NONE, 22.7, NONE, NONE, 20.4, NONE, 22.5, 30.1, 22.0, NONE, NONE, NONE, 21.7, 28.7, 29.6, NONE,
    27.2, 26.3, 35.3, 25.5, NONE, 33.2, 27.5, 24.9, 27.4,
];
const CHOLESTEROL: [f64; 25] = [
    NONE, 187., 187., NONE, 113., 184., 118., 187., 238., NONE, NONE, NONE, 206., 204., NONE, NONE,
    284., 199., 218., NONE, NONE, 229., 131., NONE, 186.,
];

#[model]
fn health(age: &[usize], bmi: &[Option<f64>], cholesterol: &[Option<f64>]) {
    let weight: [f64; 3] = sample(Normal::new(27.0, 5.0).iid());
    let spread: f64 = sample(HalfNormal::new(5.0));
    let bmi: Vec<f64> = impute(bmi, each(age, |a| Normal::new(weight[*a], spread)));
    let level: [f64; 3] = sample(Normal::new(190.0, 50.0).iid());
    let slope: f64 = sample(Normal::new(0.0, 10.0));
    let error: f64 = sample(HalfNormal::new(50.0));
    let items = age.iter().zip(&bmi);
    let cholesterol: Vec<f64> = impute(
        cholesterol,
        each(items, |(a, b)| {
            Normal::new(level[*a] + slope * (b - 27.0), error)
        }),
    );
}

fn main() -> Result<(), ppl::Error> {
    let known = |x: f64| (!x.is_nan()).then_some(x);
    let (bmi, cholesterol) = (BMI.map(known), CHOLESTEROL.map(known));
    let model = health(&AGE, &bmi, &cholesterol);
    let run = Nuts::new(&model).seed(1).run()?;
    let draws = run.draws();
    println!(
        "cholesterol by a point of BMI: {:.1} ± {:.1}",
        draws.mean(|d| d.slope),
        draws.sd(|d| d.slope)
    );
    println!("person   BMI           cholesterol");
    for i in (0..25).filter(|&i| bmi[i].is_none() || cholesterol[i].is_none()) {
        let (b, c) = (draws.mean(|d| d.bmi[i]), draws.mean(|d| d.cholesterol[i]));
        let (sb, sc) = (draws.sd(|d| d.bmi[i]), draws.sd(|d| d.cholesterol[i]));
        println!("{:4}   {b:5.1} ± {sb:3.1}   {c:6.0} ± {sc:2.0}", i + 1);
    }
    Ok(())
}
