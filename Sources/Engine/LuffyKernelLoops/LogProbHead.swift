/// Over one block of logits l = x / temperature: [max, sum e^(l - max), sum (l - max) e^(l - max)].
func headBlock(
  _ logits: UnsafePointer<Float>, _ count: Int, _ inverseTemperature: Float,
  _ out: UnsafeMutablePointer<Float>
) {
  let factor = Lanes(repeating: inverseTemperature)
  var largest = Lanes(repeating: -.infinity)
  forEachLanes(count) { offset, lanes in
    largest = larger(
      largest, load(logits + offset, lanes: lanes, fill: -.infinity) * factor)
  }
  let top = maximum(largest)
  let shift = Lanes(repeating: top)
  let zero = Lanes(repeating: 0)
  var total = Lanes(repeating: 0)
  var weighted = Lanes(repeating: 0)
  forEachLanes(count) { offset, lanes in
    // Lanes past the end read as the maximum and are taken out of e below.
    let distance = load(logits + offset, lanes: lanes, fill: 0) * factor - shift
    var e = exponential(distance)
    if lanes < 16 { e = zero.replacing(with: e, where: .first(Int32(lanes))) }
    total += e
    // 0 * -inf would be NaN: an impossible token weighs nothing.
    weighted = fma(e, distance.replacing(with: zero, where: e == zero), weighted)
  }
  out[0] = top
  out[1] = sum(total)
  out[2] = sum(weighted)
}

/// logits -> p (-dlogprob - dentropy (ln p + entropy)) / temperature, with ln p = l - lse.
func headBackward(
  _ logits: UnsafeMutablePointer<Float>, _ count: Int, _ inverseTemperature: Float, _ lse: Float,
  _ entropy: Float, _ dLogProb: Float, _ dEntropy: Float
) {
  let factor = Lanes(repeating: inverseTemperature)
  let shift = Lanes(repeating: lse)
  let level = Lanes(repeating: entropy)
  let zero = Lanes(repeating: 0)
  forEachLanes(count) { offset, lanes in
    let logProb = load(logits + offset, lanes: lanes) * factor - shift
    let p = exponential(logProb)
    let pull = Lanes(repeating: -dLogProb) - Lanes(repeating: dEntropy) * (logProb + level)
    let finite = pull.replacing(with: zero, where: p == zero)
    store(p * finite * factor, logits + offset, lanes: lanes)
  }
}
