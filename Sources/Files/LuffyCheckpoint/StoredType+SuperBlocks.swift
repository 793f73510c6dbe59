// Blocks of 256 elements with scales that are quantised themselves, d·scale·q − dmin·offset.
// Products and sums are rounded to f32 one by one, in ggml's order, so that the bits are its bits.

/// d·scale and dmin·offset of sub-block `j` of 8 in a block that begins with d, dmin and 12 bytes
/// of packed six-bit integers (Q4_K, Q5_K).
///
/// The first four are the low six bits of packed bytes j and j + 4; the last four are half bytes of
/// 8…11 whose two upper bits are the upper bits of the first eight bytes.
@inline(__always)
func scaleAndOffset(_ block: UnsafeRawPointer, _ j: Int) -> (Float, Float) {
  func byte(_ index: Int) -> UInt8 { block.load(fromByteOffset: 4 &+ index, as: UInt8.self) }
  let (d, dmin) = (loadHalf(block, 0), loadHalf(block, 2))
  if j < 4 { return (d * Float(byte(j) & 63), dmin * Float(byte(j &+ 4) & 63)) }
  let scale = (byte(j &+ 4) & 15) | ((byte(j &- 4) &>> 6) &<< 4)
  let offset = (byte(j &+ 4) &>> 4) | ((byte(j) &>> 6) &<< 4)
  return (d * Float(scale), dmin * Float(offset))
}

/// 144 bytes: d, dmin, 12 of scales, then four runs of 32 bytes, low halves before high halves.
@inline(__always)
func decodeQ4K(_ block: UnsafeRawPointer, _ y: UnsafeMutablePointer<Float>) {
  for run in 0..<4 {
    let (d1, m1) = scaleAndOffset(block, 2 &* run)
    let (d2, m2) = scaleAndOffset(block, 2 &* run &+ 1)
    let q = block + (16 &+ 32 &* run)
    let out = y + 64 &* run
    for l in 0..<32 {
      let byte = Int32(q.load(fromByteOffset: l, as: UInt8.self))
      out[l] = d1 * Float(byte & 15) - m1
      out[l &+ 32] = d2 * Float(byte &>> 4) - m2
    }
  }
}

/// 176 bytes: as Q4_K with 32 bytes of fifth bits before the runs; bit k of byte l belongs to
/// sub-block k.
@inline(__always)
func decodeQ5K(_ block: UnsafeRawPointer, _ y: UnsafeMutablePointer<Float>) {
  for run in 0..<4 {
    let (d1, m1) = scaleAndOffset(block, 2 &* run)
    let (d2, m2) = scaleAndOffset(block, 2 &* run &+ 1)
    let q = block + (48 &+ 32 &* run)
    let out = y + 64 &* run
    let shift = Int32(2 &* run)
    for l in 0..<32 {
      let byte = Int32(q.load(fromByteOffset: l, as: UInt8.self))
      let fifth = Int32(block.load(fromByteOffset: 16 &+ l, as: UInt8.self)) &>> shift
      out[l] = d1 * Float((byte & 15) | ((fifth & 1) &<< 4)) - m1
      out[l &+ 32] = d2 * Float((byte &>> 4) | ((fifth & 2) &<< 3)) - m2
    }
  }
}

/// y = (d·scale)·(q − 32); 210 bytes: 128 of low halves, 64 of upper bit pairs, 16 signed scales,
/// d.
@inline(__always)
func decodeQ6K(_ block: UnsafeRawPointer, _ y: UnsafeMutablePointer<Float>) {
  let d = loadHalf(block, 208)
  for half in 0..<2 {
    let low = block + 64 &* half
    let high = block + (128 &+ 32 &* half)
    let out = y + 128 &* half
    for quarter in 0..<4 {
      let shift = Int32(2 &* quarter)
      for part in 0..<2 {
        let index = 192 &+ 8 &* half &+ 2 &* quarter &+ part
        let scale = d * Float(block.load(fromByteOffset: index, as: Int8.self))
        for l in (16 &* part)..<(16 &* part &+ 16) {
          let byte = Int32(low.load(fromByteOffset: l &+ 32 &* (quarter & 1), as: UInt8.self))
          let nibble = (byte &>> (quarter < 2 ? 0 : 4)) & 15
          let pair = (Int32(high.load(fromByteOffset: l, as: UInt8.self)) &>> shift) & 3
          out[l &+ 32 &* quarter] = scale * Float((nibble | (pair &<< 4)) &- 32)
        }
      }
    }
  }
}
