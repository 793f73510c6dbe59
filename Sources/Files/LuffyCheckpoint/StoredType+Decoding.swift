/// IEEE half to single, exactly. Without a branch, so that a loop over it runs as vectors.
@inline(__always)
package func widenHalf(_ half: UInt16) -> Float {
  let bits = UInt32(half)
  let sign = (bits & 0x8000) &<< 16
  let magnitude = (bits & 0x7fff) &<< 13
  let normal = magnitude &+ (112 &<< 23)
  let special = magnitude &+ (224 &<< 23)  // infinity and NaN: the exponent is all ones again
  // 2⁻¹⁴·(1 + m) − 2⁻¹⁴ is a subnormal's value, and exact.
  let tiny = Float(bitPattern: magnitude &+ (113 &<< 23)) - Float(bitPattern: 113 &<< 23)
  let finite = magnitude < (1 &<< 23) ? tiny.bitPattern : normal
  return Float(bitPattern: sign | (magnitude >= (31 &<< 23) ? special : finite))
}

@inline(__always)
func loadHalf(_ source: UnsafeRawPointer, _ offset: Int) -> Float {
  widenHalf(source.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
}

extension StoredType {
  /// Decodes `count` elements (whole blocks) from little-endian bytes at any alignment.
  ///
  /// The caller has checked `isReadable`, both sizes, and that `count` divides into blocks.
  package func decode(
    _ source: UnsafeRawPointer, count: Int, into output: UnsafeMutablePointer<Float>
  ) {
    switch self {
    case .f32:
      UnsafeMutableRawPointer(output).copyMemory(from: source, byteCount: count &* 4)
    case .f16:
      for i in 0..<count { output[i] = loadHalf(source, i &* 2) }
    case .bf16:
      for i in 0..<count {
        let bits = source.loadUnaligned(fromByteOffset: i &* 2, as: UInt16.self)
        output[i] = Float(bitPattern: UInt32(bits) &<< 16)
      }
    case .q4_0: eachBlock(source, count, output, decodeQ4_0)
    case .q4_1: eachBlock(source, count, output, decodeQ4_1)
    case .q5_0: eachBlock(source, count, output, decodeQ5_0)
    case .q5_1: eachBlock(source, count, output, decodeQ5_1)
    case .q8_0: eachBlock(source, count, output, decodeQ8_0)
    case .q4_K: eachBlock(source, count, output, decodeQ4K)
    case .q5_K: eachBlock(source, count, output, decodeQ5K)
    case .q6_K: eachBlock(source, count, output, decodeQ6K)
    default: break  // not readable
    }
  }

  @inline(__always)
  private func eachBlock(
    _ source: UnsafeRawPointer, _ count: Int, _ output: UnsafeMutablePointer<Float>,
    _ decode: (UnsafeRawPointer, UnsafeMutablePointer<Float>) -> Void
  ) {
    let (elements, bytes) = block
    for index in 0..<(count / elements) {
      decode(source + index &* bytes, output + index &* elements)
    }
  }
}
