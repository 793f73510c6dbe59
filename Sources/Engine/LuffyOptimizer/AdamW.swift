internal import CLuffySIMD
import LuffyKernels
package import LuffyTensor

/// The moments of AdamW over a flat store, and its update.
package final class AdamW {
  /// A stretch of the store with one rule for decay.
  package struct Span: Sendable {
    package var offset: Int
    package var count: Int
    package var decays: Bool
    /// It is worked on in pieces of whole multiples of this many floats.
    package var unit: Int

    package init(offset: Int, count: Int, decays: Bool, unit: Int = 1) {
      self.offset = offset
      self.count = count
      self.decays = decays
      self.unit = max(1, unit)
    }

    /// Pieces of about `size` floats.
    fileprivate func pieces(_ size: Int) -> [Span] {
      let length = max(unit, size / unit * unit)
      return stride(from: 0, to: count, by: length).map { first in
        Span(
          offset: offset + first, count: min(length, count - first), decays: decays, unit: unit)
      }
    }
  }

  package let firstMoments: Buffer<Float>
  package let secondMoments: Buffer<Float>
  /// Updates so far.
  package var step = 0
  let pieces: [Span]
  /// What the last update left, and the version of the values and moments that it is true of.
  var known: (bounds: Bounds, version: Int)?
  /// What the next update will leave.
  var pending: Bounds?

  /// Floats that one piece of work covers; sums of squares are combined piece by piece in this order.
  private static let piece = 1 << 16

  package init(_ spans: [Span], count: Int, arena: Arena) throws(OutOfMemory) {
    firstMoments = try Buffer(zeros: count, in: arena)
    secondMoments = try Buffer(zeros: count, in: arena)
    pieces = spans.flatMap { $0.pieces(Self.piece) }
  }

  /// The global L2 norm, summed in float64 in a fixed order.
  package func norm(_ gradients: UnsafePointer<Float>) -> Double {
    let kernels = Kernels.table
    var sums = [Double](repeating: 0, count: pieces.count)
    sums.withUnsafeMutableBufferPointer { sums in
      guard let target = sums.baseAddress else { return }
      Threads.pool.parallelFor(pieces.count) { index in
        target[index] = kernels.sum_of_squares(
          gradients + pieces[index].offset, pieces[index].count)
      }
    }
    return sums.reduce(0, +).squareRoot()
  }

  /// One update of `values` by `gradients` times `scale`, in one pass over memory: the gradients are zero afterwards,
  /// and `finished` is called for each piece, on any thread, while it is in cache.
  package func update(
    _ values: UnsafeMutablePointer<Float>, _ gradients: UnsafeMutablePointer<Float>,
    scale: Double, _ options: AdamWOptions, finished: (Span) -> Void = { _ in }
  ) {
    step += 1
    let kernels = Kernels.table
    let f = Factors(options, scale: scale, step: step)
    Threads.pool.parallelFor(pieces.count) { index in
      let piece = pieces[index]
      kernels.adamw(
        values + piece.offset, firstMoments.pointer + piece.offset,
        secondMoments.pointer + piece.offset, gradients + piece.offset, piece.count, f.scale,
        f.rate, f.beta1, f.beta2, f.epsilon, piece.decays ? f.decay : 0, f.correction1,
        f.correction2)
      finished(piece)
    }
  }

  static func power(_ base: Double, _ exponent: Int) -> Double {
    base == 0 ? 0 : Elementary.pow(base, Double(exponent))
  }
}
