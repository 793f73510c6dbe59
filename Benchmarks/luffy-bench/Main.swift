import ArgumentParser
import LuffyKernels
import LuffyModel
import LuffySampler
import LuffyTensor
import LuffyTrainer

/// Times whole phases of the engine on a real checkpoint and prints one line each.
@main
struct Main: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "luffy-bench", abstract: "Times loading, scoring, training and decoding.")

  @Argument(help: "A Hugging Face directory or a .gguf file.") var model: String
  @Option(help: "Of matrix products: float32 or bfloat16.") var precision = "float32"
  @Option(help: "Threads; 0 is all cores.") var threads = 0
  @Option(help: "Sequences of the training pass.") var sequences = 8
  @Option(help: "Tokens of each.") var length = 512
  @Option(help: "Batch widths of decoding.") var widths: [Int] = [1, 8, 32]
  @Option(help: "New tokens of each rollout.") var newTokens = 64

  mutating func run() throws {
    if threads > 0 { Threads.set(threads) }
    print(
      "isa \(Kernels.instructionSet), \(Threads.pool.threads) threads, memory by \(Arena.allocatorName)"
    )
    guard let precision = Precision(rawValue: precision) else {
      throw ValidationError("--precision is float32 or bfloat16")
    }
    var loaded: Model?
    report("load", unit: "s") { loaded = try Model.load(path: model, precision: precision) }
    guard let loaded else { return }
    let vocabulary = Int32(min(loaded.configuration.vocabularySize, 40_000))
    let batch = (0..<sequences).map { s in
      (0..<length).map { Int32($0 * 7919 + s * 104_729) % vocabulary }
    }
    let tokens = sequences * length
    report("score \(sequences) x \(length)", tokens) { _ = try loaded.score(batch) }
    let ones = batch.map { $0.map { _ in Float(1) } }
    try loaded.zeroGradients()
    report("forward + backward \(sequences) x \(length)", tokens) {
      try loaded.backward(batch, dLogProbs: ones)
    }
    let sampler = Sampler(loaded)
    for width in widths {
      let prompts = (0..<width).map { Array(batch[$0 % sequences].prefix(64)) }
      let options = SamplingOptions(maxNewTokens: newTokens, stopIDs: [])
      report("generate \(width) x (64 + \(newTokens))", width * newTokens) {
        _ = try sampler.generate(prompts, options)
      }
    }
    let memory = MemoryStatistics.current
    print("memory: live \(memory.live >> 20) MiB, peak \(memory.peak >> 20) MiB")
  }

  private func report(
    _ name: String, _ tokens: Int? = nil, unit: String = "tokens/s", _ body: () throws -> Void
  ) {
    let clock = ContinuousClock()
    do {
      let elapsed = try clock.measure(body)
      let seconds =
        Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
      let figure = tokens.map { Double($0) / seconds } ?? seconds
      print("\(name): \((figure * 100).rounded() / 100) \(unit)")
    } catch { print("\(name): \(error)") }
  }
}
