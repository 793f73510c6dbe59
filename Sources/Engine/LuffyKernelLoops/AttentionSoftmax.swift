/// Lanes from `visible` on become -inf.
@inline(always) private func masked(_ s: Lanes, _ visible: Int32) -> Lanes {
  Lanes(repeating: -.infinity).replacing(with: s, where: .first(visible))
}

/// One block of 32 keys of the online softmax.
///
/// m' = max(m, max s), p = e^(s - m'), l' = l e^(m - m') + sum p, o' = o e^(m - m'). A block in which a row sees
/// nothing leaves that row's m, l and o as they are, bit for bit.
func softmaxBlock(
  _ s: UnsafeMutablePointer<Float>, _ rows: Int, _ visible: UnsafePointer<Int32>, _ scale: Float,
  _ runningMaximum: UnsafeMutablePointer<Float>, _ runningSum: UnsafeMutablePointer<Float>,
  _ output: UnsafeMutablePointer<Float>, _ ldo: Int, _ width: Int
) {
  let factor = Lanes(repeating: scale)
  for row in 0..<rows {
    let scores = s + row * 32
    let low = masked(load(scores) * factor, visible[row])
    let high = masked(load(scores + 16) * factor, visible[row] - 16)
    let block = maximum(larger(low, high))
    let before = runningMaximum[row]
    let after = block > before ? block : before
    let decay = after == before ? 1 : exponential(Lanes(repeating: before - after)).vector[0]
    let shift = Lanes(repeating: after)
    let p0 = exponential(low - shift)
    let p1 = exponential(high - shift)
    store(p0, scores)
    store(p1, scores + 16)
    runningMaximum[row] = after
    runningSum[row] = runningSum[row] * decay + sum(p0 + p1)
    if decay != 1 {
      let shrink = Lanes(repeating: decay)
      let values = output + row * ldo
      forEachLanes(width) { offset, lanes in
        store(load(values + offset, lanes: lanes) * shrink, values + offset, lanes: lanes)
      }
    }
  }
}

/// o /= l, lse = m + ln l
func softmaxFinish(
  _ output: UnsafeMutablePointer<Float>, _ ldo: Int, _ rows: Int, _ width: Int,
  _ maximum: UnsafePointer<Float>, _ sum: UnsafePointer<Float>, _ lse: UnsafeMutablePointer<Float>?
) {
  for row in 0..<rows {
    let factor = Lanes(repeating: 1 / sum[row])
    let values = output + row * ldo
    forEachLanes(width) { offset, lanes in
      store(load(values + offset, lanes: lanes) * factor, values + offset, lanes: lanes)
    }
    if let lse { lse[row] = maximum[row] + logarithm(sum[row]) }
  }
}

/// p = e^(s scale - lse) where visible; ds = p (dp - delta) scale.
func softmaxBackward(
  _ s: UnsafeMutablePointer<Float>, _ dp: UnsafeMutablePointer<Float>, _ rows: Int,
  _ visible: UnsafePointer<Int32>, _ scale: Float, _ lse: UnsafePointer<Float>,
  _ delta: UnsafePointer<Float>
) {
  let factor = Lanes(repeating: scale)
  for row in 0..<rows {
    for half in 0..<2 {
      let scores = s + row * 32 + half * 16
      let gradients = dp + row * 32 + half * 16
      let shown = masked(load(scores) * factor, visible[row] - Int32(half * 16))
      let p = exponential(shown - Lanes(repeating: lse[row]))
      store(p, scores)
      store(p * (load(gradients) - Lanes(repeating: delta[row])) * factor, gradients)
    }
  }
}
