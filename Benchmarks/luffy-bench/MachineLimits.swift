import LuffyKernels
import LuffyTensor

/// What this machine did in this run: the yardstick of the phases.
struct MachineLimits {
  /// Floating-point operations a second: the largest product measured.
  var products: Double
  /// Bytes a second read from memory.
  var read: Double
  /// Bytes a second of a copy, those read and those written.
  var copy: Double
  /// Seconds that a loop over all threads takes which does nothing: more where they share no cache.
  var emptyLoop: Double

  static func measure(_ precision: Precision) throws -> MachineLimits {
    let products = try ProductBenchmark(precision: precision)
    let square = try products.forward(rows: 2048, n: 2048, k: 2048)
    let rates = try MachineRates.measure(precision)
    return MachineLimits(
      products: max(square, rates.products), read: rates.bandwidth, copy: try copyRate(),
      emptyLoop: emptyLoopSeconds())
  }

  private static func copyRate() throws -> Double {
    let count = 64 << 20
    let arena = Arena()
    let source = try Buffer<Float>(count, filledWith: 1, in: arena)
    let target = try Buffer<Float>(count, filledWith: 0, in: arena)
    let (from, to) = (source.pointer, target.pointer)
    let elapsed = leastSeconds(5) {
      Threads.pool.parallelRanges(count) { range in
        (to + range.lowerBound).update(from: from + range.lowerBound, count: range.count)
      }
    }
    return 2 * 4 * Double(count) / elapsed
  }

  private static func emptyLoopSeconds() -> Double {
    let loops = 20_000
    let elapsed = leastSeconds(3) {
      for _ in 0..<loops { Threads.pool.parallelRanges(Threads.pool.threads) { _ in } }
    }
    return elapsed / Double(loops)
  }

  func report() {
    print(
      """
      limits: products \(text(products / 1e9, digits: 0)) GFLOP/s, \
      read \(text(read / 1e9)) GB/s, copy \(text(copy / 1e9)) GB/s, an empty loop \(text(emptyLoop * 1e6, digits: 2)) µs
      """)
  }
}
