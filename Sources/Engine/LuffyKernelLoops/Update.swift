/// One AdamW step with decoupled decay over a span, in float32.
///
/// g = scale * gradient; m = β1 m + (1 - β1) g; v = β2 v + (1 - β2) g^2;
/// p = p (1 - rate decay) - rate (m / c1) / (sqrt(v / c2) + ε), with c the bias corrections. The gradient is set to zero
/// while its cache line is at hand.
func adamw(
  _ parameter: UnsafeMutablePointer<Float>, _ m: UnsafeMutablePointer<Float>,
  _ v: UnsafeMutablePointer<Float>, _ gradient: UnsafeMutablePointer<Float>, _ count: Int,
  _ scale: Float,
  _ rate: Float, _ beta1: Float, _ beta2: Float, _ epsilon: Float, _ decay: Float,
  _ correction1: Float, _ correction2: Float
) {
  let keep1 = Lanes(repeating: beta1)
  let keep2 = Lanes(repeating: beta2)
  let take1 = Lanes(repeating: 1 - beta1)
  let take2 = Lanes(repeating: 1 - beta2)
  let shrink = Lanes(repeating: 1 - rate * decay)
  let step = Lanes(repeating: rate / correction1)
  let unbias = Lanes(repeating: 1 / correction2)
  forEachLanes(count) { offset, lanes in
    let g = load(gradient + offset, lanes: lanes) * Lanes(repeating: scale)
    let first = load(m + offset, lanes: lanes) * keep1 + g * take1
    let second = load(v + offset, lanes: lanes) * keep2 + g * g * take2
    store(first, m + offset, lanes: lanes)
    store(second, v + offset, lanes: lanes)
    let root = (second * unbias).squareRoot() + Lanes(repeating: epsilon)
    let p = load(parameter + offset, lanes: lanes)
    store(p * shrink - step * first / root, parameter + offset, lanes: lanes)
    store(Lanes(repeating: 0), gradient + offset, lanes: lanes)
  }
}

/// Sum of squares in float64: eight lanes, then a tree.
func sumOfSquares(_ x: UnsafePointer<Float>, _ count: Int) -> Double {
  var total = SIMD8<Double>(repeating: 0)
  var offset = 0
  while offset + 8 <= count {
    let value = SIMD8<Double>(
      UnsafeRawPointer(x + offset).loadUnaligned(as: SIMD8<Float>.self))
    total += value * value
    offset += 8
  }
  let four = total.lowHalf + total.highHalf
  let two = four.lowHalf + four.highHalf
  var result = two.x + two.y
  while offset < count {
    result += Double(x[offset]) * Double(x[offset])
    offset += 1
  }
  return result
}
