import LuffyKernels
import LuffyTensor

/// How many times as fast two threads are as one: by turns, since a machine's speed drifts, and by medians.
struct Scaling {
  let phases: PhaseBenchmark
  let precision: Precision
  let newTokens: Int

  private static let rounds = 5

  func report() throws {
    let threads = Threads.pool.threads
    defer { Threads.set(threads) }
    let products = try ProductBenchmark(precision: precision)
    try compare("products of 2048 rows") {
      1 / (try products.forward(rows: 2048, n: 2048, k: 2048))
    }
    // A decode's products, but of weights that stay in the cache; and what bringing them there has.
    try compare("products of 32 rows") { 1 / (try products.forward(rows: 32, n: 576, k: 1536)) }
    try compare("reading memory") { 1 / (try MachineRates.measure(precision).bandwidth) }
    try compare("training", phases.trainSeconds)
    try compare("decode 32") { try phases.decodeSeconds(32, newTokens: newTokens) }
  }

  private func compare(_ name: String, _ elapsed: () throws -> Double) throws {
    var seconds: [[Double]] = [[], []]
    for _ in 0..<Self.rounds {
      for count in [1, 2] {
        Threads.set(count)
        seconds[count - 1].append(try elapsed())
      }
    }
    let ratios = zip(seconds[0], seconds[1]).map { $0 / $1 }.sorted()
    let ratio = median(seconds[0]) / median(seconds[1])
    let range = "\(text(ratios[0], digits: 2)) to \(text(ratios[Self.rounds - 1], digits: 2))"
    print("1 to 2 threads, \(name): \(text(ratio, digits: 2)) x (\(Self.rounds) pairs: \(range))")
  }

  private func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}
