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
  case c64 = "C64"
  case f8_e4m3 = "F8_E4M3"
  case f8_e5m2 = "F8_E5M2"
  case f8_e8m0 = "F8_E8M0"
  case f8_e4m3fnuz = "F8_E4M3FNUZ"
  case f8_e5m2fnuz = "F8_E5M2FNUZ"
  case f6_e2m3 = "F6_E2M3"
  case f6_e3m2 = "F6_E3M2"
  case f4 = "F4"
  case q8_1 = "Q8_1"
  case q1_0 = "Q1_0"
  case q2_K = "Q2_K"
  case q3_K = "Q3_K"
  case q8_K = "Q8_K"
  case iq1_s = "IQ1_S"
  case iq1_m = "IQ1_M"
  case iq2_xxs = "IQ2_XXS"
  case iq2_xs = "IQ2_XS"
  case iq2_s = "IQ2_S"
  case iq3_xxs = "IQ3_XXS"
  case iq3_s = "IQ3_S"
  case iq4_nl = "IQ4_NL"
  case iq4_xs = "IQ4_XS"
  case tq1_0 = "TQ1_0"
  case tq2_0 = "TQ2_0"
  case mxfp4 = "MXFP4"
  case nvfp4 = "NVFP4"

  /// Elements and bytes of one block; one element for types that are not quantised.
  package var block: (elements: Int, bytes: Int) {
    switch self {
    case .f64, .i64, .u64, .c64: (1, 8)
    case .f32, .i32, .u32: (1, 4)
    case .f16, .bf16, .i16, .u16: (1, 2)
    case .i8, .u8, .bool, .f8_e4m3, .f8_e5m2, .f8_e8m0, .f8_e4m3fnuz, .f8_e5m2fnuz: (1, 1)
    case .f6_e2m3, .f6_e3m2: (4, 3)
    case .f4: (2, 1)
    case .q4_0, .iq4_nl: (32, 18)
    case .q4_1: (32, 20)
    case .q5_0: (32, 22)
    case .q5_1: (32, 24)
    case .q8_0: (32, 34)
    case .q8_1: (32, 36)
    case .mxfp4: (32, 17)
    case .nvfp4: (64, 36)
    case .q1_0: (128, 18)
    case .q2_K: (256, 84)
    case .q3_K, .iq3_s: (256, 110)
    case .q4_K: (256, 144)
    case .q5_K: (256, 176)
    case .q6_K: (256, 210)
    case .q8_K: (256, 292)
    case .iq1_s: (256, 50)
    case .iq1_m: (256, 56)
    case .iq2_xxs, .tq2_0: (256, 66)
    case .iq2_xs: (256, 74)
    case .iq2_s: (256, 82)
    case .iq3_xxs: (256, 98)
    case .iq4_xs: (256, 136)
    case .tq1_0: (256, 54)
    }
  }

  /// Readable blocks of several elements that share a scale.
  var isQuantized: Bool { isReadable && block.elements > 1 }

  /// Elements of less than a byte that run on over the ends of rows.
  private var isPacked: Bool { self == .f4 || self == .f6_e2m3 || self == .f6_e3m2 }

  /// Whether `decode` turns it into Float.
  package var isReadable: Bool {
    switch self {
    case .f32, .f16, .bf16, .q4_0, .q4_1, .q5_0, .q5_1, .q8_0, .q4_K, .q5_K, .q6_K: true
    default: false
    }
  }

  /// The bytes of a tensor, nil where the product overflows or a row is not whole blocks.
  ///
  /// `shape` is outermost first; the last dimension is the row that blocks divide. A zero does not
  /// excuse the other dimensions: their product must fit too, so that later products of parts
  /// cannot overflow.
  func byteCount(shape: [Int]) -> Int? {
    let (elements, bytes) = block
    guard isPacked || (shape.last ?? 1) % elements == 0 else { return nil }
    guard !shape.isEmpty || elements == 1 else { return nil }
    var product = 1
    for dimension in shape {
      guard dimension >= 0 else { return nil }
      let (next, overflow) = product.multipliedReportingOverflow(by: max(dimension, 1))
      // Eight bytes an element is the most that any type or its Float copy takes.
      guard !overflow, next <= Int.max / 8 else { return nil }
      product = next
    }
    guard product % elements == 0 || shape.contains(0) else { return nil }
    return shape.contains(0) ? 0 : product / elements * bytes
  }
}
