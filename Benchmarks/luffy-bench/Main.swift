import ArgumentParser
import LuffyKernels
import LuffyModel
import LuffySampler
import LuffyTensor
import LuffyTrainer

/// Times products and whole phases of the engine on a real checkpoint.
@main
struct Main: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "luffy-bench", abstract: "Times products, loading, scoring, training, decoding.")

  enum Part: String, CaseIterable, ExpressibleByArgument { case kernels, phases, scaling }

  @Argument(help: "A Hugging Face directory or a .gguf file.") var model: String
  @Option(help: "Of matrix products: float32 or bfloat16.") var precision = "bfloat16"
  @Option(help: "Threads; 0 is all cores.") var threads = 0
  @Option(parsing: .upToNextOption, help: "What to time: kernels, phases, scaling.")
  var parts: [Part] = Part.allCases
  @Option(help: "Sequences of the training pass.") var sequences = 8
  @Option(help: "Tokens of each.") var length = 512
  @Option(parsing: .upToNextOption, help: "Batch widths of decoding.")
  var widths: [Int] = [1, 8, 32, 128]
  @Option(help: "Rollouts of each prompt in decoding, where a width is a multiple of it.")
  var rollouts = 1
  @Option(help: "New tokens of each rollout.") var newTokens = 128

  func validate() throws {
    guard Precision(rawValue: precision) != nil else {
      throw ValidationError("--precision is float32 or bfloat16")
    }
    let sizes = [sequences, length, newTokens, rollouts] + widths
    guard sizes.allSatisfy({ (1...65_536).contains($0) }), threads >= 0 else {
      throw ValidationError("sizes are 1 to 65536, threads at least 0")
    }
  }

  mutating func run() throws {
    if threads > 0 { Threads.set(threads) }
    let precision = Precision(rawValue: precision) ?? .bfloat16
    print(
      "isa \(Kernels.instructionSet), \(Threads.pool.threads) threads, memory by \(Arena.allocatorName)"
    )
    var limits = try MachineLimits.measure(precision)
    var loaded: Model?
    let loading = try seconds {
      loaded = try Model.load(path: model, precision: precision, allowsLongSequences: true)
    }
    guard let loaded else { return }
    print("load: \(text(loading, digits: 2)) s")
    if parts.contains(.kernels) {
      let cost = Cost(configuration: loaded.configuration, precision: precision)
      let largest = try ProductBenchmark(precision: precision).report(cost)
      limits.products = max(limits.products, largest)
    }
    limits.report()
    let phases = PhaseBenchmark(loaded, precision, limits, sequences: sequences, length: length)
    if parts.contains(.phases) {
      try phases.score()
      try phases.train()
      for width in widths { try phases.decode(width, rollouts: rollouts, newTokens: newTokens) }
    }
    if parts.contains(.scaling) {
      try Scaling(phases: phases, precision: precision, newTokens: min(newTokens, 64)).report()
    }
    let memory = MemoryStatistics.current
    print("memory: live \(memory.live >> 20) MiB, peak \(memory.peak >> 20) MiB")
  }
}
