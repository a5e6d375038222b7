//! SVG drawings as pixels.

use super::PlotError;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};
use std::sync::Arc;

/// Pixels of a saved PNG for each pixel of the drawing.
pub(super) const SCALE: f64 = 2.0;

/// An SVG drawing as a PNG file, so many pixels for each of the drawing's.
///
/// Text is set in DejaVu Sans, which is compiled in: the same drawing gives the same pixels on every machine, and none
/// needs a font. Plots saved under a name that ends in `.png` are made by this with two pixels each.
/// Needs the cargo feature `png`.
///
/// ```
/// let square = "<svg xmlns='http://www.w3.org/2000/svg' width='8' height='8'><rect width='8' height='8'/></svg>";
/// let file = ppl_runtime::output::plot::to_png(square, 3.0)?;
/// assert_eq!(&file[1..4], b"PNG");
/// assert_eq!(file[16..24], [0, 0, 0, 24, 0, 0, 0, 24]); // width and height
/// # Ok::<(), ppl_runtime::output::plot::PlotError>(())
/// ```
///
/// # Errors
/// If the text is no SVG, or the picture would have no pixel or too many for the memory.
pub fn to_png(svg: &str, scale: f64) -> Result<Vec<u8>, PlotError> {
    let mut options = Options {
        font_family: FAMILY.to_owned(),
        ..Options::default()
    };
    let fonts = options.fontdb_mut();
    for face in [dejavu::sans::regular(), dejavu::sans::bold()] {
        fonts.load_font_source(fontdb::Source::Binary(Arc::new(face)));
    }
    fonts.set_sans_serif_family(FAMILY);
    let tree = Tree::from_str(svg, &options).map_err(|e| PlotError::Draw(e.to_string()))?;

    let size = tree.size();
    let pixels = |length: f32| (f64::from(length) * scale).ceil();
    let (width, height) = (pixels(size.width()), pixels(size.height()));
    let too_odd = || PlotError::Draw(format!("a picture of {width} × {height} pixels"));
    // A NaN is neither.
    if !(width >= 1.0 && height >= 1.0 && width * height <= MOST) {
        return Err(too_odd());
    }
    let mut canvas = Pixmap::new(width as u32, height as u32).ok_or_else(too_odd)?;
    let scaled = Transform::from_scale(scale as f32, scale as f32);
    resvg::render(&tree, scaled, &mut canvas.as_mut());
    canvas
        .encode_png()
        .map_err(|e| PlotError::Draw(e.to_string()))
}

const FAMILY: &str = "DejaVu Sans";
/// A gigabyte of pixels.
const MOST: f64 = 2.5e8;
