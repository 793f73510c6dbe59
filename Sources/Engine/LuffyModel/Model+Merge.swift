import LuffyKernels
internal import LuffyTensor

extension Model {
  /// Calls `body` with a parameter as the model computes with it: W + scale · B A where it has an adapter, each element
  /// summed in float64 and rounded once; else the parameter itself.
  package func withMerged<R>(
    _ entry: ParameterLayout.Entry, _ body: (UnsafeBufferPointer<Float>) throws -> R
  ) throws -> R {
    guard let adapters, let pair = adapters[entry.offset] else {
      return try body(UnsafeBufferPointer(span(entry)))
    }
    let merged = try Buffer<Float>.Owner(copying: span(entry), in: arena)
    let (rank, columns) = (adapters.options.rank, entry.shape[1])
    let scale = Double(adapters.options.scale)
    let a = adapters.values.pointer + pair.down
    let b = adapters.values.pointer + pair.up
    let target = merged.pointer
    Threads.pool.parallelFor(entry.shape[0]) { row in
      for column in 0..<columns {
        var sum = 0.0
        for index in 0..<rank {
          sum += Double(b[row * rank + index]) * Double(a[index * columns + column])
        }
        let place = row * columns + column
        target[place] = Float(Double(target[place]) + scale * sum)
      }
    }
    return try body(UnsafeBufferPointer(merged.span))
  }

  /// True where both compute with the same parameters: one is the other with adapters.
  package func sharesParameters(with other: Model) -> Bool {
    values === other.values
  }
}
