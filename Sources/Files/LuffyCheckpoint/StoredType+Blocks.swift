// Blocks of 32 elements: one half-precision scale d, perhaps an offset m, then the integers q.
// Products and sums are rounded to f32 one by one, in ggml's order, so that the bits are its bits.

/// y = (q − 8)·d; 18 bytes: d, then element j in the low and j + 16 in the high half of byte j.
@inline(__always)
func decodeQ4_0(_ block: UnsafeRawPointer, _ y: UnsafeMutablePointer<Float>) {
  let d = loadHalf(block, 0)
  for j in 0..<16 {
    let q = Int32(block.load(fromByteOffset: 2 &+ j, as: UInt8.self))
    y[j] = Float((q & 15) &- 8) * d
    y[j &+ 16] = Float((q &>> 4) &- 8) * d
  }
}

/// y = q·d + m; 20 bytes: d, m, then as Q4_0.
@inline(__always)
func decodeQ4_1(_ block: UnsafeRawPointer, _ y: UnsafeMutablePointer<Float>) {
  let d = loadHalf(block, 0)
  let m = loadHalf(block, 2)
  for j in 0..<16 {
    let q = Int32(block.load(fromByteOffset: 4 &+ j, as: UInt8.self))
    y[j] = Float(q & 15) * d + m
    y[j &+ 16] = Float(q &>> 4) * d + m
  }
}

/// y = (q − 16)·d; 22 bytes: d, 32 fifth bits, then the low four as Q4_0.
@inline(__always)
func decodeQ5_0(_ block: UnsafeRawPointer, _ y: UnsafeMutablePointer<Float>) {
  let d = loadHalf(block, 0)
  let fifth = block.loadUnaligned(fromByteOffset: 2, as: UInt32.self)
  for j in 0..<16 {
    let q = Int32(block.load(fromByteOffset: 6 &+ j, as: UInt8.self))
    let low = Int32(truncatingIfNeeded: (fifth &>> UInt32(j)) & 1) &<< 4
    let high = Int32(truncatingIfNeeded: (fifth &>> UInt32(j &+ 16)) & 1) &<< 4
    y[j] = Float(((q & 15) | low) &- 16) * d
    y[j &+ 16] = Float(((q &>> 4) | high) &- 16) * d
  }
}

/// y = q·d + m; 24 bytes: d, m, then as Q5_0.
@inline(__always)
func decodeQ5_1(_ block: UnsafeRawPointer, _ y: UnsafeMutablePointer<Float>) {
  let d = loadHalf(block, 0)
  let m = loadHalf(block, 2)
  let fifth = block.loadUnaligned(fromByteOffset: 4, as: UInt32.self)
  for j in 0..<16 {
    let q = Int32(block.load(fromByteOffset: 8 &+ j, as: UInt8.self))
    let low = Int32(truncatingIfNeeded: (fifth &>> UInt32(j)) & 1) &<< 4
    let high = Int32(truncatingIfNeeded: (fifth &>> UInt32(j &+ 16)) & 1) &<< 4
    y[j] = Float((q & 15) | low) * d + m
    y[j &+ 16] = Float((q &>> 4) | high) * d + m
  }
}

/// y = q·d; 34 bytes: d, then 32 signed bytes.
@inline(__always)
func decodeQ8_0(_ block: UnsafeRawPointer, _ y: UnsafeMutablePointer<Float>) {
  let d = loadHalf(block, 0)
  for j in 0..<32 {
    y[j] = Float(block.load(fromByteOffset: 2 &+ j, as: Int8.self)) * d
  }
}
