//! What is found wrong when a model is bound to its data.

use std::fmt;

/// Something wrong with an observation or a constant parameter, before it is known at which site.
#[derive(Clone, Debug, PartialEq)]
pub enum Problem {
    /// An observation that the distribution can't have produced.
    Observation {
        /// The value.
        value: f64,
        /// The distribution.
        family: &'static str,
        /// What it must be.
        requirement: &'static str,
    },
    /// A constant parameter outside its set.
    Parameter {
        /// The distribution.
        family: &'static str,
        /// The parameter.
        parameter: &'static str,
        /// Its value.
        value: f64,
        /// What it must be.
        requirement: &'static str,
    },
    /// As many observations as the distribution has elements are needed.
    Length {
        /// Observations.
        data: usize,
        /// Elements of the distribution.
        distribution: usize,
    },
    /// As many values must be given for a latent as it has elements.
    Given {
        /// Values.
        given: usize,
        /// Elements.
        elements: usize,
    },
    /// No observation at all.
    Empty,
    /// The distribution of missing data does not know how many there are.
    UnknownLength,
    /// An expression of the model itself.
    Expression(String),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Observation {
                value,
                family,
                requirement,
            } => {
                write!(
                    f,
                    "{value} can't come from {family}: an observation must be {requirement}"
                )
            }
            Problem::Parameter {
                family,
                parameter,
                value,
                requirement,
            } => {
                write!(
                    f,
                    "{family}: `{parameter}` is {value} and must be {requirement}"
                )
            }
            Problem::Length { data, distribution } => {
                write!(
                    f,
                    "{data} observations, but the distribution has {distribution} elements"
                )
            }
            Problem::Given { given, elements } => {
                write!(
                    f,
                    "{given} values are given, but it has {elements} elements"
                )
            }
            Problem::Empty => write!(f, "is empty: there is nothing to observe"),
            Problem::UnknownLength => write!(
                f,
                "the data are missing and `.iid()` has its length from them: write `.iid_n(n)` or `each(0..n, ..)`"
            ),
            Problem::Expression(message) => write!(f, "{message}"),
        }
    }
}

/// Collects the first problem of a site and where in the site it is.
#[derive(Debug, Default)]
pub struct Report {
    path: Vec<usize>,
    found: Option<(Vec<usize>, Problem)>,
    improper: Option<&'static str>,
}

impl Report {
    /// Notes a problem; the first one stays.
    pub fn problem(&mut self, problem: Problem) {
        if self.found.is_none() {
            self.found = Some((self.path.clone(), problem));
        }
    }
    /// Notes that a prior is improper: no problem for engines on R^n, but one for those that map it from the cube or
    /// simulate it.
    pub fn improper(&mut self, family: &'static str) {
        self.improper = self.improper.or(Some(family));
    }
    /// The first improper prior, by its family.
    pub fn is_improper(&self) -> Option<&'static str> {
        self.improper
    }
    /// Looks at an element.
    pub fn element(&mut self, index: usize, inside: impl FnOnce(&mut Report)) {
        self.path.push(index);
        inside(self);
        self.path.pop();
    }
    /// The first problem with the indices of its element.
    pub fn take(&mut self) -> Option<(Vec<usize>, Problem)> {
        self.found.take()
    }
    /// Whether a problem was found.
    pub fn is_done(&self) -> bool {
        self.found.is_some()
    }
}
