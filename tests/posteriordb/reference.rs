//! The stored truth of a posterior: data, moments, evidence, log densities at points.

use serde_json::Value;

/// One file of `data/`.
pub struct Reference {
    pub name: &'static str,
    json: Value,
    summed: bool,
}

/// A point at which the log density is known.
pub struct Point {
    parameters: Value,
    /// Prior and likelihood, or their sum and nothing.
    pub parts: [f64; 2],
}

/// The latents of a model in order of appearance, and what its log density lacks of the reference's there.
pub struct Given {
    pub latents: Vec<f64>,
    pub offset: f64,
}

/// The true mean and standard deviation of a parameter, with their standard errors.
pub struct Moments {
    pub name: String,
    pub mean: f64,
    pub mean_error: f64,
    pub sd: f64,
    pub sd_error: f64,
}

impl Reference {
    pub fn load(name: &'static str) -> Self {
        let path = format!(
            "{}/tests/posteriordb/data/{name}.json",
            env!("CARGO_MANIFEST_DIR")
        );
        let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
        let json = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{path}: {e}"));
        Reference {
            name,
            json,
            summed: false,
        }
    }
    /// For a model that has summed its discrete latents out: the points without them.
    pub fn summed(self) -> Self {
        Reference {
            summed: true,
            ..self
        }
    }

    pub fn real(&self, key: &str) -> f64 {
        number(&self.json["data"][key])
    }
    pub fn reals(&self, key: &str) -> Vec<f64> {
        numbers(&self.json["data"][key])
    }
    pub fn array<const N: usize>(&self, key: &str) -> [f64; N] {
        fixed(self.reals(key))
    }
    pub fn rows<const N: usize>(&self, key: &str) -> Vec<[f64; N]> {
        fixed_rows(self.reals(key))
    }
    /// Numbers, some of them missing.
    pub fn options(&self, key: &str) -> Vec<Option<f64>> {
        let all = self.json["data"][key].as_array().expect("an array");
        all.iter().map(Value::as_f64).collect()
    }
    pub fn counts(&self, key: &str) -> Vec<usize> {
        self.reals(key).into_iter().map(|x| x as usize).collect()
    }
    /// Numbers from 1 on as places from 0 on.
    pub fn places(&self, key: &str) -> Vec<usize> {
        self.counts(key).into_iter().map(|i| i - 1).collect()
    }
    pub fn bools(&self, key: &str) -> Vec<bool> {
        self.reals(key).into_iter().map(|x| x != 0.0).collect()
    }

    pub fn log_evidence(&self) -> Option<(f64, f64)> {
        let both = self.json["log_evidence"].as_array()?;
        Some((number(&both[0]), number(&both[1])))
    }

    pub fn points(&self) -> Vec<Point> {
        let all = self.json["log_density"].as_array().expect("points");
        let of_ours = all
            .iter()
            .filter(|p| p["log_prior"].is_null() == self.summed);
        of_ours
            .map(|p| Point {
                parameters: p["params"].clone(),
                parts: match self.summed {
                    false => ["log_prior", "log_likelihood"].map(|part| number(&p[part])),
                    true => [number(&p["log_joint_n_summed_out"]), 0.0],
                },
            })
            .collect()
    }

    /// The parameters, with the names that our draws give them: `Omega[2,1]` is `omega[1][0]`.
    pub fn moments(&self) -> Vec<Moments> {
        let all = self.json["parameters"].as_object().expect("parameters");
        all.iter()
            .map(|(name, numbers)| {
                let [mean, mean_error, sd, sd_error] = fixed(self::numbers(numbers));
                Moments {
                    name: from_zero(name),
                    mean,
                    mean_error,
                    sd,
                    sd_error,
                }
            })
            .collect()
    }
}

impl Point {
    /// The numbers of these parameters, one after the other.
    pub fn numbers(&self, names: &[&str]) -> Vec<f64> {
        names
            .iter()
            .flat_map(|n| numbers(&self.parameters[*n]))
            .collect()
    }
    pub fn real(&self, name: &str) -> f64 {
        number(&self.parameters[name])
    }
}

impl From<Vec<f64>> for Given {
    fn from(latents: Vec<f64>) -> Self {
        Given {
            latents,
            offset: 0.0,
        }
    }
}

fn number(x: &Value) -> f64 {
    x.as_f64().unwrap_or_else(|| panic!("{x} is no number"))
}

fn numbers(x: &Value) -> Vec<f64> {
    match x {
        Value::Array(elements) => elements.iter().flat_map(numbers).collect(),
        _ => vec![number(x)],
    }
}

fn fixed<const N: usize>(x: Vec<f64>) -> [f64; N] {
    x.try_into()
        .unwrap_or_else(|x: Vec<f64>| panic!("{} numbers, not {N}", x.len()))
}

fn fixed_rows<const N: usize>(x: Vec<f64>) -> Vec<[f64; N]> {
    assert_eq!(x.len() % N, 0);
    x.chunks(N).map(|row| fixed(row.to_vec())).collect()
}

fn from_zero(name: &str) -> String {
    let Some((base, rest)) = name.split_once('[') else {
        return name.to_string();
    };
    let mut ours = base.to_lowercase();
    for index in rest.trim_end_matches(']').split(',') {
        let i: usize = index.parse().expect("an index");
        ours += &format!("[{}]", i - 1);
    }
    ours
}
