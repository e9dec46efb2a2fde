//! `model: { layers: […] }`: a user's own network.

use super::split_model::{Images, cut_at};
use crate::cost::{Architecture, Auxiliary, LayerList, LayerSpec, ModelError, Shape};
use crate::scenario::decode::Cursor;
use crate::scenario::model::{DataSource, ModelSource};
use crate::scenario::numbers::integer_u32;
use crate::scenario::section::Section;
use crate::scenario::vocabulary::{CONV, LAYER, MAX_POOL};

/// Layers of a list.
const MAX_LAYERS: usize = 1000;

/// Channels of a layer, and values of a linear one.
const MAX_CHANNELS: u32 = 1_000_000;

/// The longest side of an image or a window.
const MAX_SIDE: u32 = 65_536;

/// Classes: labels are bytes.
const MAX_CLASSES: u32 = 255;

/// Decodes a model with the key `layers` for these `images`: it and its cut.
pub(super) fn decode(section: &Section<'_>, images: Images<'_>) -> Option<(ModelSource, String)> {
    let lists = Lists { network: section.get("layers")?, aux: section.get("aux") };
    let layers = list(&lists.network);
    let aux = section.or("aux", Auxiliary::DEFAULT, |value| list(&value).map(Auxiliary::Layers));
    let input = input(section, images);
    let classes = classes(section, images);
    let cut = section.required("cut", |value| value.text().map(|name| (value.clone(), name)));
    let (layers, aux, input, classes) = (layers?, aux?, input?, classes?);
    let architecture = Architecture { input, classes, layers, aux };
    let (cursor, name) = cut?;
    let cut = match architecture.split(name) {
        Err(ModelError::Layer { list, index, name, fault }) => {
            lists.item(list, index).refuse(format!("{name}: {fault}"))
        }
        model => cut_at(&cursor, name, model),
    };
    Some((ModelSource::Layers(architecture), cut?))
}

/// Where the layers stand.
struct Lists<'a> {
    network: Cursor<'a>,
    /// `None` for the default classifier.
    aux: Option<Cursor<'a>>,
}

impl<'a> Lists<'a> {
    /// Where the layer with this index stands; a default one where the network does.
    fn item(&self, list: LayerList, index: usize) -> Cursor<'a> {
        let list = match list {
            LayerList::Network => &self.network,
            LayerList::Auxiliary => self.aux.as_ref().unwrap_or(&self.network),
        };
        let item = list.items("layers").and_then(|mut items| items.nth(index));
        item.unwrap_or_else(|| list.clone())
    }
}

fn list(cursor: &Cursor<'_>) -> Option<Vec<LayerSpec>> {
    let items: Vec<_> = cursor.items("layers")?.take(MAX_LAYERS + 1).collect();
    if items.is_empty() || items.len() > MAX_LAYERS {
        return cursor.refuse(format!("expected 1 to {MAX_LAYERS} layers"));
    }
    let layers: Vec<_> = items.iter().map(layer).collect();
    layers.into_iter().collect()
}

fn layer(cursor: &Cursor<'_>) -> Option<LayerSpec> {
    let variant = cursor.variant(&LAYER)?;
    match variant.name {
        "conv" => conv(variant.argument("conv: { channels: 32, kernel: 3, padding: 1 }")?),
        "max-pool" => max_pool(variant.argument("max-pool: { kernel: 2, stride: 2 }")?),
        "batch-norm" => variant.bare(LayerSpec::BatchNorm),
        "relu" => variant.bare(LayerSpec::Relu),
        "linear" => {
            let outputs = integer_u32(variant.argument("linear: 10")?, 1, MAX_CHANNELS)?;
            Some(LayerSpec::Linear { outputs })
        }
        other => unreachable!("`{other}` is in the vocabulary and not decoded"),
    }
}

fn conv(cursor: &Cursor<'_>) -> Option<LayerSpec> {
    let section = cursor.section(&CONV)?;
    let channels = section.required("channels", |value| integer_u32(&value, 1, MAX_CHANNELS));
    let kernel = section.required("kernel", |value| integer_u32(&value, 1, MAX_SIDE));
    let padding = section.or("padding", 0, |value| integer_u32(&value, 0, MAX_SIDE));
    let stride = section.or("stride", 1, |value| integer_u32(&value, 1, MAX_SIDE));
    let (channels, kernel) = (channels?, kernel?);
    Some(LayerSpec::Conv { channels, kernel, padding: padding?, stride: stride? })
}

/// Without a `stride`, windows do not overlap.
fn max_pool(cursor: &Cursor<'_>) -> Option<LayerSpec> {
    let section = cursor.section(&MAX_POOL)?;
    let kernel = section.required("kernel", |value| integer_u32(&value, 1, MAX_SIDE));
    let stride = section.optional("stride", |value| integer_u32(&value, 1, MAX_SIDE));
    let (kernel, stride) = (kernel?, stride?);
    Some(LayerSpec::MaxPool { kernel, stride: stride.unwrap_or(kernel) })
}

/// One sample: from the data, if they are known, else `input`.
fn input(section: &Section<'_>, images: Images<'_>) -> Option<Shape> {
    let stated =
        section.optional("input", |value| shape(&value).map(|shape| (value.clone(), shape)));
    let known = match images {
        Images::From(source) => source.known_samples().map(|(shape, _)| shape),
        Images::None | Images::Invalid => None,
    };
    match (stated?, known) {
        (Some((cursor, stated)), Some(known)) if stated != known => {
            cursor.refuse(format!("is {stated}, but the images of `data` are {known}"))
        }
        (Some((_, shape)), _) | (None, Some(shape)) => Some(shape),
        (None, None) if matches!(images, Images::Invalid) => None,
        (None, None) => section.required("input", |_| None),
    }
}

fn shape(cursor: &Cursor<'_>) -> Option<Shape> {
    let what = "three numbers: channels, height and width";
    let items: Vec<_> = cursor.items(what)?.take(4).collect();
    let [channels, height, width] = items.as_slice() else {
        return cursor.refuse(format!("expected {what}, such as `[1, 28, 28]`"));
    };
    let channels = integer_u32(channels, 1, MAX_CHANNELS);
    let [height, width] = [height, width].map(|side| integer_u32(side, 1, MAX_SIDE));
    Some(Shape { channels: channels?, height: height?, width: width? })
}

/// The number of classes: from the data, if they are known, else `classes`.
fn classes(section: &Section<'_>, images: Images<'_>) -> Option<u32> {
    let stated = section.optional("classes", |value| {
        integer_u32(&value, 2, MAX_CLASSES).map(|classes| (value.clone(), classes))
    });
    let known = match images {
        Images::From(DataSource::Npz { classes, .. }) => *classes,
        Images::From(source) => source.known_samples().map(|(_, classes)| classes),
        Images::None | Images::Invalid => None,
    };
    match (stated?, known) {
        (Some((cursor, stated)), Some(known)) if stated != known => {
            cursor.refuse(format!("is {stated}, but `data` has {known} classes"))
        }
        (Some((_, classes)), _) | (None, Some(classes)) => Some(classes),
        (None, None) if matches!(images, Images::Invalid) => None,
        (None, None) => section.required("classes", |_| None),
    }
}
