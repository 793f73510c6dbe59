internal import CLuffySIMD
import LuffyKernels
internal import LuffyModel
internal import LuffyTensor

/// A drawn token and the log-prob (nats) of the distribution that it was drawn from.
struct TokenChoice {
  var id: Int32
  var logprob: Float
  /// False where the row had no usable number.
  var isFinite: Bool
}

/// Draws one token from one row of logits.
///
/// The log-prob is that of softmax(logits / temperature), the bits that scoring gives; of the truncated distribution
/// where top-k or top-p cut it; at temperature 1 where the choice is greedy.
struct TokenChooser {
  let model: Model
  let workspace: Workspace
  let options: SamplingOptions

  /// Rows of the vocabulary that may be drawn, but for those whose logit is −∞.
  private var vocabulary: Int { model.vocabulary.limit }
  private var inverseTemperature: Float {
    options.temperature == 0 ? 1 : 1 / options.temperature
  }

  /// - Parameters:
  ///   - uniform: a number in (0, 1).
  ///   - probabilities: scratch [V].
  func choose(
    _ logits: UnsafePointer<Float>, uniform: Double,
    probabilities: UnsafeMutablePointer<Float>
  ) -> TokenChoice {
    let scale = inverseTemperature
    let statistics = model.statistics(
      ofLogits: logits, inverseTemperature: scale, workspace)
    guard statistics.logSumExp.isFinite else {
      return TokenChoice(id: 0, logprob: .nan, isFinite: false)
    }
    let logprob = { (id: Int) in logits[id] * scale - statistics.logSumExp }
    if options.temperature == 0 {
      let id = largest(logits)
      return TokenChoice(id: Int32(id), logprob: logprob(id), isFinite: true)
    }
    workspace.products.kernels.exponentials(
      logits, vocabulary, scale, statistics.logSumExp, probabilities)
    if options.truncates {
      let (id, kept) = chooseTruncated(logits, probabilities, uniform)
      let value = Float(Double(logprob(id)) - Elementary.log(kept))
      return TokenChoice(id: Int32(id), logprob: min(value, 0), isFinite: value.isFinite)
    }
    let id = inverse(probabilities, uniform)
    return TokenChoice(id: Int32(id), logprob: logprob(id), isFinite: true)
  }

  /// The first of the largest.
  private func largest(_ logits: UnsafePointer<Float>) -> Int {
    var best = 0
    for id in 1..<max(1, vocabulary) where logits[id] > logits[best] { best = id }
    return best
  }

  /// The first id at which the running sum passes `uniform` of the total; blocks first, then the block's ids.
  private func inverse(_ p: UnsafePointer<Float>, _ uniform: Double) -> Int {
    let block = 1024
    let count = (vocabulary + block - 1) / block
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: count) { sums in
      var total = 0.0
      for index in 0..<count {
        let sum = sum(p + index * block, min(block, vocabulary - index * block))
        sums.initializeElement(at: index, to: sum)
        total += sum
      }
      var rest = uniform * total
      var index = 0
      while index + 1 < count && rest >= sums[index] {
        rest -= sums[index]
        index += 1
      }
      var last = 0
      for id in index * block..<min((index + 1) * block, vocabulary) where p[id] > 0 {
        last = id
        rest -= Double(p[id])
        if rest < 0 { return id }
      }
      return last
    }
  }

  /// In eight lanes, so that no addition waits for the one before.
  private func sum(_ p: UnsafePointer<Float>, _ count: Int) -> Double {
    var lanes = SIMD8<Double>(repeating: 0)
    var id = 0
    while id + 8 <= count {
      lanes += SIMD8<Double>(UnsafeRawPointer(p + id).loadUnaligned(as: SIMD8<Float>.self))
      id += 8
    }
    var total = lanes.sum()
    while id < count {
      total += Double(p[id])
      id += 1
    }
    return total
  }

  /// A token of the truncated distribution and the probability that was kept.
  private func chooseTruncated(
    _ logits: UnsafePointer<Float>, _ p: UnsafePointer<Float>, _ uniform: Double
  ) -> (id: Int, kept: Double) {
    var candidates = nucleusCandidates(p)
    candidates.sort { logits[$0] == logits[$1] ? $0 < $1 : logits[$0] > logits[$1] }
    var mass = 0.0
    var kept = 0
    if options.topK > 0 && options.topK < candidates.count {
      // As many as tie with the k-th stay.
      let bound = logits[candidates[options.topK - 1]]
      candidates.removeLast(
        candidates.count - (candidates.firstIndex { logits[$0] < bound } ?? candidates.count))
    }
    let total = candidates.reduce(0.0) { $0 + Double(p[$1]) }
    let wanted = options.topP < 1 ? Double(options.topP) * total : .infinity
    while kept < candidates.count && mass < wanted {
      mass += Double(p[candidates[kept]])
      kept += 1
    }
    var rest = uniform * mass
    for id in candidates[0..<kept] {
      rest -= Double(p[id])
      if rest < 0 { return (id, mass) }
    }
    return (candidates[max(0, kept - 1)], mass)
  }

  /// Ids that can be in the truncated set, found without sorting the vocabulary.
  ///
  /// Top-p alone: tokens below (1 - top_p) / V have less than 1 - top_p together, so none of them is needed.
  /// Top-k: whatever reaches a bound that k tokens reach.
  private func nucleusCandidates(_ p: UnsafePointer<Float>) -> [Int] {
    if options.topK == 0 {
      let bound = (1 - options.topP) / Float(vocabulary) * 0.999
      return (0..<vocabulary).filter { p[$0] >= bound && p[$0] > 0 }
    }
    var bound: Float = 0.5
    while bound > 1e-30 {
      let found = (0..<vocabulary).filter { p[$0] >= bound }
      if found.count >= options.topK { return found }
      bound *= found.isEmpty ? 0.1 : 0.01
    }
    return (0..<vocabulary).filter { p[$0] > 0 }
  }
}
