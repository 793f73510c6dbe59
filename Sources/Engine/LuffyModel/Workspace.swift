package import LuffyTensor

/// Scratch memory of one running pass.
package final class Workspace: @unchecked Sendable {  // owned by one call at a time
  package let arena: Arena
  package let products: MatrixProducts
  /// Activations of the layer that is running, or of every layer when they are kept.
  let activations: Scratch<Float>
  let streams: Scratch<Float>
  let gradients: Scratch<Float>
  let keyValues: Scratch<Float>
  let logits: Scratch<Float>
  let head: Scratch<Float>
  let adapters: Scratch<Float>

  package init(arena: Arena, precision: Precision = .float32) {
    self.arena = arena
    products = MatrixProducts(arena: arena, precision: precision)
    activations = Scratch(in: arena)
    streams = Scratch(in: arena)
    gradients = Scratch(in: arena)
    keyValues = Scratch(in: arena)
    logits = Scratch(in: arena)
    head = Scratch(in: arena)
    adapters = Scratch(in: arena)
  }
}
