import LuffyKernels
internal import LuffyTensor

/// cos and sin of position × frequency, times YaRN's attention factor: one row per position, E/2 columns.
///
/// Frequencies and angles are rounded to float32 as the reference implementations round them, then cos and sin are
/// taken in float64: at long positions the rounding of the angle is part of what a model was trained with.
package final class RotaryTable: @unchecked Sendable {  // grown under the model's lock
  private let frequencies: [Float]
  private let attentionFactor: Float
  private let arena: Arena
  private(set) var positions = 0
  private var cosines: Buffer<Float>
  private var sines: Buffer<Float>

  /// At least so many positions.
  init(_ configuration: ModelConfiguration, positions least: Int, arena: Arena) throws(OutOfMemory)
  {
    frequencies = Self.frequencies(configuration)
    attentionFactor = Self.attentionFactor(configuration)
    self.arena = arena
    positions = Self.size(positions: least)
    let count = positions * (configuration.headWidth / 2)
    cosines = try Buffer(count, in: arena)
    sines = try Buffer(count, in: arena)
    fill()
  }

  /// Positions of the table that covers these: 128 or a power of two times as many.
  private static func size(positions: Int) -> Int {
    var size = 128
    while size < positions { size *= 2 }
    return size
  }

  /// Of a table that covers the positions.
  static func floats(_ configuration: ModelConfiguration, positions: Int) -> Int {
    size(positions: positions) * (configuration.headWidth / 2) * 2
  }

  var half: Int { frequencies.count }
  func cosine(at position: Int) -> UnsafeMutablePointer<Float> { cosines.pointer + position * half }
  func sine(at position: Int) -> UnsafeMutablePointer<Float> { sines.pointer + position * half }

  private func fill() {
    let half = half
    Threads.pool.parallelFor(positions) { position in
      for (index, frequency) in frequencies.enumerated() {
        let angle = Elementary.cosineAndSine(Double(Float(position) * frequency))
        cosines.pointer[position * half + index] = Float(angle.cosine) * attentionFactor
        sines.pointer[position * half + index] = Float(angle.sine) * attentionFactor
      }
    }
  }
}
