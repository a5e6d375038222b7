use ppl::prelude::*;

#[model]
fn coin(flips: &[bool]) {
    let fairness: f64 = sample(Beta::new(1.0, 1.0));
    let _ = sample(Normal::new(0.0, 1.0));
    let undefined = nothing_of_that_name;
    observe(flips, Bernoulli::new(fairness).iid());
}

fn uses() -> f64 {
    let model: Coin<'_> = coin(&[true]);
    let layout = ppl::models::Layout::of(&model).unwrap();
    let draw: CoinDraw = ppl::models::Evaluator::new().draw_at_line(&model, &vec![0.0; layout.dim]);
    CoinLatents::from(draw).fairness
}

fn main() {}
