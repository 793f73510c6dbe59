/// Rotary position: pairs (i, i + width/2) of each head turn by the row's angles; sign -1 turns back.
func rotate(
  _ x: UnsafeMutablePointer<Float>, _ ldx: Int, _ cosine: UnsafePointer<Float>,
  _ sine: UnsafePointer<Float>, _ rows: Int, _ heads: Int, _ width: Int, _ sign: Float
) {
  let half = width / 2
  let direction = Lanes(repeating: sign)
  for row in 0..<rows {
    for head in 0..<heads {
      let first = x + row * ldx + head * width
      let second = first + half
      forEachLanes(half) { offset, lanes in
        let c = load(cosine + row * half + offset, lanes: lanes)
        let s = load(sine + row * half + offset, lanes: lanes) * direction
        let a = load(first + offset, lanes: lanes)
        let b = load(second + offset, lanes: lanes)
        store(a * c - b * s, first + offset, lanes: lanes)
        store(b * c + a * s, second + offset, lanes: lanes)
      }
    }
  }
}

@inline(always) private func sigmoid(_ x: Lanes) -> Lanes {
  Lanes(repeating: 1) / (Lanes(repeating: 1) + exponential(Lanes(repeating: 0) - x))
}

/// y = gate sigmoid(gate) up
func swiglu(
  _ gate: UnsafePointer<Float>, _ up: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>,
  _ count: Int
) {
  forEachLanes(count) { offset, lanes in
    let g = load(gate + offset, lanes: lanes)
    store(
      g * sigmoid(g) * load(up + offset, lanes: lanes), y + offset, lanes: lanes)
  }
}

/// In place: gate and up become their gradients, y becomes the forward value again.
func swigluBackward(
  _ dy: UnsafePointer<Float>, _ gate: UnsafeMutablePointer<Float>,
  _ up: UnsafeMutablePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int
) {
  let one = Lanes(repeating: 1)
  forEachLanes(count) { offset, lanes in
    let g = load(gate + offset, lanes: lanes)
    let u = load(up + offset, lanes: lanes)
    let d = load(dy + offset, lanes: lanes)
    let s = sigmoid(g)
    let silu = g * s
    store(silu * u, y + offset, lanes: lanes)
    store(d * silu, up + offset, lanes: lanes)
    store(d * u * (s * (one + g * (one - s))), gate + offset, lanes: lanes)
  }
}

/// y += x
func add(_ y: UnsafeMutablePointer<Float>, _ x: UnsafePointer<Float>, _ count: Int) {
  forEachLanes(count) { offset, lanes in
    store(
      load(y + offset, lanes: lanes) + load(x + offset, lanes: lanes), y + offset, lanes: lanes)
  }
}

/// y = e^(x scale - shift)
func exponentials(
  _ x: UnsafePointer<Float>, _ count: Int, _ scale: Float, _ shift: Float,
  _ y: UnsafeMutablePointer<Float>
) {
  let factor = Lanes(repeating: scale)
  let offsetBy = Lanes(repeating: shift)
  forEachLanes(count) { offset, lanes in
    store(
      exponential(load(x + offset, lanes: lanes) * factor - offsetBy), y + offset, lanes: lanes)
  }
}

/// out[r] = sum over the width of a b
func rowDot(
  _ a: UnsafePointer<Float>, _ lda: Int, _ b: UnsafePointer<Float>, _ ldb: Int, _ rows: Int,
  _ width: Int, _ out: UnsafeMutablePointer<Float>
) {
  for row in 0..<rows {
    var total = Lanes(repeating: 0)
    forEachLanes(width) { offset, lanes in
      total = fma(
        load(a + row * lda + offset, lanes: lanes), load(b + row * ldb + offset, lanes: lanes),
        total)
    }
    out[row] = sum(total)
  }
}
