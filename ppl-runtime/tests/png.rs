//! Plots as PNG files (`cargo test -p ppl-runtime --features png --test png`).

use ppl_runtime::output::plot::{Layer, PlotError, layers};
use std::path::PathBuf;

fn draw(name: &str, title: &str) -> Result<Vec<u8>, PlotError> {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::remove_file(&path).ok();
    let points = [(0.0, 1.0), (1.0, 3.0), (2.0, 2.0)];
    let line = Layer::Line {
        name: "",
        points: &points,
    };
    layers(&path, title, ("x", "−ln X"), &[line])?;
    Ok(std::fs::read(&path).unwrap())
}

#[cfg(not(feature = "png"))]
#[test]
fn a_png_is_refused_without_the_feature() {
    let refused = draw("refused.PNG", "").unwrap_err();
    assert!(matches!(refused, PlotError::Format(_)));
    assert!(refused.to_string().contains("cargo feature `png`"));
    assert!(draw("drawn.svg", "").unwrap().starts_with(b"<svg"));
}

#[cfg(feature = "png")]
mod with_the_feature {
    use super::draw;
    use ppl_runtime::output::plot::to_png;
    use resvg::tiny_skia::Pixmap;

    /// Pixels of a rectangle, given by its corners, that are darker than grey.
    fn dark(picture: &Pixmap, (x0, y0): (u32, u32), (x1, y1): (u32, u32)) -> usize {
        let inside = (y0..y1).flat_map(|y| (x0..x1).map(move |x| (x, y)));
        inside
            .filter(|&(x, y)| picture.pixel(x, y).unwrap().green() < 128)
            .count()
    }

    #[test]
    fn a_plot_has_its_text_in_pixels() {
        let with = Pixmap::decode_png(&draw("titled.png", "Ẑ of a run: τ ± σ").unwrap()).unwrap();
        let without = Pixmap::decode_png(&draw("bare.PNG", "").unwrap()).unwrap();
        assert_eq!((with.width(), with.height()), (1312, 844));
        // The title stands above y = 36 in the middle, nothing else does.
        let (from, to) = ((300, 10), (1100, 72));
        let letters = dark(&with, from, to);
        assert!((300..10_000).contains(&letters), "{letters} dark pixels");
        assert_eq!(dark(&without, from, to), 0);
        // Numbers and name at the left, reading upwards; white paper in the corner.
        assert!(dark(&with, (0, 80), (140, 760)) > 200);
        assert_eq!(with.pixel(0, 0).unwrap().green(), 255);
    }

    #[test]
    fn every_sign_of_the_plots_has_a_glyph() {
        // A missing glyph is left out or becomes a box: each must look different from a sign that no font has.
        let sign = |c: char| {
            let svg = format!(
                "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='40'><rect width='40' height='40' \
                 fill='#fff'/><text x='8' y='30' font-family='sans-serif' font-size='24'>{c}</text></svg>"
            );
            Pixmap::decode_png(&to_png(&svg, 1.0).unwrap()).unwrap()
        };
        let missing = sign('\u{10FFFD}');
        for c in "aZ09−Ẑ±στμ·%β²".chars() {
            let picture = sign(c);
            assert!(picture.data() != missing.data(), "no glyph for {c}");
            assert!(
                dark(&picture, (0, 0), (40, 40)) > 3,
                "nothing drawn for {c}"
            );
        }
    }

    #[test]
    fn what_cannot_be_drawn_is_an_error() {
        let square = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>";
        for scale in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e9] {
            assert!(to_png(square, scale).is_err(), "scale {scale}");
        }
        assert!(to_png("no drawing", 1.0).is_err());
    }
}
