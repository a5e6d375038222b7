//! Dual averaging of the step size.

/// Steers the acceptance statistic to a target (Hoffman & Gelman 2014, §3.2): with x = ln ε,
///
/// s̄_t = (1 − η) s̄_{t−1} + η (δ − α_t),  η = 1/(t + t₀),  x_t = μ − √t/γ · s̄_t,
/// x̄_t = t^−κ x_t + (1 − t^−κ) x̄_{t−1}.
#[derive(Clone, Debug)]
pub(super) struct DualAveraging {
    target: f64,
    mu: f64,
    t: f64,
    s_bar: f64,
    x_bar: f64,
}

/// How strongly x is drawn to μ.
const GAMMA: f64 = 0.05;
/// Damps the first iterations.
const T0: f64 = 10.0;
/// How fast early iterations are forgotten.
const KAPPA: f64 = 0.75;

impl DualAveraging {
    pub(super) fn new(target: f64, step_size: f64) -> Self {
        let mut averaging = DualAveraging {
            target,
            mu: 0.0,
            t: 0.0,
            s_bar: 0.0,
            x_bar: 0.0,
        };
        averaging.restart(step_size);
        averaging
    }
    /// Forgets all, and favours steps of ten times this size: large ones cost less to try.
    pub(super) fn restart(&mut self, step_size: f64) {
        self.mu = (10.0 * step_size).ln();
        (self.t, self.s_bar, self.x_bar) = (0.0, 0.0, 0.0);
    }
    /// The next step size to try, after a transition of this acceptance.
    pub(super) fn update(&mut self, acceptance: f64) -> f64 {
        self.t += 1.0;
        let eta = 1.0 / (self.t + T0);
        self.s_bar = (1.0 - eta) * self.s_bar + eta * (self.target - acceptance.min(1.0));
        let x = self.mu - self.s_bar * self.t.sqrt() / GAMMA;
        let weight = self.t.powf(-KAPPA);
        self.x_bar = (1.0 - weight) * self.x_bar + weight * x;
        x.exp()
    }
    /// The averaged step size; nothing before the first update.
    pub(super) fn averaged(&self) -> Option<f64> {
        (self.t > 0.0).then(|| self.x_bar.exp())
    }
}
