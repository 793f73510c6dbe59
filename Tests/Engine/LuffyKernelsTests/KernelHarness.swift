import CLuffySIMD
import LuffyKernels
import Testing

/// Random inputs with a fixed sequence.
struct Inputs {
  private var state: UInt64

  init(_ seed: Int) { state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  mutating func word() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }

  mutating func below(_ bound: Int) -> Int { Int(word() % UInt64(bound)) }

  /// Uniform in (-scale, scale).
  mutating func floats(_ count: Int, scale: Float = 1) -> [Float] {
    (0..<count).map { _ in (Float(word() >> 40) / Float(1 << 23) - 1) * scale }
  }
}

/// Runs a kernel on every set that the machine has, demands equal bits, and returns what they gave.
func onEverySet(
  _ outputs: [[Float]], _ run: (luffy_kernels, [UnsafeMutablePointer<Float>]) -> Void,
  sourceLocation: SourceLocation = #_sourceLocation
) -> [[Float]] {
  var results: [[[Float]]] = []
  for set in Kernels.available {
    let copies = outputs.map { values in
      let copy = UnsafeMutablePointer<Float>.allocate(capacity: max(1, values.count))
      copy.initialize(from: values, count: values.count)
      return copy
    }
    run(set, copies)
    results.append(
      zip(copies, outputs).map { Array(UnsafeBufferPointer(start: $0, count: $1.count)) })
    copies.forEach { $0.deallocate() }
  }
  for other in results.dropFirst() {
    #expect(
      other.map { $0.map(\.bitPattern) } == results[0].map { $0.map(\.bitPattern) },
      "instruction sets differ", sourceLocation: sourceLocation)
  }
  return results[0]
}

/// |a - b| within a bound relative to the size of what was summed.
func expectClose(
  _ found: [Float], _ expected: [Double], within bound: Double, size: Double = 1,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(found.count == expected.count, sourceLocation: sourceLocation)
  var worst = 0.0
  for (a, b) in zip(found, expected) { worst = max(worst, abs(Double(a) - b) / max(size, abs(b))) }
  #expect(worst <= bound, sourceLocation: sourceLocation)
}

/// The central difference of a scalar function of one coordinate.
func centralDifference(_ x: [Double], _ index: Int, _ f: ([Double]) -> Double) -> Double {
  let step = 1e-5
  var up = x
  var down = x
  up[index] += step
  down[index] -= step
  return (f(up) - f(down)) / (2 * step)
}
