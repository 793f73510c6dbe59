import LuffyKernels
import LuffyModel
import LuffySampler
import LuffyTensor

/// Times whole passes of a model and says what part of the machine's limits each reaches.
struct PhaseBenchmark {
  let model: Model
  let cost: Cost
  let limits: MachineLimits
  /// Of the training pass, all of one length.
  let batch: [[Int32]]

  init(_ model: Model, _ precision: Precision, _ limits: MachineLimits, sequences: Int, length: Int)
  {
    self.model = model
    self.limits = limits
    cost = Cost(configuration: model.configuration, precision: precision)
    let vocabulary = Int32(min(model.configuration.vocabularySize, 40_000))
    batch = (0..<sequences).map { s in
      (0..<length).map { Int32($0 * 7919 + s * 104_729) % vocabulary }
    }
  }

  private var tokens: Int { batch.reduce(0) { $0 + $1.count } }
  /// Σ over tokens of the positions that each attends to.
  private var attended: Double {
    batch.reduce(0) { $0 + Double($1.count) * Double($1.count + 1) / 2 }
  }
  private var shape: String { "\(batch.count) x \(batch.first?.count ?? 0)" }

  func score() throws {
    let elapsed = try leastSeconds(1) { _ = try model.score(batch) }
    report("score \(shape)", tokens, elapsed, cost.forward(tokens: tokens, attended: attended))
  }

  func train() throws {
    let elapsed = try trainSeconds()
    let work = 3 * cost.forward(tokens: tokens, attended: attended)
    report("forward + backward \(shape)", tokens, elapsed, work)
  }

  /// Of a forward and backward pass.
  func trainSeconds() throws -> Double {
    let ones = batch.map { $0.map { _ in Float(1) } }
    try model.zeroGradients()
    return try leastSeconds(1) { try model.backward(batch, dLogProbs: ones) }
  }

  /// Each prompt has `rollouts` of the sequences where they can be cut so.
  func decode(_ width: Int, rollouts: Int = 1, newTokens: Int) throws {
    let rollouts = width % rollouts == 0 ? rollouts : 1
    let elapsed = try decodeSeconds(width, rollouts: rollouts, newTokens: newTokens)
    let prompt = Self.promptLength
    let context = Double(prompt) + Double(newTokens) / 2
    let count = width * newTokens
    let work = cost.forward(tokens: count, attended: Double(count) * context)
    let bytes = cost.decodeBytes(width: width, context: context) * Double(newTokens)
    let name = rollouts > 1 ? "\(width / rollouts) x \(rollouts)" : "\(width)"
    report("decode \(name) x (\(prompt) + \(newTokens))", count, elapsed, work, bytes)
  }

  private static let promptLength = 64

  /// Of `newTokens` steps of `width` sequences, sampling included: a run with them less one of a single token, which is
  /// the prompts' pass.
  func decodeSeconds(_ width: Int, rollouts: Int = 1, newTokens: Int) throws -> Double {
    let prompts = (0..<width / rollouts).map { index in
      (0..<Self.promptLength).map { Int32(($0 * 7919 + index * 104_729) % 40_000) }
    }
    let sampler = Sampler(model)
    func run(_ count: Int) throws {
      _ = try sampler.generate(
        prompts, SamplingOptions(count: rollouts, maxNewTokens: count, stopIDs: []))
    }
    let first = try leastSeconds(1) { try run(1) }
    return max(1e-9, try leastSeconds(1) { try run(1 + newTokens) } - first)
  }

  private func report(
    _ name: String, _ tokens: Int, _ elapsed: Double, _ work: Double, _ bytes: Double? = nil
  ) {
    let rate = "\(name): \(text(Double(tokens) / elapsed)) tokens/s"
    let part = "\(percent(work / elapsed, of: limits.products)) of the product peak"
    let memory = bytes.map { ", \(percent($0 / elapsed, of: limits.read)) of the read bandwidth" }
    print("\(rate), \(part)\(memory ?? "")")
  }
}
