//! Two views of the Nile at Aswan, 1871–1970: did its flow change for good (a year to find, and the question whether
//! there is one), or does it go to and fro between two regimes (a hidden Markov chain)?
//!
//! Annual flow in 10⁸ m³: Cobb, "The problem of the Nile", Biometrika 65 (1978), in the version of R's `Nile`.

use ppl::prelude::*;

const FLOW: [f64; 100] = [
    1120., 1160., 963., 1210., 1160., 1160., 813., 1230., 1370., 1140., 995., 935., 1110., 994.,
    1020., 960., 1180., 799., 958., 1140., 1100., 1210., 1150., 1250., 1260., 1220., 1030., 1100.,
    774., 840., 874., 694., 940., 833., 701., 916., 692., 1020., 1050., 969., 831., 726., 456.,
    824., 702., 1120., 1100., 832., 764., 821., 768., 845., 864., 862., 698., 845., 744., 796.,
    1040., 759., 781., 865., 845., 944., 984., 897., 822., 1010., 771., 676., 649., 846., 812.,
    742., 801., 1040., 860., 874., 848., 890., 744., 749., 838., 1050., 918., 986., 797., 923.,
    975., 815., 1020., 906., 901., 1170., 912., 746., 919., 718., 714., 740.,
];

#[model]
fn change(flow: &[f64]) {
    let before: f64 = sample(Normal::new(1000.0, 200.0));
    let spread: f64 = sample(HalfNormal::new(200.0));
    #[branch]
    let changed: bool = sample(Bernoulli::new(0.5));
    if changed {
        let after: f64 = sample(Normal::new(1000.0, 200.0));
        #[enumerate]
        let year: usize = sample(DiscreteUniform::new(1.0, 99.0));
        observe(
            flow,
            each(0..flow.len(), |t| {
                Normal::new(if t < year { before } else { after }, spread)
            }),
        );
    } else {
        observe(flow, Normal::new(before, spread).iid());
    }
}

#[model]
fn regimes(flow: &[f64]) {
    let levels: Ordered<2> = sample(Normal::new(1000.0, 200.0).iid().ordered());
    let spread: f64 = sample(HalfNormal::new(200.0));
    let stay: [f64; 2] = sample(Beta::new(10.0, 1.0).iid());
    markov(flow.len(), true, |t, was_high: bool| {
        #[enumerate]
        let high: bool = sample(Bernoulli::new(if was_high {
            stay[1]
        } else {
            1.0 - stay[0]
        }));
        observe(flow[t], Normal::new(levels[usize::from(high)], spread));
        high
    });
}

fn main() -> Result<(), ppl::Error> {
    let model = change(&FLOW);
    let run = Dcc::new(&model).seed(1).run()?;
    for program in run.programs() {
        println!("{:14} weight {}", program.name(), program.weight());
    }
    let draws = run.draws(2000, 2)?;
    let year = draws.mean(|d| d.year.map(|y| 1871.0 + y as f64));
    println!("the change came about {year:.1}");

    let model = regimes(&FLOW);
    let run = Nuts::new(&model).seed(1).run()?;
    let draws = run.draws();
    println!(
        "\nregimes of {:.0} and {:.0}",
        draws.mean(|d| d.levels[0]),
        draws.mean(|d| d.levels[1])
    );
    for (from, decade) in (1871..).step_by(10).zip(0..10) {
        let high = draws.mean(|d| (0..10).filter(|t| d.high[10 * decade + t]).count() as f64);
        println!("{from}s  {high:4.1} high years of ten");
    }
    Ok(())
}
