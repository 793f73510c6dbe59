import LuffyKernels
import LuffyModel
import LuffyTensor

/// What a pass over a model has to compute and to read at least.
struct Cost {
  let configuration: ModelConfiguration
  let precision: Precision

  /// (outputs n, inputs k) of each linear layer of a block, and of the head.
  var products: [(name: String, n: Int, k: Int)] {
    let c = configuration
    let (query, keyValue) = (c.queryHeads * c.headWidth, c.keyValueHeads * c.headWidth)
    return [
      ("query, output", query, c.width), ("key, value", keyValue, c.width),
      ("gate, up", c.hiddenWidth, c.width), ("down", c.width, c.hiddenWidth),
      ("head", c.vocabularySize, c.width),
    ]
  }

  private var shape: ModelShape {
    ModelShape(configuration, precision, threads: Threads.pool.threads)
  }

  /// Elements of the matrices that a token meets, the head included, the embedding's look-up not.
  var matrixParameters: Double { Double(shape.matrixParameters) }

  /// Floating-point operations of a forward pass: 2 a matrix element and token, and 4 H E a layer for each position
  /// that a token attends to. `attended` is that sum over tokens.
  func forward(tokens: Int, attended: Double) -> Double {
    let heads = Double(configuration.layers * configuration.queryHeads * configuration.headWidth)
    return 2 * matrixParameters * Double(tokens) + 4 * heads * attended
  }

  /// Bytes that a decode step reads: the packed matrices once, keys and values (float32) of each sequence.
  func decodeBytes(width: Int, context: Double) -> Double {
    let weights = Double(shape.packedBytes)
    let keyValue = configuration.layers * 2 * configuration.keyValueHeads * configuration.headWidth
    return weights + Double(width) * context * Double(keyValue * 4)
  }
}
