/// The bfloat16 in the low half of each word, as float32.
@inline(__always) func lowHalf(_ words: Lanes) -> Lanes {
  unsafeBitCast(
    unsafeBitCast(words, to: SIMD16<UInt32>.self) &<< SIMD16<UInt32>(repeating: 16), to: Lanes.self)
}

@inline(__always) func highHalf(_ words: Lanes) -> Lanes {
  unsafeBitCast(
    unsafeBitCast(words, to: SIMD16<UInt32>.self) & SIMD16<UInt32>(repeating: 0xFFFF_0000),
    to: Lanes.self)
}

/// Rounds to nearest, ties to even; NaN stays NaN.
@inline(__always) private func bfloat16(_ x: Float) -> UInt32 {
  let bits = x.bitPattern
  if x.isNaN { return bits >> 16 | 0x40 }
  return (bits &+ 0x7FFF &+ (bits >> 16 & 1)) >> 16
}

/// A word of two neighbours of k.
@inline(__always) private func word(_ even: Float, _ odd: Float) -> Float {
  Float(bitPattern: bfloat16(even) | bfloat16(odd) << 16)
}

/// `packA` in pairs: tiles [k/2][rows of the tile], the last pair filled up with zero.
func packPairsA(
  _ x: UnsafePointer<Float>, _ ldx: Int, _ rows: Int, _ k: Int, _ a: UnsafeMutablePointer<Float>
) {
  let depth = (k + 1) / 2
  var row = 0
  while row < rows {
    let height = min(FullTile.rows, rows - row)
    for r in 0..<height {
      let source = x + (row + r) * ldx
      var target = a + row * depth + r
      for pair in 0..<depth {
        target[0] = word(source[2 * pair], 2 * pair + 1 < k ? source[2 * pair + 1] : 0)
        target += height
      }
    }
    row += height
  }
}

/// `packATransposed` in pairs: x is [k, rows].
func packPairsATransposed(
  _ x: UnsafePointer<Float>, _ ldx: Int, _ rows: Int, _ k: Int, _ a: UnsafeMutablePointer<Float>
) {
  let depth = (k + 1) / 2
  var row = 0
  while row < rows {
    let height = min(FullTile.rows, rows - row)
    var target = a + row * depth
    for pair in 0..<depth {
      let even = x + 2 * pair * ldx + row
      let odd = 2 * pair + 1 < k ? even + ldx : nil
      for r in 0..<height { target[r] = word(even[r], odd?[r] ?? 0) }
      target += height
    }
    row += height
  }
}

/// `packPanelTransposed` in pairs: panel [k/2][32] of w^T, w [columns, k].
func packPairsPanelTransposed(
  _ w: UnsafePointer<Float>, _ ldw: Int, _ columns: Int, _ k: Int,
  _ panel: UnsafeMutablePointer<Float>
) {
  let depth = (k + 1) / 2
  var first = 0
  while first < depth {
    let count = min(8, depth - first)  // a cache line of each row at a time
    for column in 0..<32 {
      let target = panel + first * 32 + column
      for pair in 0..<count {
        let i = 2 * (first + pair)
        let source = w + column * ldw
        target[pair * 32] =
          column < columns ? word(source[i], i + 1 < k ? source[i + 1] : 0) : 0
      }
    }
    first += count
  }
}

/// `packPanel` in pairs: panel [k/2][32] from rows w [k, columns].
func packPairsPanel(
  _ w: UnsafePointer<Float>, _ ldw: Int, _ columns: Int, _ k: Int,
  _ panel: UnsafeMutablePointer<Float>
) {
  for pair in 0..<(k + 1) / 2 {
    let even = w + 2 * pair * ldw
    let odd = 2 * pair + 1 < k ? even + ldw : nil
    let target = panel + pair * 32
    for column in 0..<columns { target[column] = word(even[column], odd?[column] ?? 0) }
    for column in columns..<32 { target[column] = 0 }
  }
}
