import CLuffySIMD

/// y = x w / sqrt(mean(x^2) + epsilon); the inverse root of each row is kept for the backward pass.
func rmsNorm(
  _ x: UnsafePointer<Float>, _ w: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>,
  _ inverse: UnsafeMutablePointer<Float>, _ rows: Int, _ width: Int, _ epsilon: Float
) {
  for row in 0..<rows {
    let input = x + row * width
    let output = y + row * width
    var squares = Lanes(repeating: 0)
    forEachLanes(width) { offset, lanes in
      let value = load(input + offset, lanes: lanes)
      squares = fma(value, value, squares)
    }
    let scale = 1 / (sum(squares) / Float(width) + epsilon).squareRoot()
    inverse[row] = scale
    let factor = Lanes(repeating: scale)
    forEachLanes(width) { offset, lanes in
      let value = load(input + offset, lanes: lanes) * factor
      store(value * load(w + offset, lanes: lanes), output + offset, lanes: lanes)
    }
  }
}

/// dx = inverse (w dy) - x inverse^3 / width * sum(w dy x)
func rmsNormBackward(
  _ dy: UnsafePointer<Float>, _ x: UnsafePointer<Float>, _ w: UnsafePointer<Float>,
  _ inverse: UnsafePointer<Float>, _ dx: UnsafeMutablePointer<Float>, _ rows: Int, _ width: Int,
  _ mode: Int32
) {
  let adds = mode == Int32(LUFFY_STORE_ADD)
  for row in 0..<rows {
    let gradient = dy + row * width
    let input = x + row * width
    let output = dx + row * width
    var dots = Lanes(repeating: 0)
    forEachLanes(width) { offset, lanes in
      let scaled = load(gradient + offset, lanes: lanes) * load(w + offset, lanes: lanes)
      dots = fma(scaled, load(input + offset, lanes: lanes), dots)
    }
    let scale = inverse[row]
    let pull = Lanes(repeating: -(scale * scale * scale) * (sum(dots) / Float(width)))
    let factor = Lanes(repeating: scale)
    forEachLanes(width) { offset, lanes in
      let scaled = load(gradient + offset, lanes: lanes) * load(w + offset, lanes: lanes)
      var value = fma(load(input + offset, lanes: lanes), pull, scaled * factor)
      if adds { value += load(output + offset, lanes: lanes) }
      store(value, output + offset, lanes: lanes)
    }
  }
}

/// dw = chain over rows of dy x inverse, for the columns [begin, end).
func rmsNormWeight(
  _ dy: UnsafePointer<Float>, _ x: UnsafePointer<Float>, _ inverse: UnsafePointer<Float>,
  _ dw: UnsafeMutablePointer<Float>, _ rows: Int, _ width: Int, _ begin: Int, _ end: Int
) {
  forEachLanes(end - begin) { offset, lanes in
    let column = begin + offset
    var total = load(dw + column, lanes: lanes)
    for row in 0..<rows {
      let scaled = load(x + row * width + column, lanes: lanes) * Lanes(repeating: inverse[row])
      total = fma(load(dy + row * width + column, lanes: lanes), scaled, total)
    }
    store(total, dw + column, lanes: lanes)
  }
}

/// db = chain over rows of dy, for the columns [begin, end).
func columnSum(
  _ dy: UnsafePointer<Float>, _ ldy: Int, _ db: UnsafeMutablePointer<Float>, _ rows: Int,
  _ begin: Int, _ end: Int
) {
  forEachLanes(end - begin) { offset, lanes in
    let column = begin + offset
    var total = load(db + column, lanes: lanes)
    for row in 0..<rows { total += load(dy + row * ldy + column, lanes: lanes) }
    store(total, db + column, lanes: lanes)
  }
}
