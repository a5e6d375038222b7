//! The log densities of single data.

/// Takes the log density of one datum after the other, with the place of each.
#[derive(Clone, Debug, Default)]
pub struct Points {
    /// The elements under way, the outermost first.
    path: Vec<usize>,
    /// The log densities.
    pub values: Vec<f64>,
    /// The element that each is, in its site.
    pub places: Vec<Vec<usize>>,
}

impl Points {
    /// One datum.
    pub fn push(&mut self, log_density: f64) {
        self.values.push(log_density);
        self.places.push(self.path.clone());
    }
    /// What is in an element.
    pub fn element(&mut self, index: usize, inside: impl FnOnce(&mut Points)) {
        self.path.push(index);
        inside(self);
        self.path.pop();
    }
}
