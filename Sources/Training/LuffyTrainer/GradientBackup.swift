import LuffyModel
import LuffyTensor

/// The gradients before a step, for one that fails: the caller's own accumulation, or zero.
struct GradientBackup {
  /// Nil where they were zero, as after every step: then nothing is copied.
  private let values: Buffer<Float>.Owner?

  init(_ model: Model) throws(OutOfMemory) {
    if model.hasZeroGradients {
      values = nil
    } else {
      let gradients = UnsafeMutableBufferPointer(
        start: try model.gradients(), count: model.trained.count)
      values = try Buffer<Float>.Owner(copying: gradients, in: model.arena)
    }
  }

  func restore(_ model: Model) throws {
    if let values {
      try model.setGradients(values.buffer.pointer)
    } else if !model.hasZeroGradients {
      try model.zeroGradients()
    }
  }
}
