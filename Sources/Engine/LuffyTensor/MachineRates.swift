internal import CLuffySIMD
internal import LuffyKernels

/// What this machine does now with the threads that are set, from a measurement of some tens of milliseconds.
package struct MachineRates: Sendable {
  /// Floating-point operations a second of large matrix products in a precision.
  package var products: Double
  /// Bytes a second read from main memory.
  package var bandwidth: Double

  package init(products: Double, bandwidth: Double) {
    self.products = products
    self.bandwidth = bandwidth
  }

  /// - Throws: `OutOfMemory` for the 70 MB that it reads.
  package static func measure(_ precision: Precision) throws(OutOfMemory) -> MachineRates {
    let arena = Arena()
    return MachineRates(
      products: try products(precision, arena), bandwidth: try bandwidth(arena))
  }

  private static let measured = Guarded<[String: MachineRates]>([:])

  /// The first measurement of this process, for a precision and the number of threads that is set.
  package static func measuredOnce(
    _ precision: Precision
  ) throws(OutOfMemory) -> MachineRates {
    let key = "\(precision) \(Threads.pool.threads)"
    if let known = measured.withLock({ $0[key] }) { return known }
    let rates = try measure(precision)
    measured.withLock { $0[key] = rates }
    return rates
  }

  private static let repeats = 4

  /// The best of some runs of `body`, in seconds.
  private static func best(_ body: () throws(OutOfMemory) -> Void) throws(OutOfMemory) -> Double {
    let clock = ContinuousClock()
    var best = Double.infinity
    for _ in 0..<repeats {
      let start = clock.now
      try body()
      best = min(best, (clock.now - start) / .seconds(1))
    }
    return max(best, 1e-9)
  }

  private static func products(
    _ precision: Precision, _ arena: Arena
  ) throws(OutOfMemory) -> Double {
    let (rows, n, k) = (512, 1024, 1024)
    let products = MatrixProducts(arena: arena, precision: precision)
    let x = try Buffer<Float>(rows * k, filledWith: 0.5, in: arena)
    let y = try Buffer<Float>(rows * n, filledWith: 0, in: arena)
    let w = try Buffer<Float>(n * k, filledWith: 0.25, in: arena)
    let packed = try Buffer<Float>(
      MatrixProducts.packedCount(n: n, k: k, precision), in: arena)
    products.pack(w.pointer, n: n, k: k, into: packed.pointer)
    let seconds = try best { () throws(OutOfMemory) in
      try products.forward(
        Rows(x.pointer, stride: k), rows: rows, k: k, packed: packed.pointer, n: n,
        into: Rows(y.pointer, stride: n))
    }
    return 2 * Double(rows * n * k) / seconds
  }

  private static func bandwidth(_ arena: Arena) throws(OutOfMemory) -> Double {
    let count = 16 << 20
    let memory = try Buffer<Float>(count, filledWith: 1, in: arena)
    let kernels = Kernels.table
    let sums = try Buffer<Double>(Threads.pool.threads, filledWith: 0, in: arena)
    let threads = sums.count
    let (start, target) = (memory.pointer, sums.pointer)
    let seconds = try best { () throws(OutOfMemory) in
      Threads.pool.parallelFor(threads) { part in
        let first = part * count / threads
        target[part] = kernels.sum_of_squares(
          start + first, (part + 1) * count / threads - first)
      }
    }
    return 4 * Double(count) / seconds
  }
}
