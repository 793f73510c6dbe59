/// How a tensor's elements are stored. Quantised types are blocks of elements in a row.
package enum StoredType: String, Sendable, CaseIterable {
  case f32 = "F32"
  case f16 = "F16"
  case bf16 = "BF16"
  case q4_0 = "Q4_0"
  case q4_1 = "Q4_1"
  case q5_0 = "Q5_0"
  case q5_1 = "Q5_1"
  case q8_0 = "Q8_0"
  case q4_K = "Q4_K"
  case q5_K = "Q5_K"
  case q6_K = "Q6_K"

  // Listed, so that sizes can be checked and the file opens; reading one is refused.
  case f64 = "F64"
  case i8 = "I8"
  case i16 = "I16"
  case i32 = "I32"
  case i64 = "I64"
  case u8 = "U8"
  case u16 = "U16"
  case u32 = "U32"
  case u64 = "U64"
  case bool = "BOOL"
  case f8_e4m3 = "F8_E4M3"
  case f8_e5m2 = "F8_E5M2"
  case q8_1 = "Q8_1"
  case q2_K = "Q2_K"
  case q3_K = "Q3_K"
  case q8_K = "Q8_K"
  case iq4_nl = "IQ4_NL"
  case iq4_xs = "IQ4_XS"

  /// Elements and bytes of one block; one element for types that are not quantised.
  package var block: (elements: Int, bytes: Int) {
    switch self {
    case .f64, .i64, .u64: (1, 8)
    case .f32, .i32, .u32: (1, 4)
    case .f16, .bf16, .i16, .u16: (1, 2)
    case .i8, .u8, .bool, .f8_e4m3, .f8_e5m2: (1, 1)
    case .q4_0, .iq4_nl: (32, 18)
    case .q4_1: (32, 20)
    case .q5_0: (32, 22)
    case .q5_1: (32, 24)
    case .q8_0: (32, 34)
    case .q8_1: (32, 36)
    case .q2_K: (256, 84)
    case .q3_K: (256, 110)
    case .q4_K: (256, 144)
    case .q5_K: (256, 176)
    case .q6_K: (256, 210)
    case .q8_K: (256, 292)
    case .iq4_xs: (256, 136)
    }
  }

  /// Readable blocks of several elements that share a scale.
  var isQuantized: Bool { isReadable && block.elements > 1 }

  /// Whether `decode` turns it into Float.
  package var isReadable: Bool {
    switch self {
    case .f32, .f16, .bf16, .q4_0, .q4_1, .q5_0, .q5_1, .q8_0, .q4_K, .q5_K, .q6_K: true
    default: false
    }
  }

  /// The type of a safetensors header's `dtype`; the quantised names are no safetensors types.
  init?(safetensors name: String) {
    guard let type = StoredType(rawValue: name), type.block.elements == 1 else { return nil }
    self = type
  }

  /// The type of a GGUF tensor record (`ggml_type`), nil where this library has no name for it.
  init?(ggml code: UInt32) {
    switch code {
    case 0: self = .f32
    case 1: self = .f16
    case 2: self = .q4_0
    case 3: self = .q4_1
    case 6: self = .q5_0
    case 7: self = .q5_1
    case 8: self = .q8_0
    case 9: self = .q8_1
    case 10: self = .q2_K
    case 11: self = .q3_K
    case 12: self = .q4_K
    case 13: self = .q5_K
    case 14: self = .q6_K
    case 15: self = .q8_K
    case 20: self = .iq4_nl
    case 23: self = .iq4_xs
    case 24: self = .i8
    case 25: self = .i16
    case 26: self = .i32
    case 27: self = .i64
    case 28: self = .f64
    case 30: self = .bf16
    default: return nil
    }
  }

  /// The bytes of a tensor, nil where the product overflows or a row is not whole blocks.
  ///
  /// `shape` is outermost first; the last dimension is the row that blocks divide. A zero does not
  /// excuse the other dimensions: their product must fit too, so that later products of parts
  /// cannot overflow.
  func byteCount(shape: [Int]) -> Int? {
    let (elements, bytes) = block
    guard (shape.last ?? 1) % elements == 0 else { return nil }
    guard !shape.isEmpty || elements == 1 else { return nil }
    var product = 1
    for dimension in shape {
      guard dimension >= 0 else { return nil }
      let (next, overflow) = product.multipliedReportingOverflow(by: max(dimension, 1))
      // Eight bytes an element is the most that any type or its Float copy takes.
      guard !overflow, next <= Int.max / 8 else { return nil }
      product = next
    }
    return shape.contains(0) ? 0 : product / elements * bytes
  }
}
