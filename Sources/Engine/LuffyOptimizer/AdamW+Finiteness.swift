import LuffyKernels
internal import LuffyTensor

/// Whether an update leaves finite numbers, known before it writes the first.
///
/// Most updates are cleared by a bound that costs nothing: from the largest weight and moments, the gradients' norm and the
/// rate. Where there is no such bound (at the first update, after somebody else wrote weights, or near the end of float32),
/// the update is computed once without being written.
extension AdamW {
  /// A number that an update would leave not finite.
  package struct Fault: Sendable {
    /// "weight", "first moment" or "second moment".
    package var what: String
    /// Of the flat store.
    package var index: Int
  }

  /// Largest magnitudes over the store.
  struct Bounds {
    var value = 0.0
    var first = 0.0
    var second = 0.0
  }

  /// An update's factors in the precision that it uses them in.
  struct Factors {
    let scale, rate, beta1, beta2, epsilon, decay, correction1, correction2: Float

    init(_ options: AdamWOptions, scale: Double, step: Int) {
      self.scale = Float(scale)
      rate = Float(options.rate(step: step))
      beta1 = Float(options.beta1)
      beta2 = Float(options.beta2)
      epsilon = Float(options.epsilon)
      decay = Float(options.weightDecay)
      correction1 = Float(1 - AdamW.power(options.beta1, step))
      correction2 = Float(1 - AdamW.power(options.beta2, step))
    }
  }

  /// The first number that the next update would leave not finite; nil where there is none.
  ///
  /// - Parameters:
  ///   - norm: of the gradients; finite.
  ///   - version: changes whenever somebody else writes to the values or moments.
  package func fault(
    _ values: UnsafePointer<Float>, _ gradients: UnsafePointer<Float>, norm: Double,
    _ update: (scale: Double, options: AdamWOptions), version: Int
  ) -> Fault? {
    let factors = Factors(update.options, scale: update.scale, step: step + 1)
    if let known, known.version == version,
      let next = known.bounds.after(factors, norm: norm)
    {
      pending = next
      return nil
    }
    let (bounds, fault) = rehearse(values, gradients, factors)
    pending = fault == nil ? bounds : nil
    return fault
  }

  /// What `fault` found holds after the update that followed it.
  package func remember(version: Int) {
    known = pending.map { (bounds: $0, version: version) }
    pending = nil
  }

  /// Computes the update and writes nothing.
  private func rehearse(
    _ values: UnsafePointer<Float>, _ gradients: UnsafePointer<Float>, _ factors: Factors
  ) -> (Bounds, Fault?) {
    let none = (bounds: Bounds(), fault: Fault?.none)
    var found = Array(repeating: none, count: pieces.count)
    found.withUnsafeMutableBufferPointer { found in
      nonisolated(unsafe) let found = found
      Threads.pool.parallelFor(pieces.count) { index in
        found[index] = rehearse(pieces[index], values, gradients, factors)
      }
    }
    var bounds = Bounds()
    for piece in found {
      bounds.value = max(bounds.value, piece.bounds.value)
      bounds.first = max(bounds.first, piece.bounds.first)
      bounds.second = max(bounds.second, piece.bounds.second)
    }
    return (bounds, found.lazy.compactMap(\.fault).first)
  }

  /// Of one piece. The formula is that of `adamw` in LuffyKernelLoops.
  private func rehearse(
    _ piece: Span, _ values: UnsafePointer<Float>, _ gradients: UnsafePointer<Float>,
    _ f: Factors
  ) -> (bounds: Bounds, fault: Fault?) {
    let shrink = 1 - f.rate * (piece.decays ? f.decay : 0)
    let (step, unbias) = (f.rate / f.correction1, 1 / f.correction2)
    let (m, v) = (firstMoments.pointer, secondMoments.pointer)
    var (value, first, second): (Float, Float, Float) = (0, 0, 0)
    for index in piece.offset..<piece.offset + piece.count {
      let g = gradients[index] * f.scale
      let newFirst = m[index] * f.beta1 + g * (1 - f.beta1)
      let newSecond = v[index] * f.beta2 + g * g * (1 - f.beta2)
      let root = (newSecond * unbias).squareRoot() + f.epsilon
      let new = values[index] * shrink - step * newFirst / root
      // Each comparison is false for what is not a number.
      guard abs(newFirst) <= Self.most, abs(newSecond) <= Self.most, abs(new) <= Self.most,
        newSecond * unbias <= Self.most
      else {
        let what =
          !(abs(newFirst) <= Self.most)
          ? "first moment"
          : !(abs(newSecond) <= Self.most && newSecond * unbias <= Self.most)
            ? "second moment" : "weight"
        return (Bounds(), Fault(what: what, index: index))
      }
      value = max(value, abs(new))
      first = max(first, abs(newFirst))
      second = max(second, newSecond)
    }
    return (Bounds(value: Double(value), first: Double(first), second: Double(second)), nil)
  }

  /// Room for the last bit of another order of operations.
  private static let most = Float.greatestFiniteMagnitude * 0.999
}

extension AdamW.Bounds {
  /// Bounds after an update by gradients of a norm; nil where they do not show that it stays finite.
  func after(_ f: AdamW.Factors, norm: Double) -> AdamW.Bounds? {
    let limit = Double(Float.greatestFiniteMagnitude) / 4
    let slack = 1 + 1e-6
    let gradient = norm * Double(f.scale) * slack
    let rate = Double(f.rate)
    var next = AdamW.Bounds()
    next.first = max(first, gradient) * slack
    next.second = max(second, gradient * gradient) * slack
    let step = rate / Double(f.correction1)
    let change = step * next.first / Double(f.epsilon)
    let shrink = 1 + rate * Double(f.decay)
    next.value = (value * shrink + change) * slack
    // Each comparison is false for what is not a number.
    let holds =
      gradient * gradient < limit && next.second / Double(f.correction2) < limit && step < limit
      && step * next.first < limit && change < limit && shrink < limit
      && value * shrink < limit && next.value < limit
    return holds ? next : nil
  }
}
