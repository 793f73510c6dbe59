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

  /// Seconds of a forward and backward pass.
  @discardableResult
  func train() throws -> Double {
    let ones = batch.map { $0.map { _ in Float(1) } }
    try model.zeroGradients()
    let elapsed = try leastSeconds(1) { try model.backward(batch, dLogProbs: ones) }
    let work = 3 * cost.forward(tokens: tokens, attended: attended)
    report("forward + backward \(shape)", tokens, elapsed, work)
    return elapsed
  }

  /// Seconds of `newTokens` steps of `width` sequences after prompts of `prompt` tokens, sampling included: a run
  /// with them less one of a single token, which is the prompts' pass. Each prompt has `rollouts` of the sequences.
  @discardableResult
  func decode(_ width: Int, rollouts: Int = 1, prompt: Int = 64, newTokens: Int) throws -> Double {
    let rollouts = width % rollouts == 0 ? rollouts : 1
    let prompts = (0..<width / rollouts).map { index in
      (0..<prompt).map { Int32(($0 * 7919 + index * 104_729) % 40_000) }
    }
    let sampler = Sampler(model)
    func run(_ count: Int) throws {
      _ = try sampler.generate(
        prompts, SamplingOptions(count: rollouts, maxNewTokens: count, stopIDs: []))
    }
    let first = try leastSeconds(1) { try run(1) }
    let elapsed = max(1e-9, try leastSeconds(1) { try run(1 + newTokens) } - first)
    let context = Double(prompt) + Double(newTokens) / 2
    let count = width * newTokens
    let work = cost.forward(tokens: count, attended: Double(count) * context)
    let bytes = cost.decodeBytes(width: width, context: context) * Double(newTokens)
    let name = rollouts > 1 ? "\(width / rollouts) x \(rollouts)" : "\(width)"
    report("decode \(name) x (\(prompt) + \(newTokens))", count, elapsed, work, bytes)
    return elapsed
  }

  /// How many times as fast two threads are as one, in training and in a decode of 32.
  func scaling(newTokens: Int) throws {
    let threads = Threads.pool.threads
    defer { Threads.set(threads) }
    var elapsed: [(train: Double, decode: Double)] = []
    for count in [1, 2] {
      Threads.set(count)
      print("\(count) thread\(count == 1 ? "" : "s")")
      elapsed.append((try train(), try decode(32, newTokens: newTokens)))
    }
    let train = elapsed[0].train / elapsed[1].train
    let decode = elapsed[0].decode / elapsed[1].decode
    print(
      "1 to 2 threads: training \(text(train, digits: 2)) x, decode 32 \(text(decode, digits: 2)) x"
    )
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
