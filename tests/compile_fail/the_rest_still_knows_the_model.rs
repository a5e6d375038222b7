use ppl::prelude::*;

#[model]
fn coin(flips: &[bool]) {
    let fairness: f64 = sample(Beta::new(1.0, 1.0));
    let _ = sample(Normal::new(0.0, 1.0));
    let undefined = nothing_of_that_name;
    observe(flips, Bernoulli::new(fairness).iid());
}

fn uses(draw: CoinDraw) -> f64 {
    let model: Coin<'_> = coin(&[true]);
    let again = coin(model.flips);
    let layout = ppl::models::Layout::of(&again).unwrap();
    let latents: CoinLatents = draw.into();
    let same: <Coin<'_> as Model>::Latents = latents;
    same.fairness + layout.dim as f64
}

fn main() {}
