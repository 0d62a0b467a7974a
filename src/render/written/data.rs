//! All that serde can ask to be written.

use serde::Serialize;
use serde::ser::{
    Error, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

use super::{Failed, Items, Json, Wrote};

impl<'j, 'o, 'w> Serializer for &'j mut Json<'o, 'w> {
    type Ok = ();
    type Error = Failed;
    type SerializeSeq = Items<'j, 'o, 'w>;
    type SerializeTuple = Items<'j, 'o, 'w>;
    type SerializeTupleStruct = Items<'j, 'o, 'w>;
    type SerializeTupleVariant = Items<'j, 'o, 'w>;
    type SerializeMap = Items<'j, 'o, 'w>;
    type SerializeStruct = Items<'j, 'o, 'w>;
    type SerializeStructVariant = Items<'j, 'o, 'w>;

    fn serialize_bool(self, value: bool) -> Wrote {
        self.put(if value { b"true" } else { b"false" });
        Ok(())
    }

    fn serialize_i8(self, value: i8) -> Wrote {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> Wrote {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> Wrote {
        self.serialize_i64(value.into())
    }

    fn serialize_i64(self, value: i64) -> Wrote {
        if value < 0 {
            self.put(b"-");
        }
        self.number(value.unsigned_abs());
        Ok(())
    }

    fn serialize_u8(self, value: u8) -> Wrote {
        self.serialize_u64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Wrote {
        self.serialize_u64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Wrote {
        self.serialize_u64(value.into())
    }

    fn serialize_u64(self, value: u64) -> Wrote {
        self.number(value);
        Ok(())
    }

    fn serialize_f32(self, value: f32) -> Wrote {
        let text = serde_json::to_string(&value).map_err(Failed::custom)?;
        self.put(text.as_bytes());
        Ok(())
    }

    fn serialize_f64(self, value: f64) -> Wrote {
        let text = serde_json::to_string(&value).map_err(Failed::custom)?;
        self.put(text.as_bytes());
        Ok(())
    }

    fn serialize_char(self, value: char) -> Wrote {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    #[inline]
    fn serialize_str(self, value: &str) -> Wrote {
        self.text(value);
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Wrote {
        self.collect_seq(value)
    }

    fn serialize_none(self) -> Wrote {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Wrote {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Wrote {
        self.put(b"null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Wrote {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Wrote {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Wrote {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Wrote {
        let mut object = self.open(b'{', b'}');
        object.key(variant);
        value.serialize(&mut *object.json)?;
        object.close()
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Items<'j, 'o, 'w>, Failed> {
        Ok(self.open(b'[', b']'))
    }

    fn serialize_tuple(self, _: usize) -> Result<Items<'j, 'o, 'w>, Failed> {
        Ok(self.open(b'[', b']'))
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Items<'j, 'o, 'w>, Failed> {
        Ok(self.open(b'[', b']'))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Items<'j, 'o, 'w>, Failed> {
        Ok(self.open_named(variant, b'[', b']'))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Items<'j, 'o, 'w>, Failed> {
        Ok(self.open(b'{', b'}'))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Items<'j, 'o, 'w>, Failed> {
        Ok(self.open(b'{', b'}'))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Items<'j, 'o, 'w>, Failed> {
        Ok(self.open_named(variant, b'{', b'}'))
    }
}

/// Items of a list, under whatever name serde asks for them.
macro_rules! items {
    ($($kind:ident $write:ident),*) => { $(
        impl $kind for Items<'_, '_, '_> {
            type Ok = ();
            type Error = Failed;

            fn $write<T: Serialize + ?Sized>(&mut self, value: &T) -> Wrote {
                self.next();
                value.serialize(&mut *self.json)
            }

            fn end(self) -> Wrote {
                self.close()
            }
        }
    )* };
}

items!(
    SerializeSeq serialize_element,
    SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field
);

/// Entries of an object, likewise.
macro_rules! entries {
    ($($kind:ident),*) => { $(
        impl $kind for Items<'_, '_, '_> {
            type Ok = ();
            type Error = Failed;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Wrote {
                self.key(key);
                value.serialize(&mut *self.json)
            }

            fn end(self) -> Wrote {
                self.close()
            }
        }
    )* };
}

entries!(SerializeStruct, SerializeStructVariant);

impl SerializeMap for Items<'_, '_, '_> {
    type Ok = ();
    type Error = Failed;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Wrote {
        self.next();
        let from = self.json.out.gathered().len();
        key.serialize(&mut *self.json)?;
        let out = self.json.out.gathered();
        // What is no text, as a number, is written as one.
        if out.get(from) != Some(&b'"') {
            out.insert(from, b'"');
            out.push(b'"');
        }
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Wrote {
        self.colon();
        value.serialize(&mut *self.json)
    }

    fn end(self) -> Wrote {
        self.close()
    }
}
