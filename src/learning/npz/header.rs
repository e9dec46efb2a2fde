//! The header of a NumPy array, checked before anything of its size is allocated.
//!
//! The reader of arrays trusts a header: it allocates what the shape says. This check lets through
//! only plain headers, as NumPy writes them, whose sizes are within limits.

use std::io::{self, Read};

/// The bytes that an array begins with.
const MAGIC: &[u8] = b"\x93NUMPY";

/// The longest header text. NumPy's are below 200 bytes.
const MAX_HEADER: usize = 4096;

/// Bytes of an array's values.
const MAX_BYTES: u64 = 1 << 30;

/// What an array says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    /// The header's bytes, which the values follow.
    pub(super) bytes: Vec<u8>,
    /// The type of a value, such as `|u1` or `<f4`.
    pub(super) descriptor: String,
    /// Bytes of all values.
    pub(super) values: u64,
}

impl Header {
    /// Reads the header of the array in `input`.
    ///
    /// # Errors
    /// In words, if it is none or asks for too much.
    pub(super) fn read(input: &mut impl Read) -> Result<Self, String> {
        let mut bytes = taken(input, MAGIC.len() + 2)?;
        if !bytes.starts_with(MAGIC) {
            return Err("is no NumPy array: it does not begin with \\x93NUMPY".to_owned());
        }
        // Version 1 has a length of two bytes, later ones of four.
        let digits = if bytes[MAGIC.len()] == 1 { 2 } else { 4 };
        let length = taken(input, digits)?;
        let text = length.iter().rev().fold(0, |sum, &byte| sum << 8 | usize::from(byte));
        if text > MAX_HEADER {
            return Err(format!("has a header of {text} bytes; allowed: {MAX_HEADER}"));
        }
        let text = taken(input, text)?;
        let (descriptor, values) = describe(&text)?;
        bytes.extend(length);
        bytes.extend(text);
        Ok(Self { bytes, descriptor, values })
    }
}

/// The type in a header, and the bytes of all values.
fn describe(text: &[u8]) -> Result<(String, u64), String> {
    let odd = || "has a header that NumPy would not write".to_owned();
    let text = std::str::from_utf8(text).ok().filter(|text| text.is_ascii()).ok_or_else(odd)?;
    // Escapes could hide a second shape from this check.
    let plain = !text.contains('\\')
        && ["'descr':", "'shape':"].iter().all(|key| text.matches(*key).count() == 1)
        && ["descr", "shape"].iter().all(|key| text.matches(*key).count() == 1);
    let after = |key| text.split_once(key).map(|(_, rest)| str::trim_start(rest));
    let (Some(descriptor), Some(shape), true) = (after("'descr':"), after("'shape':"), plain)
    else {
        return Err(odd());
    };
    let quoted = descriptor.strip_prefix('\'').and_then(|rest| rest.split_once('\''));
    let listed = shape.strip_prefix('(').and_then(|rest| rest.split_once(')'));
    let (Some((descriptor, _)), Some((shape, _))) = (quoted, listed) else { return Err(odd()) };
    let width: String = descriptor.chars().filter(char::is_ascii_digit).collect();
    let width: u64 = width.parse().map_err(|_| odd())?;
    let mut bytes = width;
    for side in shape.split(',').map(str::trim).filter(|side| !side.is_empty()) {
        let side: u64 = side.parse().map_err(|_| odd())?;
        bytes = bytes.checked_mul(side).filter(|bytes| *bytes <= MAX_BYTES).ok_or_else(|| {
            format!(
                "claims the shape ({shape}) of `{descriptor}`; allowed: {MAX_BYTES} bytes in all"
            )
        })?;
    }
    Ok((descriptor.to_owned(), bytes))
}

/// The next `count` bytes.
fn taken(input: &mut impl Read, count: usize) -> Result<Vec<u8>, String> {
    let mut bytes = vec![0; count];
    match input.read_exact(&mut bytes) {
        Ok(()) => Ok(bytes),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            Err("is truncated within its header".to_owned())
        }
        Err(error) => Err(format!("cannot be read: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn header(text: &str) -> Vec<u8> {
        let length = u16::try_from(text.len()).unwrap().to_le_bytes();
        [MAGIC, &[1, 0], &length, text.as_bytes()].concat()
    }

    fn read(text: &str) -> Result<Header, String> {
        Header::read(&mut &*header(text))
    }

    #[test]
    fn a_plain_header_tells_type_and_size() {
        let text = "{'descr': '<f4', 'fortran_order': False, 'shape': (5, 3), }  \n";
        let header = read(text).unwrap();
        assert_eq!((header.descriptor.as_str(), header.values), ("<f4", 60));
        assert_eq!(header.bytes.len(), 10 + text.len());
        let scalar = read("{'descr': '|u1', 'fortran_order': False, 'shape': ()}").unwrap();
        assert_eq!(scalar.values, 1);
    }

    #[test]
    fn what_numpy_would_not_write_is_refused_before_memory_is_asked_for() {
        let odd = "has a header that NumPy would not write";
        for text in [
            "{'descr': '<f4', 'shape': (5,), 'shape': (9,)}",
            "{'descr': '<f4', 'shape': (5,), '\\x73hape': (9,)}",
            "{'descr': '<f4', 'shape': (0x5,)}",
            "{'descr': [('a', '<f4')], 'shape': (5,)}",
            "{'shape': (5,)}",
            "",
        ] {
            assert_eq!(read(text), Err(odd.to_owned()), "{text}");
        }
        let huge = read("{'descr': '<f8', 'shape': (99999999999, 99999999999)}").unwrap_err();
        assert!(huge.ends_with("of `<f8`; allowed: 1073741824 bytes in all"), "{huge}");
        let endless = [MAGIC, &[2, 0], &[0xff; 4]].concat();
        assert!(Header::read(&mut &*endless).unwrap_err().contains("has a header of 4294967295"));
    }

    proptest! {
        #[test]
        fn no_header_panics(text in "[{}'descrshape:()0-9, <f|u\\\\]{0,80}") {
            let _ = read(&text);
        }
    }
}
