//! Models whose latents differ from program to program, by the engines that take each program by itself.

mod exact;
mod models;
mod sdvi;
